"""층: 선형층, 임베딩, 드롭아웃.

장: chapters/rnn, chapters/deep
"""

import numpy as np

from rnnbook.arguments import check_counts, check_rng

from .checks import check_ids
from .fast import add_rows
from .module import Module


class Linear(Module):
    """선형층 y = x Wᵀ + b: x (..., D) -> y (..., H).

    매개변수는 weight (H, D), bias (H,)이다.
    편향은 입력이 늘 1인 가중치와 같다. 그래서 [W b]ᵀ를 한 배열에 두고 [x 1]에 곱해, 편향을 더하고
    그 기울기를 구하는 계산을 행렬곱 하나에 합친다. forward보다 backward를 먼저 부르면 RuntimeError.
    """

    def __init__(self, in_features, out_features, *, rng, dtype=np.float32):
        super().__init__()
        check_counts(in_features=in_features, out_features=out_features)
        check_rng(rng)
        bound = in_features**-0.5
        weight = rng.uniform(-bound, bound, (out_features, in_features))
        bias = rng.uniform(-bound, bound, out_features)
        self.joint, self.djoint = self.register(                  # [W b]ᵀ: (D + 1, H)
            np.vstack([weight.T, bias]).astype(dtype, order="C"),
            lambda joint: {"weight": joint[:-1].T, "bias": joint[-1]})
        self.x = None

    def forward(self, x):
        """마지막 축이 in_features가 아니면 ValueError."""
        x, size = np.asarray(x), len(self.joint) - 1
        if x.shape[-1:] != (size,):
            raise ValueError(f"x의 마지막 축은 {size}이어야 합니다: 받은 모양 {x.shape}")
        if self.x is None or len(self.x) != x.size // size:
            self.x = np.ones((x.size // size, size + 1), self.joint.dtype)     # [x 1]
        self.x[:, :-1] = x.reshape(-1, size)
        return self.x.dot(self.joint).reshape(*x.shape[:-1], -1)

    def backward(self, dy):
        """dy (..., H) -> dx (..., D). 매개변수의 기울기는 grads에 더한다."""
        if self.x is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        shape, dy = dy.shape, dy.reshape(-1, dy.shape[-1])
        self.djoint += self.x.T.dot(dy)
        return dy.dot(self.weight).reshape(*shape[:-1], -1)


class Embedding(Module):
    """임베딩: 토큰 번호마다 벡터 하나. ids (...) -> (..., E).

    매개변수는 weight (V, E)이다.
    번호가 정수가 아니면 TypeError, 범위를 벗어나면 ValueError.
    forward보다 backward를 먼저 부르면 RuntimeError.
    """

    def __init__(self, num_embeddings, embedding_dim, *, rng, dtype=np.float32):
        super().__init__()
        check_counts(num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        check_rng(rng)
        self.param("weight", rng.normal(size=(num_embeddings, embedding_dim)).astype(dtype))
        self.ids = None

    def forward(self, ids):
        """번호에 해당하는 행을 꺼낸다. 원-핫 벡터를 곱한 것과 값이 같지만 곱셈이 필요 없다."""
        self.ids = check_ids(ids, len(self.weight))
        return self.weight[self.ids]

    def backward(self, dy):
        """dy (..., E)를 forward에서 꺼낸 행의 기울기에 더한다. 번호에는 기울기가 없다."""
        if self.ids is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        add_rows(self.grads["weight"], self.ids.reshape(-1), dy.reshape(-1, dy.shape[-1]))


class Dropout(Module):
    """드롭아웃: 학습할 때만 성분을 확률 p로 0으로 만들고 나머지를 1/(1-p)배 한다.

    p가 0 이상 1 미만이 아니거나 rng가 없으면 ValueError.
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
        """모양은 그대로다. 평가 중이거나 p가 0이면 x를 그대로 돌려준다."""
        self.mask = None
        if not (self.training and self.p):
            return x
        keep = self.rng.random(x.shape, dtype=np.float32) >= self.p
        self.mask = keep * x.dtype.type(1 / (1 - self.p))
        return x * self.mask

    def backward(self, dy):
        """forward에서 0으로 만든 성분은 기울기도 0이다. 모양은 그대로다."""
        return dy if self.mask is None else dy * self.mask
