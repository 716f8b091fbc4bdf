"""풀링: 모든 시점의 벡터를 벡터 하나로 모은다.

장: chapters/patterns
"""

import torch
from torch import nn

from rnnbook.arguments import check_choice

from .checks import check_lengths

POOLS = ("last", "mean", "max")


class Pool(nn.Module):
    """모든 시점의 벡터를 벡터 하나로: y (N, T, H) -> (N, H).

      last  방향마다 마지막으로 읽은 시점
      mean  시점의 평균
      max   성분마다 가장 큰 시점

    길이 밖은 보지 않는다. bidirectional이면 뒤쪽 절반은 거꾸로
    읽은 것이다. kind가 last, mean, max가 아니면 ValueError.
    """

    def __init__(self, kind="last", *, bidirectional=False):
        super().__init__()
        check_choice(POOLS, 풀링=kind)
        self.kind, self.bidirectional = kind, bidirectional

    def forward(self, y, lengths=None):
        """y (N, T, H), 길이 (N,) -> (N, H)

        길이가 없으면 모두 T이다. 1~T가 아니면 ValueError.
        """
        N, T, H = y.shape
        if lengths is None:
            lengths = torch.full((N,), T)
        lengths = check_lengths(lengths, (N, T))
        outside = torch.arange(T) >= lengths[:, None]
        if self.kind == "mean":
            total = y.masked_fill(outside[:, :, None], 0).sum(1)
            return total / lengths[:, None]
        if self.kind == "max":
            y = y.masked_fill(outside[:, :, None], -torch.inf)
            return y.max(1).values
        last = y[torch.arange(N), lengths - 1]
        if not self.bidirectional:
            return last
        first = y[:, 0]                    # 거꾸로 읽으면 첫 시점
        return torch.cat([last[:, :H // 2], first[:, H // 2:]], 1)
