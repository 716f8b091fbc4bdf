"""층: 선형층, 임베딩, 드롭아웃."""

import numpy as np

from .checks import check_ids
from .fast import add_rows
from .module import Module


class Linear(Module):
    """선형층 y = x Wᵀ + b: x (..., D) -> y (..., H)."""

    def __init__(self, in_features, out_features, *, rng, dtype=np.float32):
        super().__init__()
        bound = in_features**-0.5
        self.param("weight", rng.uniform(-bound, bound, (out_features, in_features)).astype(dtype))
        self.param("bias", rng.uniform(-bound, bound, out_features).astype(dtype))
        self.x = None

    def forward(self, x):
        """마지막 축이 in_features가 아니면 ValueError."""
        size = self.weight.shape[1]
        if np.shape(x)[-1:] != (size,):
            raise ValueError(f"x의 마지막 축은 {size}이어야 합니다: 받은 모양 {np.shape(x)}")
        x = np.asarray(x, self.weight.dtype)
        self.x = x.reshape(-1, size)
        y = self.x @ self.weight.T
        y += self.bias
        return y.reshape(*x.shape[:-1], -1)

    def backward(self, dy):
        """dy (..., H) -> dx (..., D). 매개변수의 기울기는 grads에 더한다."""
        if self.x is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        shape, dy = dy.shape, dy.reshape(-1, dy.shape[-1])
        self.grads["weight"] += dy.T @ self.x
        self.grads["bias"] += np.ones(len(dy), dy.dtype) @ dy
        return (dy @ self.weight).reshape(*shape[:-1], -1)


class Embedding(Module):
    """임베딩: 토큰 번호마다 벡터 하나. ids (...) -> (..., E)."""

    def __init__(self, num_embeddings, embedding_dim, *, rng, dtype=np.float32):
        super().__init__()
        self.param("weight", rng.normal(size=(num_embeddings, embedding_dim)).astype(dtype))
        self.ids = None

    def forward(self, ids):
        """행을 꺼내 올 뿐이다. 원-핫 벡터와의 행렬곱과 같은 값이지만 곱셈이 없다."""
        self.ids = check_ids(ids, len(self.weight))
        return self.weight[self.ids]

    def backward(self, dy):
        """dy (..., E): 꺼내 간 행에 기울기를 더한다. 정수에는 기울기가 없으므로 None을 돌려준다."""
        if self.ids is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        add_rows(self.grads["weight"], self.ids.reshape(-1), dy.reshape(-1, dy.shape[-1]))


class Dropout(Module):
    """드롭아웃: 학습 중에만 값을 확률 p로 0으로 만들고 남은 값을 1/(1-p)배 한다.

    출처: Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014)
    """

    def __init__(self, p=0.5, *, rng=None):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"p는 0 이상 1 미만이어야 합니다: 받은 값 {p}")
        if p and rng is None:
            raise ValueError("p가 0보다 크면 rng가 있어야 합니다")
        self.p, self.rng, self.mask = p, rng, None

    def forward(self, x):
        """평가 중이거나 p가 0이면 x를 그대로 돌려준다."""
        self.mask = None
        if not (self.training and self.p):
            return x
        keep = self.rng.random(x.shape, dtype=np.float32) >= self.p
        self.mask = keep * x.dtype.type(1 / (1 - self.p))
        return x * self.mask

    def backward(self, dy):
        """forward에서 지운 자리로는 기울기도 흐르지 않는다."""
        return dy if self.mask is None else dy * self.mask
