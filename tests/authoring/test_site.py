"""The website of the course: what its pages hold, what its scripts know, and where no site is written."""

import pathlib
import re
import shutil

import bs4
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.site import command, data
from helpers.core import texts
from helpers.tools.clinic import entries
import nbformat
import pytest

QUIZ = texts.load("en")["quiz"]
NO_GROUP = "the group `site` is not installed: run `uv sync --group site`."


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole course as a site, in a folder with an odd name."""
    for name in command.GROUP:
        pytest.importorskip(name, reason=NO_GROUP)
    from helpers.authoring.site import build

    folder = tmp_path_factory.mktemp("site") / "mein Kurs ü"
    whole = course.Course()
    beside = 3  # the first page, the teacher's page and the changelog
    assert build.build(whole, folder, "en") == len(whole.extras) + 2 * len(whole.lessons) + beside
    return folder


def soup(path: pathlib.Path) -> bs4.BeautifulSoup:
    return bs4.BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def pages_of(site: pathlib.Path) -> list[pathlib.Path]:
    """The pages; what lies among the theme's own files is a template."""
    return [path for path in site.rglob("*.html") if "_static" not in path.parts]


def test_every_link_of_every_page_leads_somewhere(site):
    for path in pages_of(site):
        for tag in soup(path).select("[href], [src]"):
            target = tag.get("href") or tag.get("src")
            place = target.partition("#")[0].partition("?")[0]
            if not place or re.match(r"https?:|mailto:|data:", target):
                continue
            assert not place.startswith("/"), f"{path}: {target}"
            assert (path.parent / place).exists(), f"{path}: {target}"


def test_nothing_is_loaded_from_elsewhere(site):
    for path in pages_of(site):
        for tag in soup(path).select("script[src], link[href], img[src], iframe[src]"):
            assert "//" not in (tag.get("src") or tag["href"]).partition("?")[0], f"{path}: {tag}"


def test_a_lesson_has_its_results_its_pictures_and_its_notebook(site):
    found = soup(site / "notebooks" / "02_save_and_load.html")
    assert "steps: 90" in found.get_text()
    picture = found.select_one(".cell_output img")
    assert picture["alt"].startswith("Loss over twelve steps")
    assert (site / "notebooks" / picture["src"]).is_file()
    assert (site / "notebooks" / found.select_one(".course-notebook a")["href"]).is_file()


@pytest.mark.parametrize("stem", course.LESSONS)
def test_a_lesson_asks_its_questions_and_keeps_the_answers_out_of_sight(site, stem):
    text = (site / "notebooks" / f"{stem}.html").read_text(encoding="utf-8")
    asked = [tag["data-item"] for tag in bs4.BeautifulSoup(text, "html.parser").select("[data-item]")]
    assert asked == parts.asked(page.read(course.Course().path("notebooks", stem)))
    for identifier in asked:
        for option in QUIZ[identifier]["options"].values():
            assert option["why"] not in text


def test_hints_are_folded_one_in_the_other_and_the_solution_in_the_last(site):
    found = soup(site / "exercises" / "02_save_and_load.html")
    depths = [len(tag.find_parents("details")) for tag in found.select("details")]
    assert depths == [0, 1, 2, 3] * 6
    assert "model.save(path)" in found.select("details")[3].get_text()
    assert not found.select("details[open]")
    assert "BEGIN SOLUTION" not in found.get_text()


def test_the_pages_of_the_teacher_and_of_the_changes_are_there(site):
    menu = {tag["href"] for tag in soup(site / "index.html").select("nav a[href]")}
    assert {
        "teacher.html",
        "changelog.html",
        "notebooks/cheat_sheet.html",
        "notebooks/myth_busters.html",
    } <= menu
    assert "misconceptions" in soup(site / "teacher.html").get_text().lower()


def test_no_buttons_without_a_repository_and_three_with_one(site, tmp_path):
    from helpers.authoring.site import build

    hosts = ("mybinder.org", "colab.research.google.com", "codespaces.new")
    plain = (site / "notebooks" / "02_save_and_load.html").read_text(encoding="utf-8")
    assert not any(host in plain for host in hosts)
    whole = small(tmp_path / "course")
    build.build(whole, tmp_path / "site", "en", "https://github.com/owner/name")
    lesson = (tmp_path / "site" / "notebooks" / "02_save_and_load.html").read_text(encoding="utf-8")
    assert all(host in lesson for host in hosts)
    assert "codespaces.new/owner/name" in lesson


def small(root: pathlib.Path) -> course.Course:
    """A course of one lesson and one page beside it."""
    whole = course.Course(root, ("02_save_and_load",), ("00_start_here",))
    for path in whole.expected():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(course.Course().root / path.relative_to(root), path)
    for name in ("solutions/README.md", ".github/CHANGELOG.md"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy2(course.Course().root / name, root / name)
    return whole


def test_a_notebook_without_outputs_stops_the_build_and_is_named(tmp_path, site):
    from helpers.authoring.site import build

    whole = small(tmp_path / "course")
    path = whole.path("notebooks", "02_save_and_load")
    one = page.read(path)
    for cell in parts.code_cells(one):
        cell.outputs = []
    nbformat.write(one.notebook, path)
    with pytest.raises(page.NotExecuted, match=r"notebooks/02_save_and_load\.ipynb has no outputs"):
        build.build(whole, tmp_path / "site", "en")
    assert not (tmp_path / "site").exists()


def test_a_site_is_replaced_and_what_begins_with_a_dot_stays(tmp_path, site):
    from helpers.authoring.site import build

    whole, to = small(tmp_path / "course"), tmp_path / "site"
    (to / ".git").mkdir(parents=True)
    assert command.objection(to, "", "en") == ""
    build.build(whole, to, "en")
    (to / "old.html").write_text("gone with the next build", encoding="utf-8")
    assert command.objection(to, "", "en") == ""
    build.build(whole, to, "en")
    assert (to / ".git").is_dir() and not (to / "old.html").exists()


def test_french_is_said_to_be_french(tmp_path, site, monkeypatch):
    from helpers.authoring.site import build

    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    build.build(small(tmp_path / "course"), tmp_path / "site", "fr")
    found = soup(tmp_path / "site" / "exercises" / "02_save_and_load.html")
    assert found.html["lang"] == "fr"
    assert found.summary.get_text() == "Indice 1 sur 3"
    assert found.h1.get_text().startswith("02 · Exercices")
    lesson = soup(tmp_path / "site" / "notebooks" / "02_save_and_load.html")
    assert lesson.find(id="the-proof") and "La preuve" in lesson.get_text()
    start = soup(tmp_path / "site" / "index.html")
    assert "ce que vous savez faire ensuite" in start.get_text()
    assert not lesson.select("[lang=en]") and not start.select("[lang=en]")
    # What nobody has translated is read aloud as what it is.
    changelog = soup(tmp_path / "site" / "changelog.html")
    assert "What each version" in changelog.select_one("[lang=en]").get_text()


def test_no_page_says_what_holds_in_a_notebook_alone(site):
    said = " ".join(soup(path).get_text() for path in pages_of(site))
    for words in ("three quotes", "Escape returns", "Shift+Enter", "# hint(", "remove the #"):
        assert words not in said, words
    exercise = soup(site / "exercises" / "04_formats.html").get_text()
    assert "Hints and a solution are folded below each task." in exercise
    start = soup(site / "notebooks" / "00_start_here.html")
    assert [tag.get_text() for tag in start.select("summary")][:3] == [
        f"Hint {one} of 3" for one in (1, 2, 3)
    ]


class TestObjection:
    """Each says what was seen, and nothing is written."""

    @pytest.fixture(autouse=True)
    def installed(self, monkeypatch):
        monkeypatch.setattr(command, "GROUP", ("json",))

    def test_a_folder_that_is_no_site_is_left_alone(self, tmp_path, capsys):
        (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
        assert "neither empty nor a site that this command wrote: it holds thesis.txt" in command.objection(
            tmp_path, "", "en"
        )
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_file(self, tmp_path):
        (tmp_path / "site").write_text("", encoding="utf-8")
        assert "is a file" in command.objection(tmp_path / "site", "", "en")

    @pytest.mark.parametrize("language", ["xx", "../fr", "", "*", "français"])
    def test_a_language_there_is_not(self, tmp_path, language):
        assert "the course has no texts in it" in command.objection(tmp_path, "", language)

    @pytest.mark.parametrize(
        "address", ["owner/name", "https://github.com/owner", 'https://github.com/a/b"><script>']
    )
    def test_an_address_that_is_no_repository(self, tmp_path, address):
        assert "names no repository" in command.objection(tmp_path, address, "en")

    def test_without_the_group_the_line_to_type_is_said(self, tmp_path, monkeypatch):
        monkeypatch.setattr(command, "GROUP", ("no_such_package",))
        assert f"uv run --group site author site {tmp_path}" in command.objection(tmp_path, "", "en")


def test_every_pattern_of_the_clinic_is_handed_over_in_pieces():
    given = data.clinic()["entries"]
    for one, entry in zip(given, entries.load().values(), strict=True):
        assert [pattern["words"] for pattern in one["patterns"] + one["weak"]] == [
            *entry.patterns,
            *entry.weak,
        ]


def test_an_expression_that_is_not_translated_is_refused():
    assert data.expression(r"(?P<line>\w+)\s[\s.]\d") == (
        rf"(?<line>[{data.CLASSES['w']}]+)[{data.CLASSES['s']}][{data.CLASSES['s']}.][{data.CLASSES['d']}]"
    )
    for pattern in (r"(?i)a", r"\bword", r"[\S]", r"(?<!a)b"):
        with pytest.raises(ValueError, match="translate"):
            data.expression(pattern)
