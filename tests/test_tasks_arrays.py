"""The adding problem, copying and recall: the answer follows from the input, the rest is chance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.tasks.adding import BASELINE, adding
from rnnbook.tasks.recall import copying, recall

seeds, sizes = st.integers(0, 2**32 - 1), st.integers(1, 12)


@given(sizes, st.integers(2, 60), seeds)
def test_adding_marks_one_number_in_each_half(N, T, seed):
    x, y = adding(N, T, rng=np.random.default_rng(seed))
    assert (x.shape, y.shape, x.dtype, y.dtype) == ((N, T, 2), (N, 1), np.float32, np.float32)
    assert x[..., 0].min() >= 0
    assert x[..., 0].max() <= 1
    marks = x[..., 1]
    assert set(np.unique(marks)) <= {0, 1}
    assert (marks[:, :T // 2].sum(1) == 1).all()
    assert (marks[:, T // 2:].sum(1) == 1).all()
    np.testing.assert_allclose(y[:, 0], [row[row[:, 1] == 1, 0].sum() for row in x], rtol=1e-6)


@pytest.mark.parametrize("T", [50, 200])
def test_adding_baseline(T):
    x, y = adding(20_000, T, rng=np.random.default_rng(0), dtype=np.float64)
    assert ((y - 1) ** 2).mean() == pytest.approx(BASELINE, rel=0.03)
    assert x[..., 1].any(axis=0).all()                # every step is marked some time


@given(sizes, st.integers(1, 30), st.integers(1, 8), st.integers(1, 8), seeds)
def test_copying_asks_for_what_was_shown(N, delay, length, symbols, seed):
    x, y = copying(N, delay, rng=np.random.default_rng(seed), length=length, symbols=symbols)
    T = delay + 2 * length
    assert x.shape == y.shape == (N, T)
    shown = x[:, :length]
    assert shown.min() >= 1
    assert shown.max() <= symbols
    np.testing.assert_array_equal(y[:, -length:], shown)
    assert not y[:, :-length].any()
    mark = np.zeros((N, T - length), dtype=int)
    mark[:, delay - 1] = symbols + 1
    np.testing.assert_array_equal(x[:, length:], mark)


def test_copying_in_the_setting_of_the_paper():
    x, y = copying(500, 100, rng=np.random.default_rng(0))
    assert x.shape == (500, 120)
    assert set(np.unique(x)) == set(range(10))
    counts = np.bincount(y[:, -10:].ravel(), minlength=9)[1:] / 5000
    entropy = -(counts * np.log(counts)).sum() * 10 / 120
    assert entropy == pytest.approx(10 * math.log(8) / 120, rel=0.01)


@given(sizes, st.integers(1, 9), st.integers(0, 5), st.integers(1, 6), seeds)
def test_recall_asks_for_a_key_that_was_shown(N, pairs, spare, values, seed):
    keys = pairs + spare
    x, y = recall(N, pairs, rng=np.random.default_rng(seed), keys=keys, values=values)
    assert (x.shape, y.shape) == ((N, 2 * pairs + 1), (N,))
    for row, answer in zip(x, y, strict=True):
        table = dict(zip(row[:-1:2].tolist(), row[1::2].tolist(), strict=True))
        assert len(table) == pairs
        assert set(table) <= set(range(keys))
        assert set(table.values()) <= set(range(keys, keys + values))
        assert table[row[-1]] == answer


def test_recall_asks_for_every_place_and_every_key():
    x, _ = recall(400, 4, rng=np.random.default_rng(0))
    assert set(x[:, :-1:2].ravel()) == set(range(26))
    places = (x[:, :-1:2] == x[:, -1:]).argmax(axis=1)
    assert np.bincount(places, minlength=4).min() > 60


def test_the_seed_decides():
    for make in (lambda rng: adding(3, 9, rng=rng), lambda rng: copying(3, 9, rng=rng),
                 lambda rng: recall(3, 9, rng=rng)):
        first, again, other = (make(np.random.default_rng(k)) for k in (1, 1, 2))
        assert all(map(np.array_equal, first, again))
        assert not all(map(np.array_equal, first, other))


def test_bad_sizes_are_refused():
    rng = np.random.default_rng(0)
    for N, T, least in ((0, 5, 1), (3, 1, 2)):
        with pytest.raises(ValueError, match=f"{least} 이상이어야 합니다: 받은 값"):
            adding(N, T, rng=rng)
    for bad in ({"N": 0}, {"delay": 0}, {"length": 0}, {"symbols": 0}):
        with pytest.raises(ValueError, match=f"1 이상이어야 합니다: .*{next(iter(bad))}=0"):
            copying(**({"N": 2, "delay": 3, "rng": rng} | bad))
    for bad in ({"N": 0}, {"pairs": 0}, {"values": 0}):
        with pytest.raises(ValueError, match=f"1 이상이어야 합니다: .*{next(iter(bad))}=0"):
            recall(**({"N": 2, "pairs": 3, "rng": rng} | bad))
    with pytest.raises(ValueError, match="keys 이하여야 합니다: 받은 값 pairs=3, keys=2"):
        recall(2, 3, rng=rng, keys=2)
