"""The sequence scrubber and the live writer in a real browser: pointer, touch, keys, speech."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnbook.figures import SequenceScrubber, Writer

ROOT = Path(__file__).resolve().parents[2]
CSS = re.sub(r"@font-face \{[^}]*\}", "", (ROOT / "_static" / "book.css").read_text("utf-8"))
TEXT = "마을에 종이 울렸다. 아이들이 잠에서 깨어나 창문을 열었다.\n“벌써 아홉 시예요!”\n"
HOME = "http://127.0.0.1:9/"
LOADED = re.compile(r"<script ([^>]*data-payload)>([A-Za-z0-9+/=]+)</script>")


@pytest.fixture
def show(browser):
    """show(figure, …) -> page with it, its data hoisted as in the site, and what was asked for."""
    contexts = []

    def go(figure, *, width=1280, fail=(), **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="ko-KR",
                                      **options)
        contexts.append(context)
        page, asked, files = context.new_page(), [], {}

        def hoist(match):
            files["data.bin"] = base64.b64decode(match[2])
            return f'<script {match[1]} data-src="data.bin"></script>'

        files[""] = (f"<!doctype html><html lang='ko'><meta charset='utf-8'><title>그림</title>"
                     f"<meta name='viewport' content='width=device-width'><style>{CSS}</style>"
                     f"<main style='padding:1rem;max-width:36.5rem'><h1>그림</h1>"
                     f"{LOADED.sub(hoist, figure.html())}</main></html>").encode()

        def answer(route):
            name = route.request.url.removeprefix(HOME)
            asked.append(name)
            if name in fail or name not in files:
                return route.abort() if name in fail else route.fulfill(status=404)
            kind = "text/html" if not name else "application/octet-stream"
            return route.fulfill(body=files[name], content_type=kind)

        page.route("**/*", answer)
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(HOME)
        return page, asked

    yield go
    for context in contexts:
        assert [error for page in context.pages for error in page.errors] == []
        context.close()


@pytest.fixture(scope="module")
def states():
    return {name: np.random.default_rng(k).normal(0, 2, (len(TEXT), 12))
            for k, name in enumerate(("셀 상태 c", "은닉 상태 h"))}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def letter(page, n):
    return page.locator(".words span").nth(n)


def shown(track, t):
    """The value as the figure rounds it: to the digits that a byte still knows."""
    value = round(track[t] / abs(track).max() * 127) / 127 * abs(track).max()
    return f"{value:.{2 if abs(track).max() <= 1.3 else 1}f}".replace("-", "−")


# --- sequence scrubber ----------------------------------------------------------------------------


def test_the_pointer_reads_a_letter_and_the_keys_move_on(show, states):
    page, _ = show(SequenceScrubber(TEXT, states, unit=3))
    letter(page, 4).hover()
    value = shown(states["셀 상태 c"][:, 3], 4)
    expect(page.locator(".read")).to_contain_text(
        f"5번째 글자 ‘종’, 성분 3번의 셀 상태 c = {value}")
    letter(page, 4).click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".read")).to_contain_text("6번째 글자 ‘이’")
    page.keyboard.press("Home")
    expect(page.locator(".read")).to_contain_text("1번째 글자 ‘마’")
    expect(page.locator("[aria-live]")).to_contain_text("1번째 글자 ‘마’, 성분 3번의 셀 상태 c")
    expect(page.locator(".words .here")).to_have_text("마")


def test_colours_follow_the_sign(show, states):
    page, _ = show(SequenceScrubber(TEXT, states, unit=3))
    colors = page.locator(".words span").evaluate_all(
        "(spans) => spans.map((span) => span.style.backgroundColor)")
    for color, value in zip(colors, states["셀 상태 c"][:, 3], strict=True):
        if abs(value) > 0.5:
            assert f"var(--{'pos' if value > 0 else 'neg'})" in color


def test_another_channel_and_another_unit(show, states):
    page, asked = show(SequenceScrubber(TEXT, states, unit=3))
    page.get_by_role("button", name="은닉 상태 h").click()
    page.get_by_role("button", name="다음 성분").click()
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    value = shown(states["은닉 상태 h"][:, 4], 0)
    expect(page.locator(".read")).to_contain_text(f"성분 4번의 은닉 상태 h = {value}")
    page.get_by_role("combobox", name="성분").select_option("9")
    expect(page.locator(".read")).to_contain_text("성분 9번의 은닉 상태 h")
    page.locator(".all i").nth(2).click()
    expect(page.locator(".read")).to_contain_text("성분 2번의 은닉 상태 h")
    assert asked == [""]


def test_a_finger_scrubs_along_the_line(show, states):
    page, _ = show(SequenceScrubber(TEXT, states, unit=3), width=390, has_touch=True)
    boxes = [letter(page, n).bounding_box() for n in (1, 5)]
    page.touchscreen.tap(boxes[0]["x"] + 5, boxes[0]["y"] + 10)
    expect(page.locator(".read")).to_contain_text("2번째 글자")
    where = [{"clientX": box["x"] + 5, "clientY": box["y"] + 10} for box in boxes]
    letter(page, 1).dispatch_event("pointermove", {**where[1], "pointerType": "touch",
                                                   "bubbles": True, "composed": True})
    expect(page.locator(".read")).to_contain_text("6번째 글자")
    assert fits(page)


def test_large_data_come_only_when_a_hand_comes_near(show):
    values = np.random.default_rng(2).normal(0, 1, (len(TEXT), 500))
    page, asked = show(SequenceScrubber(TEXT, {"c": values, "h": values / 2}, unit=3))
    page.mouse.move(2, 2)
    page.wait_for_timeout(200)
    assert asked == [""]
    assert page.locator(".words .here").count() == 1
    letter(page, 2).hover()
    page.get_by_role("button", name="h", exact=True).click()
    expect(page.locator(".read")).to_contain_text("성분 3번의 h")
    assert asked == ["", "data.bin"]


def test_data_that_do_not_come_are_said(show):
    values = np.random.default_rng(2).normal(0, 1, (len(TEXT), 1000))
    page, _ = show(SequenceScrubber(TEXT, values, unit=3), fail={"data.bin"})
    page.get_by_role("button", name="다음 성분").click()
    expect(page.locator(".read")).to_contain_text("자료를 받지 못했습니다")
    expect(page.get_by_role("combobox")).to_have_value("3")


# --- writer ---------------------------------------------------------------------------------------


def written(page):
    return page.locator(".paper").inner_text()


def test_nothing_is_fetched_before_start_and_then_it_writes(show):
    page, asked = show(Writer("옛날 어느", 0.7))
    expect(page.locator(".paper")).to_contain_text("옛날 어느")
    page.wait_for_timeout(200)
    assert asked == [""]
    page.get_by_role("button", name="시작").click()
    expect(page.locator(".paper span[data-n='12']")).to_be_attached(timeout=15000)
    assert asked == ["", "data.bin"]
    assert page.locator(".paper .given").all_inner_texts() == list("옛날 어느")
    page.get_by_role("button", name="멈춤").click()
    length = page.locator(".paper span[data-n]").count()
    page.wait_for_timeout(300)
    assert page.locator(".paper span[data-n]").count() == length
    expect(page.locator("[aria-live]")).to_contain_text("멈추었습니다")
    page.get_by_role("button", name="이어서").click()
    expect(page.locator(f".paper span[data-n='{length}']")).to_be_attached()


def test_what_is_typed_is_what_it_goes_on_from(show):
    page, _ = show(Writer("옛날 어느", 0))
    field = page.get_by_label("첫머리")
    field.fill("토끼가 ")
    expect(page.locator(".paper")).to_contain_text("토끼가")
    field.press("Enter")
    expect(page.locator(".paper span[data-n='9']")).to_be_attached(timeout=15000)
    assert "".join(page.locator(".paper .given").all_text_contents()) == "토끼가 "
    page.get_by_role("button", name="멈춤").click()
    field.fill("뷁 ")
    page.get_by_role("button", name="시작").click()
    expect(page.locator(".note").first).to_contain_text("모형이 배우지 않은 글자: 뷁")


def test_enter_that_ends_a_syllable_does_not_start(show):
    page, asked = show(Writer("가", 0.7))
    page.get_by_label("첫머리").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    page.wait_for_timeout(200)
    assert asked == [""]


def test_a_letter_shows_its_gates_and_what_could_follow(show):
    page, _ = show(Writer("옛날 어느", 0.7))
    for _ in range(3):
        page.get_by_role("button", name="한 글자씩").click()
    expect(page.locator(".paper span[data-n='7']")).to_be_attached(timeout=15000)
    page.locator(".paper span[data-n='1']").hover()
    expect(page.locator(".reading h4").first).to_contain_text("‘날’")
    gates = page.locator(".reading dd").all_inner_texts()
    assert len(gates) == 6
    assert all(re.fullmatch(r"−?\d+\.\d\d", gate) for gate in gates)
    assert page.locator(".reading li").count() == 5
    assert page.locator(".reading li.chosen").count() == 1
    page.mouse.move(0, 0)        # a letter that slides under a resting mouse would be chosen
    page.get_by_role("slider", name="볼 글자").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".reading h4").first).to_contain_text("‘옛’")
    page.get_by_role("slider", name="온도").focus()
    page.keyboard.press("Home")
    expect(page.locator(".reading ol li span").first).to_have_text("100%")
    page.get_by_role("slider", name="볼 성분").focus()
    page.keyboard.press("Home")
    expect(page.locator("[aria-live]")).to_contain_text("1번째 글자 ‘옛’, 성분")
    assert page.locator(".inside svg .cells").count() > 6


def test_the_same_seed_writes_the_same_text(show):
    texts = []
    for _ in range(2):
        page, _ = show(Writer("옛날 어느", 0.9, seed=4))
        for _ in range(6):
            page.get_by_role("button", name="한 글자씩").click()
            page.wait_for_timeout(50)
        expect(page.locator(".paper span[data-n='10']")).to_be_attached(timeout=15000)
        texts.append(written(page))
    assert texts[0] == texts[1]


def test_a_model_that_does_not_come_is_said_and_may_be_asked_again(show):
    page, _ = show(Writer("가", 0.7), fail={"data.bin"})
    page.get_by_role("button", name="시작").click()
    expect(page.locator(".note").first).to_contain_text("모형을 내려받지 못했습니다")
    expect(page.get_by_role("button", name="시작")).to_be_enabled()


def test_without_motion_it_writes_sentence_by_sentence(show):
    page, _ = show(Writer("옛날 어느", 0.7), reduced_motion="reduce")
    page.get_by_role("button", name="시작").click()
    expect(page.locator(".paper span[data-n='6']")).to_be_attached(timeout=15000)
    first = page.locator(".paper span[data-n]").count()
    page.wait_for_timeout(200)
    assert page.locator(".paper span[data-n]").count() == first
    assert page.evaluate("""() => getComputedStyle(document.querySelector("rnnbook-writer")
        .shadowRoot.querySelector(".caret")).animationName""") == "none"


# --- both -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_are_accessible_and_fit_in_every_look(show, states, width, scheme, violations):
    page, _ = show(SequenceScrubber(TEXT, states, unit=3, note="한마디"), width=width,
                   color_scheme=scheme)
    assert violations(page) == []
    assert fits(page)
    page, _ = show(Writer("옛날 어느", 0.7), width=width, color_scheme=scheme)
    assert violations(page) == []
    page.get_by_role("button", name="한 글자씩").click()
    expect(page.locator(".reading h4").first).to_be_visible(timeout=15000)
    assert violations(page) == []
    assert fits(page)


def test_without_scripts_the_drawings_stand(show, states):
    for figure in (SequenceScrubber(TEXT, states, unit=3), Writer("옛날 어느", 0.7)):
        page, _ = show(figure, java_script_enabled=False, width=390)
        expect(page.locator("main svg")).to_be_visible()
