"""What a Markdown cell or an HTML output says: its words, headings, links and pictures."""

import functools
import re

import bs4
import markdown_it

EMBEDDED = re.compile(r"data:(?:image|text)/[\w.+-]+;base64,[A-Za-z0-9+/=\s]*")
_PARSER = markdown_it.MarkdownIt("commonmark").enable("table")


@functools.lru_cache(maxsize=2000)
def rendered(source: str) -> bs4.BeautifulSoup:
    """Markdown as the browser gets it, HTML inside it included."""
    return bs4.BeautifulSoup(_PARSER.render(source), "html.parser")


def html(source: str) -> bs4.BeautifulSoup:
    """The HTML of an output, parsed."""
    return bs4.BeautifulSoup(source, "html.parser")


def words(source: str) -> int:
    """How many words a reader sees: tokens with a letter or a digit, code included, picture texts not."""
    return sum(any(map(str.isalnum, token)) for token in rendered(source).get_text(" ").split())


def headings(source: str, level: int | None = None) -> list[str]:
    """The text of the headings, of one level (1 to 6) or of all."""
    names = [f"h{level}"] if level else [f"h{number}" for number in range(1, 7)]
    return [heading.get_text().strip() for heading in rendered(source).find_all(names)]


def bullets(source: str) -> int:
    """How many lines of a list there are."""
    return len(rendered(source).find_all("li"))


def links(source: str) -> list[str]:
    """The targets of the links, in order."""
    return [anchor["href"] for anchor in rendered(source).find_all("a", href=True)]


def pictures(soup: bs4.BeautifulSoup) -> list[tuple[str, str]]:
    """(source, alternative text) of each picture; the text is empty where there is none."""
    return [(image.get("src", ""), image.get("alt", "")) for image in soup.find_all("img")]
