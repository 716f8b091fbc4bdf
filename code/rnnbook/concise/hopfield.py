"""홉필드 네트워크: 패턴을 저장하고 되찾는 연상 기억.

장: chapters/hopfield
출처: Hopfield (1982)
"""

import torch

from rnnbook.arguments import check_counts
from rnnbook.associative_memory import (
    check_patterns,
    check_spins,
    random_patterns,
)

from .checks import check_dtype, check_ids
from .module import Model


class Hopfield(Model):
    """scratch.Hopfield와 같은 네트워크.

    가중치는 기울기로 학습하지 않으므로 버퍼에 둔다.
    """

    def __init__(self, size):
        super().__init__()
        check_counts(size=size)
        self.size = size
        self.register_buffer("weight", torch.zeros(size, size))

    @torch.no_grad()
    def store(self, patterns):
        """패턴 (P, N)을 헵 규칙으로 저장한다."""
        self._check(patterns, "패턴")
        check_patterns(patterns, self.size)
        self.weight += patterns.T @ patterns
        self.weight.fill_diagonal_(0)

    def energy(self, s):
        """상태 s (..., N) -> 에너지 (...)"""
        self._check(s)
        return -((s @ self.weight) * s).sum(dim=-1) / 2

    def step(self, s):
        """동기 갱신: 모든 성분을 한꺼번에.

        s (..., N) -> (..., N)
        """
        self._check(s)
        return sign(s @ self.weight, s)

    def sweep(self, s, order):
        """비동기 갱신: order에 적힌 번호의 성분을 차례로 하나씩.

        s (..., N) -> (..., N)
        """
        self._check(s)
        s = s.clone()
        for i in check_ids(order, self.size, "order의 값"):
            s[..., i] = sign(s @ self.weight[i], s[..., i])
        return s

    def recall(self, s, *, rng=None, max_steps=100):
        """바뀌지 않을 때까지 갱신한다.

        s (..., N) -> (..., N)
        rng(np.random.Generator)를 주면 비동기로 갱신한다.
        """
        self._check(s)
        check_counts(max_steps=max_steps)
        for _ in range(max_steps):
            before = s
            s = (self.step(s) if rng is None
                 else self.sweep(s, rng.permutation(self.size)))
            if torch.equal(s, before):
                break
        return s

    def forward(self, s):
        """동기 갱신으로 되찾는다."""
        return self.recall(s)

    def _check(self, s, what="상태"):
        """±1로 된 (..., N)인지 확인한다."""
        check_dtype(s, self.weight.dtype, what)
        check_spins(s, self.size, what)


def sign(field, s):
    """field의 부호. 0이면 앞의 값 s 그대로다. 모양은 같다."""
    return torch.where(field == 0, s, field.sign())


def capacity(size, counts, *, flip=0.0, rng):
    """무작위 패턴을 counts에 적힌 수만큼씩 저장하고 되찾아 본다.

    난수가 같으면 scratch의 capacity와 겹침이 같다.
    """
    overlaps = []
    for count in counts:
        patterns, start = torch.tensor(
            random_patterns(size, count, flip, rng),
            dtype=torch.float64)
        network = Hopfield(size).double()
        network.store(patterns)
        found = network.recall(start, rng=rng)
        overlaps.append((found * patterns).mean(dim=-1))
    return overlaps
