"""Batches cover the text and carry on where they should; the n-gram model is a distribution."""

import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from rnnbook.language_models import (
    NGram,
    bits_per_char,
    perplexity,
    random_batches,
    sequential_batches,
)


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
    with pytest.raises(TypeError, match="정수가 한 줄로"):
        sequential_batches(np.zeros(100), 2, 5)
    with pytest.raises(TypeError, match=r"받은 모양 \(10, 10\)"):
        sequential_batches(np.zeros((10, 10), int), 2, 5)
    with pytest.raises(TypeError, match="정수가 한 줄로"):
        sequential_batches("글자는 아직 번호가 아니다", 2, 5)


def markov(length, vocab, seed):
    """Text of a second-order chain: context helps, and much of it is never seen."""
    rng = np.random.default_rng(seed)
    table = np.random.default_rng(7).dirichlet(np.full(vocab, 0.1), size=(vocab, vocab))
    ids = [0, 1]
    for _ in range(length):
        ids.append(int(rng.choice(vocab, p=table[ids[-2], ids[-1]])))
    return ids


@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("length", [1, 3, 40, 3000])
def test_ngram_is_a_distribution_and_loss_is_its_logarithm(order, length):
    train, test = markov(length, 9, 0)[:length], markov(30, 9, 1)
    model = NGram(order, 9).fit(train)
    total = 0.0
    for i, token in enumerate(test):
        p = model.probabilities(test[:i])
        assert p.shape == (9,)
        assert (p > 0).all()
        assert p.sum() == pytest.approx(1, abs=1e-12)
        total -= math.log(p[token])
    assert model.loss(test) == pytest.approx(total / len(test), rel=1e-12)


def kneser_ney(order, vocab, ids):
    """Modified Kneser–Ney written from the formulas with dictionaries, as an oracle."""
    pad = [vocab] * (order - 1) + list(ids)
    raw = Counter(tuple(pad[i - order + 1 : i + 1]) for i in range(order - 1, len(pad)))
    counts = {order: raw}
    for k in range(order - 1, 0, -1):
        left = defaultdict(set)
        for i in range(order - 1, len(pad)):
            left[tuple(pad[i - k + 1 : i + 1])].add(pad[i - k])
        counts[k] = {gram: len(before) for gram, before in left.items()}

    discounts = {}
    for k, table in counts.items():
        n1, n2, n3, n4 = (sum(c == j for c in table.values()) for j in (1, 2, 3, 4))
        assert min(n1, n2, n3, n4) > 0
        y = n1 / (n1 + 2 * n2)
        discounts[k] = [0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]

    def p(k, history, word):
        if k == 0:
            return 1 / vocab
        after = {g: c for g, c in counts[k].items() if g[:-1] == history}
        lower = p(k - 1, history[1:], word)
        if not after:
            return lower
        d = discounts[k]
        own = after.get((*history, word), 0)
        left = sum(d[min(c, 3)] for c in after.values())
        return (own - d[min(own, 3)] + left * lower) / sum(after.values())

    return lambda history, word: p(order, history, word)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_ngram_agrees_with_the_formulas(order):
    # a long tail, so that n-grams seen once, twice, three and four times exist at every order
    rng = np.random.default_rng(3)
    ids = np.minimum(rng.zipf(1.3, size=400) - 1, 39).tolist()
    oracle, model = kneser_ney(order, 40, ids), NGram(order, 40).fit(ids)
    for start in range(0, 100, 9):
        history = tuple(ids[start : start + order - 1])
        expected = [oracle(history, word) for word in range(40)]
        np.testing.assert_allclose(
            model.probabilities(ids[: start + order - 1]), expected, rtol=1e-12
        )


def test_longer_context_helps_until_it_is_too_long():
    train, test = markov(30_000, 12, 0), markov(3_000, 12, 1)
    losses = [NGram(order, 12).fit(train).loss(test) for order in (1, 2, 3, 6)]
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] < losses[3] < losses[1]  # smoothing keeps a long context from spoiling it


def test_ngram_refuses_bad_input():
    with pytest.raises(ValueError, match="order=0"):
        NGram(0, 10)
    with pytest.raises(ValueError, match=r"0 이상 10 미만이어야 합니다: 받은 범위 0…10"):
        NGram(2, 10).fit([0, 10])
    with pytest.raises(ValueError, match="글이 너무 짧습니다"):
        NGram(2, 10).fit([])
