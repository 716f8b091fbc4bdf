"""연속 홉필드 네트워크: 갱신 한 번이 어텐션인 기억.

장: chapters/hopfield
모양 기호: T 질의, P 패턴, D 질의와 키의 성분, M 값의 성분
출처: Ramsauer et al. (2021)
"""

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.associative_memory import (
    check_beta,
    check_finite,
    check_patterns,
)
from rnnbook.shapes import check_attention

from .functions import softmax
from .hopfield import real
from .module import Module


def associate(q, k, v, beta=1.0):
    """연상: 질의와 닮은 키를 찾아 그 값을 섞는다.

    y = softmax(β q kᵀ) v
    q (..., T, D), k (..., P, D), v (..., P, M)
    -> y (..., T, M), 가중치 p (..., T, P)
    모양이 다르면 ValueError.
    """
    q, k, v = real(q, "q"), real(k, "k"), real(v, "v")
    check_attention(q, k, v)
    p = softmax(check_beta(beta) * q @ k.swapaxes(-1, -2))
    return p @ v, p


def associate_backward(dy, q, k, v, p, beta=1.0):
    """dy (..., T, M) -> dq, dk, dv

    p는 associate가 돌려준 가중치.
    """
    dp = dy @ v.swapaxes(-1, -2)
    da = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
    dq = beta * da @ k
    dk = beta * da.swapaxes(-1, -2) @ q
    return dq, dk, p.swapaxes(-1, -2) @ dy


class ContinuousHopfield(Module):
    r"""연속 홉필드 네트워크: 실수 패턴 X의 연상 기억.

    .. math::
       x &\leftarrow X^\top \mathrm{softmax}(\beta X x) \\
       E(x) &= -\tfrac1\beta
       \log \tfrac1P \sum_\mu e^{\beta x_\mu^\top x}
       + \tfrac12 x^\top x
       + \tfrac12 \max_\mu \lVert x_\mu \rVert^2

    한 번의 갱신은 패턴이 키이자 값인 어텐션이다.
    모양이나 값이 틀리면 ValueError, 실수가 아니면 TypeError.
    """

    def __init__(self, patterns, *, beta=1.0, dtype=np.float32):
        super().__init__()
        self.beta = check_beta(beta)
        patterns = real(patterns, "패턴")
        check_patterns(patterns)
        check_finite(patterns, patterns.shape[1], "패턴")
        self.param("patterns", patterns.astype(dtype))
        self.cache = None

    def forward(self, x):
        """한 번 갱신한다. x (..., D) -> (..., D)"""
        x, X = self._vectors(x), self.patterns
        q = x.reshape(-1, X.shape[1])
        y, p = associate(q, X, X, self.beta)
        self.cache = q, p
        return y.reshape(x.shape)

    def backward(self, dy):
        """dy (..., D) -> dx (..., D)

        패턴의 기울기는 키의 기울기와 값의 기울기의 합이다.
        forward를 부른 적이 없으면 RuntimeError.
        """
        if self.cache is None:
            raise RuntimeError(
                "backward보다 forward를 먼저 불러야 합니다")
        (q, p), X = self.cache, self.patterns
        dq, dk, dv = associate_backward(
            dy.reshape(q.shape), q, X, X, p, self.beta)
        self.grads["patterns"] += dk + dv
        return dq.reshape(dy.shape)

    def energy(self, x):
        """x (..., D) -> 에너지 (...). 반올림 오차를 빼면 0 이상이다."""
        x, X = self._vectors(x), self.patterns
        a = self.beta * x @ X.T
        top = a.max(axis=-1, keepdims=True)
        pull = top[..., 0] + np.log(np.exp(a - top).mean(axis=-1))
        sizes = (x * x).sum(axis=-1) + (X * X).sum(axis=-1).max()
        return sizes / 2 - pull / self.beta

    def recall(self, x, *, max_steps=100, tol=1e-6):
        """바뀌는 폭이 tol 이하가 될 때까지 갱신한다. max_steps번까지 한다.

        x (..., D) -> (..., D)
        """
        check_counts(max_steps=max_steps)
        for _ in range(max_steps):
            before, x = self._vectors(x), self(x)
            if abs(x - before).max() <= tol:
                break
        return x

    def _vectors(self, x):
        """유한한 실수로 된 (..., D)인지 확인한다."""
        x = real(x, "x")
        check_finite(x, self.patterns.shape[1], "x")
        return x.astype(self.patterns.dtype, copy=False)
