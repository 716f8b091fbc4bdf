"""Gradients of every state, Jacobians along time, norms by distance."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import concise, scratch
from rnnbook.scratch import unroll, unroll_backward
from rnnbook.scratch.gradient_flow import jacobians, norms_by_distance, state_gradients

NAMES = ["RNNCell", "LSTMCell", "GRUCell", "ReluRNNCell", "PeepholeLSTMCell", "CoupledLSTMCell",
         "ChoGRUCell"]


def twins(name, rng, input_size=3, hidden_size=4):
    ours = getattr(scratch, name)(input_size, hidden_size, rng=rng, dtype=np.float64)
    ours.load_state_dict({k: rng.normal(scale=0.6, size=v.shape) for k, v in ours.params.items()})
    theirs = getattr(concise, name)(input_size, hidden_size).double()
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.params.items()})
    return ours, theirs


def random_state(cell, rng, N=1):
    return tuple(rng.normal(size=(N, cell.hidden_size)) for _ in range(cell.states))


def public(parts):
    return parts if len(parts) > 1 else parts[0]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMES), st.integers(1, 6), st.integers(1, 4), st.integers(1, 5),
       st.booleans(), st.integers(0, 99))
def test_jacobians_agree_with_torch(name, steps, input_size, hidden_size, with_state, seed):
    rng = np.random.default_rng(seed)
    ours, theirs = twins(name, rng, input_size, hidden_size)
    x, state = rng.normal(size=(steps, input_size)), random_state(ours, rng)
    found = jacobians(ours, x, public(state) if with_state else None)
    expected = concise.jacobians(theirs, torch.tensor(x), public(
        tuple(map(torch.tensor, state))) if with_state else None)
    assert found.shape == expected.shape == (steps + 1, *2 * (ours.states * hidden_size,))
    np.testing.assert_allclose(found, expected.numpy(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", NAMES)
def test_jacobians_agree_with_central_differences(name, rng):
    cell, _ = twins(name, rng)
    x, state, eps = rng.normal(size=(5, 3)), random_state(cell, rng), 1e-6
    found = jacobians(cell, x, state)

    def last(k, change):
        """The last state (S,) when the state after k steps is changed."""
        middle = unroll(cell, x[None, :k], state)[1] if k else state
        joined = np.concatenate(middle, axis=1) + change
        parts = tuple(np.split(joined, cell.states, axis=1))
        parts = unroll(cell, x[None, k:], parts)[1] if k < len(x) else parts
        return np.concatenate(parts, axis=1)[0]

    for k, jacobian in enumerate(found):
        numeric = np.column_stack([(last(k, eps * e) - last(k, -eps * e)) / (2 * eps)
                                   for e in np.eye(jacobian.shape[1])])
        np.testing.assert_allclose(jacobian, numeric, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_jacobians_are_products_of_one_step_jacobians(name, rng):
    cell, _ = twins(name, rng)
    x, state = rng.normal(size=(5, 3)), random_state(cell, rng)
    whole, steps = jacobians(cell, x, state), []
    for t in range(5):
        steps.append(jacobians(cell, x[t:t + 1], state)[0])
        state = unroll(cell, x[None, t:t + 1], state)[1]
    product = np.eye(len(steps[0]))
    for k in reversed(range(6)):
        np.testing.assert_allclose(whole[k], product, rtol=0, atol=1e-12)
        product = product @ steps[k - 1]


def test_one_step_of_an_rnn_is_the_formula_of_the_chapter(rng):
    cell, _ = twins("RNNCell", rng)
    x = rng.normal(size=(1, 3))
    h = cell(x)
    np.testing.assert_allclose(jacobians(cell, x)[0], (1 - h.T**2) * cell.weight_hh, atol=1e-15)


def test_an_open_forget_gate_hands_the_cell_state_on(rng):
    cell = scratch.LSTMCell(3, 4, rng=rng, dtype=np.float64)
    cell.weight_hh[:] = 0
    cell.bias_ih[4:8] = 100
    flow = jacobians(cell, rng.normal(size=(50, 3)))
    np.testing.assert_allclose(flow[0, 4:, 4:], np.eye(4), atol=1e-12)
    assert (flow[0, :, :4] == 0).all()                    # h has no other way to the future


@pytest.mark.parametrize("name", NAMES)
def test_token_ids_are_one_hot_vectors(name, rng):
    cell, _ = twins(name, rng)
    ids = np.array([2, 0, 1, 1])
    np.testing.assert_allclose(jacobians(cell, ids), jacobians(cell, np.eye(3)[ids]), atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_looking_changes_nothing(name, rng):
    cell, _ = twins(name, rng)
    x, dy = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    _, _, tape = unroll(cell, x)
    expected = unroll_backward(cell, dy, None, tape)[0]
    grads, params = ({k: v.copy() for k, v in both.items()} for both in (cell.grads, cell.params))
    jacobians(cell, x[0])
    assert all((cell.grads[k] == grads[k]).all() for k in grads)
    assert all((cell.params[k] == params[k]).all() for k in params)
    np.testing.assert_array_equal(unroll_backward(cell, dy, None, tape)[0], expected)


@pytest.mark.parametrize("with_last", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_state_gradients_equal_autograd(name, with_last, rng):
    cell, theirs = twins(name, rng)
    x, dy = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    start, dlast = random_state(cell, rng, 2), random_state(cell, rng, 2)
    joined = [torch.tensor(np.concatenate(start, axis=1), requires_grad=True)]
    loss = 0                                   # h and c of a step are two variables: cut and joined
    for t in range(5):
        now = theirs(torch.tensor(x[:, t]), public(joined[-1].chunk(cell.states, dim=1)))
        joined.append(torch.cat(now if isinstance(now, tuple) else (now,), dim=1))
        loss = loss + (joined[-1][:, :4] * torch.tensor(dy[:, t])).sum()
    if with_last:
        loss = loss + (joined[-1] * torch.tensor(np.concatenate(dlast, axis=1))).sum()
    expected = torch.autograd.grad(loss, joined, retain_graph=True)
    loss.backward()
    _, _, tape = unroll(cell, x, start)
    before = dy.copy()
    found = state_gradients(cell, dy, dlast if with_last else None, tape)
    np.testing.assert_array_equal(dy, before)
    assert [part.shape for part in found] == [(6, 2, 4)] * cell.states
    np.testing.assert_allclose(np.concatenate(found, axis=2), torch.stack(expected).numpy(),
                               rtol=0, atol=1e-10)
    for key, value in theirs.named_parameters():          # and the parameters get theirs
        np.testing.assert_allclose(cell.grads[key], value.grad.numpy(), rtol=0, atol=1e-10)


def test_norms_stand_by_distance_from_the_end(rng):
    """A relu network with W_hh = 0.9 I and positive states: exactly 0.9^d."""
    cell = scratch.ReluRNNCell(2, 3, rng=rng, dtype=np.float64)
    cell.weight_hh[:] = 0.9 * np.eye(3)
    cell.bias_ih[:] = 10
    y, _, tape = unroll(cell, rng.normal(size=(4, 20, 2)))
    dlast = rng.normal(size=(4, 3))
    norms = norms_by_distance(state_gradients(cell, 0 * y, (dlast,), tape))
    expected = np.linalg.norm(dlast, axis=1).mean() * 0.9 ** np.arange(21)
    np.testing.assert_allclose(norms, expected, rtol=1e-12)


def test_norms_join_the_parts_of_a_state():
    parts = np.full((3, 2, 4), 3.0), np.full((3, 2, 4), 4.0)
    assert norms_by_distance(parts).tolist() == [10.0] * 3


def test_float32_stays_float32(rng):
    cell = scratch.LSTMCell(3, 4, rng=rng)
    assert jacobians(cell, rng.normal(size=(5, 3))).dtype == np.float32


def test_mistakes_are_explained(rng):
    cell, theirs = twins("LSTMCell", rng)
    with pytest.raises(ValueError, match="x의 마지막 축은 3이어야 합니다"):
        jacobians(cell, np.zeros((5, 2)))
    with pytest.raises(ValueError, match="비어 있지 않은"):
        jacobians(cell, np.zeros(3))
    with pytest.raises(ValueError, match=r"상태의 모양은 \(1, 4\)이어야 합니다"):
        jacobians(cell, np.zeros((5, 3)), (np.zeros((2, 4)),) * 2)
    with pytest.raises(ValueError, match="x의 마지막 축은 3이어야 합니다"):
        concise.jacobians(theirs, torch.zeros(5, 2, dtype=torch.float64))
