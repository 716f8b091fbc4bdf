"""연속 홉필드 네트워크. 기울기는 자동 미분에 맡긴다.

장: chapters/hopfield
출처: Ramsauer et al. (2021)
"""

import math

import torch
from torch import nn

from rnnbook.arguments import check_counts
from rnnbook.associative_memory import (
    check_beta,
    check_finite,
    check_patterns,
)
from rnnbook.shapes import check_attention

from .checks import check_dtype
from .functions import softmax
from .module import Model


def associate(q, k, v, beta=1.0):
    """연상: 질의와 닮은 키를 찾아 그 값을 섞는다.

    y = softmax(β q kᵀ) v
    q (..., T, D), k (..., P, D), v (..., P, M)
    -> y (..., T, M), 가중치 p (..., T, P)
    """
    for name, part in zip("qkv", (q, k, v), strict=True):
        check_real(part, name)
        check_dtype(part, q.dtype, name)
    check_attention(q, k, v)
    p = softmax(check_beta(beta) * q @ k.mT)
    return p @ v, p


class ContinuousHopfield(Model):
    """scratch.ContinuousHopfield와 같은 네트워크."""

    def __init__(self, patterns, *, beta=1.0):
        super().__init__()
        check_real(patterns, "패턴")
        check_patterns(patterns)
        check_finite(patterns, patterns.shape[1], "패턴")
        self.patterns = nn.Parameter(patterns.clone())
        self.beta = check_beta(beta)

    def forward(self, x):
        """한 번 갱신한다. x (..., D) -> (..., D)"""
        self._check(x)
        X = self.patterns
        y, _ = associate(x.reshape(-1, X.shape[1]), X, X, self.beta)
        return y.reshape(x.shape)

    def energy(self, x):
        """x (..., D) -> 에너지 (...). 반올림 오차를 빼면 0 이상이다."""
        self._check(x)
        X = self.patterns
        a = self.beta * x @ X.T
        pull = torch.logsumexp(a, dim=-1) - math.log(len(X))
        sizes = (x * x).sum(dim=-1) + (X * X).sum(dim=-1).max()
        return sizes / 2 - pull / self.beta

    @torch.no_grad()
    def recall(self, x, *, max_steps=100, tol=1e-6):
        """바뀌는 폭이 tol 이하가 될 때까지 갱신한다. max_steps번까지 한다.

        x (..., D) -> (..., D)
        """
        check_counts(max_steps=max_steps)
        for _ in range(max_steps):
            before, x = x, self(x)
            if abs(x - before).max() <= tol:
                break
        return x

    def _check(self, x):
        """유한한 실수로 된 (..., D)인지 확인한다."""
        check_dtype(x, self.patterns.dtype, "x")
        check_finite(x, self.patterns.shape[1], "x")


def check_real(x, what):
    """실수 텐서인지 확인한다. 모양은 보지 않는다.

    실수 텐서가 아니면 TypeError.
    """
    if not isinstance(x, torch.Tensor) or not x.is_floating_point():
        kind = getattr(x, "dtype", type(x).__name__)
        raise TypeError(f"{what}에는 실수 텐서가 와야 합니다: "
                        f"받은 자료형 {kind}")
