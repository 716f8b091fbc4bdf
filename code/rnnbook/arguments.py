"""인자 검사: 크기나 횟수로 쓰는 정수, 난수 생성기. 두 구현이 함께 쓴다."""

from numbers import Integral

import numpy as np


def check_counts(**counts):
    """이름 붙은 값이 모두 1 이상의 정수인지 확인한다.

    정수가 아니면 TypeError, 1보다 작으면 ValueError.
    """
    given = ", ".join(f"{name}={value!r}" for name, value in counts.items())
    if not all(isinstance(value, Integral) for value in counts.values()):
        raise TypeError(f"정수여야 합니다: 받은 값 {given}")
    if min(counts.values()) < 1:
        raise ValueError(f"1 이상이어야 합니다: 받은 값 {given}")


def check_rng(rng):
    """난수 생성기인지 확인한다. 아니면 TypeError."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng는 np.random.default_rng(시드)로 만든 난수 생성기여야 "
            f"합니다: 받은 자료형 {type(rng).__name__}"
        )
