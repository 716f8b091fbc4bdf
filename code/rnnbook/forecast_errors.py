"""예측의 오차: MAE, RMSE, MASE.

장: chapters/sequences
"""

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.sequences import check_series


def mae(predicted, target, axis=None):
    """평균 절대 오차. 단위는 값의 단위와 같다. 모양이 다르면 ValueError.

    둘은 (N, steps)이고, axis=0이면 몇 시점 뒤의 예측인지에 따라 (steps,)로 나누어 돌려준다.
    """
    return abs(_gap(predicted, target)).mean(axis)


def rmse(predicted, target, axis=None):
    """평균 제곱 오차의 제곱근. 단위는 값의 단위와 같다. 인자와 오류는 mae와 같다."""
    return np.sqrt((_gap(predicted, target) ** 2).mean(axis))


def mase(predicted, target, train, season=1, axis=None):
    """평균 절대 오차를 학습 자료에서 한 주기 앞의 값으로 예측한 오차로 나눈 값.

    나누는 값은 한 주기 뒤만 예측한 학습 자료의 오차이다. 그래서 먼 시점의 예측은 대개 1을 넘고,
    한 주기 앞의 값을 그대로 쓴 예측도 꼭 1이 되지는 않는다. 나누는 값이 0이면 ValueError.
    출처: Hyndman & Koehler (2006). 논문은 주기를 1로 둔다.
    """
    check_counts(season=season)
    train = check_series(train, season + 1)
    scale = abs(train[season:] - train[:-season]).mean()
    if not scale > 0:
        raise ValueError("학습 자료에서 한 주기 앞의 값으로 예측한 오차가 0이라 나눌 수 없습니다")
    return mae(predicted, target, axis) / scale


def _gap(predicted, target):
    predicted, target = np.asarray(predicted, float), np.asarray(target, float)
    if predicted.shape != target.shape or not predicted.size:
        raise ValueError(
            "예측과 실제 값은 모양이 같고 비어 있지 않아야 합니다: "
            f"받은 모양 {predicted.shape}, {target.shape}"
        )
    return predicted - target
