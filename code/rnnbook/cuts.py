"""시간축을 어디에서 자를지 정한다. NumPy 구현과 PyTorch 구현이 함께 쓴다.

장: chapters/bptt
keep[t]는 시점 t에서 앞 시점으로 건너가는 기울기에 곱하는 수이다.
0이면 그 자리에서 자르고, 1이면 기울기가 그대로 건너간다.
출처: Williams & Peng (1990), Tallec & Ollivier (2017)
"""

import numpy as np

from rnnbook.arguments import check_counts


def regular_cuts(steps, length):
    """절단 BPTT: 시점 length개마다 자르는 keep (steps,)

    length가 1보다 작으면 ValueError, 정수가 아니면 TypeError.
    """
    check_counts(length=length)
    keep = np.ones(steps)
    keep[length::length] = 0
    return keep


def random_cuts(steps, p, rng):
    """무작위 절단 BPTT: 확률 p로 자르는 keep (steps,)

    자르지 않은 자리에는 1/(1 - p)를 곱한다. 평균이 1이므로
    기울기의 기댓값은 자르지 않은 기울기와 같다.
    p는 수나 배열 (steps,)이고, 첫 시점 앞은 자르지 않는다.
    p가 0 이상 1 미만이 아니면 ValueError.
    """
    p = np.asarray(p, float)
    if not ((p >= 0) & (p < 1)).all():
        raise ValueError(f"p는 0 이상 1 미만이어야 합니다: 받은 값 {p}")
    keep = np.where(rng.random(steps) < p, 0, 1 / (1 - p))
    keep[:1] = 1
    return keep


def check_keep(keep, steps):
    """keep을 배열로 돌려준다. 모양이 (steps,)가 아니면 ValueError."""
    keep = np.asarray(keep, float)
    if keep.shape != (steps,):
        raise ValueError(f"keep의 모양은 {(steps,)}이어야 합니다: 받은 모양 {keep.shape}")
    return keep
