"""Forecasting problems: windows, splits, scaling, errors; the baselines against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.ar_model import AutoReg

from rnnbook.baselines import LastValue, LinearAR, SeasonalNaive
from rnnbook.forecast_errors import mae, mase, rmse
from rnnbook.sequences import Scaled, Scaling, evaluate, lag_windows, split, window_batches

quick = settings(max_examples=40, deadline=None, derandomize=True)


# --- windows, batches, splits ---------------------------------------------------------------------

@quick
@given(length=st.integers(2, 30), lags=st.integers(1, 12), steps=st.integers(1, 12))
def test_windows_are_every_stretch_and_what_follows(length, lags, steps):
    series = np.arange(length) ** 2.0
    if length < lags + steps:
        with pytest.raises(ValueError, match=f"값이 {lags + steps}개 이상인 1차원 배열"):
            lag_windows(series, lags, steps)
        return
    x, y = lag_windows(series, lags, steps)
    assert len(x) == len(y) == length - lags - steps + 1
    for k, (past, future) in enumerate(zip(x, y, strict=True)):
        assert past.tolist() == series[k:k + lags].tolist()
        assert future.tolist() == series[k + lags:k + lags + steps].tolist()


def test_an_epoch_sees_every_window_once_in_a_new_order(rng):
    batches = window_batches(np.arange(40), 6, 8, rng=rng)
    epochs = [list(batches) for _ in range(2)]
    orders = []
    for epoch in epochs:
        assert len(epoch) == len(batches) == 5
        assert [len(x) for x, _ in epoch] == [8, 8, 8, 8, 2]
        for x, y in epoch:
            np.testing.assert_array_equal(np.diff(x, axis=1), 1)
            np.testing.assert_array_equal(y, x + 1)
        orders.append([int(x) for x, _ in epoch for x in x[:, 0]])
        assert sorted(orders[-1]) == list(range(34))
    assert orders[0] != orders[1]


@quick
@given(length=st.integers(4, 60), valid=st.integers(1, 9), test=st.integers(1, 9),
       lags=st.integers(1, 9))
def test_a_split_predicts_every_later_value_once_and_never_looks_ahead(length, valid, test, lags):
    series = np.arange(length, dtype=float)
    if length < lags + valid + test:
        with pytest.raises(ValueError, match="개 이상인 1차원 배열"):
            split(series, valid, test, lags=lags)
        return
    parts = split(series, valid, test, lags=lags)
    targets = [lag_windows(part, lags)[1][:, 0] for part in parts[1:]]
    assert [len(part) for part in targets] == [valid, test]
    np.testing.assert_array_equal(np.concatenate([parts[0], *targets]), series)
    np.testing.assert_array_equal(parts[1][:lags], series[len(parts[0]) - lags:len(parts[0])])


# --- scaling --------------------------------------------------------------------------------------

@pytest.mark.parametrize("difference", [0, 1, 2, 12])
def test_scaling_standardises_and_undo_inverts_it(difference, rng):
    train = np.cumsum(rng.normal(1, 2, size=200))
    scaling = Scaling(train, difference)
    z = scaling.apply(train)
    assert len(z) == 200 - difference
    assert z.mean() == pytest.approx(0, abs=1e-12)
    assert z.std() == pytest.approx(1)
    later = rng.normal(size=(3, 40))
    for steps in (1, 5, 25):                        # also beyond one difference
        past, future = later[:, :15], later[:, 15:15 + steps]
        z = scaling.apply(np.concatenate([past, future], axis=1))[:, -steps:]
        np.testing.assert_allclose(scaling.undo(z, past), future, atol=1e-12)


def test_difference_and_mean_are_those_of_the_formula():
    scaling = Scaling([1.0, 4.0, 2.0, 9.0], 2)       # differences: 1, 5
    np.testing.assert_allclose(scaling.apply([0.0, 0.0, 3.0]), [0.0])
    np.testing.assert_allclose(scaling.undo([[1.0, 1.0, 1.0]], [[7.0, 10.0, 20.0]]),
                               [[15.0, 25.0, 20.0]])


def test_a_scaled_forecaster_speaks_the_units_of_the_series(rng):
    train = np.cumsum(rng.normal(0.5, 1, size=300))
    scaling, x = Scaling(train, 1), rng.normal(size=(4, 10)) + 50
    drift = train[1:] - train[:-1]

    class Mean:                                      # zero is the mean of what it was taught on
        def forecast(self, z, steps):
            assert z.shape == (4, 9)
            return np.zeros((4, steps))

    found = Scaled(Mean(), scaling).forecast(x, 3)
    np.testing.assert_allclose(found, x[:, -1:] + drift.mean() * np.arange(1, 4))


# --- baselines ------------------------------------------------------------------------------------

@quick
@given(lags=st.integers(1, 15), steps=st.integers(1, 30), season=st.integers(1, 15),
       seed=st.integers(0, 999))
def test_the_naive_forecasts_are_what_they_say(lags, steps, season, seed):
    x = np.random.default_rng(seed).normal(size=(3, lags))
    for row, found in zip(x, LastValue().forecast(x, steps), strict=True):
        assert found.tolist() == [row[-1]] * steps
    if lags < season:
        with pytest.raises(ValueError, match=f"L은 {season} 이상이어야 합니다"):
            SeasonalNaive(season).forecast(x, steps)
        return
    for row, found in zip(x, SeasonalNaive(season).forecast(x, steps), strict=True):
        values = list(row)
        for _ in range(steps):
            values.append(values[-season])
        assert found.tolist() == values[-steps:]


@pytest.mark.parametrize("lags", [1, 2, 7])
def test_linear_ar_equals_statsmodels(lags, rng):
    series = np.cumsum(rng.normal(size=120)) + 10 * np.sin(np.arange(120))
    model = LinearAR(lags).fit(series)
    fitted = AutoReg(series, lags, trend="c").fit()
    np.testing.assert_allclose(model.bias, fitted.params[0], rtol=1e-6)
    np.testing.assert_allclose(model.weight[::-1], fitted.params[1:], rtol=1e-6)
    found = model.forecast(series[None, -lags:], 20)[0]
    np.testing.assert_allclose(found, fitted.forecast(20), rtol=1e-6)


def test_linear_ar_recovers_the_process_that_made_the_series(rng):
    series = [0.0, 0.0]
    for noise in rng.normal(0, 0.1, size=5000):
        series.append(1.2 * series[-1] - 0.5 * series[-2] + 0.3 + noise)
    model = LinearAR(2).fit(series)
    np.testing.assert_allclose([*model.weight, model.bias], [-0.5, 1.2, 0.3], atol=0.05)


def test_linear_ar_sees_only_its_lags(rng):
    model = LinearAR(3).fit(rng.normal(size=50))
    x = rng.normal(size=(2, 8))
    np.testing.assert_array_equal(model.forecast(x, 4), model.forecast(x[:, -3:], 4))


# --- evaluation and errors ------------------------------------------------------------------------

def test_k_steps_are_forecast_from_true_values_and_then_from_forecasts():
    series = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    doubling = LinearAR(1)
    doubling.weight, doubling.bias = np.array([2.0]), 1.0
    predicted, target = evaluate(doubling, series, lags=2, steps=3)
    assert target.tolist() == [[4, 8, 16], [8, 16, 32]]
    assert predicted.tolist() == [[5, 11, 23], [9, 19, 39]]
    np.testing.assert_allclose(mae(predicted, target, axis=0), [1, 3, 7])
    one, _ = evaluate(doubling, series, lags=2)
    assert one.tolist() == [[5], [9], [17], [33]]


def test_errors_by_hand():
    predicted, target = np.array([[1.0, 2.0], [3.0, 7.0]]), np.array([[2.0, 2.0], [6.0, 3.0]])
    assert mae(predicted, target) == pytest.approx(2)
    assert rmse(predicted, target) == pytest.approx(26**0.5 / 2)
    np.testing.assert_allclose(mae(predicted, target, axis=0), [2, 2])
    np.testing.assert_allclose(rmse(predicted, target, axis=0), [5**0.5, 8**0.5])
    assert mase(predicted, target, [0, 1, 3, 3]) == pytest.approx(2)          # 1, 2, 0: 1
    assert mase(predicted, target, [0, 1, 3, 3], season=2) == pytest.approx(0.8)      # 3, 2: 2.5


def test_mase_of_the_naive_forecast_on_its_own_series_is_one(rng):
    series = rng.normal(size=50)
    for season in (1, 7):
        predicted, target = evaluate(SeasonalNaive(season), series, lags=season)
        assert mase(predicted, target, series, season) == pytest.approx(1)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: lag_windows([1, 2, 3], 0), r"1 이상이어야 합니다: 받은 값.* lags=0"),
    (lambda: lag_windows([1, 2, 3], 1, 0), r"받은 값.* steps=0"),
    (lambda: lag_windows(np.ones((4, 2)), 1), r"1차원 배열이어야 합니다: 받은 모양 \(4, 2\)"),
    (lambda: lag_windows([1, np.nan, 3], 1), "빠진 값.*먼저 채우십시오"),
    (lambda: window_batches([1, 2, 3], 1, 0, rng=None), r"받은 값.* batch_size=0"),
    (lambda: split(np.arange(9), 0, 2, lags=2), r"받은 값.* valid=0"),
    (lambda: split(np.arange(9), 4, 4, lags=2), "값이 10개 이상"),
    (lambda: Scaling([1, 2, 4], -1), "difference는 0 이상이어야 합니다: 받은 값 -1"),
    (lambda: Scaling([1, 2, 3], 1), "표준편차는 0보다 커야 합니다"),
    (lambda: Scaling(np.full(3, 0.1)), "표준편차는 0보다 커야 합니다"),
    (lambda: Scaling(1e3 + 0.1 * np.arange(50), 1), "표준편차는 0보다 커야 합니다"),
    (lambda: Scaling([1, 2, 4, 8], 2).undo([[1.0]], [[7.0]]), r"2 이상.*받은 모양 \(1, 1\)"),
    (lambda: Scaling([1, 2, 4], 3), "값이 4개 이상"),
    (lambda: Scaling([1, 2, 4, 8], 2).apply([1, 2]), r"2보다 길어야 합니다: 받은 모양 \(2,\)"),
    (lambda: LastValue().forecast([1, 2], 1), r"\(N, L\), L은 1 이상.*받은 모양 \(2,\)"),
    (lambda: LastValue().forecast([[1, 2]], 0), r"받은 값.* steps=0"),
    (lambda: SeasonalNaive(0), r"받은 값.* season=0"),
    (lambda: LinearAR(0), r"받은 값.* lags=0"),
    (lambda: LinearAR(3).fit(np.arange(6)), "값이 7개 이상"),
    (lambda: mae([[1.0]], [1.0]), r"모양이 같고.*받은 모양 \(1, 1\), \(1,\)"),
    (lambda: rmse([], []), "비어 있지 않아야 합니다"),
    (lambda: mase([1.0], [2.0], [3, 3, 3]), "오차가 0이라 나눌 수 없습니다"),
])
def test_mistakes_are_explained(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_seed_is_no_generator():
    with pytest.raises(TypeError, match=r"rng는 np\.random\.default_rng"):
        window_batches([1, 2, 3], 1, 2, rng=0)


def test_forecasting_before_fitting_is_explained():
    with pytest.raises(RuntimeError, match="forecast보다 fit을 먼저"):
        LinearAR(2).forecast([[1, 2]], 1)
