"""Batches cover the text and carry on where they should."""

import itertools
import math

import numpy as np
import pytest

from rnnbook.language_models import (
    bits_per_char,
    perplexity,
    random_batches,
    sequential_batches,
)
from rnnbook.scratch import RNNLM, SGD
from rnnbook.trainer import Trainer


def test_units():
    assert perplexity(math.log(50)) == pytest.approx(50)
    assert bits_per_char(math.log(8)) == pytest.approx(3)
    assert bits_per_char(math.log(2), tokens_per_char=2.5) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("length", "batch_size", "num_steps"), [(101, 4, 7), (57, 8, 7), (9, 8, 3)]
)
def test_sequential_batches_carry_on(length, batch_size, num_steps):
    ids = np.arange(length)
    batches = sequential_batches(ids, batch_size, num_steps)
    seen = list(batches)
    assert len(seen) == len(batches)
    for x, y in seen:
        assert x.shape == y.shape
        assert x.shape[0] == batch_size
        assert x.shape[1] <= num_steps
        np.testing.assert_array_equal(y, x + 1)
    for (_, y), (x, _) in itertools.pairwise(seen):
        np.testing.assert_array_equal(y[:, -1], x[:, 0])  # row n goes on in row n
    targets = np.concatenate([y.ravel() for _, y in seen])
    assert len(set(targets)) == len(targets) == (length - 1) // batch_size * batch_size


def test_batches_can_be_read_again():
    batches = sequential_batches(list(range(50)), 2, 5)
    first, second = list(batches), list(batches)
    for (a, _), (b, _) in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_state_carried_over_sequential_batches_reads_the_rows_without_a_break(rng):
    """The same losses as one long row; random batches, or no state, give others."""
    model = RNNLM(12, 4, 6, rng=rng, dtype=np.float64)
    ids = rng.integers(12, size=84 + 1)
    losses = {}
    for carry in (True, False):
        state, total = None, 0.0
        for x, y in sequential_batches(ids, 3, 5):
            loss, state = model.evaluate((x, y), state if carry else None)
            total += loss * y.size
        losses[carry] = total / 84
    rows = ids[:84].reshape(3, 28), ids[1:85].reshape(3, 28)
    assert losses[True] == pytest.approx(model.evaluate(rows)[0], abs=1e-12)
    assert losses[False] != pytest.approx(losses[True], abs=1e-4)


def test_the_trainer_carries_the_state_where_it_is_told_to(rng):
    """Truncated BPTT: evaluating batch by batch equals reading each row at once."""
    model = RNNLM(12, 4, 6, rng=rng, dtype=np.float64)
    ids = rng.integers(12, size=84 + 1)
    rows = ids[:84].reshape(3, 28), ids[1:85].reshape(3, 28)
    batches = sequential_batches(ids, 3, 5)
    history = Trainer(model, SGD(model.parameters(), 1e-12)).fit(
        batches, batches, epochs=1, carry_state=True, progress=False)
    whole = model.evaluate(rows)[0]
    assert history.train[0] == pytest.approx(whole, abs=1e-9)
    assert history.valid[0] == pytest.approx(whole, abs=1e-9)


def test_random_batches():
    ids = np.arange(1000)
    batches = random_batches(ids, 4, 7, rng=np.random.default_rng(0))
    rounds = [list(batches) for _ in range(30)]
    offsets = set()
    for batch in rounds:
        assert len(batch) == len(batches)
        starts = np.concatenate([x[:, 0] for x, _ in batch])
        assert len(set(starts)) == len(starts)
        assert len(set(starts % 7)) == 1  # windows of one round do not overlap
        offsets |= set(starts % 7)
        assert not np.array_equal(np.sort(starts), starts)
        for x, y in batch:
            assert x.shape == y.shape == (4, 7)
            np.testing.assert_array_equal(np.diff(x, axis=1), 1)
            np.testing.assert_array_equal(y, x + 1)
    assert offsets == set(range(7))
    again = list(random_batches(ids, 4, 7, rng=np.random.default_rng(0)))
    np.testing.assert_array_equal(again[0][0], rounds[0][0][0])


@pytest.mark.parametrize("length", range(35, 60))
def test_random_batches_never_run_over_the_end(length):
    for x, y in random_batches(np.arange(length), 4, 7, rng=np.random.default_rng(length)):
        assert x.shape == y.shape == (4, 7)


def test_batches_refuse_bad_input():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"글이 너무 짧습니다.*9개 이상이어야 하는데 8개"):
        sequential_batches(range(8), 8, 5)
    with pytest.raises(ValueError, match=r"글이 너무 짧습니다.*45개 이상이어야 하는데 44개"):
        random_batches(range(44), 8, 5, rng=rng)
    with pytest.raises(ValueError, match="1 이상이어야 합니다: 받은 값 batch_size=0"):
        sequential_batches(range(8), 0, 5)
    with pytest.raises(TypeError, match="1차원 정수 배열"):
        sequential_batches(np.zeros(100), 2, 5)
    with pytest.raises(TypeError, match=r"받은 모양 \(10, 10\)"):
        sequential_batches(np.zeros((10, 10), int), 2, 5)
    with pytest.raises(TypeError, match="1차원 정수 배열"):
        sequential_batches("글자는 아직 번호가 아니다", 2, 5)
