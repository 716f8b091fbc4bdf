"""The frame around the text: brightness, contents, copying, formulas, without JavaScript too."""

from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

PAGE = "chapters/lstm/index.html"


def theme(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_brightness_is_chosen_and_remembered(visit):
    page, _ = visit(PAGE, color_scheme="light")
    light = theme(page)
    button = page.get_by_role("button", name="화면 밝기")
    expect(button).to_have_accessible_name("화면 밝기: 자동")
    button.click()
    expect(button).to_have_accessible_name("화면 밝기: 밝게")
    button.click()
    expect(button).to_have_accessible_name("화면 밝기: 어둡게")
    assert theme(page) != light
    page.reload()
    assert theme(page) != light
    button.click()
    assert theme(page) == light


def test_the_night_comes_without_javascript(visit):
    day, _ = visit(PAGE, color_scheme="light", java_script_enabled=False)
    night, _ = visit(PAGE, color_scheme="dark", java_script_enabled=False)
    assert theme_of(day) != theme_of(night)


def theme_of(page):
    return page.screenshot(clip={"x": 5, "y": 300, "width": 4, "height": 4})


def test_the_drawer_on_a_phone_opens_closes_and_leads(visit):
    page, _ = visit(PAGE, width=390)
    contents = page.get_by_role("navigation", name="책의 차례")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="차례 열기").click()
    expect(contents).to_be_visible()
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="차례 열기").click()
    contents.get_by_role("link", name="기호와 모양").click()
    page.wait_for_url("**/notation.html")


def test_contents_show_where_the_reader_is(visit):
    page, _ = visit(PAGE)
    contents = page.get_by_role("navigation", name="책의 차례")
    expect(contents.locator("[aria-current=page]")).to_have_count(1)
    last = page.locator("main h2").last
    last.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 500)")
    expect(contents.locator(".sections [aria-current=true]")).to_have_count(1)


def test_a_section_is_opened_by_its_address(visit, site):
    page, _ = visit(PAGE)
    link = page.locator(".sections a").nth(3)
    name = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", name=name)).to_be_in_viewport()
    address = page.url.removeprefix(site.address)
    assert name.split()[0] in unquote(address)
    fresh, _ = visit(address)
    expect(fresh.get_by_role("heading", name=name)).to_be_in_viewport()
    expect(fresh.locator(".sections [aria-current=true]")).to_have_text(name)


def test_code_is_copied_as_it_stands(visit):
    page, _ = visit("chapters/lstm/scratch.html", permissions=["clipboard-read", "clipboard-write"])
    block = page.locator(".highlight").filter(has=page.locator(".copy")).first
    text = block.locator("pre").inner_text().rstrip("\n")
    block.hover()
    block.get_by_role("button", name="코드 복사").click()
    assert page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == text
    expect(page.locator("#announcer")).to_have_text("코드를 복사했습니다")


def test_formulas_need_no_script_and_speak(visit):
    page, _ = visit(PAGE, java_script_enabled=False)
    assert page.locator(".katex-html").count() > 20
    assert page.locator(".katex-mathml math").count() == page.locator(".katex-html").count()
    assert "\\(" not in page.inner_text("main")


@pytest.mark.parametrize("path", [PAGE, "chapters/lstm/scratch.html"])
def test_what_is_wider_than_the_page_scrolls_by_keyboard(path, visit):
    page, _ = visit(path, width=390)
    for box in page.locator("pre, .math-display, .diagram").all():
        box.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    boxes = page.evaluate("""() => [...document.querySelectorAll("pre, .math-scroll, .diagram")]
        .filter(box => box.scrollWidth > box.clientWidth + 1)
        .map(box => [box.tabIndex, box.getAttribute("aria-label") || ""])""")
    assert boxes
    assert all(index == 0 and "옆으로 넘겨 보는" in label for index, label in boxes)
