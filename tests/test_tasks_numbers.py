"""Readings of numbers agree with two libraries, and every reading is read back."""

import hangulpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from rnnbook.tasks.numbers import LIMIT, from_hangul, pairs, to_hangul

EDGES = sorted({sign + k * 10**p for p in range(16) for k in (1, 2, 9) for sign in (-1, 0, 1)})
SAMPLE = [int(10**x) for x in np.random.default_rng(0).uniform(0, 16, size=4000)]


@pytest.mark.parametrize(("number", "reading"), [
    (0, "영"), (1, "일"), (10, "십"), (11, "십일"), (110, "백십"), (1111, "천백십일"),
    (10_000, "만"), (12_345, "만이천삼백사십오"), (110_000, "십일만"), (11_110_000, "천백십일만"),
    (10**8, "일억"), (10**8 + 10**4, "일억만"), (10**12, "일조"), (20_050_008, "이천오만팔"),
])
def test_readings(number, reading):
    assert to_hangul(number) == reading
    assert from_hangul(reading) == number


@pytest.mark.parametrize("numbers", [range(20_000), EDGES, SAMPLE], ids=["small", "edges", "wide"])
def test_two_libraries_read_the_same(numbers):
    ours = [to_hangul(n) for n in numbers]
    assert ours == [num2words(n, lang="ko").replace(" ", "") for n in numbers]
    assert ours == [hangulpy.number_to_hangul(n) for n in numbers]


@given(st.integers(0, LIMIT - 1))
def test_a_reading_is_read_back(number):
    assert from_hangul(to_hangul(number)) == number


def test_a_hundred_thousand_readings_are_read_back():
    numbers = np.random.default_rng(1).integers(10**8, size=100_000).tolist()
    readings = [to_hangul(n) for n in numbers]
    assert [from_hangul(reading) for reading in readings] == numbers
    assert len(set(readings)) == len(set(numbers))


@pytest.mark.parametrize("text", [
    "일십", "일백", "일만", "억", "영일", "이영", "일이", "십백", "백천", "만억", "만만",
    "십만일만", "구천조구천조", "십십"])
def test_what_is_no_reading_is_refused(text):
    with pytest.raises(ValueError, match=f"바르게 읽은 수가 아닙니다: '{text}'"):
        from_hangul(text)


def test_bad_input_is_refused():
    for bad in (-1, LIMIT):
        with pytest.raises(ValueError, match=rf"0 이상 10\^16 미만의 정수여야 합니다: .* {bad}"):
            to_hangul(bad)
    for bad in (1.0, "12", None):
        with pytest.raises(TypeError, match=f"10\\^16 미만의 정수여야 합니다: 받은 값 {bad!r}"):
            to_hangul(bad)
    with pytest.raises(ValueError, match="글자가 아닙니다: 받은 글자 ' ', 글 '만 이천'"):
        from_hangul("만 이천")
    with pytest.raises(ValueError, match="글이 비었습니다"):
        from_hangul("")
    with pytest.raises(TypeError, match="받은 자료형 int"):
        from_hangul(3)
    for lengths in ((0, 8), (5, 4), (1, 17)):
        with pytest.raises(ValueError, match="1 ≤ shortest ≤ longest ≤ 16이어야 합니다"):
            pairs(1, 1, rng=np.random.default_rng(0), shortest=lengths[0], longest=lengths[1])


def test_lengths_are_drawn_evenly_and_every_pair_is_right():
    made = pairs(7000, 1000, rng=np.random.default_rng(0))
    assert all(from_hangul(reading) == int(digits) for part in made for digits, reading in part)
    counts = np.bincount([len(digits) for digits, _ in made.train + made.test])[1:]
    assert counts[0] == 10                            # every one-digit number is there
    assert len(counts) == 8
    assert np.ptp(counts[4:]) < 0.15 * counts[4:].mean()
    tests = np.bincount([len(digits) for digits, _ in made.test])[1:]
    assert tests[2:].min() > 50                       # short numbers are tested, too


def test_longer_numbers_for_generalisation():
    made = pairs(10, 90, rng=np.random.default_rng(0), shortest=9, longest=12)
    assert {len(digits) for digits, _ in made.test} == {9, 10, 11, 12}
