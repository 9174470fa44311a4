"""Whether a part of the page can be read and reached, judged by axe-core and measured."""

import typing

import pytest

if typing.TYPE_CHECKING:
    from playwright import sync_api

# JupyterLab's body has no height and hides what overflows, so axe would take the whole page for hidden.
VISIBLE_TO_AXE = "html, body { height: 100%; }"
# Cells above that are drawn only now push the part away again, so it is brought back until it stays.
IN_VIEW = """async (part) => {
    let place = null, calm = 0;
    for (let attempt = 0; attempt < 600 && calm < 10; attempt++) {
        part.scrollIntoView({ block: "center" });
        await new Promise(requestAnimationFrame);
        const { top, bottom } = part.getBoundingClientRect();
        calm = top === place && top < innerHeight && bottom > 0 ? calm + 1 : 0;
        place = top;
    }
}"""
# Every visible text must be among those whose contrast was measured; controls that are locked are exempt.
NOT_JUDGED = """(part, selectors) => {
    const judged = selectors.map((selector) => document.querySelector(selector));
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    return [...part.querySelectorAll("*")]
        .filter((element) => [...element.childNodes].some(isText) && element.checkVisibility())
        .filter((element) => !element.closest("[aria-disabled=true], label:has(:disabled)"))
        .filter((element) => !judged.includes(element))
        .map((element) => element.outerHTML);
}"""
# What is wider than the room it has: its end is cut off, or it has to be pushed to and fro.
TOO_WIDE = """(part) => [part, ...part.querySelectorAll("*")]
    .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
    .filter((element) => getComputedStyle(element).display !== "inline")
    .map((element) => `${element.outerHTML}: ${element.scrollWidth} > ${element.clientWidth}`)"""
MOVING = "(part) => part.getAnimations({ subtree: true }).length"


def expect_accessible(part: "sync_api.Locator") -> None:
    """Expect no violation in one part of the page, and that the contrast of each text in it was measured."""
    tool = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed.")
    part.evaluate(IN_VIEW)
    part.evaluate("(part) => part.setAttribute('data-judged', '')")
    results = tool.Axe().run(part.page, context="[data-judged]", options=None)
    assert results.violations_count == 0, results.generate_report()
    measured = [rule["nodes"] for rule in results.response["passes"] if rule["id"] == "color-contrast"]
    selectors = [node["target"][0] for nodes in measured for node in nodes]
    missed = part.evaluate(NOT_JUDGED, selectors)
    assert missed == [], "\n".join(missed)
    part.evaluate("(part) => part.removeAttribute('data-judged')")


def expect_fits(part: "sync_api.Locator") -> None:
    """Expect that nothing in one part of the page is cut off or has to be scrolled sideways."""
    assert part.evaluate(TOO_WIDE) == []


def expect_still(part: "sync_api.Locator") -> None:
    """Expect that nothing in one part of the page moves or fades."""
    assert part.evaluate(MOVING) == 0
