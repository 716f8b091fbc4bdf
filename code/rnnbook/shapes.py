"""입력의 모양 검사. NumPy 구현과 PyTorch 구현이 함께 쓴다."""

import numpy as np


def check_shape(x, what, shape):
    """비어 있지 않고 모양이 shape인지 확인한다. 아니면 ValueError.

    shape에 이름(문자열)을 적은 축은 크기를 가리지 않는다.
    """
    right = len(x.shape) == len(shape) and all(
        size > 0 and wanted in (size, str(wanted))
        for size, wanted in zip(x.shape, shape, strict=True))
    if not right:
        wanted = f"({', '.join(map(str, shape))})"
        raise ValueError(f"{what}의 모양은 {wanted}이고 비어 있지 않아야 합니다: "
                         f"받은 모양 {tuple(x.shape)}")


def check_vectors(x, what, shape):
    """비어 있지 않은 실수 배열인지, 모양이 shape인지 확인한다.

    실수가 아니면 TypeError, 모양이 다르면 ValueError.
    """
    if "float" not in str(getattr(x, "dtype", "")):
        raise TypeError(f"{what}의 성분은 실수여야 합니다: "
                        f"받은 것 {getattr(x, 'dtype', type(x).__name__)}")
    check_shape(x, what, shape)


def check_mask(mask, shape):
    """마스크가 bool이고 점수의 모양 shape (..., T, S)에 맞는지 확인해 돌려준다.

    (..., S)는 모든 질의가 함께 쓰는 마스크로 보고 (..., 1, S)로 바꾼다. 볼 수 있는 자리가 하나도
    없는 질의가 있으면 소프트맥스를 구할 수 없으므로 ValueError, 자료형이 bool이 아니면 TypeError.
    """
    if not str(getattr(mask, "dtype", "")).endswith("bool"):
        raise TypeError("mask의 자료형은 bool이어야 합니다: "
                        f"받은 것 {getattr(mask, 'dtype', type(mask).__name__)}")
    given = tuple(mask.shape)
    if mask.ndim == len(shape) - 1:
        mask = mask[..., None, :]
    fits = mask.ndim == len(shape) and all(
        size in (1, whole) for size, whole in zip(mask.shape[:-1], shape[:-1], strict=True))
    if not fits or mask.shape[-1] != shape[-1]:
        *lead, T, S = shape
        raise ValueError(f"mask의 모양은 {(*lead, S)} 또는 {(*lead, T, S)}이어야 합니다: "
                         f"받은 모양 {given}")
    if not mask.any(-1).all():
        raise ValueError("볼 수 있는 자리가 없는 질의가 있습니다: "
                         "mask의 행마다 True가 하나 이상 있어야 합니다")
    return mask


def check_attention(q, k, v):
    """q (..., T, D), k (..., S, D), v (..., S, M)인지 확인한다. 아니면 ValueError."""
    a, b, c = tuple(q.shape), tuple(k.shape), tuple(v.shape)
    if (min(map(len, (a, b, c))) < 2 or not a[:-2] == b[:-2] == c[:-2] or 0 in a + b + c
            or a[-1] != b[-1] or b[-2] != c[-2]):
        raise ValueError("q, k, v의 모양은 (..., T, D), (..., S, D), (..., S, M)이고 "
                         f"비어 있지 않아야 합니다: 받은 모양 {a}, {b}, {c}")


def check_lengths(lengths, shape):
    """길이 (N,)가 모양 (N, T)에 맞는지 확인해 NumPy 배열로 돌려준다.

    정수가 아니면 TypeError, 모양이 다르거나 1~T가 아니면 ValueError.
    """
    lengths, (N, T) = np.asarray(lengths), shape
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"길이는 정수여야 합니다: 받은 자료형 {lengths.dtype}")
    if lengths.shape != (N,):
        raise ValueError(f"길이의 모양은 {(N,)}이어야 합니다: 받은 모양 {lengths.shape}")
    if lengths.min() < 1 or lengths.max() > T:
        raise ValueError(f"길이는 1 이상 {T} 이하여야 합니다: "
                         f"받은 범위 {lengths.min()}~{lengths.max()}")
    return lengths.astype(np.intp)
