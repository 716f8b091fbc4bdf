"""함수: 시그모이드, 소프트맥스, 교차 엔트로피."""

import numpy as np


def sigmoid(x):
    """넘치지 않는(overflow 없는) 시그모이드 σ(x) = (1 + tanh(x/2)) / 2."""
    return 0.5 * np.tanh(0.5 * x) + 0.5


def log_softmax(x):
    """마지막 축의 로그 소프트맥스. 최댓값을 먼저 빼므로 넘치지 않는다."""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def softmax(x):
    """마지막 축의 소프트맥스: 더하면 1이 되는 확률."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(logits, targets):
    """평균 교차 엔트로피(nats)와 로짓의 기울기.

    logits (..., V), targets (...) 정수 -> loss, dlogits (..., V) = (softmax - 원-핫) / 개수
    """
    targets = np.asarray(targets)
    if targets.dtype.kind not in "iu":
        raise TypeError(f"정답은 정수여야 합니다: 받은 자료형 {targets.dtype}")
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"정답의 모양은 {logits.shape[:-1]}이어야 합니다: "
                         f"받은 모양 {targets.shape}")
    vocab = logits.shape[-1]
    if targets.size and not 0 <= targets.min() <= targets.max() < vocab:
        raise ValueError(f"정답은 0 이상 {vocab} 미만이어야 합니다: "
                         f"받은 범위 {targets.min()}~{targets.max()}")
    log_p = log_softmax(logits).reshape(-1, vocab)
    rows = np.arange(len(log_p)), targets.reshape(-1)
    loss = -float(log_p[rows].mean(dtype=np.float64))
    dlogits = np.exp(log_p)
    dlogits[rows] -= 1
    dlogits /= len(log_p)
    return loss, dlogits.reshape(logits.shape)
