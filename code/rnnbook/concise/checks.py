"""입력 검사: 잘못된 입력을 알아보고 무엇이 와야 하는지 알린다."""

import torch

from rnnbook import shapes


def check_ids(ids, size, what="토큰"):
    """번호 텐서를 검사한다. 모양은 보지 않는다.

    정수가 아니면 TypeError, 0 이상 size 미만이 아니면 ValueError.
    """
    ids = torch.as_tensor(ids)
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise TypeError(f"{what}은 정수여야 합니다: 받은 자료형 {ids.dtype}")
    if ids.numel() and not (ids.min() >= 0 and ids.max() < size):
        raise ValueError(f"{what}은 0 이상 {size} 미만이어야 합니다: "
                         f"받은 범위 {ids.min()}~{ids.max()}")
    return ids.long()


def check_call(module, x, state):
    """순환층이나 셀의 입력과 상태를 검사하고 상태를 돌려준다. 틀리면 TypeError나 ValueError.

    x는 층이면 (N, T, D), 셀이면 (N, D). 상태는 module.states가 1이면 h, 2이면 (h, c).
    """
    lead, axes = (), "N, D"
    if hasattr(module, "num_layers"):
        lead, axes = (module.num_layers * (1 + module.bidirectional),), "N, T, D"
    dtype = next(module.parameters()).dtype
    check_dtype(x, dtype, "x")
    if x.ndim != axes.count(",") + 1 or not x.numel():
        raise ValueError(f"x는 비어 있지 않은 실수 ({axes})여야 합니다: 받은 모양 {tuple(x.shape)}")
    if x.shape[-1] != module.input_size:
        raise ValueError(f"x의 마지막 축은 {module.input_size}이어야 합니다: "
                         f"받은 모양 {tuple(x.shape)}")
    if state is None:
        return None
    parts = tuple(state) if isinstance(state, (tuple, list)) else (state,)
    if len(parts) != module.states:
        raise ValueError(f"상태는 텐서 {module.states}개여야 합니다: 받은 개수 {len(parts)}")
    shape = (*lead, len(x), module.hidden_size)
    for part in parts:
        check_dtype(part, dtype, "상태")
        if part.shape != shape:
            raise ValueError(f"상태의 모양은 {shape}이어야 합니다: 받은 모양 {tuple(part.shape)}")
    return parts if len(parts) > 1 else parts[0]


def check_lengths(lengths, shape):
    """길이 (N,)를 검사한다. 정수가 아니면 TypeError, 모양이 다르거나 1~T가 아니면 ValueError."""
    return torch.from_numpy(shapes.check_lengths(torch.as_tensor(lengths).cpu(), shape))


def check_dtype(value, dtype, what):
    """모양은 보지 않는다. 텐서가 아니거나 자료형이 다르면 TypeError."""
    if not isinstance(value, torch.Tensor):
        raise TypeError(f"{what} 자리에는 텐서가 와야 합니다: 받은 것 {type(value).__name__}")
    if value.dtype != dtype:
        raise TypeError(f"{what}의 자료형은 {dtype}이어야 합니다: 받은 자료형 {value.dtype}")
