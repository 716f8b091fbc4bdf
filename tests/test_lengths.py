"""Sequences of different lengths in one batch: the padding changes nothing, in either world."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnnbook import bridge, concise, scratch

NAMES = ["RNN", "LSTM", "GRU", "ReluRNN", "PeepholeLSTM", "CoupledLSTM", "ChoGRU"]


@st.composite
def cases(draw):
    """A layer in both worlds, a batch whose padding is NaN, a state or none, lengths."""
    steps, sizes = draw(st.integers(1, 7)), st.integers(1, 5)
    lengths = np.array(draw(st.lists(st.integers(1, steps), min_size=1, max_size=5)))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    ours, theirs = twins(draw(st.sampled_from(NAMES)), draw(st.integers(1, 3)),
                         draw(st.booleans()), draw(sizes), draw(sizes), rng)
    x = padded(rng.normal(size=(len(lengths), steps, ours.input_size)), lengths, np.nan)
    state = random_state(ours, len(lengths), rng) if draw(st.booleans()) else None
    return ours, theirs, x, state, lengths


def twins(name, num_layers, bidirectional, input_size, hidden_size, rng):
    ours = getattr(scratch, name)(input_size, hidden_size, num_layers, bidirectional=bidirectional,
                                  rng=rng, dtype=np.float64)
    theirs = getattr(concise, name)(input_size, hidden_size, num_layers,
                                    bidirectional=bidirectional).double()
    ours.load_state_dict({k: rng.normal(scale=0.7, size=v.shape) for k, v in ours.params.items()})
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.params.items()})
    return ours, theirs


def padded(x, lengths, value):
    """A copy of x with everything beyond each length replaced."""
    x = x.copy()
    for row, length in zip(x, lengths, strict=True):
        row[length:] = value
    return x


def random_state(layer, batch_size, rng):
    shape = len(layer.cells), batch_size, layer.hidden_size
    parts = tuple(rng.normal(size=shape) for _ in range(layer.cell.states))
    return parts if len(parts) > 1 else parts[0]


def parts_of(state):
    return state if isinstance(state, tuple) else (state,)


def pick(state, n):
    parts = tuple(part[:, n:n + 1] for part in parts_of(state))
    return parts if len(parts) > 1 else parts[0]


@settings(max_examples=120, deadline=None)
@given(cases())
def test_everything_agrees_with_torch(case):
    ours, theirs, x, state, lengths = case
    found = bridge.pairs(ours, theirs, x, state, lengths=lengths)
    assert len(found) == 2 + ours.cell.states + len(ours.params) + (
        0 if state is None else ours.cell.states)
    for name, a, b in found:
        assert a.shape == b.shape, name
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10, err_msg=name)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_batch_equals_its_sequences_one_by_one(case):
    """No lengths in the second half: outputs, states and every gradient come from plain calls."""
    layer, _, x, state, lengths = case
    rng = np.random.default_rng(0)
    y, last = layer(x, state, lengths)
    dy, dlast = rng.normal(size=y.shape), random_state(layer, len(x), rng)
    layer.zero_grad()
    dx, dstate = layer.backward(dy, dlast)
    together = {name: grad.copy() for name, grad in layer.grads.items()}
    layer.zero_grad()
    for n, length in enumerate(lengths):
        alone, end = layer(x[n:n + 1, :length], None if state is None else pick(state, n))
        dx_alone, dstart = layer.backward(dy[n:n + 1, :length], pick(dlast, n))
        for a, b in [(y[n, :length], alone[0]), (dx[n, :length], dx_alone[0]),
                     *zip(parts_of(pick(last, n)), parts_of(end), strict=True),
                     *zip(parts_of(pick(dstate, n)), parts_of(dstart), strict=True)]:
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)
        assert (y[n, length:] == 0).all()
        assert (dx[n, length:] == 0).all()
    for name, grad in together.items():
        np.testing.assert_allclose(grad, layer.grads[name], rtol=0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("world", ["scratch", "concise"])
@pytest.mark.parametrize("name", NAMES)
def test_more_padding_changes_nothing(name, world, rng):
    ours, theirs = twins(name, 2, True, 3, 4, rng)
    layer = ours if world == "scratch" else theirs
    x, lengths = rng.normal(size=(4, 5, 3)), [5, 1, 3, 3]
    longer = np.concatenate([padded(x, lengths, 9.0), np.full((4, 3, 3), 7.0)], axis=1)
    if world == "concise":
        x, longer = torch.tensor(x), torch.tensor(longer)
    y, last = layer(x, None, lengths)
    y2, last2 = layer(longer, None, lengths)
    assert (y2[:, 5:] == 0).all()
    assert (y2[:, :5] == y).all()
    for a, b in zip(parts_of(last2), parts_of(last), strict=True):
        assert (a == b).all()


@pytest.mark.parametrize("world", ["scratch", "concise"])
@pytest.mark.parametrize("name", NAMES)
def test_full_lengths_are_no_lengths(name, world, rng):
    ours, theirs = twins(name, 2, True, 3, 4, rng)
    layer, x = (ours, rng.normal(size=(3, 5, 3)))
    if world == "concise":
        layer, x = theirs, torch.tensor(x)
    for a, b in zip(parts_of(layer(x, lengths=[5, 5, 5])[1]), parts_of(layer(x)[1]), strict=True):
        assert abs(a - b).max() < 1e-12
    assert abs(layer(x, lengths=[5, 5, 5])[0] - layer(x)[0]).max() < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_token_ids_are_one_hot_vectors(name, rng):
    layer, _ = twins(name, 2, True, 6, 4, rng)
    ids, lengths, dy = rng.integers(6, size=(3, 5)), np.array([2, 5, 1]), rng.normal(size=(3, 5, 8))
    found = []
    for x in (ids, np.eye(6)[ids]):
        y, last = layer(x, lengths=lengths)
        layer.zero_grad()
        dx, dstate = layer.backward(dy)
        found.append([y, *parts_of(last), *parts_of(dstate),
                      *(grad.copy() for grad in layer.grads.values())])
        assert (dx is None) == (x is ids)
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12)


def test_gradients_through_dropout_equal_central_differences(rng):
    layer, _ = twins("GRU", 3, True, 2, 3, rng)
    dropping = scratch.GRU(2, 3, 3, bidirectional=True, dropout=0.5, rng=rng, dtype=np.float64)
    dropping.load_state_dict(layer.state_dict())
    x, dy, lengths = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 4, 6)), [4, 1, 2]

    def objective():
        for k, drop in enumerate(dropping.drops):
            drop.rng = np.random.default_rng(k)           # the same mask every time
        return (dropping(x, lengths=lengths)[0] * dy).sum()

    objective()
    dx, _ = dropping.backward(dy)
    for array, grad in [(x, dx), *zip(dropping.params.values(), dropping.grads.values(),
                                      strict=True)]:
        direction, eps = rng.normal(size=array.shape), 1e-6
        array += eps * direction
        up = objective()
        array -= 2 * eps * direction
        down = objective()
        array += eps * direction
        assert (up - down) / (2 * eps) == pytest.approx((grad * direction).sum(), rel=1e-5)


def test_nothing_given_is_written_to_and_the_batch_may_be_called_plainly_next(rng):
    layer, _ = twins("LSTM", 1, False, 3, 4, rng)
    x, lengths, dy = rng.normal(size=(3, 5, 3)), np.array([2, 5, 1]), rng.normal(size=(3, 5, 4))
    state, dlast = random_state(layer, 3, rng), random_state(layer, 3, rng)
    given_arrays = [x, lengths, dy, *state, *dlast]
    before = [array.copy() for array in given_arrays]
    y, last = layer(x, state, lengths)
    layer.backward(dy, dlast)
    kept = y.copy(), last[0].copy(), last[1].copy()
    layer(x + 1, last, lengths)
    layer.backward(dy)
    for array, old in zip([*given_arrays, y, *last], [*before, *kept], strict=True):
        np.testing.assert_array_equal(array, old)
    plain = layer(x, state)[0]
    assert layer.backward(dy)[0].all()
    np.testing.assert_allclose(plain[1], y[1], rtol=0, atol=1e-12)       # the full-length sequence


def test_a_refused_call_leaves_the_one_before_to_backward(rng):
    layer, _ = twins("RNN", 1, True, 3, 4, rng)
    x, dy = rng.normal(size=(3, 5, 3)), rng.normal(size=(3, 5, 8))
    layer(x)
    expected = layer.backward(dy)[0]
    with pytest.raises(ValueError, match="길이"):
        layer(x[:, :4], lengths=[0, 1, 2])
    np.testing.assert_array_equal(layer.backward(dy)[0], expected)


def test_float32_stays_float32(rng):
    layer = scratch.LSTM(3, 4, 2, bidirectional=True, rng=rng)
    y, state = layer(rng.normal(size=(3, 5, 3)), lengths=[2, 5, 1])
    dx, dstate = layer.backward(np.ones_like(y))
    arrays = [y, dx, *state, *dstate, *layer.grads.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["PeepholeLSTM", "ChoGRU"])
def test_layers_that_torch_does_not_have_take_packed_sequences_too(name, rng):
    _, layer = twins(name, 2, True, 3, 4, rng)
    x, lengths = torch.tensor(rng.normal(size=(4, 5, 3))), [3, 1, 4, 4]
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    y, last = layer(packed)
    expected, end = layer(x, lengths=lengths)
    torch.testing.assert_close(pad_packed_sequence(y, batch_first=True)[0], expected[:, :4])
    torch.testing.assert_close(last, end)


@pytest.mark.parametrize(("lengths", "error", "message"), [
    ([1.0, 2.0, 3.0], TypeError, "길이는 정수여야 합니다: 받은 자료형 .*float"),
    ([True, True, True], TypeError, "길이는 정수여야 합니다: 받은 자료형 .*bool"),
    ([1, 2], ValueError, r"길이의 모양은 \(3,\)이어야 합니다: 받은 모양 \(2,\)"),
    (5, ValueError, r"길이의 모양은 \(3,\)이어야 합니다: 받은 모양 \(\)"),
    ([[1], [2], [3]], ValueError, r"받은 모양 \(3, 1\)"),
    ([0, 1, 2], ValueError, "길이는 1 이상 5 이하여야 합니다: 받은 범위 0~2"),
    ([-1, 1, 2], ValueError, "받은 범위 -1~2"),
    ([1, 2, 6], ValueError, "길이는 1 이상 5 이하여야 합니다: 받은 범위 1~6"),
])
@pytest.mark.parametrize("name", ["RNN", "LSTM", "ChoGRU"])
def test_wrong_lengths_are_explained_in_the_same_words(name, lengths, error, message, rng):
    ours, theirs = twins(name, 1, True, 3, 4, rng)
    x = np.zeros((3, 5, 3))
    with pytest.raises(error, match=message):
        ours(x, lengths=lengths)
    with pytest.raises(error, match=message):
        theirs(torch.tensor(x), lengths=lengths)


def test_wrong_input_is_explained_beside_lengths(rng):
    _, theirs = twins("LSTM", 1, True, 3, 4, rng)
    with pytest.raises(ValueError, match="x의 마지막 축은 3이어야 합니다"):
        theirs(torch.zeros(3, 5, 4, dtype=torch.float64), lengths=[1, 2, 3])
    with pytest.raises(ValueError, match="상태는 텐서 2개여야 합니다"):
        theirs(torch.zeros(3, 5, 3, dtype=torch.float64), torch.zeros(2, 3, 4), [1, 2, 3])
