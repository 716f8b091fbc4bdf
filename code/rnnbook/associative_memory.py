"""연상 기억의 입력 검사와 무작위 패턴. NumPy 구현과 PyTorch 구현이 함께 쓴다."""

from numbers import Real

import numpy as np

from rnnbook.arguments import check_counts, check_rng
from rnnbook.shapes import check_shape


def check_beta(beta):
    """역온도 β가 양의 유한한 수인지 확인한다. 아니면 ValueError."""
    if not isinstance(beta, Real) or not 0 < beta < float("inf"):
        raise ValueError(f"beta는 양의 유한한 수여야 합니다: 받은 값 {beta!r}")
    return float(beta)


def check_finite(x, size, what):
    """비어 있지 않고 유한한 (..., size)인지 확인한다. 아니면 ValueError."""
    if tuple(x.shape[-1:]) != (size,) or 0 in x.shape:
        raise ValueError(f"{what}의 마지막 축은 {size}이어야 하고 비어 있지 않아야 합니다: "
                         f"받은 모양 {tuple(x.shape)}")
    wrong = x[~(abs(x) < float("inf"))]
    if len(wrong):
        raise ValueError(f"{what}의 성분은 유한해야 합니다: 받은 값 {float(wrong[0])}")


def check_spins(s, size, what="상태"):
    """성분이 모두 1이나 -1인 (..., size)인지 확인한다. 아니면 ValueError."""
    check_finite(s, size, what)
    wrong = s[abs(s) != 1]
    if len(wrong):
        raise ValueError(f"{what}의 성분은 1이나 -1이어야 합니다: 받은 값 {float(wrong[0])}")


def check_patterns(patterns, size=None):
    """패턴이 비어 있지 않은 (P, size)인지 확인한다. 아니면 ValueError."""
    check_shape(patterns, "패턴", ("P", size or "D"))


def random_patterns(size, count, flip, rng):
    """무작위 패턴과, 그 성분을 확률 flip으로 뒤집은 상태: ±1로 된 (2, count, size).

    size나 count가 1보다 작거나 flip이 0과 1 사이가 아니면 ValueError, size와 count가
    정수가 아니거나 rng가 난수 생성기가 아니면 TypeError.
    """
    check_counts(size=size, count=count)
    check_rng(rng)
    if not 0 <= flip <= 1:
        raise ValueError(f"flip은 0 이상 1 이하여야 합니다: 받은 값 {flip}")
    patterns = rng.choice([-1, 1], (count, size))
    turned = np.where(rng.random(patterns.shape) < flip, -patterns, patterns)
    return np.stack([patterns, turned])
