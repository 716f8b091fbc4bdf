"""함수: scratch.functions의 간결한 짝."""

import torch
from torch.nn import functional as F

sigmoid = torch.sigmoid


def log_softmax(x):
    """마지막 축의 로그 소프트맥스."""
    return F.log_softmax(x, dim=-1)


def softmax(x):
    """마지막 축의 소프트맥스."""
    return F.softmax(x, dim=-1)


def cross_entropy(logits, targets):
    """평균 교차 엔트로피(nats). logits (..., V), targets (...). 기울기는 autograd가 구한다."""
    return F.cross_entropy(logits.flatten(0, -2), targets.flatten())
