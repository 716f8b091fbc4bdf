"""unroll_backward: the loop over time, alone."""

import numpy as np
import pytest

from rnnbook.scratch import ChoGRUCell, GRUCell, LSTMCell, RNNCell, unroll, unroll_backward


@pytest.mark.parametrize("cell_type", [RNNCell, LSTMCell, GRUCell, ChoGRUCell])
def test_two_tapes_of_one_cell_do_not_disturb_each_other(cell_type, rng):
    cell = cell_type(3, 4, rng=rng, dtype=np.float64)
    x, dy = rng.normal(size=(2, 2, 5, 3)), rng.normal(size=(2, 5, 4))
    alone = [unroll_backward(cell, dy, None, unroll(cell, part)[2])[0] for part in x]
    tapes = [unroll(cell, part)[2] for part in x]
    together = [unroll_backward(cell, dy, None, tape)[0] for tape in tapes]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("cell_type", [RNNCell, LSTMCell, GRUCell, ChoGRUCell])
def test_no_gradient_reaches_back_past_a_closed_output(cell_type, rng):
    """Only the gradient of y_t flows, and only to x_1 … x_t."""
    cell = cell_type(3, 4, rng=rng, dtype=np.float64)
    dy = np.zeros((2, 6, 4))
    dy[:, 2] = rng.normal(size=(2, 4))
    dx, _ = unroll_backward(cell, dy, None, unroll(cell, rng.normal(size=(2, 6, 3)))[2])
    assert (dx[:, :3] != 0).all()
    assert (dx[:, 3:] == 0).all()


def test_gradients_add_up_over_calls(rng):
    cell = LSTMCell(3, 4, rng=rng, dtype=np.float64)
    tape, dy = unroll(cell, rng.normal(size=(2, 5, 3)))[2], rng.normal(size=(2, 5, 4))
    unroll_backward(cell, dy, None, tape)
    once = {name: grad.copy() for name, grad in cell.grads.items()}
    unroll_backward(cell, dy, None, tape)
    for name, grad in once.items():
        np.testing.assert_allclose(cell.grads[name], 2 * grad, atol=1e-12)


def test_a_plain_rnn_forgets_geometrically_and_an_open_lstm_does_not(rng):
    """The reason for this chapter: how much of dL/dc_T is left at the first step."""
    rnn, lstm = RNNCell(1, 8, rng=rng, dtype=np.float64), LSTMCell(1, 8, rng=rng, dtype=np.float64)
    lstm.bias_ih[8:16] = 100                                  # forget gate held open
    x, zero = np.zeros((1, 100, 1)), np.zeros((1, 100, 8))
    ones = np.ones((1, 8))
    _, (dh,) = unroll_backward(rnn, zero, (ones,), unroll(rnn, x)[2])
    _, (_, dc) = unroll_backward(lstm, zero, (0 * ones, ones), unroll(lstm, x)[2])
    assert np.linalg.norm(dh) < 1e-6
    assert np.linalg.norm(dc) > 0.1
