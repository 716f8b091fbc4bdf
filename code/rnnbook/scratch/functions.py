"""함수: 시그모이드, 소프트맥스, 교차 엔트로피."""

import numpy as np


def sigmoid(x, out=None):
    """넘치지 않는(overflow 없는) 시그모이드 σ(x) = ½·tanh(½x) + ½. out을 주면 거기에 쓴다."""
    t = np.tanh(np.multiply(0.5, x, out=out), out=out)
    return np.add(np.multiply(0.5, t, out=out), 0.5, out=out)


def log_softmax(x):
    """마지막 축의 로그 소프트맥스. 최댓값을 먼저 빼므로 넘치지 않는다."""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def softmax(x):
    """마지막 축의 소프트맥스: 더하면 1이 되는 확률."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(logits, targets, out=None):
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
    if logits.ndim == 3 and logits.strides[0] < logits.strides[1]:   # 시간이 먼저 놓였으면
        loss, p = cross_entropy(logits.swapaxes(0, 1), targets.T,    # 그 순서로 읽는다
                                None if out is None else out.swapaxes(0, 1))
        return loss, p.swapaxes(0, 1)
    out = np.empty_like(logits) if out is None else out
    count, loss = logits.dtype.type(targets.size), 0.0
    for rows in blocks(logits):
        p, y = out[rows], targets[rows]
        np.subtract(logits[rows], logits[rows].max(axis=-1, keepdims=True), out=p)
        right = (*np.indices(y.shape, sparse=True), y)               # 정답의 자리
        loss -= float(p[right].sum(dtype=np.float64))
        np.exp(p, out=p)
        total = p.sum(axis=-1, keepdims=True)
        loss += float(np.log(total).sum(dtype=np.float64))
        p *= 1 / (total * count)
        p[right] -= 1 / count
    return loss / targets.size, out


def blocks(array, size=1 << 17):
    """배열을 첫 축을 따라 원소 size개쯤씩 나누는 slice들. 캐시에 들어가는 조각이 더 빠르다."""
    step = max(1, size * len(array) // max(array.size, 1))
    return [slice(k, k + step) for k in range(0, len(array), step)]
