"""The contract: scratch and concise are the same model, name for name and number for number."""

import numpy as np
import pytest
import torch

from rnnbook import bridge, concise, scratch

D, H = 4, 5
LAYERS = ["RNN", "LSTM", "GRU"]
VARIANTS = ["ReluRNN", "PeepholeLSTM", "CoupledLSTM", "ChoGRU"]
SHAPES = {"N3-T6": (3, 6), "N1": (1, 6), "T1": (3, 1), "N1-T1": (1, 1)}


def twins(name, num_layers=1, bidirectional=False, *, seed=0):
    """The same float64 layer twice, with non-zero biases."""
    rng = np.random.default_rng(seed)
    ours = getattr(scratch, name)(D, H, num_layers, bidirectional=bidirectional, rng=rng,
                                  dtype=np.float64)
    theirs = getattr(concise, name)(D, H, num_layers, bidirectional=bidirectional).double()
    with torch.no_grad():
        for value in theirs.parameters():
            value.copy_(torch.from_numpy(rng.normal(scale=0.5, size=value.shape)))
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def random_state(layer, batch_size, rng):
    """A non-zero state in the public form: h, or (h, c)."""
    shape = layer.num_layers * len(layer.ways), batch_size, layer.hidden_size
    parts = tuple(rng.normal(size=shape) for _ in range(layer.cell.states))
    return parts if len(parts) > 1 else parts[0]


def gaps(ours, theirs, x, state=None):
    """{what: largest absolute difference}; shapes must match."""
    found = {}
    for name, a, b in bridge.pairs(ours, theirs, x, state):
        assert a.shape == b.shape, name
        found[name] = float(abs(a - b).max())
    return found


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("with_state", [False, True], ids=["zero-state", "state"])
@pytest.mark.parametrize("bidirectional", [False, True], ids=["1way", "2ways"])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_everything_agrees_with_torch(name, num_layers, bidirectional, with_state, shape, rng):
    ours, theirs = twins(name, num_layers, bidirectional)
    state = random_state(ours, shape[0], rng) if with_state else None
    found = gaps(ours, theirs, rng.normal(size=(*shape, D)), state)
    expected = {"출력", "상태 h", "기울기 x", *(f"기울기 {key}" for key in ours.params)}
    if ours.cell.states == 2:
        expected.add("상태 c")
    if with_state:
        expected |= {"기울기 상태 h"} | ({"기울기 상태 c"} if ours.cell.states == 2 else set())
    assert set(found) == expected
    assert max(found.values()) < 1e-10, found


@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_weights_travel_without_renaming(name):
    ours, theirs = twins(name, 2, True)
    state = theirs.state_dict()
    assert list(ours.state_dict()) == list(state)
    assert all(ours.params[key].shape == tuple(state[key].shape) for key in state)


@pytest.mark.parametrize("bidirectional", [False, True], ids=["1way", "2ways"])
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_gradients_agree_with_central_differences(name, num_layers, bidirectional, rng):
    """No torch here: our backward against our own forward, every number of every array."""
    layer, _ = twins(name, num_layers, bidirectional)
    x, state = rng.normal(size=(2, 4, D)), random_state(layer, 2, rng)
    parts = state if isinstance(state, tuple) else (state,)
    y, last = layer(x, state)
    dy = rng.normal(size=y.shape)
    dlast = random_state(layer, 2, rng)
    lasts = last if isinstance(last, tuple) else (last,)
    dlasts = dlast if isinstance(dlast, tuple) else (dlast,)
    assert [part.shape for part in lasts] == [part.shape for part in dlasts]

    def objective():
        y, last = layer(x, state)
        lasts = last if isinstance(last, tuple) else (last,)
        return (y * dy).sum() + sum((a * b).sum() for a, b in zip(lasts, dlasts, strict=True))

    layer.zero_grad()
    objective()
    dx, dstate = layer.backward(dy, dlast)
    dparts = dstate if isinstance(dstate, tuple) else (dstate,)
    arrays = [("x", x, dx), *zip("hc", parts, dparts, strict=False),
              *((key, layer.params[key], layer.grads[key].copy()) for key in layer.params)]
    for key, array, grad in arrays:
        numeric = central_difference(objective, array)
        error = np.linalg.norm(numeric - grad) / np.linalg.norm(numeric)
        assert error < 1e-6, (key, error)


def central_difference(objective, array, eps=1e-5):
    """d objective / d array, one number at a time; the array is restored."""
    numeric = np.empty_like(array)
    for k in np.ndindex(array.shape):
        keep = array[k]
        array[k] = keep + eps
        up = objective()
        array[k] = keep - eps
        down = objective()
        array[k] = keep
        numeric[k] = (up - down) / (2 * eps)
    return numeric


@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_a_split_sequence_with_its_state_carried_equals_the_whole(name, rng):
    layer, _ = twins(name, 2)
    x = rng.normal(size=(3, 10, D))
    whole, last = layer(x)
    first, state = layer(x[:, :4])
    second, state = layer(x[:, 4:], state)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)


@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_gradients_of_a_split_sequence_add_up_to_the_whole(name, rng):
    layer, _ = twins(name)
    x, dy = rng.normal(size=(2, 6, D)), rng.normal(size=(2, 6, H))
    layer(x)
    layer.zero_grad()
    dx, _ = layer.backward(dy)
    whole = {key: grad.copy() for key, grad in layer.grads.items()}
    _, middle = layer(x[:, :3])
    layer.zero_grad()
    layer(x[:, 3:], middle)
    dx2, dmiddle = layer.backward(dy[:, 3:])
    layer(x[:, :3])
    dx1, _ = layer.backward(dy[:, :3], dmiddle)
    np.testing.assert_allclose(np.concatenate([dx1, dx2], axis=1), dx, atol=1e-12)
    for key, grad in whole.items():
        np.testing.assert_allclose(layer.grads[key], grad, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("name", LAYERS + VARIANTS)
def test_examples_of_a_batch_do_not_touch_each_other(name, rng):
    layer, _ = twins(name, 2, True)
    x, order = rng.normal(size=(4, 5, D)), [2, 0, 3, 1]
    np.testing.assert_allclose(layer(x[order])[0], layer(x)[0][order], atol=1e-12)


@pytest.mark.parametrize("name", LAYERS)
def test_token_ids_are_one_hot_vectors(name, rng):
    layer, _ = twins(name, 2, True)
    ids, dy = rng.integers(D, size=(3, 6)), rng.normal(size=(3, 6, 2 * H))
    dense, last = layer(np.eye(D)[ids])
    layer.zero_grad()
    layer.backward(dy)
    grads = {key: grad.copy() for key, grad in layer.grads.items()}
    y, state = layer(ids)
    layer.zero_grad()
    dx, _ = layer.backward(dy)
    assert dx is None
    np.testing.assert_allclose(y, dense, atol=1e-12)
    np.testing.assert_allclose(state, last, atol=1e-12)
    for key, grad in grads.items():
        np.testing.assert_allclose(layer.grads[key], grad, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("name", LAYERS)
def test_float32_stays_float32(name, rng):
    layer = getattr(scratch, name)(D, H, 2, bidirectional=True, rng=rng)
    y, state = layer(rng.normal(size=(2, 3, D)))
    dx, dstate = layer.backward(np.ones_like(y))
    arrays = [y, dx, *(state if isinstance(state, tuple) else [state]),
              *(dstate if isinstance(dstate, tuple) else [dstate]), *layer.grads.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
