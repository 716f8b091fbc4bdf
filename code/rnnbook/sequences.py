"""시계열을 예측하는 문제: 창, 시간순 분할, 차분과 표준화.

`forecast(x, steps)`가 있는 객체를 예측기라고 부른다. 이어진 값 x (N, L)을 보고
그다음 steps개를 예측한 (N, steps)를 돌려준다. 기준선은 `rnnbook.baselines`에,
오차는 `rnnbook.forecast_errors`에 있다.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnnbook.arguments import check_counts, check_rng
from rnnbook.language_models import Batches


def lag_windows(series, lags, steps=1):
    """이어진 lags개와 그다음 steps개의 쌍을 모두 만든다.

    series (T,) -> x (N, lags), y (N, steps), N = T - lags - steps + 1
    값이 모자라거나 NaN이 있으면 ValueError.
    """
    check_counts(lags=lags, steps=steps)
    series = check_series(series, lags + steps)
    windows = sliding_window_view(series, lags + steps)
    return windows[:, :lags], windows[:, lags:]


def window_batches(series, length, batch_size, *, rng):
    """길이가 length인 창을 무작위 순서로 묶은 배치. x, y (N, length)

    y는 x보다 한 시점 뒤의 값이다. 에포크마다 모든 창을 한 번씩 본다.
    값이 모자라거나 batch_size가 1보다 작으면 ValueError, rng가 난수 생성기가 아니면 TypeError.
    """
    check_counts(batch_size=batch_size)
    check_rng(rng)
    x, last = lag_windows(series, length)
    y = np.concatenate([x[:, 1:], last], axis=1)
    starts = range(0, len(x), batch_size)

    def make():
        order = rng.permutation(len(x))
        for start in starts:
            chosen = order[start : start + batch_size]
            yield x[chosen], y[chosen]

    return Batches(make, len(starts))


def split(series, valid, test, *, lags):
    """시간순으로 학습, 검증, 시험 자료로 나눈다.

    뒤의 test개가 시험, 그 앞의 valid개가 검증에서 예측할 값이다. 검증 자료와
    시험 자료의 앞에는 예측할 때 볼 값 lags개를 붙인다. 값이 모자라면 ValueError.
    """
    check_counts(valid=valid, test=test, lags=lags)
    series = check_series(series, lags + valid + test)
    a, b = len(series) - valid - test, len(series) - test
    return series[:a], series[a - lags : b], series[b - lags :]


class Scaling:
    """차분하고, 학습 자료에서 구한 평균과 표준편차로 표준화한다.

    z_t = (x_t - x_(t-d) - 평균) / 표준편차
    difference가 d이고, 0이면 차분하지 않는다.
    d가 0보다 작거나, 학습 자료가 모자라거나, 값이나 차분이 반올림 오차 안에서
    모두 같으면 ValueError.
    """

    def __init__(self, train, difference=0):
        if difference < 0:
            raise ValueError(f"difference는 0 이상이어야 합니다: 받은 값 {difference}")
        self.difference, self.mean, self.std = difference, 0.0, 1.0
        train = check_series(train, difference + 1)
        z = self.apply(train)
        self.mean, self.std = z.mean(), z.std()
        if not self.std > 1e-14 * abs(train).max():     # 같은 값의 평균도 반올림하면 조금 다르다
            raise ValueError("표준편차는 0보다 커야 합니다: 값이나 차분이 모두 같습니다")

    def apply(self, x):
        """차분하고 표준화한다: x (..., T) -> z (..., T - d). T가 d 이하이면 ValueError."""
        x, d = np.asarray(x, float), self.difference
        if x.shape[-1] <= d:
            raise ValueError(f"x의 마지막 축은 {d}보다 길어야 합니다: 받은 모양 {x.shape}")
        changes = x[..., d:] - x[..., :-d] if d else x
        return (changes - self.mean) / self.std

    def undo(self, z, x):
        """x (N, L)의 다음을 예측한 z (N, k) -> 원래 단위의 (N, k). L이 d보다 작으면 ValueError."""
        z, d = np.asarray(z) * self.std + self.mean, self.difference
        if not d:
            return z
        x = np.asarray(x)
        if x.shape[-1] < d:
            raise ValueError(f"x의 마지막 축은 {d} 이상이어야 합니다: 받은 모양 {x.shape}")
        values = np.concatenate([x[:, -d:], z], axis=1)
        for t in range(d, values.shape[1]):
            values[:, t] += values[:, t - d]
        return values[:, d:]


class Scaled:
    """Scaling으로 바꾼 값으로 학습한 모형을 원래 단위의 예측기로 만든다."""

    def __init__(self, model, scaling):
        self.model, self.scaling = model, scaling

    def forecast(self, x, steps):
        """x (N, L)의 다음을 예측한다: (N, steps)"""
        z = self.model.forecast(self.scaling.apply(x), steps)
        return self.scaling.undo(z, x)


def evaluate(forecaster, series, lags, steps=1):
    """series의 모든 자리에서 예측한 값과 실제 값: 각 (N, steps).

    자리마다 실제 값 lags개를 보고, 그다음은 스스로 예측한 값만 보며 steps개를 예측한다.
    값이 모자라면 ValueError.
    """
    x, y = lag_windows(series, lags, steps)
    return np.asarray(forecaster.forecast(x, steps), float), y


def check_series(series, need):
    """유한한 값 need개 이상으로 된 (T,)를 실수 배열로 돌려준다. 아니면 ValueError."""
    series = np.asarray(series, float)
    if series.ndim != 1 or len(series) < need:
        raise ValueError(
            f"시계열은 값이 {need}개 이상인 1차원 배열이어야 합니다: 받은 모양 {series.shape}"
        )
    if not np.isfinite(series).all():
        raise ValueError("시계열에 빠진 값(NaN)이나 무한대가 있습니다: 먼저 채우십시오")
    return series
