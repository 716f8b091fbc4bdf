"""로짓에서 다음 토큰을 고른다. NumPy 구현과 PyTorch 구현이 함께 쓴다."""

from numbers import Integral, Real

import numpy as np

from rnnbook.arguments import check_counts, check_rng


def check_sampling(ids, steps, temperature, top_k, rng):
    """생성에 쓰는 인자를 검사한다. 틀리면 TypeError나 ValueError."""
    if not hasattr(ids, "__len__"):
        raise TypeError(f"첫머리 ids는 번호의 리스트여야 합니다: 받은 것 {ids!r}")
    if not len(ids):
        raise ValueError("첫머리 ids가 비어 있습니다: 토큰이 하나는 있어야 합니다")
    if not isinstance(steps, Integral) or steps < 0:
        raise ValueError(f"steps는 0 이상의 정수여야 합니다: 받은 값 {steps!r}")
    if not isinstance(temperature, Real) or not 0 <= temperature < float("inf"):
        raise ValueError(f"temperature는 0 이상의 유한한 수여야 합니다: 받은 값 {temperature!r}")
    if top_k is not None:
        check_counts(top_k=top_k)
    if temperature > 0 and rng is None:
        raise ValueError("temperature가 0보다 크면 rng가 있어야 합니다")
    if temperature > 0:
        check_rng(rng)


def choose(logits, temperature, top_k, rng):
    """로짓 (V,)에서 다음 토큰 하나를 고른다. 확률은 softmax(로짓 / 온도)다.

    top_k를 주면 로짓이 큰 top_k개에서만 고른다. 마지막 자리에서 비기면 배열의 위치가 정한다.
    """
    if temperature == 0:
        return int(logits.argmax())
    k = min(top_k or len(logits), len(logits))
    best = np.sort(np.argpartition(logits, -k)[-k:])           # 가장 그럴듯한 k개
    scores = logits[best].astype(np.float64) / temperature
    total = np.cumsum(np.exp(scores - scores.max()))
    drawn = np.searchsorted(total, rng.random() * total[-1], side="right")
    return int(best[min(drawn, k - 1)])
