"""함수: 시그모이드, 소프트맥스, 교차 엔트로피.

장: chapters/language_models, chapters/lstm
"""

import numpy as np

from .checks import check_ids
from .fast import blocks


def sigmoid(x):
    """오버플로가 없는 시그모이드 σ(x) = ½·tanh(½x) + ½. 모양은 x와 같다."""
    y = np.tanh(0.5 * x)
    y *= 0.5                           # 제자리에서: 큰 배열을 새로 만들지 않는다
    y += 0.5
    return y


def softmax(x):
    """마지막 축의 소프트맥스: x (..., V) -> 합이 1인 확률 (..., V)."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(x):
    """마지막 축의 로그 소프트맥스, (..., V). 최댓값을 먼저 빼서 오버플로를 막는다."""
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def cross_entropy(logits, targets, *, in_place=False):
    """평균 교차 엔트로피(nat)와 로짓의 기울기를 구한다.

    logits (..., V), targets (...) 정수 -> loss, dlogits (..., V) = (softmax - 원-핫) / 개수
    in_place=True이면 로짓을 기울기로 덮어쓴다. 큰 배열을 새로 만들지 않으므로 빠르다.
    정답이 정수가 아니면 TypeError, 모양이나 범위가 틀리면 ValueError.
    """
    logits = np.asarray(logits)
    if not logits.size or logits.dtype.kind != "f":
        raise ValueError("로짓은 비어 있지 않은 실수 (..., V)여야 합니다: "
                         f"받은 모양 {logits.shape}, 자료형 {logits.dtype}")
    vocab = logits.shape[-1]
    targets = check_ids(targets, vocab, "정답")
    if logits.shape[:-1] != targets.shape:
        raise ValueError(f"정답의 모양은 {logits.shape[:-1]}이어야 합니다: "
                         f"받은 모양 {targets.shape}")
    dlogits = logits if in_place else logits.copy(order="K")
    time_first = dlogits.ndim == 3 and dlogits.strides[0] < dlogits.strides[1]
    if time_first:                                     # 메모리에 놓인 순서대로 읽는다
        dlogits, targets = dlogits.swapaxes(0, 1), targets.swapaxes(0, 1)
    rows, answers = np.ascontiguousarray(dlogits.reshape(-1, vocab)), targets.reshape(-1)
    loss, count, ones = 0.0, len(rows), np.ones(vocab, logits.dtype)
    for part in blocks(rows, 1 << 17):
        p, flat = rows[part], rows[part].reshape(-1)
        right = np.arange(0, p.size, vocab) + answers[part]    # 정답이 놓인 자리
        safe = p.itemsize > 2 and np.minimum.reduce(p, axis=None) > -50
        if not (safe and np.maximum.reduce(p, axis=None) < 50):
            p -= np.maximum.reduce(p, axis=1, keepdims=True)   # 넘칠 수 있을 때만 뺀다
        score = flat[right]                            # 정답의 로짓 (- 최댓값)
        np.exp(p, out=p)
        total = p.dot(ones)                            # 행의 합. p.sum(axis=1)보다 빠르다
        loss += float(np.add.reduce(np.log(total) - score))
        p *= (1 / (total * count))[:, None]            # softmax / 개수
        flat[right] -= 1 / count
    dlogits = rows.reshape(dlogits.shape)
    return loss / len(rows), dlogits.swapaxes(0, 1) if time_first else dlogits
