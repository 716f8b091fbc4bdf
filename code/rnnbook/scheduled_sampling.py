"""스케줄드 샘플링: 정답 대신 모형이 고른 토큰을 섞어 넣는다.

장: chapters/seq2seq
출처: Bengio, Vinyals, Jaitly & Shazeer (2015)
"""

import math

import numpy as np


def teacher_ratio(update, *, k):
    """정답을 넣을 확률: k / (k + 1)에서 시작해 0으로 줄어든다.

    k / (k + exp(update / k)). k가 클수록 천천히 줄고,
    update가 k·ln k일 때 1/2이다. k가 1보다 작으면 ValueError.
    """
    if not 1 <= k < float("inf"):
        raise ValueError(
            f"k는 1 이상의 유한한 수여야 합니다: 받은 값 {k}"
        )
    return k / (k + math.exp(min(update / k, 700)))


def draw(shape, ratio, rng):
    """자리마다 동전을 던진다. 참이면 정답을 넣는다.

    ratio가 0과 1 사이가 아니거나 rng가 없으면 ValueError.
    """
    if not 0 <= ratio <= 1:
        raise ValueError(
            f"ratio는 0과 1 사이여야 합니다: 받은 값 {ratio}"
        )
    if rng is None:
        raise ValueError("ratio가 1보다 작으면 rng가 있어야 합니다")
    return rng.random(shape) < ratio


def mix(step, state, inputs, keep):
    """keep이 거짓인 자리를 모형이 고른 토큰으로 바꾼 입력.

    inputs (N, T)는 정답, keep (N, T)는 동전을 던진 결과다.
    첫 토큰은 언제나 <bos>다. step은 `decoding`의 것과 같다.

    고른 토큰은 정수이므로 기울기가 지나가지 않는다. 그래서
    드롭아웃이 없으면 입력을 먼저 다 고른 다음 모든 시점을 한 번에
    미분해도 값이 같다.
    """
    mixed = np.array(inputs)
    for t in range(1, mixed.shape[1]):
        if keep[:, t:].all():
            break
        log_probs, state = step(mixed[:, t - 1], None, state)
        chosen = log_probs.argmax(axis=1)
        mixed[:, t] = np.where(keep[:, t], mixed[:, t], chosen)
    return mixed
