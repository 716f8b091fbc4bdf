"""n-grams and affixes: several tokens at one place."""

import unicodedata
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.features import affixes, encode, ngrams, shorten
from rnnbook.text import Vocab


def test_every_place_has_the_ngrams_that_end_there():
    assert ngrams("눈온다", 3) == [["눈", "^눈", "^^눈"], ["온", "눈온", "^눈온"],
                                ["다", "온다", "눈온다"]]
    assert ngrams("눈온", 1) == [["눈"], ["온"]]
    assert ngrams("눈", 2) == [["눈", "^눈"]]


@given(st.text(min_size=1), st.integers(1, 4))
def test_ngrams_are_pieces_of_the_text(text, order):
    rows = ngrams(text, order)
    assert [row[0] for row in rows] == list(text)
    assert all(len(gram) == n for row in rows for n, gram in enumerate(row, 1))
    padded = "^" * (order - 1) + text
    assert [row[-1] for row in rows] == [padded[i:i + order] for i in range(len(text))]


def test_affixes_of_a_word():
    assert affixes("여우가", 2) == ["여우가", "여-", "여우-", "-가", "-우가"]
    assert affixes("눈", 2) == ["눈", "눈-", "눈-", "-눈", "-눈"]
    assert len(affixes("할아버지께서", 3)) == 7


def test_affixes_are_of_syllables_even_if_the_file_keeps_letters_apart():
    assert affixes(unicodedata.normalize("NFD", "여우가"), 2) == affixes("여우가", 2)


def test_beginnings_ends_and_words_are_different_tokens():
    assert len({"가", *affixes("가", 1)}) == 3


def test_encode_makes_one_array():
    rows = ngrams("눈온다눈", 2)
    vocab = Vocab(chain.from_iterable(rows), min_count=2)
    ids = encode(rows, vocab)
    assert ids.shape == (4, 2)
    assert ids[0, 0] == ids[3, 0] == vocab.encode(["눈"])[0]
    assert (ids[:, 1] == 0).all()                       # every pair stands once: unknown
    assert np.issubdtype(ids.dtype, np.integer)


@pytest.mark.parametrize(("text", "most", "expected"), [
    ("ㅋㅋㅋㅋㅋ 최고!!!", 2, "ㅋㅋ 최고!!"), ("하하하하", 2, "하하"), ("하호하호", 2, "하호하호"),
    ("눈눈", 2, "눈눈"), ("ㅠㅠㅠ", 1, "ㅠ"), ("", 2, ""), ("ㅋㅋㅋㅎㅎㅎㅎ", 3, "ㅋㅋㅋㅎㅎㅎ"),
])
def test_repeats_are_shortened(text, most, expected):
    assert shorten(text, most) == expected


@pytest.mark.parametrize("order", [0, -1])
def test_a_wrong_order_is_explained(order):
    with pytest.raises(ValueError, match=f"1 이상이어야 합니다: 받은 값 order={order}"):
        ngrams("눈", order)


@pytest.mark.parametrize(("word", "size", "message"), [
    ("", 2, "글이 비었습니다"), ("눈", 0, "1 이상이어야 합니다: 받은 값 size=0")])
def test_a_wrong_word_is_explained(word, size, message):
    with pytest.raises(ValueError, match=message):
        affixes(word, size)


@pytest.mark.parametrize(("rows", "message"), [
    ([], r"받은 행 0개, 토큰의 수 \[\]"), ([[], []], r"받은 행 2개, 토큰의 수 \[0\]"),
    ([["가"], ["가", "가", "가"]], r"받은 행 2개, 토큰의 수 \[1, 3\]")])
def test_uneven_rows_are_explained(rows, message):
    with pytest.raises(ValueError, match=message):
        encode(rows, Vocab("가"))


@pytest.mark.parametrize(("most", "error"), [(0, ValueError), (1.5, TypeError)])
def test_a_wrong_number_of_repeats_is_explained(most, error):
    with pytest.raises(error, match=f"받은 값 most={most}"):
        shorten("ㅋㅋ", most)
