"""The website from a disk, in a real browser: it fits, can be read, asks nothing of anybody, answers."""

import gzip
import json
import pathlib
import random
import urllib.parse
import urllib.request

from helpers import deck
from helpers.authoring.notebooks import course
from helpers.authoring.site import command
from helpers.core import texts
from helpers.tools.clinic import asking, entries, matching
import pytest

QUIZ = texts.load("en")["quiz"]
PAGES = [
    *(f"notebooks/{stem}" for stem in (*course.EXTRAS, *course.LESSONS)),
    *(f"exercises/{stem}" for stem in course.LESSONS),
    *("index", "teacher", "changelog", "search"),
]
WIDTHS = (360, 768, 1440)
MOST = 500_000  # bytes that a lesson takes on the way, compressed as hosts do, without its pictures
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("refused", "SecurityError"); } });"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The whole course as a site."""
    for name in command.GROUP:
        pytest.importorskip(name, reason="the group `site` is not installed: run `uv sync --group site`.")
    from helpers.authoring.site import build

    folder = tmp_path_factory.mktemp("site") / "a site ü"
    build.build(course.Course(), folder, "en")
    return folder


@pytest.fixture
def wrong() -> list[str]:
    """Requests that failed or left the folder, and errors of scripts."""
    return []


@pytest.fixture
def opened(browser, site, wrong):
    """A function that opens a page of the site in a new browser; the test fails if it goes wrong."""
    contexts = []

    def asked(request):
        if request.url.startswith("data:"):
            return
        path = pathlib.Path(urllib.request.url2pathname(urllib.parse.urlsplit(request.url).path))
        if not request.url.startswith("file:") or site not in path.parents:
            wrong.append(f"left the folder: {request.url}")

    def failed(request):
        # A page that is left stops what it still fetches, such as a picture far below. A missing file fails
        # in another way.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"failed: {request.url}: {request.failure}")

    def open_page(name: str, width: int = 1440, script: str = "", **options: object):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("request", asked)
        page.on("requestfailed", failed)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.goto((site / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_can_be_read_in_both_themes(opened, name):
    tool = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed.")
    for theme, widths in (("light", WIDTHS), ("dark", WIDTHS[::2])):
        page = opened(name, widths[0], color_scheme=theme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.reload()
            assert page.evaluate(TOO_WIDE) <= 0, f"{name} at {width}"
        assert page.locator("html").get_attribute("data-theme") == theme
        # axe would fetch the style sheets once more; a page from a disk may not. Themes differ in colours.
        rules = {"runOnly": ["color-contrast"]} if theme == "dark" else {}
        results = tool.Axe().run(page, options={"preload": False} | rules)
        assert results.violations_count == 0, results.generate_report()


def test_a_file_that_is_missing_would_be_seen(opened, wrong):
    page = opened("index")
    page.evaluate("new Promise((done) => Object.assign(new Image(), {onerror: done, src: 'missing.png'}))")
    assert len(wrong) == 1 and wrong.pop().endswith("missing.png: net::ERR_FILE_NOT_FOUND")


@pytest.mark.parametrize("width", [320, 3840])
def test_a_lesson_fits_the_smallest_and_the_largest_screen(opened, width):
    for name in ("index", "notebooks/02_save_and_load", "notebooks/04_formats", "notebooks/error_clinic"):
        page = opened(name, width)
        assert page.evaluate(TOO_WIDE) <= 0, name


@pytest.mark.parametrize("stem", course.LESSONS)
def test_a_lesson_is_light(opened, site, stem):
    page = opened("index")
    seen = set()
    page.on("request", lambda request: seen.add(request.url.partition("?")[0]))
    page.goto((site / "notebooks" / f"{stem}.html").as_uri())
    paths = [
        pathlib.Path(urllib.request.url2pathname(urllib.parse.urlsplit(url).path))
        for url in seen
        if url.startswith("file:")
    ]
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in paths if path.suffix != ".png"}
    assert sum(sizes.values()) <= MOST, sizes


def myth(page):
    """The question 02.myth.retrain, which answers at once."""
    return page.locator("[data-item='02.myth.retrain'] form")


def test_a_question_is_answered_by_the_keyboard_alone(opened):
    page = opened("notebooks/02_save_and_load")
    options = myth(page).locator("input")
    options.first.focus()
    values = options.evaluate_all("inputs => inputs.map(input => input.value)")
    right = values.index("false")
    page.keyboard.press("Space")
    for _ in range(right):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shown = myth(page).locator(".course-quiz-status").inner_text()
    assert "Right." in shown
    assert QUIZ["02.myth.retrain"]["matters"].split("`")[0] in shown


def test_a_prediction_waits_until_the_reader_asks_for_its_answer(opened):
    page = opened("notebooks/02_save_and_load")
    form = page.locator("[data-item='02.predict.optimizer'] form")
    form.locator("input[value=none]").check()
    form.get_by_role("button", name="Commit my answer").click()
    status = form.locator(".course-quiz-status")
    assert "Not this one." not in status.inner_text()
    form.get_by_role("button", name=texts.load("en")["words"]["tell"]).click()
    assert "Not this one." in status.inner_text()


def test_a_wrong_answer_gets_its_reason_the_right_one_and_another_try(opened):
    page = opened("notebooks/02_save_and_load")
    form = myth(page)
    form.locator("input[value=true]").check()
    form.get_by_role("button", name="Commit my answer").click()
    shown = form.locator(".course-quiz-status").inner_text()
    options = QUIZ["02.myth.retrain"]["options"]
    assert "Not this one." in shown
    for chosen in ("true", "false"):
        assert options[chosen]["why"].split("`")[0] in shown
    page.reload()
    assert "You answered this on" in form.inner_text() and "not right" in form.inner_text()
    form.locator("input[value=false]").check()
    form.get_by_role("button", name="Commit my answer").click()
    assert "Before, you answered:" in form.locator(".course-quiz-status").inner_text()


def test_the_deck_goes_on_after_a_reload_and_its_summary_names_what_was_missed(opened):
    page = opened("notebooks/myth_busters")
    first = page.locator(".course-deck legend").inner_text()
    page.locator(".course-deck input").first.check()
    page.get_by_role("button", name="Commit my answer").click()
    score = page.locator(".course-deck-score")
    assert score.inner_text().startswith("1 of ")
    page.reload()
    assert score.inner_text().startswith("1 of ")
    assert page.locator(".course-deck legend").inner_text() != first
    assert ": 1 of " in page.locator(".course-page-summary").inner_text()
    page.locator(".course-deck select").first.select_option("04")
    items = deck.choose("04", "")
    assert f"0 of {len(items)} answered" in score.inner_text()
    before = page.locator(".course-deck legend").inner_text()
    page.get_by_role("button", name="Skip this question").click()
    assert page.locator(".course-deck legend").inner_text() != before


def test_a_browser_that_keeps_nothing_answers_all_the_same(opened, wrong):
    page = opened("notebooks/myth_busters", script=NO_STORAGE)
    page.locator(".course-deck input").first.check()
    page.get_by_role("button", name="Commit my answer").click()
    assert page.locator(".course-deck-score").inner_text().startswith("1 of ")
    # The theme asks for its own setting, and says that it was refused.
    wrong[:] = [line for line in wrong if "refused" not in line]


@pytest.mark.parametrize(
    "kept", ["{", "null", "[]", '{"02.predict.optimizer": [{"at": "never"}]}', '{"x": 3}']
)
def test_damaged_answers_do_no_harm(opened, kept):
    page = opened(
        "notebooks/myth_busters",
        script=f"localStorage.setItem('saved-for-good-answers', {json.dumps(kept)});",
    )
    assert page.locator(".course-deck-score").inner_text().startswith("0 of ")


def pasted() -> list[str]:
    """Texts for the clinic: what finds each entry, in several dresses, and what finds none."""
    found = [
        "",
        " \n\t",
        "KeyError: 'age'",
        "hello",
        "\x00\x01\x02\ufffd" * 9,
        "ü" * 50,
        "𝒳" * 30 + " ValueError: x",
    ]
    shared = []
    for entry in entries.load().values():
        for pattern in (*entry.patterns, *entry.weak):
            plain = pattern.replace(matching.GAP, " some_other-name_7 ").replace(" & ", "\n")
            framed = "│ " + plain.replace("'", "\u2019") + " │"
            found += [plain, f"ValueError: {plain}", f"\x1b[31mTypeError\x1b[0m: {plain}\nFile x\nlater"]
            found += [framed, f"  12 {plain}", f"RuntimeError: &lt;{plain}&gt; &amp;c &#39;"]
            shared.append(plain)
        found += [" ".join(word.split("|")[-1] for word in line.split()) for line in entry.described]
    found += ["\n".join(f"ValueError: {line}" for line in shared), "word " * 90, "𝒳" * 401_000 + shared[0]]
    choice = random.Random(7)
    signs = "aZ9 \n\t\u00a0\u2028\x1c`'…[0m\x1b:.-Error"
    found += ["".join(choice.choices(signs, k=200)) + choice.choice(shared)[:60] for _ in range(150)]
    return found


def test_the_clinic_says_what_python_says(opened):
    page = opened("notebooks/error_clinic")
    there = page.evaluate(
        """(pasted) => pasted.map((text) => {
            const { matches, text: { messages, whole, readable } } = course.found(text);
            return { found: matches.map((match) => match.entry.identifier), messages, whole, readable,
                     sure: matches.length ? course.sure(matches) : "" };
        })""",
        pasted(),
    )
    for text, answer in zip(pasted(), there, strict=True):
        matches, cleaned = matching.find(text)
        here = {
            "found": [match.entry.identifier for match in matches],
            "messages": cleaned.messages,
            "whole": cleaned.whole,
            "readable": cleaned.readable,
            "sure": asking._how_sure(matches) if matches else "",
        }
        assert answer == here, text[:300]


def test_an_error_is_looked_up_on_the_page_and_nothing_pasted_runs(opened):
    page = opened("notebooks/error_clinic")
    page.locator("textarea").fill("ValueError: File format not supported: filepath=x")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answer = page.locator(".course-clinic-answer")
    assert answer.locator("h3").inner_text().startswith("P01")
    assert answer.locator("a").first.get_attribute("href") == "04_formats.html"
    page.locator("textarea").fill("KeyError: <img src=nowhere onerror=alert(1)> &lt;script&gt;")
    page.get_by_role("button", name="Look it up").click()
    assert "<img src=nowhere" in answer.inner_text()
    assert answer.locator("img, script").count() == 0


def test_the_search_finds_a_lesson_from_a_disk(opened, site):
    page = opened("index")
    page.goto((site / "search.html").as_uri() + "?q=golden+batch")
    page.locator("#search-results li a[href*='02_save_and_load']").first.wait_for()


def test_a_reader_chooses_the_dark_theme_and_keeps_it(opened):
    page = opened("notebooks/02_save_and_load", 390, color_scheme="light")
    page.get_by_role("button", name="Color mode").locator("visible=true").first.click()
    page.get_by_text("Dark", exact=True).locator("visible=true").click()
    html = page.locator("html")
    assert html.get_attribute("data-theme") == "dark"
    page.reload()
    assert html.get_attribute("data-theme") == "dark"


def test_code_is_copied_also_where_no_mouse_points_at_it(opened):
    page = opened("notebooks/02_save_and_load", 390, has_touch=True, is_mobile=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.get_by_role("button", name="Copy").first
    assert float(button.evaluate("(one) => getComputedStyle(one).opacity")) > 0.5
    button.tap()
    button.and_(page.locator(".success")).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import pathlib\nimport zipfile\n") and "lesson, quiz" in copied


def test_the_menu_of_a_phone_leads_to_another_lesson(opened):
    page = opened("notebooks/02_save_and_load", 390, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Toggle primary sidebar").locator("visible=true").first.tap()
    page.get_by_role("link", name="04 · Choose a format").locator("visible=true").first.tap()
    page.wait_for_url("**/04_formats.html")


def test_one_turns_from_page_to_page(opened):
    page = opened("notebooks/02_save_and_load")
    page.locator("a.right-next").click()
    page.wait_for_url("**/03_why_deployment_needs_it.html")
    page.locator("a.left-prev").click()
    page.wait_for_url("**/02_save_and_load.html")


def test_paper_has_no_menus_and_no_table_wider_than_it(opened):
    page = opened("notebooks/04_formats", 718)  # A4 without its margins, in pixels of CSS
    page.emulate_media(media="print")
    for menu in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer"):
        assert not page.locator(menu).first.is_visible(), menu
    assert page.evaluate(TOO_WIDE) <= 0
    cut = "(tags) => tags.filter((tag) => tag.scrollWidth > tag.clientWidth + 1).map((tag) => tag.outerHTML)"
    assert page.locator(".bd-article pre").evaluate_all(cut) == []
