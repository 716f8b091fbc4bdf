"""The built site, served as a reader gets it, and one browser for all tests of this folder.

RNNBOOK_SITE names a folder that is already built; else `make book` runs first (seconds if
nothing changed).
"""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from serve import Server

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def site():
    """A running server of the built site."""
    folder = os.environ.get("RNNBOOK_SITE")
    if not folder:
        made = subprocess.run(["make", "book"], cwd=ROOT, capture_output=True, text=True)
        assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
        folder = ROOT / "_build" / "html"
    server = Server(folder).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    """An installed Chromium or Chrome, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    found = next(filter(None, map(shutil.which, (*names, mac))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What a page asked for and complained about."""

    def __init__(self, page):
        self.external, self.failed, self.console = [], [], []
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self._console("error", str(error)))

    def _request(self, request):
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname != "127.0.0.1":
            self.external.append(request.url)

    def _response(self, response):
        if response.status >= 400:
            self.failed.append((response.status, response.url))

    def _console(self, kind, text):
        if kind in ("error", "warning"):
            self.console.append(text)


@pytest.fixture
def visit(browser, site):
    """visit(path, width=…, …) -> (page, watch) in a context of its own, closed after the test."""
    contexts = []

    def go(path, *, width=1280, height=900, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="ko-KR", **options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        watch = Watch(page)
        page.goto(site.address + path)
        if options.get("java_script_enabled", True):
            page.evaluate("document.fonts.ready.then(() => null)")
        return page, watch

    yield go
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def read(browser, site):
    """read(path) -> the page on a desk, opened once for all tests that only look at it."""
    context, opened = browser.new_context(locale="ko-KR"), {}

    def look(path):
        if path not in opened:
            opened[path] = context.new_page()
            opened[path].goto(site.address + path)
        return opened[path]

    yield look
    context.close()


@pytest.fixture(scope="session")
def violations():
    """violations(page, within=…, rules=…) -> what axe objects to, each with where it was found."""
    axe = AXE.read_text("utf-8")

    def find(page, within="html", rules=()):
        page.evaluate(axe)
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
        found = page.evaluate(
            "([within, only]) => axe.run(within, {runOnly: only}).then(done => done.violations)",
            [within, only],
        )
        return [
            (v["id"], [(node["target"], node.get("failureSummary", "")) for node in v["nodes"]])
            for v in found
        ]

    return find
