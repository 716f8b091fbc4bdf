"""홉필드 네트워크: 패턴을 저장하고 되찾는 연상 기억.

장: chapters/hopfield
모양 기호: N 성분, P 패턴
출처: Hopfield (1982)
"""

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.associative_memory import (
    check_patterns,
    check_spins,
    random_patterns,
)

from .checks import check_ids
from .module import Module


class Hopfield(Module):
    r"""홉필드 네트워크: ±1 패턴의 연상 기억.

    .. math::
       w_{ij} &= \sum_\mu \xi_i^\mu \xi_j^\mu,
       \quad w_{ii} = 0 \\
       s_i &\leftarrow \mathrm{sgn} \sum_j w_{ij} s_j,
       \quad E(s) = -\tfrac12 s^\top W s

    sgn의 값이 0이면 s_i는 그대로 둔다. 논문은 성분을 0과 1로 적는다.
    가중치가 정수이므로 float32도 2²⁴까지는 정확하다.
    상태의 모양이나 값이 틀리면 ValueError, 실수가 아니면
    TypeError.
    """

    def __init__(self, size, *, dtype=np.float32):
        super().__init__()
        check_counts(size=size)
        self.size = size
        self.param("weight", np.zeros((size, size), dtype))

    def store(self, patterns):
        """패턴 (P, N)을 헵 규칙으로 저장한다.

        이미 저장한 것에 더한다.
        ±1이 아니거나 모양이 다르면 ValueError.
        """
        patterns = self._spins(patterns, "패턴")
        check_patterns(patterns, self.size)
        self.weight += patterns.T @ patterns
        np.fill_diagonal(self.weight, 0)

    def energy(self, s):
        """상태 s (..., N) -> 에너지 (...)"""
        s = self._spins(s)
        return -((s @ self.weight) * s).sum(axis=-1) / 2

    def step(self, s):
        """동기 갱신: 모든 성분을 한꺼번에.

        s (..., N) -> (..., N)
        """
        s = self._spins(s)
        return sign(s @ self.weight, s)

    def sweep(self, s, order):
        """비동기 갱신: order에 적힌 번호의 성분을 차례로 하나씩.

        s (..., N) -> (..., N)
        성분 하나가 바뀔 때마다 에너지가 줄어든다.
        """
        s = self._spins(s).copy()
        for i in check_ids(order, self.size, "order의 값"):
            s[..., i] = sign(s @ self.weight[i], s[..., i])
        return s

    def recall(self, s, *, rng=None, max_steps=100):
        """바뀌지 않을 때까지 갱신한다.

        s (..., N) -> (..., N)
        rng를 주면 비동기로, 아니면 동기로. 동기 갱신은
        두 상태를 오갈 수 있고, 그때는 max_steps번만 한다.
        """
        s = self._spins(s)
        check_counts(max_steps=max_steps)
        for _ in range(max_steps):
            before = s
            s = (self.step(s) if rng is None
                 else self.sweep(s, rng.permutation(self.size)))
            if (s == before).all():
                break
        return s

    def forward(self, s):
        """동기 갱신으로 되찾는다. s (..., N) -> (..., N)"""
        return self.recall(s)

    def _spins(self, s, what="상태"):
        """±1로 된 (..., N)인지 확인한다."""
        s = real(s, what)
        check_spins(s, self.size, what)
        return s.astype(self.weight.dtype, copy=False)


def sign(field, s):
    """field의 부호. 0이면 앞의 값 s 그대로다. 모양은 같다."""
    return np.where(field == 0, s, np.sign(field))


def capacity(size, counts, *, flip=0.0, rng):
    """무작위 패턴을 counts에 적힌 수만큼씩 저장하고 되찾아 본다.

    성분을 확률 flip으로 뒤집고 비동기로 갱신한다.
    counts의 수마다, 패턴과 되찾은 상태의 겹침
    m = ξ·s / N (P,)을 돌려준다. 1이면 둘이 똑같다.
    """
    overlaps = []
    for count in counts:
        patterns, start = random_patterns(size, count, flip, rng)
        network = Hopfield(size)
        network.store(patterns)
        found = network.recall(start, rng=rng)
        overlaps.append((found * patterns).mean(axis=-1))
    return overlaps


def real(x, what):
    """모양은 그대로 두고 실수 배열로 만든다.

    실수가 아니면 TypeError.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiu":
        raise TypeError(f"{what}에는 실수 배열이 와야 합니다: "
                        f"받은 자료형 {x.dtype}")
    return x
