"""함수: 시그모이드, 소프트맥스, 교차 엔트로피."""

import torch
from torch.nn import functional as F

from .checks import check_ids

sigmoid = torch.sigmoid


def softmax(x):
    """마지막 축의 소프트맥스: 더하면 1이 되는 확률."""
    return F.softmax(x, dim=-1)


def log_softmax(x):
    """마지막 축의 로그 소프트맥스."""
    return F.log_softmax(x, dim=-1)


def cross_entropy(logits, targets):
    """평균 교차 엔트로피(nat). logits (..., V), targets (...) 정수.

    정답이 정수가 아니면 TypeError, 모양이나 범위가 틀리면 ValueError.
    """
    if not logits.numel():
        raise ValueError(f"로짓이 비었습니다: 받은 모양 {tuple(logits.shape)}")
    targets = check_ids(targets, logits.shape[-1], "정답")
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"정답의 모양은 {tuple(logits.shape[:-1])}이어야 합니다: "
                         f"받은 모양 {tuple(targets.shape)}")
    return F.cross_entropy(logits.flatten(0, -2), targets.flatten())
