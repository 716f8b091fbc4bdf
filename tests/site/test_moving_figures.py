"""Interactive figures on the chapter's page: by mouse, by keyboard, on a phone, without script."""

import json
import re

import pytest
from playwright.sync_api import expect

from rnnbook.figures import GateExplorer, GradientPath

PAGE = "/chapters/lstm/index.html"
GATES, GRADIENT = "rnnbook-gate-explorer", "rnnbook-gradient-path"


def near(figure):
    """A figure is built when it comes near the screen."""
    figure.page.wait_for_function("""name => {
        const figure = document.querySelector(name);
        figure.scrollIntoView({behavior: "instant"});
        return Boolean(figure.shadowRoot);
    }""", arg=figure.evaluate("figure => figure.localName"))
    return figure


def slider(figure, name):
    return figure.get_by_role("slider", name=name)


def pull(field, value):
    field.evaluate("""(field, value) => {
        field.value = value;
        field.dispatchEvent(new Event("input", {bubbles: true}));
    }""", value)


def test_gate_explorer_shows_python_s_numbers_and_follows_the_hand(visit):
    page, watch = visit(PAGE)
    figure = near(page.locator(GATES))
    begin = GateExplorer().values()
    expect(figure.locator(".sum")).to_contain_text(f"= {begin['c']:.2f}")
    expect(figure.locator(".sum")).to_contain_text(f"= {begin['h']:.2f}")

    pull(slider(figure, "앞 셀 상태"), "-1.5")
    moved = GateExplorer(c=-1.5).values()
    expect(figure.locator(".sum")).to_contain_text(f"= {moved['c']:.2f}".replace("-", "−"))

    figure.get_by_role("button", name="모두 지우기").click()
    assert abs(GateExplorer(c=-1.5).values()["c"]) > 0.5
    expect(figure.locator(".sum")).to_contain_text("0.00")
    figure.get_by_role("button", name="처음 값").click()
    figure.get_by_role("button", name="다음 시점으로").click()
    expect(figure.locator(".sum")).to_contain_text("1시점이 지났습니다")
    assert watch.console == []


def test_sliders_move_by_keyboard_and_say_their_value(visit):
    page, _ = visit(PAGE)
    figure = near(page.locator(GATES))
    field = slider(figure, "망각 게이트 f의 편향")
    before = float(field.input_value())
    field.focus()
    page.keyboard.press("ArrowRight")
    assert float(field.input_value()) == pytest.approx(before + 0.1)
    assert field.get_attribute("aria-valuetext") == f"b = {before + 0.1:.1f}"
    assert figure.get_attribute("data-lm-suppress-shortcuts")  # or JupyterLab takes the arrows
    page.keyboard.press("Home")
    expect(figure.locator("[aria-live]")).to_contain_text("셀 상태", timeout=5000)


def test_gradient_path_agrees_with_python_and_explodes(visit):
    page, watch = visit(PAGE)
    figure = near(page.locator(GRADIENT))
    pull(slider(figure, "시점 수 T"), "100")
    pull(slider(figure, "거슬러 간 시점 수 k"), "99")
    given = json.loads(figure.get_attribute("data-settings"))
    same = GradientPath(100, radius=given["radius"], forget_bias=given["forgetBias"])
    at_the_end = same.curves()["lstm"][-1]
    power = f"{at_the_end:.1e}".split("e")[0] + "×10"
    words = f"{at_the_end:.2f}" if at_the_end >= 0.01 else power
    expect(figure.locator(".read")).to_contain_text(f"LSTM {words}")
    pull(slider(figure, "스펙트럼 반지름"), "2.5")
    expect(figure.locator(".read")).to_contain_text(re.compile("RNN [0-9.]+×10[⁰¹²³⁴⁵⁶⁷⁸⁹]"))
    assert watch.console == []


def test_modules_are_shared_files_and_nothing_else_is_asked_for(visit):
    page, watch = visit(PAGE)
    near(page.locator(GRADIENT))
    sources = page.evaluate("""() => [...document.querySelectorAll("script[type=module]")]
        .map(script => [script.getAttribute("src") ?? "", script.textContent.trim().length])""")
    figures = [length for source, length in sources if "_static/figures/" in source]
    assert len(figures) >= 2
    assert not any(figures)
    assert watch.external == []
    assert watch.failed == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_sticks_out(visit, scheme):
    page, _ = visit(PAGE, width=390, color_scheme=scheme, has_touch=True)
    for name in (GATES, GRADIENT):
        figure = near(page.locator(name))
        out = figure.evaluate("""figure => [...figure.shadowRoot.querySelectorAll("*")]
            .filter(node => node.getClientRects().length && !node.closest(".unseen"))
            .filter(node => {
                const box = node.getBoundingClientRect();
                return box.right > innerWidth + 1 || box.left < -1;
            }).map(node => node.outerHTML.slice(0, 120))""")
        assert out == []


def test_the_figure_follows_the_theme_button(visit):
    page, _ = visit(PAGE, color_scheme="light")
    light = near(page.locator(GATES)).evaluate("figure => getComputedStyle(figure).color")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function("([tag, light]) => getComputedStyle(document.querySelector(tag)).color"
                           " !== light", arg=[GATES, light])


def test_without_script_the_drawing_is_there(visit):
    page, _ = visit(PAGE, java_script_enabled=False)
    for name in (GATES, GRADIENT):
        drawing = page.locator(f"{name} > svg")
        expect(drawing).to_be_visible()
        assert drawing.bounding_box()["width"] > 300
