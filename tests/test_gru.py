"""GRU: its equation, its gates, and how the three conventions of the literature relate.

Agreement with torch and central differences are in test_agreement, planted errors in
test_mutations. The conventions:
  torch   n = tanh(… + r ⊙ (W_hn h + b_hn))     h' = (1 - z) ⊙ n + z ⊙ h
  Cho     n = tanh(… + W_hn (r ⊙ h) + b_hn)     h' = (1 - z) ⊙ n + z ⊙ h
  Chung   n = tanh(… + W_hn (r ⊙ h) + b_hn)     h' = z ⊙ n + (1 - z) ⊙ h
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import bridge, concise, scratch

NAMES = ["GRU", "ChoGRU"]
D, H = 3, 4


def layer_pair(name, rng, num_layers=2, bidirectional=True, size=(D, H)):
    ours = getattr(scratch, name)(*size, num_layers, bidirectional=bidirectional, rng=rng,
                                  dtype=np.float64)
    theirs = getattr(concise, name)(*size, num_layers, bidirectional=bidirectional).double()
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def same_weights(*names, rng, size=(D, H), scale=1.0):
    """One-layer layers of these names, all with the same weights."""
    layers = [getattr(scratch, name)(*size, rng=rng, dtype=np.float64) for name in names]
    weights = {key: rng.normal(scale=scale, size=value.shape)
               for key, value in layers[0].params.items()}
    for layer in layers:
        layer.load_state_dict(weights)
    return layers


def run(layer, x, state, dy):
    """Outputs, states and all gradients, by name."""
    y, last = layer(x, state)
    layer.zero_grad()
    dx, dstate = layer.backward(dy, dy[:, :1].swapaxes(0, 1))
    return {"y": y, "h": last, "x": dx, "state": dstate} | layer.grads


def data(rng, N=5, T=6, size=(D, H)):
    return (rng.normal(size=(N, T, size[0])), rng.normal(size=(1, N, size[1])),
            rng.normal(size=(N, T, size[1])))


def literature(cell, x, h, *, reset_first, z_is_new):
    """A step as the papers print it, with nothing clever."""
    (w_r, w_z, w_n), (u_r, u_z, u_n) = (np.split(w, 3) for w in (cell.weight_ih, cell.weight_hh))
    (b_r, b_z, b_n), (c_r, c_z, c_n) = (np.split(b, 3) for b in (cell.bias_ih, cell.bias_hh))
    new = []
    for x_k, h_k in zip(x, h, strict=True):
        r = 1 / (1 + np.exp(-(w_r @ x_k + b_r + u_r @ h_k + c_r)))
        z = 1 / (1 + np.exp(-(w_z @ x_k + b_z + u_z @ h_k + c_z)))
        seen = u_n @ (r * h_k) + c_n if reset_first else r * (u_n @ h_k + c_n)
        n = np.tanh(w_n @ x_k + b_n + seen)
        new.append(z * n + (1 - z) * h_k if z_is_new else (1 - z) * n + z * h_k)
    return np.array(new)


@pytest.mark.parametrize("name", NAMES)
def test_the_step_is_the_equation(name, rng):
    layer, = same_weights(name, rng=rng)
    x, h = rng.normal(size=(2, D)), rng.normal(size=(2, H))
    wanted = literature(layer.cells[0], x, h, reset_first=name == "ChoGRU", z_is_new=False)
    np.testing.assert_allclose(layer.cells[0](x, h), wanted, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_exchanging_z_and_one_minus_z_is_flipping_a_gate(name, rng):
    """Chung et al. (2014) is Cho with z's weights negated; the same holds in torch's convention."""
    layer, = same_weights(name, rng=rng)
    x, h = rng.normal(size=(2, D)), rng.normal(size=(2, H))
    chung = literature(layer.cells[0], x, h, reset_first=name == "ChoGRU", z_is_new=True)
    before = layer.state_dict()
    assert abs(layer.cells[0](x, h) - chung).max() > 0.1
    layer.flip("z")
    np.testing.assert_allclose(layer.cells[0](x, h), chung, atol=1e-14)
    layer.flip("z")
    for key, value in before.items():
        np.testing.assert_array_equal(layer.params[key], value)


@pytest.mark.parametrize("name", ["GRU", "ChoGRU", "LSTM"])
def test_flip_turns_the_rows_of_one_gate_in_both_worlds(name, rng):
    ours, theirs = layer_pair(name, rng)
    before, gate = ours.state_dict(), ours.order[1]
    ours.flip(gate)
    theirs.flip(gate)
    for key, value in before.items():
        value[H:2 * H] *= -1
        np.testing.assert_array_equal(ours.params[key], value)
        np.testing.assert_array_equal(theirs.state_dict()[key].numpy(), value)


def test_the_conventions_differ_by_how_much_the_reset_gates_of_units_differ(rng):
    """What enters tanh differs by Σ_j W_ij (r_i - r_j) h_j + (r_i - 1) b_i, and nothing else."""
    torch_like, cho = (layer.cells[0] for layer in same_weights("GRU", "ChoGRU", rng=rng,
                                                                scale=0.4))
    x, h = rng.normal(size=(3, 1, D)), rng.normal(size=(3, H))
    (_, r, z, n, _), = scratch.unroll(torch_like, x, (h,))[2][2]
    (_, _, r_cho, z_cho, n_cho), = scratch.unroll(cho, x, (h,))[2][2]
    np.testing.assert_array_equal(r, r_cho)
    np.testing.assert_array_equal(z, z_cho)
    w, b = torch_like.weight_hh[2 * H:], torch_like.bias_hh[2 * H:]
    spread = r[:, :, None] - r[:, None, :]                    # r_i - r_j
    wanted = (w * spread * h[:, None, :]).sum(axis=2) + (r - 1) * b
    assert abs(wanted).max() > 0.1
    np.testing.assert_allclose(np.arctanh(n) - np.arctanh(n_cho), wanted, atol=1e-12)


def test_with_the_reset_gate_open_the_conventions_are_one(rng):
    """r = 1: every output and every gradient."""
    layers, given = same_weights("GRU", "ChoGRU", rng=rng), data(rng)
    for layer in layers:
        layer.hold("r", 1)
    ours, cho = (run(layer, *given) for layer in layers)
    for key, value in ours.items():
        np.testing.assert_allclose(cho[key], value, atol=1e-12, err_msg=key)


def without_bias(layer):
    layer.params["bias_hh_l0"][2 * H:] = 0


def diagonal(layer):
    """Every unit of the candidate sees only itself."""
    layer.params["weight_hh_l0"][2 * H:] *= np.eye(H)


def one_reset(layer):
    """All units share one reset gate."""
    for value in layer.params.values():
        value[:H] = value[0]


@pytest.mark.parametrize(("conditions", "equal"), [
    ([without_bias, diagonal], True),
    ([without_bias, one_reset], True),
    ([diagonal], False),
    ([one_reset], False),
    ([without_bias], False),
], ids=lambda value: "+".join(f.__name__ for f in value) if isinstance(value, list) else None)
def test_when_the_conventions_give_the_same_numbers(conditions, equal, rng):
    """The difference vanishes term by term: b_hn = 0, and W_ij (r_i - r_j) = 0 for all i, j."""
    layers, (x, state, _) = same_weights("GRU", "ChoGRU", rng=rng), data(rng)
    for layer in layers:
        for condition in conditions:
            condition(layer)
    gap = abs(layers[0](x, state)[0] - layers[1](x, state)[0]).max()
    assert gap < 1e-12 if equal else gap > 0.01


def test_one_unit_has_nobody_to_differ_from(rng):
    layers, (x, state, _) = same_weights("GRU", "ChoGRU", rng=rng, size=(D, 1)), data(
        rng, size=(D, 1))
    for layer in layers:
        layer.params["bias_hh_l0"][2] = 0
    np.testing.assert_allclose(layers[0](x, state)[0], layers[1](x, state)[0], atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_an_open_reset_and_a_shut_update_leave_a_plain_rnn(name, rng):
    layer, = same_weights(name, rng=rng)
    layer.hold("r", 1)
    layer.hold("z", 0)
    plain = scratch.RNN(D, H, rng=rng, dtype=np.float64)
    plain.load_state_dict({key: value[2 * H:] for key, value in layer.params.items()})
    given = data(rng)
    gru, rnn = run(layer, *given), run(plain, *given)
    for key, value in rnn.items():
        rows = slice(2 * H, None) if key in layer.params else slice(None)
        np.testing.assert_allclose(gru[key][rows], value, atol=1e-12, err_msg=key)


@pytest.mark.parametrize("name", NAMES)
def test_an_open_update_gate_never_forgets(name, rng):
    layer, = same_weights(name, rng=rng)
    layer.hold("z", 1)
    x, state, _ = data(rng, T=50)
    y, last = layer(x, state)
    np.testing.assert_allclose(last, state, atol=1e-12)
    np.testing.assert_allclose(layer.backward(np.zeros_like(y), state)[1], state, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_held_and_filled_gates_agree_with_torch(name, rng):
    ours, theirs = layer_pair(name, rng)
    for layer in (ours, theirs):
        layer.hold("r", 1)
        layer.fill_bias("z", 1.5)
    assert (ours.params["bias_ih_l1_reverse"][H:2 * H] == 1.5).all()
    for label, a, b in bridge.pairs(ours, theirs, rng.normal(size=(2, 5, D))):
        assert abs(a - b).max() < 1e-10, label


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_gate_is_explained(name, world, rng):
    layer = layer_pair(name, rng)[world]
    with pytest.raises(ValueError, match="게이트는 r, z, n 가운데 하나여야 합니다: 받은 값 'f'"):
        layer.fill_bias("f", 1)
    for act in (lambda: layer.hold("n", 1), lambda: layer.flip("n")):
        with pytest.raises(ValueError, match="게이트는 r, z 가운데 하나여야 합니다: 받은 값 'n'"):
            act()


@pytest.mark.parametrize("name", NAMES)
def test_wrong_input_is_explained(name, rng):
    layer = getattr(scratch, name)(D, H, 2, rng=rng)
    x = np.zeros((2, 5, D))
    for bad, error, message in [
        (np.zeros((4, 10, 7)), ValueError, r"마지막 축은 3이어야 합니다: 받은 모양 \(4, 10, 7\)"),
        (np.zeros((5, D)), ValueError, r"실수 \(N, T, D\)나 정수 \(N, T\)여야 합니다"),
        (np.zeros((2, 0, D)), ValueError, "비어 있지 않은"),
        (np.zeros((2, 5, D), complex), TypeError, "받은 자료형 complex128"),
        (np.array([[0, D]]), ValueError, "토큰은 0 이상 3 미만이어야 합니다: 받은 범위 0~3"),
    ]:
        with pytest.raises(error, match=message):
            layer(bad)
    for bad, message in [
        ((np.zeros((2, 2, H)),) * 2, "상태는 배열 1개여야 합니다: 받은 개수 2"),
        (np.zeros((1, 2, H)), r"상태의 모양은 \(2, 2, 4\)이어야 합니다: 받은 모양 \(1, 2, 4\)"),
    ]:
        with pytest.raises(ValueError, match=message):
            layer(x, bad)
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저"):
        layer.backward(np.zeros((2, 5, H)))
    layer(x)
    with pytest.raises(ValueError, match=r"dy의 모양은 \(2, 5, 4\)이어야 합니다"):
        layer.backward(np.zeros((2, 4, H)))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(N=st.integers(1, 4), T=st.integers(1, 6), size=st.tuples(*[st.integers(1, 5)] * 2),
       num_layers=st.integers(1, 3), bidirectional=st.booleans(), seed=st.integers(0, 99))
def test_any_shape_agrees_with_torch(name, N, T, size, num_layers, bidirectional, seed):
    rng = np.random.default_rng(seed)
    ours, theirs = layer_pair(name, rng, num_layers, bidirectional, size)
    state = rng.normal(size=(len(ours.cells), N, size[1]))
    for label, a, b in bridge.pairs(ours, theirs, rng.normal(size=(N, T, size[0])), state):
        assert a.shape == b.shape, label
        assert abs(a - b).max() < 1e-10, label
