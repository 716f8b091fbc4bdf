"""로짓에서 다음 토큰을 고른다. NumPy 구현과 PyTorch 구현이 함께 쓴다."""

import numpy as np


def check_sampling(ids, steps, temperature, top_k, rng):
    """생성에 쓰는 인자를 검사한다. 틀리면 ValueError."""
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


def choose(logits, temperature, top_k, rng):
    """로짓 (V,)에서 다음 토큰 하나를 고른다. 확률은 softmax(로짓 / 온도)다."""
    if temperature == 0:
        return int(logits.argmax())
    k = min(top_k or len(logits), len(logits))
    best = np.sort(np.argpartition(logits, -k)[-k:])           # 가장 그럴듯한 k개
    scores = logits[best].astype(np.float64) / temperature
    total = np.cumsum(np.exp(scores - scores.max()))
    drawn = np.searchsorted(total, rng.random() * total[-1], side="right")
    return int(best[min(drawn, k - 1)])
