"""입력 검사: 잘못된 입력이면 무엇이 어떻게 틀렸는지 알린다.

장: 층과 모형이 나오는 모든 장
"""

import numpy as np


def check_ids(ids, size, what="토큰"):
    """번호 배열을 검사한다. 모양은 보지 않는다.

    정수가 아니면 TypeError, 0 이상 size 미만이 아니면 ValueError.
    """
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise TypeError(f"{what}은 정수여야 합니다: 받은 자료형 {ids.dtype}")
    ids = ids.astype(np.intp, copy=False)
    natural = ids.view(np.uintp)               # 부호 없이 읽으면 음수는 아주 큰 수다
    if ids.size and np.maximum.reduce(natural, axis=None) >= size:
        raise ValueError(f"{what}은 0 이상 {size} 미만이어야 합니다: "
                         f"받은 범위 {ids.min()}~{ids.max()}")
    return ids


def check_input(x, size, dtype):
    """순환층의 입력을 검사한다. 실수 (N, T, D)나 정수 (N, T)가 아니면 TypeError나 ValueError."""
    x = np.asarray(x)
    if x.dtype.kind not in "fiu":
        raise TypeError(f"x는 실수 배열이어야 합니다: 받은 자료형 {x.dtype}")
    if not x.size or (x.ndim != 3 and not (x.ndim == 2 and x.dtype.kind in "iu")):
        raise ValueError("x는 비어 있지 않은 실수 (N, T, D)나 정수 (N, T)여야 합니다: "
                         f"받은 모양 {x.shape}, 자료형 {x.dtype}")
    if x.ndim == 2:
        return check_ids(x, size)
    if x.shape[-1] != size:
        raise ValueError(f"x의 마지막 축은 {size}이어야 합니다: 받은 모양 {x.shape}")
    return x.astype(dtype, copy=False)


def check_state(state, cell, shape):
    """상태 h나 (h, c)를 배열의 튜플로 돌려준다. 개수나 모양이 다르면 ValueError."""
    if state is None:
        return None
    parts = state if isinstance(state, (tuple, list)) else (state,)
    if len(parts) != cell.states:
        raise ValueError(f"상태는 배열 {cell.states}개여야 합니다: 받은 개수 {len(parts)}")
    for part in parts:
        if np.shape(part) != shape:
            raise ValueError(f"상태의 모양은 {shape}이어야 합니다: 받은 모양 {np.shape(part)}")
    return tuple(np.asarray(part, cell.weight_hh.dtype) for part in parts)
