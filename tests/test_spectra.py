"""Counts against hand counts; the fit finds the law that made the counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import datasets
from rnnbook.spectra import frequency_spectrum, ngram_counts, rank_frequency, zipf_fit

TOKENS = st.lists(st.sampled_from("가나다라"), min_size=1, max_size=40)


def test_counts_by_hand():
    assert ngram_counts("가나가나다", 2) == {("가", "나"): 2, ("나", "가"): 1, ("나", "다"): 1}
    assert ngram_counts("가나가", np.int64(2)) == {("가", "나"): 1, ("나", "가"): 1}
    np.testing.assert_array_equal(rank_frequency("가나가나다"), [2, 2, 1])
    np.testing.assert_array_equal(rank_frequency(["나", "가", "나"], 2), [1, 1])
    times, kinds = frequency_spectrum([5, 1, 1, 2, 1])
    np.testing.assert_array_equal(times, [1, 2, 5])
    np.testing.assert_array_equal(kinds, [3, 1, 1])


@given(tokens=TOKENS, n=st.integers(1, 4))
def test_nothing_is_lost_in_counting(tokens, n):
    n = min(n, len(tokens))
    counts = rank_frequency(tokens, n)
    assert counts.dtype == np.int64
    assert (np.diff(counts) <= 0).all()
    assert counts.sum() == len(tokens) - n + 1
    assert len(counts) == len({tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)})
    np.testing.assert_array_equal(counts, rank_frequency("".join(tokens), n))
    times, kinds = frequency_spectrum(counts)
    assert (np.diff(times) > 0).all()
    assert (times * kinds).sum() == counts.sum()
    assert kinds.sum() == len(counts)


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.6])
def test_the_fit_finds_the_law(exponent):
    scale = 1e12
    counts = (scale * np.arange(1, 300.0) ** -exponent).astype(np.int64)
    found, height = zipf_fit(counts)
    assert found == pytest.approx(exponent, abs=1e-5)
    assert height == pytest.approx(scale, rel=1e-4)
    bent = counts.copy()
    bent[200:] = 1  # outside the ranks asked for
    assert zipf_fit(bent, 10, 200) == pytest.approx((exponent, scale), rel=1e-4)
    assert zipf_fit(bent)[0] > exponent + 0.1
    assert zipf_fit([8, 4]) == pytest.approx((1, 8))  # a line through both ranks
    assert zipf_fit(np.array([240, 120], np.uint8)) == zipf_fit([240, 120])
    assert zipf_fit([9, 8, 4, 1], 2, 3)[0] == pytest.approx(np.log(2) / np.log(1.5))


def test_korean_stories_are_uneven_and_longer_ngrams_flatter():
    words = datasets.load("stories").text.split()
    exponents = [zipf_fit(rank_frequency(words, n), 1, 1000)[0] for n in (1, 2, 3)]
    assert 0.5 < exponents[0] < 1.2
    assert exponents[0] > exponents[1] > exponents[2]
    times, kinds = frequency_spectrum(rank_frequency(words))
    assert times[0] == 1
    assert kinds[0] > kinds.sum() / 2  # most words are seen once


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: rank_frequency(""), ValueError, "토큰은 1개 이상이어야 합니다: 받은 개수 0"),
    (lambda: rank_frequency("가나", 3), ValueError, "토큰은 3개 이상이어야 .* 받은 개수 2"),
    (lambda: rank_frequency("가나", 0), ValueError, "받은 값 n=0"),
    (lambda: rank_frequency("가나", 1.0), TypeError, "정수여야 합니다: 받은 값 n=1.0"),
    (lambda: rank_frequency(7), TypeError, "리스트나 문자열이어야 합니다: 받은 자료형 int"),
    (lambda: ngram_counts({"가": 1}), TypeError, "받은 자료형 dict"),
    (lambda: frequency_spectrum([1.5]), TypeError, "자료형 float64"),
    (lambda: frequency_spectrum([[1, 2]]), TypeError, r"받은 모양 \(1, 2\)"),
    (lambda: frequency_spectrum([1, 0]), ValueError, "모두 1 이상이어야 합니다: 받은 값 0"),
    (lambda: frequency_spectrum(np.array([], dtype=int)), ValueError, "횟수가 없습니다"),
    (lambda: zipf_fit([5, 2, 3]), ValueError, r"큰 것부터 늘어놓아야 .* counts\[1\]=2, .*=3"),
    (lambda: zipf_fit([3, 2, 1], 2, 2), ValueError, "V=3, 받은 값 first=2, last=2"),
    (lambda: zipf_fit([3, 2, 1], 0), ValueError, "first=0, last=3"),
    (lambda: zipf_fit([3, 2, 1], 1, 4), ValueError, "first=1, last=4"),
])
def test_bad_input_is_refused_in_korean(call, error, message):
    with pytest.raises(error, match=message):
        call()
