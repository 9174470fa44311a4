"""What a browser prints: how many pages, how small the letters, and whether anything is cut off."""

import re

SMALLEST = 7  # points
PIXELS = 96 / 72  # of a browser, for each point
WIDTH, HEIGHT = 190 / 25.4 * 96, 279 / 25.4 * 96  # pixels that the margins leave of A4
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim(), parent = walker.currentNode.parentElement;
        if (text) found.push([text.slice(0, 60), parseFloat(getComputedStyle(parent).fontSize)]);
    }
    return found;
}"""
CUT = """(width) => [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.right > width + 1 || box.left < -1 || element.scrollWidth > element.clientWidth + 1
        && element.clientWidth && getComputedStyle(element).display !== "inline";
}).map((element) => element.outerHTML.slice(0, 100))"""


def pages(page) -> int:
    """How many pages of A4 the browser prints."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", print_background=True)))
