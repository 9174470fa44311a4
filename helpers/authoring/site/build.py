"""From pages to a website: the settings for Sphinx, the scripts of each page, and what lies beside it."""

import io
import pathlib
import re
import shutil
import tempfile

from helpers import quiz
from helpers.authoring import site
from helpers.authoring.notebooks import course
from helpers.authoring.site import data, pages
import sphinx.application
import sphinx.errors
import sphinx.util.docutils

STATIC = pathlib.Path(__file__).with_name("static")
QUIZ_STYLE = pathlib.Path(quiz.__file__).parent / "core" / "widgets" / "quiz.css"
EVERYWHERE = ("questions.js", "site.js", "words.js")
CLINIC = ("clinic.js", "clinic.data.js")
# What Sphinx says of links to files, of languages not whole, and of cells that hold C or JavaScript.
EXPECTED = [
    "myst.header",
    "myst.strikethrough",
    "mystnb.unknown_mime_type",
    "config.cache",
    "misc.highlighting_failure",
]


class BuildError(Exception):
    """Sphinx cannot build the site; the text says what it said."""


def build(whole: course.Course, to: pathlib.Path, language: str, repository: str = "") -> int:
    """Build the site into a folder, whose old pages are taken away first; returns the number of pages.

    Args:
        whole: the course.
        to: where the site goes; an empty folder or a site.
        language: such as "en".
        repository: the address of a repository, to which buttons lead; "" for no button.

    Raises:
        BuildError: Sphinx stopped or complained.
        page.NotExecuted, page.Unreadable: a notebook is not ready.
        OSError: the folder cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="site-", ignore_cleanup_errors=True) as name:
        source, made = pathlib.Path(name, "source"), pathlib.Path(name, "site")
        static = source / "_static"
        static.mkdir(parents=True)
        languages = pages.write(whole, source, language)
        shutil.copytree(STATIC, static, dirs_exist_ok=True)
        # A page from a disk may load a plain script and no module; the clinic's script uses its functions.
        script = re.sub(r"^export ", "", quiz.script("questions.js", "page.js"), flags=re.MULTILINE)
        (static / "questions.js").write_text(script, encoding="utf-8")
        shutil.copy2(QUIZ_STYLE, static)
        data.write(static)
        _run(source, made, settings(language, repository), languages)
        for place in course.FOLDERS:
            for path in (whole.root / place).glob("*.ipynb"):
                if (made / place).is_dir():
                    shutil.copy2(path, made / place)
        _lighten(made / "_static")
        (made / site.MARK).write_text(
            "Written by `author site`, which may write it again.\n", encoding="utf-8"
        )
        _replace(made, to)
    return len(languages)


def settings(language: str, repository: str) -> dict:
    """The settings for Sphinx: no part of a page is taken from another machine."""
    theme = {
        "use_download_button": False,  # each page links to its own notebook, with the questions in it
        "home_page_in_toc": True,
        "show_toc_level": 2,
        "navigation_with_keys": False,
        "navbar_persistent": [],  # the search stands above the menu already
    }
    if repository:
        codespace = f"https://codespaces.new/{repository.removeprefix('https://github.com/')}"
        theme |= {
            "repository_url": repository,
            "use_repository_button": True,
            "repository_branch": "main",
            "launch_buttons": {
                "binderhub_url": "https://mybinder.org",
                "colab_url": "https://colab.research.google.com",
                "notebook_interface": "jupyterlab",
            },
            "icon_links": [
                {"name": "Open in Codespaces", "url": codespace, "icon": "fa-solid fa-laptop-code"},
            ],
        }
    return {
        "project": "Saved for Good",
        "html_title": "Saved for Good",
        "author": "",
        "copyright": "text CC BY 4.0, code Apache 2.0",
        "language": language,
        "extensions": ["myst_nb", "sphinx_copybutton", "sphinx.ext.githubpages"],
        "exclude_patterns": ["_static"],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": theme,
        "html_static_path": ["_static"],
        "html_css_files": ["quiz.css", "site.css"],
        "html_context": {"default_mode": "auto"},
        # Without the theme's title above the menu, which stands outside of every landmark.
        "html_sidebars": {"**": ["icon-links.html", "search-button-field.html", "sbt-sidebar-nav.html"]},
        "html_use_index": False,
        "html_copy_source": False,
        "html_show_sourcelink": False,
        # Summaries would be fetched, which a page from a disk may not do.
        "html_show_search_summary": False,
        "myst_heading_anchors": 3,
        "myst_enable_extensions": [],
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "nb_ipywidgets_js": {},
        "suppress_warnings": EXPECTED,
    }


def _run(source: pathlib.Path, made: pathlib.Path, chosen: dict, languages: dict[str, str]) -> None:
    def add(app: object, name: str, template: str, context: dict, tree: object) -> None:
        _scripts(app, context)
        if languages.get(name, chosen["language"]) != chosen["language"]:  # read aloud as what it is
            context["body"] = f'<div lang="{languages[name]}">{context["body"]}</div>'

    said = io.StringIO()
    try:
        # What Sphinx registers is taken back, so that a second build in one process finds nothing there.
        with sphinx.util.docutils.docutils_namespace():
            app = sphinx.application.Sphinx(
                source,
                None,
                made,
                source.parent / "doctrees",
                "html",
                confoverrides=chosen,
                status=None,
                warning=said,
                freshenv=True,
            )
            app.connect("html-page-context", add)
            app.build()
    except sphinx.errors.SphinxError as error:
        raise BuildError(f"Sphinx stopped: {error}") from error
    lines = [line for line in said.getvalue().splitlines() if line.strip()]
    if lines:
        shown = "\n".join(lines[:10])
        raise BuildError(f"Sphinx complains {len(lines)} times, and a page would lack something:\n{shown}")


def _scripts(app: sphinx.application.Sphinx, context: dict) -> None:
    """Give each page the scripts it needs, and no more."""
    clinic = CLINIC if "course-page-clinic" in context.get("body", "") else ()
    for file in (*EVERYWHERE, *clinic):
        app.add_js_file(file, loading_method="defer")


def _lighten(static: pathlib.Path) -> None:
    """Take away what no page needs: its authors' maps, and 1.5 MB of icons that its font has."""
    for path in static.rglob("*.map"):
        path.unlink()
    (static / "scripts" / "fontawesome.js").write_text("// The icons come from the font.\n", encoding="utf-8")


def _replace(made: pathlib.Path, to: pathlib.Path) -> None:
    """Put the new site in the place of the old one; what begins with a dot, such as .git, stays."""
    to.mkdir(parents=True, exist_ok=True)
    for old in to.iterdir():
        if not old.name.startswith("."):
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    shutil.copytree(made, to, dirs_exist_ok=True)
