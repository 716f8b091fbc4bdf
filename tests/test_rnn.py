"""Cells, unroll and Recurrent: shapes, laws, errors. Agreement with torch is in test_agreement."""

import subprocess
import sys

import numpy as np
import pytest

from rnnbook import bridge, concise, scratch

CELLS = ["RNNCell", "ReluRNNCell", "LSTMCell", "PeepholeLSTMCell", "CoupledLSTMCell", "GRUCell",
         "ChoGRUCell"]


@pytest.mark.parametrize("with_state", [False, True])
@pytest.mark.parametrize("name", CELLS)
def test_one_step_of_a_cell_equals_torch(name, with_state, rng):
    ours = getattr(scratch, name)(3, 4, rng=rng, dtype=np.float64)
    theirs = getattr(concise, name)(3, 4).double()
    bridge.copy_weights(theirs, ours)
    parts = tuple(rng.normal(size=(2, 4)) for _ in range(ours.states))
    state = (parts if len(parts) > 1 else parts[0]) if with_state else None
    found = bridge.pairs(ours, theirs, rng.normal(size=(2, 3)), state)
    assert [label for label, _, _ in found] == ["상태 h", "상태 c"][:ours.states]
    assert all(abs(a - b).max() < 1e-12 for _, a, b in found)


@pytest.mark.parametrize("name", ["RNN", "LSTM"])
def test_shapes(name, rng):
    layer = getattr(scratch, name)(3, 4, 2, bidirectional=True, rng=rng)
    y, state = layer(np.zeros((5, 6, 3)))
    assert y.shape == (5, 6, 8)
    for part in state if isinstance(state, tuple) else (state,):
        assert part.shape == (4, 5, 4)


def test_output_and_last_state_are_the_same_numbers(rng):
    layer = scratch.LSTM(3, 4, 2, bidirectional=True, rng=rng)
    y, (h, _) = layer(rng.normal(size=(5, 6, 3)))
    np.testing.assert_array_equal(y[:, -1, :4], h[2])        # forward way ends at the last step
    np.testing.assert_array_equal(y[:, 0, 4:], h[3])         # backward way at the first


def test_a_later_call_does_not_change_an_earlier_result(rng):
    layer = scratch.LSTM(3, 4, rng=rng)
    x = rng.normal(size=(2, 5, 3))
    y, (h, c) = layer(x)
    kept = y.copy(), h.copy(), c.copy()
    layer.backward(np.ones_like(y))
    layer(x + 1, (h, c))
    for now, then in zip((y, h, c), kept, strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_input_and_the_state_are_not_written_to(rng):
    layer, x = scratch.LSTM(3, 4, rng=rng, dtype=np.float64), rng.normal(size=(2, 5, 3))
    state, dy = (rng.normal(size=(1, 2, 4)), rng.normal(size=(1, 2, 4))), rng.normal(size=(2, 5, 4))
    arrays = [x, *state, dy]
    before = [array.copy() for array in arrays]
    layer(x, state)
    layer.backward(dy, state)
    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_dropout_stands_between_layers_only(rng):
    x = rng.normal(size=(2, 5, 3))
    single = scratch.RNN(3, 4, 1, dropout=0.9, rng=rng)
    np.testing.assert_array_equal(single(x)[0], single(x)[0])
    double = scratch.RNN(3, 4, 2, dropout=0.5, rng=rng)
    assert (double(x)[0] != double(x)[0]).any()
    double.eval()
    np.testing.assert_array_equal(double(x)[0], double(x)[0])


def test_gradients_through_dropout_equal_central_differences(rng):
    layer = scratch.LSTM(3, 4, 2, dropout=0.5, rng=rng, dtype=np.float64)
    x, dy = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 4))

    def objective():
        layer.drops[1].rng = np.random.default_rng(7)         # the same mask every time
        return (layer(x)[0] * dy).sum()

    objective()
    dx, _ = layer.backward(dy)
    direction, eps = rng.normal(size=x.shape), 1e-6
    x += eps * direction
    up = objective()
    x -= 2 * eps * direction
    down = objective()
    assert (up - down) / (2 * eps) == pytest.approx((dx * direction).sum(), rel=1e-6)


@pytest.mark.parametrize("name", CELLS)
def test_float32_stays_float32_whatever_is_given(name, rng):
    """Inputs, states and gradients in float64 change nothing; tests of layers give float32."""
    cell = getattr(scratch, name)(3, 4, rng=rng)
    layer = getattr(scratch, name.removesuffix("Cell"))(3, 4, rng=rng)
    states = tuple(rng.normal(size=(1, 2, 4)) for _ in range(cell.states))
    y, last = layer(rng.normal(size=(2, 5, 3)), states)
    dx, dstate = layer.backward(rng.normal(size=y.shape), states)
    arrays = [y, dx]
    for part in (last, dstate, cell(rng.normal(size=(2, 3)), [state[0] for state in states]),
                 cell(rng.normal(size=(2, 3)))):
        arrays += part if isinstance(part, tuple) else [part]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


X = np.zeros((2, 5, 3))


@pytest.mark.parametrize(("x", "error", "message"), [
    (np.zeros((4, 10, 7)), ValueError, r"x의 마지막 축은 3이어야 합니다: 받은 모양 \(4, 10, 7\)"),
    (np.zeros((5, 3)), ValueError, r"실수 \(N, T, D\)나 정수 \(N, T\)여야 합니다: .* \(5, 3\)"),
    (np.zeros((2, 0, 3)), ValueError, "비어 있지 않은"),
    (np.zeros((2, 5, 3), complex), TypeError, "받은 자료형 complex128"),
    (np.array([[["a"] * 3]]), TypeError, "x는 실수 배열이어야 합니다"),
    (np.array([[0, 3]]), ValueError, "토큰은 0 이상 3 미만이어야 합니다: 받은 범위 0~3"),
])
def test_wrong_input_is_explained(x, error, message, rng):
    with pytest.raises(error, match=message):
        scratch.LSTM(3, 4, rng=rng)(x)


@pytest.mark.parametrize(("state", "message"), [
    (np.zeros((1, 2, 4)), "상태는 배열 2개여야 합니다: 받은 개수 1"),
    ((np.zeros((1, 2, 4)),) * 3, "받은 개수 3"),
    ((np.zeros((1, 3, 4)),) * 2, r"상태의 모양은 \(1, 2, 4\)이어야 합니다: 받은 모양 \(1, 3, 4\)"),
    ((np.zeros((1, 2, 4)), np.zeros((2, 4))), r"받은 모양 \(2, 4\)"),
])
def test_wrong_states_are_explained(state, message, rng):
    layer = scratch.LSTM(3, 4, rng=rng)
    with pytest.raises(ValueError, match=message):
        layer(X, state)
    layer(X)
    with pytest.raises(ValueError, match=message):
        layer.backward(np.zeros((2, 5, 4)), state)


def test_wrong_gradients_are_explained(rng):
    layer = scratch.RNN(3, 4, bidirectional=True, rng=rng)
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저"):
        layer.backward(np.zeros((2, 5, 8)))
    layer(X)
    with pytest.raises(ValueError, match=r"dy의 모양은 \(2, 5, 8\)이어야 합니다: .* \(2, 5, 4\)"):
        layer.backward(np.zeros((2, 5, 4)))


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_explains_wrong_input(name, rng):
    cell = getattr(scratch, name)(3, 4, rng=rng)
    with pytest.raises(ValueError, match=r"x의 모양은 \(N, 3\)이어야 합니다: 받은 모양 \(2, 5\)"):
        cell(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="상태"):
        cell(np.zeros((2, 3)), (np.zeros((1, 4)),) * cell.states)


def test_scratch_runs_where_torch_is_missing():
    code = ("import sys; sys.modules['torch'] = None\n"
            "import numpy as np\nfrom rnnbook import scratch\n"
            "model = scratch.RNNLM(5, 3, 4, rng=np.random.default_rng(0))\n"
            "print(model.train_step(np.zeros((2, 1, 3), int))[0] > 0)")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"
