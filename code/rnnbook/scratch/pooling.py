"""풀링: 모든 시점의 벡터를 벡터 하나로 모은다.

장: chapters/patterns
"""

import numpy as np

from rnnbook.arguments import check_choice
from rnnbook.shapes import check_lengths

from .module import Module

POOLS = ("last", "mean", "max")


class Pool(Module):
    """모든 시점의 벡터를 벡터 하나로: y (N, T, H) -> (N, H).

    셋 모두 시점의 가중합이고, 길이 밖의 가중치는 0이다.
      last  방향마다 마지막으로 읽은 시점
      mean  시점의 평균
      max   성분마다 가장 큰 시점

    bidirectional이면 뒤쪽 절반은 거꾸로 읽은 것이다.
    kind가 last, mean, max가 아니면 ValueError.
    """

    def __init__(self, kind="last", *, bidirectional=False):
        super().__init__()
        check_choice(POOLS, 풀링=kind)
        self.kind, self.bidirectional = kind, bidirectional
        self.weights = None

    def forward(self, y, lengths=None):
        """y (N, T, H), 길이 (N,) -> (N, H)

        길이가 없으면 모두 T이다. 1~T가 아니면 ValueError.
        """
        N, T, H = y.shape
        lengths = np.full(N, T) if lengths is None else lengths
        lengths = check_lengths(lengths, (N, T)).reshape(N, 1, 1)
        steps = np.arange(T).reshape(1, T, 1)
        inside = steps < lengths
        if self.kind == "mean":
            weights = inside / lengths
        elif self.kind == "max":
            top = np.where(inside, y, -np.inf).argmax(axis=1)
            weights = steps == top[:, None]
        else:
            last = np.repeat(lengths - 1, H, axis=2)
            if self.bidirectional:
                last[..., H // 2:] = 0     # 거꾸로 읽으면 첫 시점
            weights = steps == last
        self.weights = weights.astype(y.dtype)
        return (y * self.weights).sum(axis=1)

    def backward(self, dy):
        """dy (N, H) -> (N, T, H). 가중치만큼 나누어 준다.

        forward를 부른 적이 없으면 RuntimeError.
        """
        if self.weights is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 "
                               "합니다")
        return dy[:, None] * self.weights
