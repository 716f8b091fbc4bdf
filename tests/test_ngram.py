"""The n-gram model is a distribution, and the one that the formulas describe."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.lm import AbsoluteDiscountingInterpolated, KneserNeyInterpolated, Lidstone

from rnnbook import datasets
from rnnbook.ngram import NGram, interpolation_weights
from rnnbook.smoothing import (
    AbsoluteDiscount,
    JelinekMercer,
    KneserNey,
    Laplace,
    ModifiedKneserNey,
)

SMOOTHINGS = {
    "laplace": Laplace(),
    "add-k": Laplace(0.03),
    "jelinek-mercer": JelinekMercer(0.7),
    "weights": JelinekMercer([0.9, 0.7, 0.4, 0.2, 0.0]),
    "absolute": AbsoluteDiscount(),
    "absolute 0.9": AbsoluteDiscount(0.9),
    "kneser-ney": KneserNey(),
    "kneser-ney 1": KneserNey(1.0),
    "modified": ModifiedKneserNey(),
}
quick = settings(max_examples=20, deadline=None, derandomize=True)
each_smoothing = pytest.mark.parametrize("name", SMOOTHINGS)


def markov(length, vocab, seed):
    """Text of a second-order chain: context helps, and much of it is never seen."""
    rng = np.random.default_rng(seed)
    table = np.random.default_rng(7).dirichlet(np.full(vocab, 0.1), size=(vocab, vocab))
    ids = [0, 1]
    for _ in range(length):
        ids.append(int(rng.choice(vocab, p=table[ids[-2], ids[-1]])))
    return ids


def long_tail(length, vocab=40, seed=3):
    """N-grams seen once, twice, three and four times exist at every order."""
    rng = np.random.default_rng(seed)
    return np.minimum(rng.zipf(1.3, size=length) - 1, vocab - 1).tolist()


@each_smoothing
@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("length", [1, 3, 40, 3000])
def test_ngram_is_a_distribution_and_loss_is_its_logarithm(name, order, length):
    train, test = markov(length, 9, 0)[:length], markov(30, 9, 1)
    model = NGram(order, 9, SMOOTHINGS[name]).fit(train)
    total = 0.0
    for i, token in enumerate(test):
        p = model.probabilities(test[:i])
        assert p.shape == (9,)
        assert (p > 0).all()
        assert p.sum() == pytest.approx(1, abs=1e-12)
        total -= math.log(p[token])
    assert model.loss(test) == pytest.approx(total / len(test), rel=1e-12)


# --- the formulas, with dictionaries --------------------------------------------------------------

def grams(ids, k, order, vocab):
    """The k-grams that end in a token of the text, the start marks in front of it."""
    pad = [vocab] * (order - 1) + list(ids)
    return [tuple(pad[i - k + 1 : i + 1]) for i in range(order - 1, len(pad))]


def tables(order, vocab, ids, continuation):
    """{k: {gram: count}}: occurrences, or below the top the different tokens before it."""
    counts = {k: Counter(grams(ids, k, order, vocab)) for k in range(1, order + 1)}
    for k in range(1, order) if continuation else ():
        before = defaultdict(set)
        for gram in counts[k + 1]:
            before[gram[1:]].add(gram[0])
        counts[k] = Counter({gram: len(tokens) for gram, tokens in before.items()})
    return counts


def laplace(smoothing, order, vocab, ids):
    counts = tables(order, vocab, ids, False)[order]

    def p(history, word):
        of_history = sum(c for gram, c in counts.items() if gram[:-1] == history)
        return (counts[*history, word] + smoothing.k) / (of_history + smoothing.k * vocab)

    return p


def recursive(order, vocab, counts, own_and_left):
    """p_k from p_(k-1); own_and_left(k, count, followers) says what each of them gets."""
    def p(k, history, word):
        if k == 0:
            return 1 / vocab
        after = {gram[-1]: c for gram, c in counts[k].items() if gram[:-1] == history}
        lower = p(k - 1, history[1:], word)
        if not after:
            return lower
        own, left = own_and_left(k, after.get(word, 0), list(after.values()))
        return own + left * lower

    return lambda history, word: p(order, history, word)


def jelinek_mercer(smoothing, order, vocab, ids):
    weights = smoothing.weights if smoothing.weights.ndim else [smoothing.weights] * order

    def own_and_left(k, count, followers):
        return weights[k - 1] * count / sum(followers), 1 - weights[k - 1]

    return recursive(order, vocab, tables(order, vocab, ids, False), own_and_left)


def discounting(smoothing, order, vocab, ids):
    counts, discounts = tables(order, vocab, ids, type(smoothing) is not AbsoluteDiscount), {}
    for k, table in counts.items():
        n1, n2, n3, n4 = (sum(c == j for c in table.values()) for j in (1, 2, 3, 4))
        assert min(n1, n2, n3, n4) > 0
        y = n1 / (n1 + 2 * n2)
        if type(smoothing) is ModifiedKneserNey:
            discounts[k] = [0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3]
        else:
            discounts[k] = [0] + [y if smoothing.d is None else smoothing.d] * 3

    def own_and_left(k, count, followers):
        taken, d = sum(discounts[k][min(c, 3)] for c in followers), discounts[k][min(count, 3)]
        return (count - d) / sum(followers), taken / sum(followers)

    return recursive(order, vocab, counts, own_and_left)


@each_smoothing
@pytest.mark.parametrize("order", [1, 2, 3])
def test_ngram_agrees_with_the_formulas(name, order):
    smoothing, ids = SMOOTHINGS[name], long_tail(400)
    formulas = {Laplace: laplace, JelinekMercer: jelinek_mercer}.get(type(smoothing), discounting)
    oracle, model = formulas(smoothing, order, 40, ids), NGram(order, 40, smoothing).fit(ids)
    contexts = [ids[: start + order - 1] for start in range(0, 100, 9)]
    contexts += [[], [39, 0], [38, 37, 39]]                        # the start, and the never seen
    for context in contexts:
        history = tuple([40] * (order - 1) + context)[len(context) :]
        expected = [oracle(history, word) for word in range(40)]
        np.testing.assert_allclose(model.probabilities(context), expected, rtol=1e-12)


def test_where_the_formulas_of_the_discounts_fail_they_are_a_half():
    """No n-gram was counted once; of the modified formula, not one n-gram four times."""
    for smoothing, counts in (AbsoluteDiscount(), [5, 6, 7]), (ModifiedKneserNey(), [1, 2, 3]):
        found = smoothing.discounts(np.array(counts))
        np.testing.assert_array_equal(found, [0, 0.5, 0.5, 0.5])


def test_the_default_is_modified_kneser_ney():
    ids = long_tail(400)
    assert NGram(3, 40).fit(ids).loss(ids) == NGram(3, 40, ModifiedKneserNey()).fit(ids).loss(ids)


# --- nltk.lm as an oracle -------------------------------------------------------------------------

def nltk_model(build, order, vocab, ids):
    """An nltk model of the same n-grams; its vocabulary counts one <UNK> more."""
    model = build(order)
    text = [tuple(map(str, gram)) for k in range(1, order + 1)
            for gram in grams(ids, k, order, vocab)]
    model.fit([text], vocabulary_text=map(str, range(vocab - 1)))
    return model


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("k", [1.0, 0.2])
def test_laplace_equals_nltk(order, k):
    ids = long_tail(300, 20)
    theirs = nltk_model(lambda order: Lidstone(k, order), order, 21, ids)
    model = NGram(order, 21, Laplace(k)).fit(ids)
    for start in range(0, 60, 7):
        context = ids[start : start + order - 1]
        found = model.probabilities(ids[:start] + context)
        expected = [theirs.unmasked_score(str(word), tuple(map(str, context)))
                    for word in range(20)]
        np.testing.assert_allclose(found[:20], expected, rtol=1e-12)


@pytest.mark.parametrize("order", [2, 3, 4])
@pytest.mark.parametrize(("build", "smoothing"), [
    (lambda order: AbsoluteDiscountingInterpolated(order, discount=0.6), AbsoluteDiscount(0.6)),
    (lambda order: KneserNeyInterpolated(order, discount=0.6), KneserNey(0.6)),
], ids=["absolute", "kneser-ney"])
def test_what_the_discounts_leave_equals_nltk(build, smoothing, order):
    """nltk keeps relative frequencies of single tokens; above them every share is the same."""
    ids = long_tail(300, 20)
    theirs = nltk_model(build, order, 21, ids)
    model = NGram(order, 21, smoothing).fit(ids)
    counts = tables(order, 21, ids, smoothing.continuation)[1]
    total = sum(counts.values())
    unigrams = [(max(counts[(word,)] - 0.6, 0) + 0.6 * len(counts) / 21) / total
                for word in range(21)]

    def p(word, context):
        if not context:
            return unigrams[int(word)]
        alpha, gamma = (theirs.estimator.alpha_gamma(word, context) if theirs.counts[context]
                        else (0, 1))
        return alpha + gamma * p(word, context[1:])

    for start in range(0, 60, 7):
        context = ids[start : start + order - 1]
        expected = [p(str(word), tuple(map(str, context))) for word in range(21)]
        np.testing.assert_allclose(model.probabilities(ids[:start] + context), expected,
                                   rtol=1e-12)


# --- what smoothing is for ------------------------------------------------------------------------

def test_longer_context_helps_until_it_is_too_long():
    train, test = markov(30_000, 12, 0), markov(3_000, 12, 1)
    losses = [NGram(order, 12).fit(train).loss(test) for order in (1, 2, 3, 6)]
    assert losses[0] > losses[1] > losses[2]
    assert losses[2] < losses[3] < losses[1]  # smoothing keeps a long context from spoiling it


@quick
@given(seed=st.integers(0, 10**6), order=st.integers(1, 4), length=st.integers(1, 60))
def test_interpolation_weights_leave_nothing_to_gain_at_any_order(seed, order, length):
    """EM finds the best weight of each order, the shorter ones given: no neighbour is better."""
    train, held_out = markov(length, 6, seed), markov(length, 6, seed + 1)
    weights = interpolation_weights(order, 6, train, held_out, rounds=2000)
    assert len(weights) == order

    def loss(k, weight):
        model = NGram(order, 6, JelinekMercer([*weights[:k], weight, *[0.0] * (order - k - 1)]))
        return model.fit(train).loss(held_out)

    for k, weight in enumerate(weights):
        best = loss(k, weight)
        assert all(best <= loss(k, other) + 1e-5 for other in np.arange(0.02, 1, 0.12))


def test_interpolation_weights_are_those_of_the_best_grid():
    train, held_out, test = (markov(3000, 12, seed) for seed in (0, 1, 2))
    weights = interpolation_weights(3, 12, train, held_out)
    best = NGram(3, 12, JelinekMercer(weights)).fit(train).loss(test)
    flat = [NGram(3, 12, JelinekMercer(w)).fit(train).loss(test) for w in (0.3, 0.5, 0.7, 0.9)]
    assert best < min(flat)


def test_the_ladder_of_smoothings():
    """On our own stories: each idea of the chapter is worth having."""
    chars, ids = np.unique(list(datasets.load("stories").text[:60_000]), return_inverse=True)
    train, held_out, test = ids[:40_000], ids[40_000:45_000], ids[45_000:]
    weights = interpolation_weights(3, len(chars), train, held_out)
    for middle in (JelinekMercer(weights), AbsoluteDiscount()):
        ladder = [Laplace(), Laplace(0.01), middle, KneserNey()]
        losses = [NGram(3, len(chars), smoothing).fit(train).loss(test) for smoothing in ladder]
        assert losses == sorted(losses, reverse=True)
        assert losses[0] > losses[-1] + 1


@each_smoothing
def test_a_second_fit_forgets_the_first(name):
    first, second, test = (markov(200, 9, seed) for seed in range(3))
    model = NGram(3, 9, SMOOTHINGS[name]).fit(first)
    assert model.fit(second).loss(test) == NGram(3, 9, SMOOTHINGS[name]).fit(second).loss(test)


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
    with pytest.raises(ValueError, match="3-그램의 가중치가 없습니다: 받은 가중치 2개"):
        NGram(3, 10, JelinekMercer([0.5, 0.5])).fit([1])
    with pytest.raises(ValueError, match="2-그램의 가중치가 없습니다: 받은 가중치 1개"):
        NGram(2, 10, JelinekMercer([0.5])).fit([1])


@pytest.mark.parametrize(("build", "message"), [
    (lambda: Laplace(0), "k는 0보다 커야 합니다: 받은 값 0"),
    (lambda: Laplace(float("nan")), "받은 값 nan"),
    (lambda: JelinekMercer(1.0), "가중치는 0 이상 1 미만이어야 합니다: 받은 값 1.0"),
    (lambda: JelinekMercer([0.5, -0.1]), r"받은 값 \[0.5, -0.1\]"),
    (lambda: AbsoluteDiscount(0), "d는 0보다 크고 1 이하여야 합니다: 받은 값 0"),
    (lambda: KneserNey(1.5), "받은 값 1.5"),
])
def test_smoothings_refuse_bad_input(build, message):
    with pytest.raises(ValueError, match=message):
        build()
