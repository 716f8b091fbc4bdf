"""Greedy and beam search against every answer there is, on models of a few tokens."""

from itertools import pairwise

import numpy as np
import planting
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import decoding
from rnnbook.scheduled_sampling import draw, mix, teacher_ratio
from rnnbook.text_pairs import BOS, EOS

V = 5


class Table:
    """A made-up decoder: what was written so far, as one number, picks a row of a table."""

    def __init__(self, seed, batch_size, size=997):
        rng = np.random.default_rng(seed)
        logits = 2 * rng.normal(size=(size, V))
        self.log_probs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        self.size, self.first = size, rng.integers(size, size=batch_size)

    def step(self, tokens, rows, state):
        state = state if rows is None else state[rows]
        state = (state * 7 + tokens + 1) % self.size
        return self.log_probs[state], state

    def score(self, n, answer, alpha):
        """What beam search maximises, for one answer with its <eos>."""
        state, total = self.first[n], 0.0
        for token, after in zip([BOS, *answer], answer, strict=False):
            state = (state * 7 + token + 1) % self.size
            total += self.log_probs[state, after]
        return total / len(answer)**alpha

    def every(self, n, max_steps, alpha):
        """{answer with its <eos>: score} of all that can be written."""
        scores = {}
        for tokens in np.ndindex(*[V] * max_steps):
            cut = tokens.index(EOS) + 1 if EOS in tokens else max_steps
            scores[tokens[:cut]] = self.score(n, tokens[:cut], alpha)
        return scores


def beams(module, table, max_steps, width, alpha):
    N = len(table.first)
    return module.beam_search(table.step, table.first.repeat(width), N, max_steps,
                              width=width, alpha=alpha)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), max_steps=st.integers(1, 4),
       alpha=st.sampled_from([0.0, 0.6, 1.0, 2.0]))
def test_a_beam_as_wide_as_everything_is_exact(seed, max_steps, alpha):
    table = Table(seed, 2)
    answers, scores = beams(decoding, table, max_steps, V**max_steps, alpha)
    for n in range(2):
        every = table.every(n, max_steps, alpha)
        assert answers[n] == decoding.until_eos(list(max(every, key=every.get)))
        assert scores[n] == pytest.approx(max(every.values()), abs=1e-12)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), max_steps=st.integers(1, 8), N=st.integers(1, 6),
       width=st.integers(1, 7), alpha=st.sampled_from([0.0, 0.6, 1.0]))
def test_scores_are_those_of_the_answers_and_rows_do_not_meet(seed, max_steps, N, width, alpha):
    table = Table(seed, N)
    answers, scores = beams(decoding, table, max_steps, width, alpha)
    for n, (ids, score) in enumerate(zip(answers, scores, strict=True)):
        whole = ids if len(ids) == max_steps else [*ids, EOS]
        assert score == pytest.approx(table.score(n, whole, alpha), abs=1e-12)
        alone = Table(seed, N)
        alone.first = table.first[n:n + 1]
        assert beams(decoding, alone, max_steps, width, alpha)[0] == [ids]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), max_steps=st.integers(1, 9), N=st.integers(1, 6),
       alpha=st.sampled_from([0.0, 1.0]))
def test_a_beam_of_one_is_greedy(seed, max_steps, N, alpha):
    table = Table(seed, N)
    written = decoding.greedy(table.step, table.first, N, max_steps)
    assert beams(decoding, table, max_steps, 1, alpha)[0] == written
    for n, ids in enumerate(written):
        state, token = table.first[n:n + 1], BOS
        for wanted in [*ids, EOS][:max_steps]:
            log_probs, state = table.step(np.array([token]), None, state)
            token = int(log_probs[0].argmax())
            assert token == wanted


def test_without_length_normalisation_short_answers_win():
    """<eos> at once has probability 0.3; five sure tokens after a first of 0.28 have 0.28."""
    def step(tokens, rows, state):
        state = (state if rows is None else state[rows]) + 1
        p = np.full((len(tokens), V), 1e-9)
        p[:, 4] = 0.28
        p[:, EOS] = 0.3
        p[(state > 1) & (state < 6)] = [1e-9, 1e-9, 1e-9, 1e-9, 1]
        p[state == 6] = [1e-9, 1e-9, 1e-9, 1, 1e-9]
        return np.log(p), state

    found = [decoding.beam_search(step, np.zeros(3, int), 1, 9, width=3, alpha=alpha)
             for alpha in (0.0, 1.0)]
    assert [answers for answers, _ in found] == [[[]], [[4] * 5]]
    assert found[1][1][0] == pytest.approx(np.log(0.28) / 6)
    assert decoding.greedy(step, np.zeros(1, int), 1, 9) == [[]]


def test_the_search_stops_when_nothing_can_win():
    steps = []

    def step(tokens, rows, state):
        steps.append(len(tokens))
        p = np.full((len(tokens), V), 0.025)
        p[:, EOS] = 0.9
        return np.log(p), state

    assert decoding.beam_search(step, None, 2, 50, width=2)[0] == [[], []]
    assert len(steps) < 50
    steps.clear()
    assert decoding.greedy(step, None, 2, 50) == [[], []]
    assert len(steps) == 1


# --- scheduled sampling ---------------------------------------------------------------------------

def test_mixing_takes_the_models_own_choice_where_the_coin_says_so(rng):
    table, inputs = Table(1, 4), rng.integers(V, size=(4, 6))
    inputs[:, 0] = BOS
    keep = rng.random((4, 6)) < 0.5
    mixed = mix(table.step, table.first, inputs, keep)
    state = table.first
    for t in range(6):
        log_probs, state = table.step(mixed[:, t], None, state)
        if t < 5:
            wanted = np.where(keep[:, t + 1], inputs[:, t + 1], log_probs.argmax(axis=1))
            assert (mixed[:, t + 1] == wanted).all()
    assert (mixed[:, 0] == BOS).all()
    assert (mixed != inputs).any()
    assert mix(None, None, inputs, np.ones((4, 6), bool)).tolist() == inputs.tolist()


def test_the_teacher_leaves_slowly():
    ratios = [teacher_ratio(update, k=100) for update in range(0, 3000, 10)]
    assert ratios[0] > 0.99
    assert ratios[-1] < 1e-6
    assert all(a > b for a, b in pairwise(ratios))
    assert teacher_ratio(100 * np.log(100), k=100) == pytest.approx(0.5)
    assert teacher_ratio(10**9, k=1) >= 0


@pytest.mark.parametrize(("call", "message"), [
    (lambda: teacher_ratio(5, k=0.5), "k는 1 이상의 유한한 수여야 합니다: 받은 값 0.5"),
    (lambda: teacher_ratio(5, k=float("nan")), "받은 값 nan"),
    (lambda: draw((2, 3), 1.5, None), "ratio는 0과 1 사이여야 합니다: 받은 값 1.5"),
    (lambda: draw((2, 3), 0.5, None), "rng가 있어야 합니다"),
    (lambda: decoding.check_search(0), "1 이상이어야 합니다: 받은 값 max_steps=0"),
    (lambda: decoding.check_search(3, 0), "width=0"),
    (lambda: decoding.check_search(3, 1, float("inf")),
     "alpha는 0 이상의 유한한 수여야 합니다: 받은 값 inf"),
])
def test_mistakes_are_explained(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- planted errors -------------------------------------------------------------------------------

ERRORS = {
    "greedy: worst": ("log_probs.argmax(axis=1)", "log_probs.argmin(axis=1)"),
    "greedy: never gives up": ("for _ in range(max_steps)", "for _ in range(max_steps + 1)"),
    "greedy: stops at the first end": ("if over.all()", "if over.any()"),
    "one beam from the start is all beams": ("np.where(np.arange(K) > 0, -np.inf, "
                                             "np.zeros((N, 1)))", "np.zeros((N, K))"),
    "scores not carried": ("scores[:, :, None] + log_probs", "0 * (scores[:, :, None] > 0) + "
                                                             "log_probs"),
    "worst beams kept": ("np.argsort(-total", "np.argsort(total"),
    "one beam too few": ('kind="stable")[:, :K]', 'kind="stable")[:, :max(1, K - 1)].repeat('
                                                  'K, axis=1)[:, :K]'),
    "states not reordered": ("rows = (every * K + came).ravel()", "rows = None"),
    "states of other inputs": ("(every * K + came)", "(0 * every + came)"),
    "paths not reordered": ("paths[every, came]", "paths"),
    "ends not taken off": ("scores[over] = -np.inf", "pass"),
    "never normalised": ("best[n] = scores[n, k] / t**alpha", "best[n] = scores[n, k]"),
    "length without <eos>": ("if scores[n, k] / t**alpha",
                             "if scores[n, k] / max(t - 1, 1)**alpha"),
    "last answer, not the best": ("> best[n]:", "> -np.inf:"),
    "stops too soon": ("scores.max(axis=1) / max_steps**alpha <= best", "scores.max(axis=1) / "
                                                                        "t**alpha <= best"),
    "stops with the first input": ("<= best).all()", "<= best).any()"),
    "unfinished answers lost": ("(tokens == EOS) | (t == max_steps)", "(tokens == EOS)"),
    "<eos> kept": ("return ids[:ids.index(EOS)] if", "return ids[:ids.index(EOS) + 1] if"),
}


def right(module):
    """Greedy against its own definition; beams against everything and against lone rows."""
    for seed in range(12):
        table = Table(seed, 3)
        greedy = module.greedy(table.step, table.first, 3, 7)
        for n, ids in enumerate(greedy):
            state, token, wanted = table.first[n:n + 1], BOS, []
            while len(wanted) < 7:
                log_probs, state = table.step(np.array([token]), None, state)
                token = int(log_probs[0].argmax())
                if token == EOS:
                    break
                wanted.append(token)
            if ids != wanted:
                return False
        for width, steps, alpha in ((V**3, 3, 1.0), (V**3, 3, 0.0), (4, 6, 1.0)):
            answers, scores = beams(module, table, steps, width, alpha)
            expected, values = beams(decoding, table, steps, width, alpha)
            if answers != expected or abs(scores - values).max() > 1e-12:
                return False
    return True


test_planted_errors_are_noticed = planting.noticed((decoding, ERRORS, right))
