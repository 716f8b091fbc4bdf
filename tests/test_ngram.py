"""The n-gram model is a distribution, and the one that the formulas describe."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from rnnbook.ngram import NGram


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
    with pytest.raises(ValueError, match=r"0 이상 10 미만이어야 합니다: 받은 범위 0~10"):
        NGram(2, 10).fit([0, 10])
    with pytest.raises(ValueError, match="글이 비었습니다"):
        NGram(2, 10).fit([])
    with pytest.raises(TypeError, match="1차원 정수 배열이어야 합니다"):
        NGram(2, 10).fit([0.5])
    with pytest.raises(RuntimeError, match="fit을 먼저"):
        NGram(2, 10).loss([1])
