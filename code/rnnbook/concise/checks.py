"""살핌: scratch.checks의 간결한 짝."""

import torch


def check_ids(ids, size, what="토큰"):
    """번호 텐서를 살핀다. 정수가 아니면 TypeError, 0 이상 size 미만이 아니면 ValueError."""
    ids = torch.as_tensor(ids)
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise TypeError(f"{what}은 정수여야 합니다: 받은 자료형 {ids.dtype}")
    if ids.numel() and not (ids.min() >= 0 and ids.max() < size):
        raise ValueError(f"{what}은 0 이상 {size} 미만이어야 합니다: "
                         f"받은 범위 {ids.min()}~{ids.max()}")
    return ids.long()


def check_sampling(ids, steps, temperature, top_k, rng):
    """생성 인자를 살핀다. 틀리면 ValueError."""
    if not len(ids):
        raise ValueError("첫머리 ids가 비어 있습니다: 토큰이 하나는 있어야 합니다")
    if steps < 0:
        raise ValueError(f"steps는 0 이상이어야 합니다: 받은 값 {steps}")
    if not 0 <= temperature < float("inf"):
        raise ValueError(f"temperature는 0 이상의 유한한 수여야 합니다: 받은 값 {temperature}")
    if top_k is not None and top_k < 1:
        raise ValueError(f"top_k는 1 이상이어야 합니다: 받은 값 {top_k}")
    if temperature > 0 and rng is None:
        raise ValueError("temperature가 0보다 크면 rng가 있어야 합니다")
