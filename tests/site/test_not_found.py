"""An address without a page, on a server that shows 404.html for it, as GitHub Pages does."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

LOST = ["nothing.html", "chapters/lstm/no/such/page.html"]


@pytest.fixture
def lost(browser, site):
    """lost(path, …) -> (page, files asked for in vain): the site under its own base address."""
    missing = site.root / "404.html"
    base = re.search('data-content_root="([^"]+)"', missing.read_text("utf-8"))[1]
    contexts, vain = [], []

    def serve(route):
        path = urlsplit(route.request.url).path
        file = site.root / path.removeprefix(base)
        if path.startswith(base) and file.is_file():
            return route.fulfill(path=file)
        vain.append(path)
        return route.fulfill(status=404, path=missing)

    def go(path, **options):
        contexts.append(browser.new_context(locale="ko-KR", **options))
        contexts[0].route("**/*", serve)
        page = contexts[0].new_page()
        page.goto(f"https://book.test{base}{path}")
        return page, vain

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", LOST)
def test_it_stands_in_the_frame_at_any_depth(path, width, lost, violations):
    page, vain = lost(path, viewport={"width": width, "height": 900})
    expect(page.get_by_role("heading", level=1)).to_have_text("페이지를 찾을 수 없습니다")
    page.wait_for_load_state("networkidle")
    assert len(vain) == 1
    assert violations(page) == []
    page.locator(".skip-link").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(f"{path}#main-content"))


@pytest.mark.parametrize("path", LOST)
def test_its_search_and_its_links_lead_into_the_book(path, lost):
    page, vain = lost(path)
    page.get_by_role("searchbox", name="찾을 말").fill("망각 게이트")
    page.locator(".finder-list a").first.click()
    page.wait_for_url("**/chapters/**#*")
    page.go_back()
    page.locator("main").get_by_role("link", name="첫 페이지").click()
    page.wait_for_url("**/chapters/index.html")
    assert {file.rsplit("/")[-1] for file in vain} == {path.rsplit("/")[-1]}


def test_without_javascript_it_still_leads_on(lost):
    page, vain = lost(LOST[1], java_script_enabled=False)
    page.locator(".book-search input").fill("망각")
    page.locator(".book-search input").press("Enter")
    page.wait_for_url("**/search.html?q=*")
    assert len(vain) == 1
