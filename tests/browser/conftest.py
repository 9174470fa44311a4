"""What the browser tests share: JupyterLab, a browser, and a page that may talk to this machine alone."""

import json
import pathlib
import shutil
import urllib.parse

import pytest

from tests.browser import accessible, notebook
from tests.browser import server as servers

THEMES = {"JupyterLab Light": "true", "JupyterLab Dark": "false"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
THIS_MACHINE = {"127.0.0.1", "localhost"}
# The pages fail at once, and nothing is sent, should one of them ask for another machine.
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@pytest.fixture(scope="session")
def executable() -> str:
    """The browser's program; without one, or without Playwright, every test of this folder is skipped."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: run `uv sync --group browser`."
    )
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    with sync_api.sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if pathlib.Path(own).exists():
        return own
    pytest.skip(f"No browser was found, none of: {', '.join(BROWSERS)}. Install one, such as Chromium.")


@pytest.fixture(scope="session")
def server(executable, tmp_path_factory):
    """JupyterLab on a copy of the notebooks."""
    with servers.running(tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture(scope="module")
def browser(executable):
    """A browser for each file: Playwright keeps an event loop running, which other tests do not expect."""
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable, args=[ONLY_THIS_MACHINE])


@pytest.fixture
def outside() -> list[str]:
    """The addresses of other machines that a page has asked for."""
    return []


@pytest.fixture
def page(browser, server, outside):
    """An empty page. A test fails if its page asks for anything outside this machine."""

    def note(message):
        address = urllib.parse.urlsplit(message.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in THIS_MACHINE:
            outside.append(message.url)

    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_default_timeout(notebook.WAIT)
    context.on("request", note)
    page = context.new_page()
    page.on("websocket", note)
    yield page
    notebook.end_kernels(page, server)
    context.close()
    assert not outside


@pytest.fixture
def opened(page, server):
    """A function that opens a fresh copy of a notebook, such as "notebooks/02_save_and_load"."""

    def open_notebook(name: str) -> notebook.Notebook:
        one = notebook.Notebook(page, server, name)
        one.open()
        return one

    return open_notebook


@pytest.fixture(params=THEMES)
def themed(request, page, server, opened):
    """A function that opens a notebook in one theme, on a page so long that a whole quiz is in view.

    axe sees nothing else.
    """
    settings = f"{server.url}lab/api/settings/@jupyterlab/apputils-extension:themes"
    chosen = json.dumps({"theme": request.param})
    assert page.request.put(settings, params={"token": server.token}, data={"raw": chosen}).ok
    page.set_viewport_size({"width": 1200, "height": 2000})

    def open_notebook(name: str) -> notebook.Notebook:
        one = opened(name)
        notebook.expect(page.locator("body")).to_have_attribute("data-jp-theme-light", THEMES[request.param])
        page.add_style_tag(content=accessible.VISIBLE_TO_AXE)
        return one

    yield open_notebook
    assert page.request.put(settings, params={"token": server.token}, data={"raw": "{}"}).ok
