"""Forecasters in both worlds: one gradient, one forecast, and planted errors that are noticed."""

import re

import numpy as np
import planting
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import central_difference

from rnnbook import bridge, concise, scratch
from rnnbook.scratch import forecast
from rnnbook.scratch.rnnlm import CELLS
from rnnbook.sequences import window_batches
from rnnbook.trainer import Trainer

KINDS = ["mlp", *CELLS]
quick = settings(max_examples=15, deadline=None, derandomize=True)


def twins(kind, rng, hidden=4, *, lags=3, num_layers=1, package=scratch):
    """The same float64 forecaster twice, with non-zero biases."""
    if kind == "mlp":
        ours = package.MLPForecaster(lags, hidden, rng=rng, dtype=np.float64)
        theirs = concise.MLPForecaster(lags, hidden)
    else:
        ours = package.RNNForecaster(hidden, cell=kind, num_layers=num_layers, rng=rng,
                                     dtype=np.float64)
        theirs = concise.RNNForecaster(hidden, cell=kind, num_layers=num_layers)
    ours.load_state_dict({k: rng.normal(scale=0.5, size=v.shape) for k, v in ours.params.items()})
    theirs.double().load_state_dict({k: torch.tensor(v) for k, v in ours.params.items()})
    return ours, theirs


def random_state(kind, num_layers, N, hidden, rng):
    if kind == "mlp":
        return None
    parts = tuple(rng.normal(size=(num_layers, N, hidden)) for _ in range(CELLS[kind].cell.states))
    return parts if len(parts) > 1 else parts[0]


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(N=st.integers(1, 4), T=st.integers(1, 9), lags=st.integers(1, 5), hidden=st.integers(1, 5),
       num_layers=st.integers(1, 2), with_state=st.booleans(), seed=st.integers(0, 2**32 - 1))
def test_everything_agrees_with_autograd(kind, N, T, lags, hidden, num_layers, with_state, seed):
    rng = np.random.default_rng(seed)
    T = max(T, lags) if kind == "mlp" else T
    ours, theirs = twins(kind, rng, hidden, lags=lags, num_layers=num_layers)
    state = random_state(kind, num_layers, N, hidden, rng) if with_state else None
    x = rng.normal(size=(N, T))
    found = bridge.pairs(ours, theirs, x, state)
    names = {label for label, _, _ in found}
    assert {"출력", "기울기 x", *(f"기울기 {key}" for key in ours.params)} <= names
    assert ("기울기 상태 h" in names) == (state is not None)
    assert found[0][1].shape == (N, T - lags + 1 if kind == "mlp" else T)
    for label, a, b in found:
        assert a.shape == b.shape, label
        assert abs(a - b).max() < 1e-10, label


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_step_and_an_evaluation_equal_torch(kind, rng):
    ours, theirs = twins(kind, rng)
    for _ in range(2):                                        # gradients are zeroed in between
        batch = rng.normal(size=(2, 5, 7))
        expected, _ = theirs.train_step(batch)
        loss, _ = ours.train_step(batch)
        assert isinstance(loss, float)
        assert isinstance(expected, float)
        assert loss == pytest.approx(expected, abs=1e-12)
        for name, value in theirs.named_parameters():
            np.testing.assert_allclose(ours.grads[name], value.grad, atol=1e-12, err_msg=name)
        grads = {name: grad.copy() for name, grad in ours.grads.items()}
        for model in (ours, theirs):
            assert model.evaluate(batch)[0] == pytest.approx(loss, abs=1e-12)
        assert all((ours.grads[name] == grad).all() for name, grad in grads.items())


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_agree_with_central_differences(kind, rng):
    model, _ = twins(kind, rng)
    x, targets = rng.normal(size=(2, 3, 6))
    model.train_step((x, targets))
    for name, grad in {k: g.copy() for k, g in model.grads.items()}.items():
        numeric = central_difference(lambda: model.evaluate((x, targets))[0], model.params[name])
        error = np.linalg.norm(numeric - grad) / np.linalg.norm(numeric)
        assert error < 1e-6, (name, error)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_carried_state_goes_on_where_the_text_was_cut(kind, rng):
    for model, cut in zip(twins(kind, rng), (np.asarray, torch.tensor), strict=True):
        x, targets = rng.normal(size=(2, 3, 8))
        whole, _ = model.evaluate((x, targets))
        first, state = model.train_step((x[:, :4], targets[:, :4]))
        second, _ = model.train_step((cut(x[:, 4:]), cut(targets[:, 4:])), state)
        assert (first + second) / 2 == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("steps", [1, 2, 9])
@pytest.mark.parametrize("kind", KINDS)
def test_free_running_feeds_each_forecast_back(kind, steps, rng):
    ours, theirs = twins(kind, rng)
    x = rng.normal(size=(3, 5))
    found = ours.forecast(x, steps)
    assert found.shape == (3, steps)
    np.testing.assert_allclose(theirs.forecast(x, steps), found, atol=1e-12)
    joined = np.concatenate([x, found], axis=1)      # read again from the start, nothing carried
    for k in range(steps):
        y, _ = ours(joined[:, :5 + k])
        np.testing.assert_allclose(y[:, -1], found[:, k], atol=1e-12)


def test_the_perceptron_sees_only_its_window_and_the_rnn_everything(rng):
    x = rng.normal(size=(1, 8))
    changed = x + np.eye(8)[:1]                                # only the oldest value
    for kind in KINDS:
        model, _ = twins(kind, rng, 16, lags=7)
        moved = abs(model.forecast(x, 1) - model.forecast(changed, 1)).max()
        assert (moved == 0) == (kind == "mlp")


@pytest.mark.parametrize("kind", KINDS)
def test_values_of_any_real_type_will_do_and_float32_stays_float32(kind, rng):
    model = (scratch.MLPForecaster(3, 4, rng=rng) if kind == "mlp"
             else scratch.RNNForecaster(4, cell=kind, rng=rng))
    twin = concise.MLPForecaster(3, 4) if kind == "mlp" else concise.RNNForecaster(4, cell=kind)
    bridge.copy_weights(twin, model)
    whole = rng.integers(-3, 4, size=(2, 6))
    for dtype in (np.int64, np.float64, np.float32):
        x = whole.astype(dtype)
        x.flags.writeable = False
        loss, _ = model.train_step((x, x))
        assert loss == pytest.approx(twin.train_step((x, x))[0], rel=1e-5)
        found = model.forecast(x, 3)
        np.testing.assert_allclose(found, twin.forecast(x, 3), atol=1e-5)
    assert model(x)[0].dtype == np.float32
    assert {grad.dtype for grad in model.grads.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_the_values_stay_float32(kind, rng):
    model = (scratch.MLPForecaster(3, 4, rng=rng) if kind == "mlp"
             else scratch.RNNForecaster(4, cell=kind, rng=rng))
    y, _ = model(rng.normal(size=(2, 6)).astype(np.float32))
    dx = model.backward(np.ones_like(y))
    assert (dx if kind == "mlp" else dx[0]).dtype == np.float32


@pytest.mark.parametrize("kind", ["mlp", "rnn", "lstm"])
def test_both_worlds_learn_a_wave(kind):
    """The Trainer, both worlds: far below the variance of the wave, one step and free-running."""
    wave = np.sin(np.arange(300) * 2 * np.pi / 12)
    losses = []
    for world, adam in ((scratch, scratch.Adam), (concise, torch.optim.Adam)):
        torch.manual_seed(0)
        rng = np.random.default_rng(0)
        seeded = {"rng": rng} if world is scratch else {}
        model = (world.MLPForecaster(12, 8, **seeded) if kind == "mlp"
                 else world.RNNForecaster(8, cell=kind, **seeded))
        batches = window_batches(wave[:240], 24, 16, rng=rng)
        history = Trainer(model, adam(model.parameters(), 0.02)).fit(
            batches, epochs=15, progress=False)
        losses.append(history.train[-1])
        found = np.asarray(model.forecast(wave[None, 240:264], 12))
        assert abs(found - wave[264:276]).mean() < 0.3
    assert max(losses) < 0.1


# --- planted errors -------------------------------------------------------------------------------

MUTATIONS = {
    "mlp: tanh' without square": ("1 - h * h ", "1 - h "),
    "mlp: no slope": ("dh * self.slope", "dh"),
    "mlp: slope of the loss": ("dh * self.slope", "dy[..., None] * self.slope"),
    "mlp: windows too short": ("sliding_window_view(x, self.lags, axis=1)",
                               "sliding_window_view(x, self.lags, axis=1)[:, :-1]"),
    "mlp: window turned round": ("np.tanh(self.hidden(windows))",
                                 "np.tanh(self.hidden(windows[..., ::-1]))"),
    "mlp: dx of the newest value only": ("for k in range(L):", "for k in (L - 1,):"),
    "mlp: dx overwritten": ("dx[:, k:k + M] += ", "dx[:, k:k + M] = "),
    "mlp: dx one step late": ("+= dwindows[:, :, k]", "+= dwindows[:, :, k - 1]"),
    "mlp: forecast from the oldest window": ("self(x[:, -self.lags:])", "self(x[:, :self.lags])"),
    "mlp: forecasts not fed back": ("x = np.concatenate([x, y], axis=1)",
                                    "x = np.concatenate([x, x[:, -1:]], axis=1)"),
    "rnn: state not carried in": ("[..., None], state)", "[..., None], None)"),
    "rnn: state's gradient lost": ("self.rnn.backward(dh, dstate)", "self.rnn.backward(dh)"),
    "rnn: free running forgets": ("y, state = self(x, state)\n            x = y",
                                  "y, _ = self(x, state)\n            x = y"),
    "rnn: free running sees the first output": ("x = y[:, -1:]", "x = y[:, :1]"),
    "rnn: free running repeats the input": ("x = y[:, -1:]\n            ys.append(x)",
                                            "x = x[:, -1:]\n            ys.append(y[:, -1:])"),
    "loss: gradient without 2": ("(2 / gap.size)", "(1 / gap.size)"),
    "loss: mean over examples only": ("(2 / gap.size)", "(2 / len(gap))"),
    "loss: compared with the first values": ("targets[:, -M:]", "targets[:, :M]"),
    "loss: sign": ("gap = y - targets", "gap = -y + targets"),
    "step: gradients pile up": ("        self.zero_grad()\n", ""),
    "step: state not handed on": ("y, state = self(x, state)\n        loss",
                                  "y, state = self(x)\n        loss"),
}


def agrees(package):
    """Outputs, states, gradients, training steps and forecasts of a package against torch."""
    for kind in ("mlp", "lstm"):
        rng = np.random.default_rng(0)
        ours, theirs = twins(kind, rng, package=package)
        x, targets = rng.normal(size=(2, 2, 6))
        state = random_state(kind, 1, 2, 4, rng)
        tstate = state and tuple(torch.tensor(part) for part in state)
        if not close((a, b) for _, a, b in bridge.pairs(ours, theirs, x, state)):
            return False
        for _ in range(2):
            (loss, last), (tloss, tlast) = (ours.train_step((x, targets), state),
                                            theirs.train_step((x, targets), tstate))
            found = [(loss, tloss), (ours.forecast(x, 4), theirs.forecast(x, 4))]
            found += zip(last or (), tlast or (), strict=True)
            found += [(ours.grads[k], p.grad) for k, p in theirs.named_parameters()]
            if not close(found):
                return False
    return True


def close(pairs):
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-10)
               for a, b in pairs)


test_planted_errors_are_noticed = planting.noticed((forecast, MUTATIONS, agrees))


# --- mistakes -------------------------------------------------------------------------------------

BAD = {
    "words": (np.array([["가", "나", "다"]]), TypeError, "시계열은 실수여야 합니다: 받은 자료형"),
    "complex": (np.ones((1, 3), complex), TypeError, "시계열은 실수여야 합니다: 받은 자료형"),
    "one axis": (np.ones(3), ValueError, r"\(N, T\), T는 \d 이상이어야.*받은 모양 \(3,\)"),
    "three axes": (np.ones((2, 3, 1)), ValueError, r"받은 모양 \(2, 3, 1\)"),
    "empty": (np.ones((0, 3)), ValueError, r"받은 모양 \(0, 3\)"),
}


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("kind", ["mlp", "rnn"])
@pytest.mark.parametrize(("x", "error", "message"), BAD.values(), ids=BAD)
def test_wrong_values_are_explained(x, error, message, kind, world, rng):
    model = twins(kind, rng)[world]
    for call in (model, lambda x: model.forecast(x, 2), lambda x: model.train_step((x, x))):
        with pytest.raises(error, match=message):
            call(x)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_other_mistakes_are_explained(world, rng):
    mlp, rnn = twins("mlp", rng)[world], twins("rnn", rng)[world]
    with pytest.raises(ValueError, match=r"T는 3 이상이어야 합니다: 받은 모양 \(1, 2\)"):
        mlp(np.ones((1, 2)))
    for step in (rnn.train_step, rnn.evaluate):
        for shape in [(3, 4), (2, 3), (8,), (2, 4, 1), (0, 4)]:
            wanted = f"정답의 모양은 (2, T), T는 4 이상이어야 합니다: 받은 모양 {shape}"
            with pytest.raises(ValueError, match=f"^{re.escape(wanted)}$"):
                step((np.ones((2, 4)), np.ones(shape)))
    with pytest.raises(TypeError, match="정답은 실수여야 합니다: 받은 자료형"):
        rnn.evaluate((np.ones((1, 1)), np.array([["가"]])))
    for model in (mlp, rnn):
        with pytest.raises(ValueError, match=r"받은 값.* steps=0"):
            model.forecast(np.ones((1, 4)), 0)
    build = [lambda: scratch.RNNForecaster(4, cell="셀", rng=rng),
             lambda: concise.RNNForecaster(4, cell="셀")][world]
    with pytest.raises(ValueError, match=r"cell은 rnn, .*lstm.* 가운데 하나여야.*받은 값 .셀"):
        build()


def test_backward_needs_a_forward(rng):
    for kind in ("mlp", "rnn"):
        with pytest.raises(RuntimeError, match="forward를 먼저"):
            twins(kind, rng)[0].backward(np.ones((1, 1)))
