"""뽑기와 기준값: 볼 자리를 뽑는 모형을 학습시키는 도구.

NumPy 구현과 PyTorch 구현이 함께 쓴다.
뽑기는 미분할 수 없으므로 손실이 컸던 선택의 확률을 낮추고 작았던
선택의 확률을 높인다. 손실이 큰지 작은지는 기준값과
비교해 정한다.
"""

import numpy as np


def draw(weights, rng):
    """확률 weights (..., S)로 자리를 하나씩 뽑는다: 정수 (...)

    난수를 뽑아, 누적 확률이 처음으로 그 난수보다 커지는 자리를 고른다.
    """
    ends = np.cumsum(weights, axis=-1, dtype=np.float64)
    u = rng.random(ends.shape[:-1])[..., None] * ends[..., -1:]
    return (ends <= u).sum(axis=-1)


class Baseline:
    """기준값: 지난 배치들의 손실을 시점마다 이동 평균한 값.

    지금의 선택과 무관하므로 빼도 기울기의 기댓값은 그대로이고,
    기울기의 분산은 대개 줄어든다. 처음 보는 시점에서는 0이다.
    decay가 0 이상 1 미만이 아니면 ValueError.
    출처: Xu et al. (2015), 4.1절. 논문은 모든 시점에 한 값을 쓴다.
    """

    def __init__(self, decay=0.9):
        if not 0 <= decay < 1:
            raise ValueError("decay는 0 이상 1 미만이어야 합니다: "
                             f"받은 값 {decay}")
        self.decay, self.sums = decay, np.zeros((2, 0))

    def advantage(self, losses, mask=None):
        """손실 (N, T) - 기준값. 그러고 나서 기준값을 갱신한다.

        mask (N, T)가 거짓인 자리는 세지 않고 0으로 둔다.
        """
        N, T = losses.shape
        mask = np.ones((N, T), bool) if mask is None else mask
        longer = max(0, T - self.sums.shape[1])
        self.sums = np.pad(self.sums, [(0, 0), (0, longer)])
        total, count = self.sums[:, :T]
        mean = total / np.where(count > 0, count, 1)
        self.sums *= self.decay
        self.sums[0, :T] += (losses * mask).sum(axis=0)
        self.sums[1, :T] += mask.sum(axis=0)
        return ((losses - mean) * mask).astype(losses.dtype)


def remaining(losses):
    """시점마다 그때부터 끝까지의 손실의 합: (N, T) -> (N, T)"""
    return np.cumsum(losses[:, ::-1], axis=1)[:, ::-1]
