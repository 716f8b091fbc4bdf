"""Truncated backpropagation through time, regular and random, and where it is cut (cuts)."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import concise, scratch
from rnnbook.cuts import random_cuts, regular_cuts
from rnnbook.scratch import unroll, unroll_backward
from rnnbook.scratch.truncation import truncated_backward

NAMES = ["RNNCell", "LSTMCell", "GRUCell", "ReluRNNCell", "PeepholeLSTMCell", "CoupledLSTMCell",
         "ChoGRUCell"]
D, H = 3, 4


def twins(name, rng):
    ours = getattr(scratch, name)(D, H, rng=rng, dtype=np.float64)
    ours.load_state_dict({k: rng.normal(scale=0.6, size=v.shape) for k, v in ours.params.items()})
    theirs = getattr(concise, name)(D, H).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.params.items()})
    return ours, theirs


def setting(name, rng, N=2, T=5):
    """A cell, its tape from a non-zero state, and gradients of outputs and last state."""
    cell, _ = twins(name, rng)
    x, dy = rng.normal(size=(N, T, D)), rng.normal(size=(N, T, H))
    start, dlast = (tuple(rng.normal(size=(N, H)) for _ in range(cell.states)) for _ in range(2))
    return cell, x, start, dy, dlast


def everything(cell, call):
    """[dx, gradients of the first state …, parameter gradients …] of one backward call."""
    cell.zero_grad()
    dx, dstate = call()
    return [dx, *dstate, *(grad.copy() for grad in cell.grads.values())]


def assert_same(found, expected, atol=1e-12):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=atol)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_cut_it_is_the_whole_gradient(name, rng):
    cell, x, start, dy, dlast = setting(name, rng)
    _, _, tape = unroll(cell, x, start)
    whole = everything(cell, lambda: unroll_backward(cell, dy, dlast, tape))
    for keep in (np.ones(5), regular_cuts(5, 5), regular_cuts(5, 9), random_cuts(5, 0, rng)):
        assert_same(everything(cell, lambda k=keep: truncated_backward(cell, dy, dlast, tape, k)),
                    whole)


@pytest.mark.parametrize("length", [1, 2, 3, 6])
@pytest.mark.parametrize("name", NAMES)
def test_regular_truncation_is_chunks_with_the_state_carried(name, length, rng):
    """What every training loop does: a chunk forward, a chunk backward, the state handed on."""
    cell, x, start, dy, dlast = setting(name, rng, T=7)
    _, _, tape = unroll(cell, x, start)
    found = everything(cell, lambda: truncated_backward(cell, dy, dlast, tape,
                                                        regular_cuts(7, length)))
    cell.zero_grad()
    state, dxs, firsts = start, [], []
    for t in range(0, 7, length):
        part = slice(t, t + length)
        _, state, chunk = unroll(cell, x[:, part], state)
        dx, dstate = unroll_backward(cell, dy[:, part], dlast if t + length >= 7 else None, chunk)
        dxs.append(dx)
        firsts.append(dstate)
    assert_same(found, [np.concatenate(dxs, axis=1), *firsts[0], *cell.grads.values()])


def test_a_language_model_trained_in_chunks_is_truncated(rng):
    model = scratch.RNNLM(6, None, H, cell="gru", rng=rng, dtype=np.float64)
    tokens, targets = rng.integers(6, size=(2, 3, 8))
    state, chunks = None, 0
    for t in (0, 4):
        _, state = model.train_step((tokens[:, t:t + 4], targets[:, t:t + 4]), state)
        chunks = chunks + model.grads["rnn.weight_hh_l0"] / 2
    cell, x = model.rnn.cells[0], tokens
    y, _, tape = unroll(cell, x)
    _, dlogits = scratch.cross_entropy(y @ model.head.weight.T + model.head.bias, targets)
    cell.zero_grad()
    truncated_backward(cell, dlogits @ model.head.weight, None, tape, regular_cuts(8, 4))
    np.testing.assert_allclose(cell.grads["weight_hh"], chunks, rtol=0, atol=1e-12)


@pytest.mark.parametrize("p", [0.3, (0.9, 0.5, 0.1, 0.7, 0.2)], ids=["one", "many"])
@pytest.mark.parametrize("name", NAMES)
def test_random_truncation_is_unbiased(name, p, rng):
    """Every way to cut, each with its probability: the mean is the whole gradient."""
    cell, x, start, dy, dlast = setting(name, rng)
    _, _, tape = unroll(cell, x, start)
    whole = everything(cell, lambda: unroll_backward(cell, dy, dlast, tape))
    chances = np.broadcast_to(p, 5)
    mean, plain, total = 0, 0, 0
    for cut in product([False, True], repeat=4):
        cut = np.array([False, *cut])
        chance = np.where(cut, chances, 1 - chances)[1:].prod()
        rolls = Rolls(np.where(cut, chances - 1e-9, chances))
        keep = random_cuts(5, p, rolls)
        assert ((keep == 0) == cut).all()
        for k, kept in enumerate((keep, (keep > 0) * 1.0)):
            grads = everything(cell, lambda w=kept: truncated_backward(cell, dy, dlast, tape, w))
            grads = chance * np.concatenate([grad.ravel() for grad in grads])
            mean, plain = (mean + grads, plain) if k == 0 else (mean, plain + grads)
        total += chance
    assert total == pytest.approx(1)
    whole = np.concatenate([grad.ravel() for grad in whole])
    np.testing.assert_allclose(mean, whole, rtol=0, atol=1e-12)
    assert abs(plain - whole).max() > 1e-3            # without the weights it is not


class Rolls:
    """In place of a random generator: the rolls are given."""

    def __init__(self, rolls):
        self.rolls = rolls

    def random(self, steps):
        assert steps == len(self.rolls)
        return self.rolls


def test_random_cuts_come_as_often_as_they_should(rng):
    p = np.array([0.5, 0.1, 0.5, 0.8])
    keeps = np.array([random_cuts(4, p, rng) for _ in range(20_000)])
    assert (keeps[:, 0] == 1).all()
    assert abs((keeps == 0).mean(axis=0) - [0, 0.1, 0.5, 0.8]).max() < 0.015
    np.testing.assert_allclose(keeps.max(axis=0)[1:], 1 / (1 - p[1:]))
    assert abs(keeps.mean(axis=0) - 1).max() < 0.06


@pytest.mark.parametrize(("steps", "length", "expected"), [
    (7, 3, [1, 1, 1, 0, 1, 1, 0]), (4, 1, [1, 0, 0, 0]), (4, 4, [1, 1, 1, 1]), (1, 1, [1]),
])
def test_regular_cuts(steps, length, expected):
    assert regular_cuts(steps, length).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.lists(st.sampled_from([0, 0.5, 1, 1.25, 2]), min_size=1,
                                        max_size=6), st.booleans(), st.integers(0, 99))
def test_every_gradient_agrees_with_torch(name, keep, with_state, seed):
    rng = np.random.default_rng(seed)
    cell, x, start, dy, dlast = setting(name, rng, T=len(keep))
    theirs = getattr(concise, name)(D, H).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in cell.params.items()})
    tx = torch.tensor(x, requires_grad=True)
    tstart = tuple(torch.tensor(part, requires_grad=True) for part in start)
    given_start = (tstart if cell.states > 1 else tstart[0]) if with_state else None
    ty, tlast = concise.unroll_truncated(theirs, tx, given_start, keep)
    y, last, tape = unroll(cell, x, start if with_state else None)
    tlast = tlast if isinstance(tlast, tuple) else (tlast,)
    assert_same([y, *last], [part.detach().numpy() for part in (ty, *tlast)])
    loss = (ty * torch.tensor(dy)).sum()
    (loss + sum((a * torch.tensor(b)).sum() for a, b in zip(tlast, dlast, strict=True))).backward()
    found = everything(cell, lambda: truncated_backward(cell, dy, dlast, tape, keep))
    starts = [part.grad.numpy() for part in tstart] if with_state else found[1:1 + cell.states]
    assert_same(found, [tx.grad.numpy(), *starts, *(p.grad.numpy() for p in theirs.parameters())],
                1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_the_twins_forward_does_not_depend_on_the_cuts(name, rng):
    _, cell = twins(name, rng)
    x = torch.tensor(rng.normal(size=(2, 6, D)))
    plain, _ = concise.unroll_truncated(cell, x, None, np.ones(6))
    cut, _ = concise.unroll_truncated(cell, x, None, random_cuts(6, 0.4, rng))
    assert (plain == cut).all()


@pytest.mark.parametrize("name", NAMES)
def test_no_gradient_crosses_a_cut(name, rng):
    cell, x, start, dy, dlast = setting(name, rng, T=6)
    _, _, tape = unroll(cell, x, start)
    dy[:, :4] = 0
    dx, dstart = truncated_backward(cell, dy, dlast, tape, [1, 1, 1, 0, 1, 1])
    assert (dx[:, :3] == 0).all()
    assert all((part == 0).all() for part in dstart)
    assert (dx[:, 3:] != 0).any(axis=(0, 2)).all()


def test_token_ids_have_no_gradient_and_float32_stays(rng):
    cell = scratch.LSTMCell(D, H, rng=rng)
    _, _, tape = unroll(cell, rng.integers(D, size=(2, 5)))
    dx, dstate = truncated_backward(cell, np.ones((2, 5, H), np.float32), None, tape,
                                    random_cuts(5, 0.5, rng))
    assert dx is None
    assert {part.dtype for part in (*dstate, *cell.grads.values())} == {np.dtype(np.float32)}


def test_mistakes_are_explained(rng):
    cell, x, start, dy, _ = setting("RNNCell", rng)
    _, theirs = twins("RNNCell", rng)
    _, _, tape = unroll(cell, x, start)
    with pytest.raises(ValueError, match=r"keep의 모양은 \(5,\)이어야 합니다: 받은 모양 \(4,\)"):
        truncated_backward(cell, dy, None, tape, np.ones(4))
    with pytest.raises(ValueError, match=r"keep의 모양은 \(5,\)이어야 합니다: 받은 모양 \(5, 1\)"):
        concise.unroll_truncated(theirs, torch.tensor(x), None, np.ones((5, 1)))
    for length in (0, -1):
        with pytest.raises(ValueError, match=f"1 이상이어야 합니다: 받은 값 length={length}"):
            regular_cuts(5, length)
    with pytest.raises(TypeError, match="정수여야 합니다: 받은 값 length=nan"):
        regular_cuts(5, float("nan"))
    for p in (-0.1, 1, float("nan")):
        with pytest.raises(ValueError, match="p는 0 이상 1 미만이어야 합니다"):
            random_cuts(5, p, rng)
