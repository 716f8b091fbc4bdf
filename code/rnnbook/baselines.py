"""시계열 예측의 기준선: 마지막 값, 한 주기 앞의 값, 선형 자기회귀.

장: chapters/sequences
"""

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.sequences import check_series, lag_windows


class LastValue:
    """마지막 값이 이어진다고 예측한다. x가 (N, L)이 아니면 ValueError."""

    def forecast(self, x, steps):
        """x (N, L)의 다음을 예측한다: (N, steps)"""
        return np.repeat(_check(x, 1, steps)[:, -1:], steps, axis=1)


class SeasonalNaive:
    """한 주기 앞의 값이 되풀이된다고 예측한다.

    season은 한 주기의 시점 수. x가 그보다 짧으면 ValueError.
    """

    def __init__(self, season):
        check_counts(season=season)
        self.season = season

    def forecast(self, x, steps):
        """x (N, L >= season)의 다음을 예측한다: (N, steps)"""
        cycle = _check(x, self.season, steps)[:, -self.season :]
        return cycle[:, np.arange(steps) % self.season]


class LinearAR:
    """선형 자기회귀 x_t = w · (x_(t-lags) … x_(t-1)) + b. 최소 제곱으로 맞춘다.

    값이 모자라면 ValueError, fit보다 forecast를 먼저 부르면 RuntimeError.
    """

    def __init__(self, lags):
        check_counts(lags=lags)
        self.lags, self.weight, self.bias = lags, None, None

    def fit(self, series):
        """series (T,)에서 w와 b를 구한다. 자기 자신을 돌려준다."""
        x, y = lag_windows(check_series(series, 2 * self.lags + 1), self.lags)
        joint = np.column_stack([x, np.ones(len(x))])
        solution = np.linalg.lstsq(joint, y[:, 0], rcond=None)[0]
        self.weight, self.bias = solution[:-1], solution[-1]
        return self

    def forecast(self, x, steps):
        """x (N, L >= lags)의 다음을 예측한다: (N, steps)

        예측한 값을 다음 입력으로 쓴다.
        """
        if self.weight is None:
            raise RuntimeError("forecast보다 fit을 먼저 불러야 합니다")
        x = _check(x, self.lags, steps)
        for _ in range(steps):
            y = x[:, -self.lags :] @ self.weight + self.bias
            x = np.column_stack([x, y])
        return x[:, -steps:]


def _check(x, need, steps):
    check_counts(steps=steps)
    x = np.asarray(x, float)
    if x.ndim != 2 or x.shape[1] < need:
        raise ValueError(f"x의 모양은 (N, L), L은 {need} 이상이어야 합니다: 받은 모양 {x.shape}")
    return x
