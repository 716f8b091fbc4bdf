"""What only LSTMs can do: gates filled and held (lstm), peeking and coupled (lstm_variants)."""

import numpy as np
import pytest
import torch

from rnnbook import bridge, concise, scratch

NAMES = ["LSTM", "PeepholeLSTM", "CoupledLSTM"]


def layer_pair(name, rng, num_layers=2):
    ours = getattr(scratch, name)(3, 4, num_layers, bidirectional=True, rng=rng, dtype=np.float64)
    theirs = getattr(concise, name)(3, 4, num_layers, bidirectional=True).double()
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def test_the_step_is_the_equation(rng):
    """The five lines of the chapter, written once more with nothing clever."""
    cell = scratch.LSTMCell(3, 4, rng=rng, dtype=np.float64)
    x, h, c = rng.normal(size=(2, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    a = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
    i, f, g, o = np.split(a, 4, axis=1)
    i, f, g, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))
    c_next = f * c + i * g
    found = cell(x, (h, c))
    np.testing.assert_allclose(found, (o * np.tanh(c_next), c_next), atol=1e-14)


def test_without_peepholes_a_peephole_lstm_is_an_lstm(rng):
    plain = scratch.LSTM(3, 4, rng=rng, dtype=np.float64)
    peeping = scratch.PeepholeLSTM(3, 4, rng=rng, dtype=np.float64)
    zeros = {name: np.zeros(4) for name in peeping.params if name.startswith("weight_c")}
    assert sorted(zeros) == ["weight_cf_l0", "weight_ci_l0", "weight_co_l0"]
    peeping.load_state_dict(plain.state_dict() | zeros)
    x = rng.normal(size=(2, 5, 3))
    np.testing.assert_allclose(peeping(x)[0], plain(x)[0], atol=1e-14)


def test_a_coupled_lstm_is_an_lstm_whose_input_gate_is_one_minus_forget(rng):
    """σ(-a) = 1 - σ(a): the input gate's rows are the forget gate's with the sign turned."""
    plain = scratch.LSTM(3, 4, rng=rng, dtype=np.float64)
    coupled = scratch.CoupledLSTM(3, 4, rng=rng, dtype=np.float64)
    for name, value in plain.params.items():
        rows = coupled.params[name].reshape(3, 4, -1)
        value.reshape(4, 4, -1)[:] = np.stack([-rows[0], *rows])
    x = rng.normal(size=(2, 5, 3))
    np.testing.assert_allclose(coupled(x)[0], plain(x)[0], atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_fill_bias_touches_one_gate_in_both_worlds(name, rng):
    ours, theirs = layer_pair(name, rng)
    before = ours.state_dict()
    ours.fill_bias("f", 1.5)
    theirs.fill_bias("f", 1.5)
    k = ours.order.index("f")
    for key, value in ours.params.items():
        np.testing.assert_array_equal(value, theirs.state_dict()[key].numpy())
        changed = np.flatnonzero(value.reshape(len(value), -1) != before[key].reshape(
            len(value), -1))
        assert set(changed) <= set(range(4 * k, 4 * k + 4))
        if key.startswith("bias_"):
            assert (value[4 * k:4 * k + 4] == (1.5 if "_ih" in key else 0)).all()


@pytest.mark.parametrize("value", [0, 1])
@pytest.mark.parametrize("gate", ["i", "f", "o"])
def test_a_held_gate_never_moves(gate, value, rng):
    layer = scratch.LSTM(3, 4, rng=rng, dtype=np.float32)
    layer.hold(gate, value)
    before = layer.state_dict()
    step = scratch.Adam(layer.parameters(), 0.1)
    x, k = rng.normal(size=(2, 5, 3)), "ifgo".index(gate)
    for _ in range(3):
        y, _ = layer(x)
        layer.zero_grad()
        layer.backward(np.ones_like(y))
        step.step()
    assert (layer.tapes[0][2][0][1 + k] == value).all()       # exactly open or exactly shut
    for key, now in layer.params.items():
        np.testing.assert_array_equal(now[4 * k:4 * k + 4], before[key][4 * k:4 * k + 4])
    moved = any((now != before[key]).any() for key, now in layer.params.items())
    assert moved == (value == 1 or gate == "f")               # i or o shut: nothing is learned


@pytest.mark.parametrize("name", NAMES)
def test_held_gates_agree_with_torch(name, rng):
    ours, theirs = layer_pair(name, rng)
    for layer in (ours, theirs):
        layer.hold("f", 1)
        layer.hold("o", 0)
    for label, a, b in bridge.pairs(ours, theirs, rng.normal(size=(2, 5, 3))):
        assert abs(a - b).max() < 1e-10, label


@pytest.mark.parametrize("gate", ["i", "f", "o"])
@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_peepholes_are_held_and_flipped_with_their_gate(gate, world, rng):
    layer = layer_pair("PeepholeLSTM", rng)[world]
    before = {name: np.asarray(value).copy() for name, value in layer.arrays()}
    mine = [name for name in before if name.startswith(f"weight_c{gate}_")]
    layer.flip(gate)
    for name, value in layer.arrays():
        if name.startswith("weight_c"):
            np.testing.assert_array_equal(value, (-1 if name in mine else 1) * before[name])
    layer.hold(gate, 0)
    zeros = [name for name, value in layer.arrays()
             if name.startswith("weight_c") and not value.any()]
    assert len(mine) == 4                                     # two layers, two directions
    assert zeros == mine


def test_a_flipped_peephole_gate_is_one_minus_the_gate(rng):
    layer = scratch.PeepholeLSTM(3, 4, rng=rng, dtype=np.float64)
    x, state = rng.normal(size=(2, 1, 3)), (np.zeros((1, 2, 4)), 9 * rng.normal(size=(1, 2, 4)))
    gates = []
    for _ in range(2):
        layer(x, state)
        gates.append(layer.tapes[0][2][0][3])                  # the forget gate
        layer.flip("f")
    np.testing.assert_allclose(gates[0] + gates[1], 1, atol=1e-12)


def test_a_shut_output_gate_says_nothing_and_an_open_forget_gate_only_adds(rng):
    layer = scratch.LSTM(3, 4, rng=rng, dtype=np.float64)
    layer.hold("o", 0)
    layer.hold("f", 1)
    state = np.zeros((1, 2, 4)), rng.normal(size=(1, 2, 4))
    layer.hold("i", 0)
    y, (_, c) = layer(rng.normal(size=(2, 50, 3)), state)
    assert not y.any()
    np.testing.assert_array_equal(c, state[1])                # fifty steps, nothing lost


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_an_unknown_gate_is_explained(world, rng):
    layer = layer_pair("CoupledLSTM", rng)[world]
    with pytest.raises(ValueError, match="게이트는 f, g, o 가운데 하나여야 합니다: 받은 값 'i'"):
        layer.fill_bias("i", 1)
    with pytest.raises(ValueError, match="게이트는 f, o 가운데 하나여야 합니다: 받은 값 'g'"):
        layer.hold("g", 1)


def test_torch_layers_share_their_names_with_nn():
    assert isinstance(concise.LSTM(3, 4), torch.nn.LSTM)
    assert concise.LSTM(3, 4).batch_first
