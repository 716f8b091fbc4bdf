"""어텐션 점수: 질의와 키의 관련도를 구하는 세 방법.

장: chapters/attention
출처: Bahdanau, Cho & Bengio (2015), Luong, Pham & Manning (2015),
      Vaswani et al. (2017)
"""

import numpy as np

from .attention import Attention, transposed_product


class DotProductAttention(Attention):
    """내적 어텐션: 점수 qᵀk. scaled이면 qᵀk / √D

    질의와 키의 성분 수가 같아야 한다. 매개변수는 없다.
    출처: Luong et al. (2015), 축척은 Vaswani et al. (2017)
    """

    def __init__(self, *, scaled=False):
        super().__init__()
        self.scaled = scaled

    def score(self, query):
        """query (N, T, D) -> 점수 (N, T, S), 역전파 때 쓸 값"""
        if self.scaled:
            query = query * query.shape[-1]**-0.5
        return query @ self.keys.swapaxes(1, 2), query

    def score_backward(self, dscores, query):
        """점수의 기울기 (N, T, S) -> dquery, dkeys"""
        dkeys = transposed_product(dscores, query)
        dquery = dscores @ self.keys
        if self.scaled:
            dquery *= dquery.shape[-1]**-0.5
        return dquery, dkeys


class BilinearAttention(DotProductAttention):
    """쌍선형 어텐션: 점수 qᵀW k. 키를 W k로 바꾸면 내적이다.

    매개변수는 weight (Hq, Hk). 출처: Luong et al. (2015)의 general
    """

    def __init__(self, query_size, key_size, *, rng,
                 dtype=np.float32):
        super().__init__()
        self.key_size = key_size
        self.param("weight", uniform(rng, query_size, key_size,
                                     dtype=dtype))

    def project(self, key):
        """key (N, S, Hk) -> (N, S, Hq)"""
        self.key = key
        return key @ self.weight.T

    def project_backward(self, dkeys):
        """dkeys (N, S, Hq) -> dkey (N, S, Hk)"""
        self.grads["weight"] += outer(dkeys, self.key)
        return dkeys @ self.weight


class AdditiveAttention(Attention):
    """덧셈 어텐션: 점수 wᵀtanh(W_q q + W_k k)

    매개변수는 weight_q (A, Hq), weight_k (A, Hk), weight (A,).
    출처: Bahdanau, Cho & Bengio (2015)
    """

    def __init__(self, query_size, key_size, hidden_size, *, rng,
                 dtype=np.float32):
        super().__init__()
        self.query_size, self.key_size = query_size, key_size
        for name, shape in (("weight_q", (hidden_size, query_size)),
                            ("weight_k", (hidden_size, key_size)),
                            ("weight", (hidden_size,))):
            self.param(name, uniform(rng, *shape, dtype=dtype))

    def project(self, key):
        """key (N, S, Hk) -> W_k k (N, S, A)"""
        self.key = key
        return key @ self.weight_k.T

    def project_backward(self, dkeys):
        """dkeys (N, S, A) -> dkey (N, S, Hk)"""
        self.grads["weight_k"] += outer(dkeys, self.key)
        return dkeys @ self.weight_k

    def score(self, query):
        """query (N, T, Hq) -> 점수 (N, T, S), 역전파 때 쓸 값"""
        a = (query @ self.weight_q.T)[:, :, None]
        u = np.tanh(a + self.keys[:, None])    # (N, T, S, A)
        return u @ self.weight, (query, u)

    def score_backward(self, dscores, cache):
        """점수의 기울기 (N, T, S) -> dquery, dkeys"""
        query, u = cache
        self.grads["weight"] += dscores.ravel() @ u.reshape(
            -1, u.shape[-1])
        da = dscores[..., None] * (1 - u * u) * self.weight
        dq = da.sum(axis=2)
        self.grads["weight_q"] += outer(dq, query)
        return dq @ self.weight_q, da.sum(axis=1)


def uniform(rng, *shape, dtype):
    """±1/√D 사이에서 고르게 뽑는다. D는 마지막 축의 크기."""
    bound = shape[-1]**-0.5
    return rng.uniform(-bound, bound, shape).astype(dtype)


def outer(dy, x):
    """dy (..., H), x (..., D) -> 가중치의 기울기 (H, D)"""
    return dy.reshape(-1, dy.shape[-1]).T @ x.reshape(
        -1, x.shape[-1])
