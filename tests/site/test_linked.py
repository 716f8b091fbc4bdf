"""수식–그림–코드 연결: the same symbol lights up in all three, by mouse, by keyboard, by touch."""

import pytest
from playwright.sync_api import expect

PAGE = "chapters/lstm/index.html"
PLACES = (".katex-html", "svg", "pre")


def lit(block):
    """{symbol: places where it is lit}"""
    return block.evaluate(
        """(block, places) => {
        const found = {};
        for (const part of block.querySelectorAll(".lit"))
            for (const name of part.classList) if (name.startsWith("sym-"))
                (found[name.slice(4)] ??= new Set()).add(places.find(place => part.closest(place)));
        for (const key in found) found[key] = [...found[key]].sort();
        return found;
    }""",
        list(PLACES),
    )


def block_of(page):
    block = page.locator(".linked").first
    block.scroll_into_view_if_needed()
    return block


@pytest.fixture
def block(visit):
    page, _ = visit(PAGE)
    return block_of(page)


def test_pointing_at_the_formula_lights_figure_and_code(block):
    assert lit(block) == {}
    block.locator(".katex-html .sym-f").first.hover()
    assert lit(block)["f"] == sorted(PLACES)
    block.page.mouse.move(0, 0)
    assert lit(block) == {}


def test_pointing_at_the_figure_or_the_code_lights_the_formula(block):
    for place in ("svg", "pre"):
        block.locator(f"{place} .sym-f").first.hover(force=True)
        assert ".katex-html" in lit(block)["f"]
        block.page.mouse.move(0, 0)


def test_tab_and_enter_do_the_same_and_speak(block):
    page, buttons = block.page, block.locator(".linked-legend button")
    buttons.first.focus()
    first = block.locator(".linked-legend li").first.get_attribute("data-symbol")
    assert set(lit(block)[first]) == set(PLACES)
    expect(page.locator("#announcer")).to_contain_text("식")
    expect(page.locator("#announcer")).to_contain_text("곳에 표시했습니다")
    page.keyboard.press("Enter")
    expect(buttons.first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    second = block.locator(".linked-legend li").nth(1).get_attribute("data-symbol")
    assert second in lit(block)
    page.keyboard.press("Escape")
    assert lit(block) == {}
    expect(buttons.first).to_have_attribute("aria-pressed", "false")


def test_a_finger_lights_and_unlights(visit):
    page, _ = visit(PAGE, width=390, has_touch=True)
    block = block_of(page)
    block.locator(".katex-html .sym-f").first.tap()
    assert "f" in lit(block)
    block.locator(".katex-html .sym-f").first.tap()
    assert lit(block) == {}


def test_every_symbol_is_in_formula_or_figure_and_is_named(block):
    for item in block.locator(".linked-legend li").all():
        symbol = item.get_attribute("data-symbol")
        assert block.locator(f":is(.katex-html, svg) .sym-{symbol}").count() > 0
        assert any("가" <= char <= "힣" for char in item.inner_text())


def test_without_javascript_it_is_formula_figure_and_code(visit):
    page, _ = visit(PAGE, java_script_enabled=False)
    block = block_of(page)
    for place in (".katex-html", "svg.figure", "pre"):
        expect(block.locator(place).first).to_be_visible()
    expect(block.locator(".linked-legend li").first).to_be_visible()
    assert block.locator("button").count() == 0
