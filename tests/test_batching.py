"""Padding and batches of unlike lengths: nothing lost, nothing invented."""

from itertools import pairwise

import numpy as np
import planting
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import batching
from rnnbook.batching import NO_ANSWER, bucketed_batches, pad, reversed_steps, valid_steps

rows = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), min_size=1, max_size=20)


@given(rows, st.integers(-1, 3))
def test_padding_keeps_every_token_in_its_place(sequences, fill):
    padded, lengths = pad(sequences, fill)
    assert padded.shape == (len(sequences), max(map(len, sequences)))
    assert lengths.tolist() == list(map(len, sequences))
    for row, sequence in zip(padded, sequences, strict=True):
        assert row[:len(sequence)].tolist() == sequence
        assert (row[len(sequence):] == fill).all()


def test_places_with_several_tokens():
    padded, lengths = pad([[[1, 2]], [[3, 4], [5, 6]]])
    assert padded.tolist() == [[[1, 2], [0, 0]], [[3, 4], [5, 6]]]
    assert lengths.tolist() == [1, 2]


def test_the_mask_is_true_inside():
    assert valid_steps([1, 3], 3).tolist() == [[True, False, False], [True, True, True]]
    assert valid_steps(np.array([2]), 2).dtype == bool


@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.integers(0, 3))
def test_reversal_stays_within_the_length_and_is_its_own_inverse(lengths, extra):
    T = max(lengths) + extra
    x = np.arange(T * len(lengths)).reshape(len(lengths), T)
    turn = reversed_steps(lengths, T)
    for row, turned, length in zip(x, x[turn], lengths, strict=True):
        assert turned[:length].tolist() == row[:length][::-1].tolist()
        assert set(turned[length:]) == set(row[length:])
    assert (x[turn][turn] == x).all()


@given(rows, st.integers(1, 5), st.none() | st.integers(0, 99))
def test_every_sequence_comes_once_with_its_answer(sequences, batch_size, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    answers = list(range(len(sequences)))
    batches = bucketed_batches(sequences, answers, batch_size, rng=rng)
    seen = {}
    for tokens, labels, lengths in batches:
        assert tokens.shape == (len(labels), lengths.max())
        assert 1 <= len(labels) <= batch_size
        for row, label, length in zip(tokens, labels, lengths, strict=True):
            assert label not in seen
            seen[label] = row[:length].tolist()
    assert [seen[k] for k in answers] == sequences
    assert len(batches) == sum(1 for _ in batches)


@given(rows, st.integers(1, 5))
def test_a_batch_holds_neighbours_in_length(sequences, batch_size):
    """No other grouping into batches of this size pads less."""
    rng = np.random.default_rng(0)
    batches = bucketed_batches(sequences, [0] * len(sequences), batch_size, rng=rng)
    spans = sorted((lengths.min(), lengths.max()) for _, _, lengths in batches)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_answers_of_every_token_are_padded_with_no_answer():
    (_, tags, _), = bucketed_batches([[5], [6, 7]], [[1], [0, 2]], 4)
    assert tags.tolist() == [[1, NO_ANSWER], [0, 2]]
    assert NO_ANSWER < 0


def test_without_rng_from_the_shortest_on_and_always_alike():
    sequences = [[1] * n for n in (3, 1, 2, 1)]
    batches = bucketed_batches(sequences, [0, 1, 2, 3], 1)
    assert [b[1].tolist() for b in batches] == [b[1].tolist() for b in batches] == [
        [1], [3], [2], [0]]


def test_with_rng_every_round_is_shuffled():
    sequences = [[k] * (1 + k % 2) for k in range(40)]
    batches = bucketed_batches(sequences, list(range(40)), 5, rng=np.random.default_rng(0))
    first, second = ([b[1].tolist() for b in batches] for _ in range(2))
    assert first != second
    assert sorted(map(sorted, first)) != sorted(map(sorted, second))     # other company
    lengths = [b[2].max() for b in batches]
    assert lengths != sorted(lengths)                                    # other turns


@pytest.mark.parametrize(("sequences", "error", "message"), [
    ([], ValueError, "비어 있지 않은 시퀀스가 하나 이상이어야 합니다"),
    ([[1], []], ValueError, r"받은 모양 \[\(1,\), \(0,\)\]"),
    ([[], 5], ValueError, r"받은 모양 \[\(0,\), \(\)\]"),
    ([[1, 2], 5], ValueError, r"시퀀스의 모양은 .* 받은 모양 \(2,\), \(\)$"),
    ([[1.0, 2.0]], TypeError, "시퀀스는 정수여야 합니다: 받은 자료형 float64"),
    (["눈"], ValueError, "시퀀스의 모양은"),
    ([[[1, 2]], [[1]]], ValueError, r"시퀀스의 모양은 .* 받은 모양 \(1, 2\), \(1, 1\)$"),
    ([[1, 2], [1], [[1]]], ValueError, r"시퀀스의 모양은 .* 받은 모양 \(1,\), \(1, 1\)$"),
    ([[[[1]]]], ValueError, "시퀀스의 모양은"),
])
def test_wrong_sequences_are_explained(sequences, error, message):
    with pytest.raises(error, match=message):
        pad(sequences)


@pytest.mark.parametrize(("sequences", "answers", "batch_size", "message"), [
    ([[1]], [0], 0, "1 이상이어야 합니다: 받은 값 batch_size=0"),
    ([[1]], [0, 1], 2, "시퀀스와 답의 수가 같고 하나 이상이어야 합니다: 받은 수 1, 2"),
    ([], [], 2, "받은 수 0, 0"),
    ([[1, 2]], [[0]], 2, "0번 시퀀스의 답은 2개여야 합니다: 받은 개수 1"),
])
def test_wrong_batches_are_explained(sequences, answers, batch_size, message):
    with pytest.raises(ValueError, match=message):
        bucketed_batches(sequences, answers, batch_size)


@pytest.mark.parametrize(("answers", "rng", "message"), [
    ([0, 1.5], None, "답은 정수여야 합니다: 받은 1번 답 1.5"),
    (["a", "b"], None, "받은 0번 답 'a'"),
    ([0, [1]], None, r"받은 1번 답 \[1\]"),
    ([0, 1], 7, "rng는 .*받은 자료형 int"),
])
def test_wrong_answers_and_an_rng_are_explained_before_the_first_batch(answers, rng, message):
    with pytest.raises(TypeError, match=message):
        bucketed_batches([[1], [2]], answers, 2, rng=rng)


# --- planted errors -------------------------------------------------------------------------------

ERRORS = {
    "reversed from one step too early": ("return rows, ends - 1 -", "return rows, ends - 2 -"),
    "not reversed": ("ends - 1 - np.arange(num_steps)", "0 * ends + np.arange(num_steps)"),
    "reversed with the padding": ("ends - 1 - np", "num_steps - 1 + 0 * ends - np"),
    "rows lose one another": ("rows = np.arange(len(ends))[:, None]", "rows = 0 * ends"),
    "the mask one step too wide": ("np.arange(num_steps) < np", "np.arange(num_steps) <= np"),
}


def right(module):
    x, lengths = np.arange(8).reshape(2, 4), [4, 2]
    inside = module.valid_steps(lengths, 4)
    turned = x[module.reversed_steps(lengths, 4)]
    return (inside.sum(axis=1).tolist() == lengths
            and turned[inside].tolist() == [3, 2, 1, 0, 5, 4])


test_planted_errors_are_noticed = planting.noticed((batching, ERRORS, right))
