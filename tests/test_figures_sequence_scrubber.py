"""The sequence scrubber: small numbers, the same in both languages, and readable letters."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from rnnbook.figures import sequence_scrubber
from rnnbook.figures.sequence_scrubber import SequenceScrubber

MODULE = Path(sequence_scrubber.__file__).with_suffix(".mjs")
TEXT = "마을에 종이 울렸다.\n“아홉 시예요!”"


def node(script, *arguments):
    code = f"""import * as figure from {json.dumps(MODULE.as_uri())};
    const given = process.argv.slice(1).map((word) => JSON.parse(word));
    console.log(JSON.stringify({script}));"""
    run = subprocess.run([shutil.which("node"), "--input-type=module", "-e", code,
                          *map(json.dumps, arguments)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def states(rng):
    c = rng.normal(0, 3, (len(TEXT), 6))
    return {"셀 상태 c": c, "은닉 상태 h": np.tanh(c), "망각 게이트 f": 1 / (1 + np.exp(-c))}


def test_numbers_are_rounded_by_less_than_a_half_step(states):
    figure = SequenceScrubber(TEXT, states, unit=3)
    for values, numbers, scales in zip(states.values(), figure.numbers(),
                                       figure.scales().values(), strict=True):
        scales = np.array(scales)
        back = numbers.T / 127 * scales
        assert (np.abs(back - values) <= scales * (0.5 / 127 + 6e-4)).all()
    assert figure.scales()["망각 게이트 f"] == [1.0] * 6


def test_javascript_reads_the_same_numbers(states):
    figure = SequenceScrubber(TEXT, states, unit=3)
    settings = figure.settings()
    raw = list(base64.b64decode(settings["inline"]))
    got = node("figure.unpackTracks(Int8Array.from(given[0]), given[1])"
               ".map((units) => units.map((track) => [...track]))", raw, settings)
    for mine, numbers, scales in zip(got, figure.numbers(), figure.scales().values(), strict=True):
        np.testing.assert_allclose(mine, numbers / 127 * np.array(scales)[:, None], rtol=1e-6)


def test_a_chosen_few_units_keep_their_numbers(states):
    figure = SequenceScrubber(TEXT, states, unit=5, units=[1, 5])
    assert figure.settings()["units"] == [1, 5]
    c = states["셀 상태 c"][:, 5]
    back = figure.numbers()[0, 1] / 127 * figure.scales()["셀 상태 c"][1]
    assert np.abs(back - c).max() < abs(c).max() / 100


def test_a_long_text_is_fetched_when_needed_and_shown_at_once(rng):
    values = rng.normal(0, 1, (400, 100))
    figure = SequenceScrubber("가" * 400, values, unit=7)
    settings, numbers = figure.settings(), figure.numbers()
    assert figure.payload() == numbers.tobytes()
    inline = np.frombuffer(base64.b64decode(settings["inline"]), np.int8)
    assert np.array_equal(inline[:400], numbers[0, 7])
    assert np.array_equal(inline[400:], numbers[0, :, settings["at"]])
    assert settings["at"] == abs(values[:, 7]).argmax()
    assert SequenceScrubber(TEXT, values[:len(TEXT)]).payload() is None


@pytest.mark.parametrize(("token", "words"), [
    ("닫", "17번째 글자 ‘닫’, 성분 3번의 셀 상태 c = 0.82"),
    (" ", "17번째 글자(빈칸), 성분 3번의 셀 상태 c = 0.82"),
    ("\n", "17번째 글자(줄바꿈), 성분 3번의 셀 상태 c = 0.82"),
])
def test_what_is_said(token, words):
    assert node("figure.spoken(given[0], 16, 3, '셀 상태 c', 0.8213)", token) == words


@pytest.mark.parametrize("scale", [0.2, 1.0, 1.3, 4.0, 13.0, 60.0])
def test_no_digit_is_shown_that_a_byte_does_not_know(scale):
    digits = node("figure.digitsOf(given[0])", scale)
    assert scale / 127 / 2 <= 0.52 * 10.0 ** -digits
    assert digits == 2 or scale / 127 / 2 > 0.5 * 10.0 ** -(digits + 1)


def rgb(color):
    return np.array([int(color[k:k + 2], 16) for k in (1, 3, 5)])


def light(color):
    share = color / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_letters_stay_readable_on_every_shade_in_both_schemes():
    style = MODULE.read_text("utf-8")
    kit = MODULE.with_name("kit.mjs").read_text("utf-8")

    def pair(name, source):
        return re.search(rf"--{name}: [^;]*?light-dark\((#\w+), (#\w+)\)", source).groups()

    for scheme in (0, 1):
        ink, panel = (rgb(pair(name, kit)[scheme]) for name in ("ink", "panel"))
        for name in ("pos", "neg"):
            color = rgb(pair(name, style)[scheme])
            for share in np.linspace(0, 1, 11):
                low, high = sorted(map(light, (ink, share * color + (1 - share) * panel)))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (scheme, name, share)


def test_the_page_and_the_module_paint_alike():
    style = MODULE.read_text("utf-8").replace(", ", ",")
    assert f"--pos: {sequence_scrubber.POSITIVE}" in style
    assert f"--neg: {sequence_scrubber.NEGATIVE}" in style


def test_the_drawing_shows_every_letter_and_the_output_is_the_same_each_time(states):
    figure = SequenceScrubber(TEXT, states, unit=3, note="<한마디>")
    drawn = "".join(re.findall(r"<tspan[^>]*>(.)</tspan>", figure.svg()))
    assert drawn == re.sub(r"\s", "", TEXT)
    bundle = figure._repr_mimebundle_()
    assert bundle == SequenceScrubber(TEXT, states, unit=3, note="<한마디>")._repr_mimebundle_()
    assert "&lt;한마디&gt;" in bundle["text/html"]
    assert bundle["text/plain"].startswith(f"SequenceScrubber({len(TEXT)}시점, 성분 6개")


def test_tokens_may_be_longer_than_a_letter(rng):
    figure = SequenceScrubber(["마을", "에", " ", "종"], rng.normal(size=(4, 2)))
    assert figure.settings()["tokens"] == ["마을", "에", " ", "종"]
    assert ">마을</tspan>" in figure.svg()


@pytest.mark.parametrize(("text", "shape", "options", "words"), [
    ("", (0, 2), {}, "글이 비었습니다"),
    ("가나", (3, 2), {}, r"모양은 \(2, H\)여야 합니다: 받은 모양 \(3, 2\)"),
    ("가나", (2,), {}, "받은 모양"),
    ("가나", (2, 4), {"unit": 4}, "받은 값 units=None, unit=4"),
    ("가나", (2, 4), {"unit": 0, "units": [1, 2]}, r"받은 값 units=\[1, 2\], unit=0"),
    ("가나", (2, 4), {"unit": 0, "units": [0, 9]}, r"0 이상 4 미만.* units=\[0, 9\], unit=0"),
])
def test_bad_arguments_are_answered_in_korean(text, shape, options, words):
    with pytest.raises(ValueError, match=words):
        SequenceScrubber(text, np.zeros(shape), **options)


def test_numbers_that_are_none_are_refused():
    with pytest.raises(ValueError, match="유한하지 않은"):
        SequenceScrubber("가나", [[0.0], [np.nan]])
