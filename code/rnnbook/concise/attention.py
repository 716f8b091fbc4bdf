"""어텐션: 점수만 적고, 기울기는 자동 미분에 맡긴다.

장: chapters/attention
출처: Bahdanau, Cho & Bengio (2015), Luong, Pham & Manning (2015),
      Vaswani et al. (2017)
"""

import torch
from torch import nn

from rnnbook.shapes import check_attention, check_mask, check_vectors

from .functions import softmax
from .module import Model


def scaled_dot_product_attention(q, k, v, mask=None):
    """축척 내적 어텐션 softmax(q kᵀ / √D) v

    q (..., T, D), k (..., S, D), v (..., S, M)
    -> context (..., T, M), weights (..., T, S)
    """
    check_attention(q, k, v)
    weights = masked_softmax(q @ k.mT * q.shape[-1]**-0.5, mask)
    return weights @ v, weights


def masked_softmax(scores, mask=None):
    """볼 수 있는 자리의 소프트맥스. 가린 자리는 0이다."""
    if mask is not None:
        mask = check_mask(mask, scores.shape)
        scores = scores.masked_fill(~mask, -torch.inf)
    return softmax(scores)


class Attention(Model):
    """어텐션: 질의와 관련 있는 키의 값을 꺼낸다.

    하위 클래스는 score(점수)를 정하고, 키를 미리 계산해
    두려면 project도 정한다.
    """

    query_size = None   # None이면 project한 키의 크기와 같아야 한다
    key_size = "Hk"     # 문자열이면 크기를 검사하지 않는다
    keys = None

    def forward(self, query, key, value, mask=None):
        """query (N, T, Hq), key (N, S, Hk), value (N, S, Hv)

        -> context (N, T, Hv), weights (N, T, S)
        """
        self.remember(key, value, mask)
        return self.attend(query)

    def remember(self, key, value, mask=None):
        """키와 값을 기억한다. attend가 여러 번 꺼내 쓴다.

        key (N, S, Hk), value (N, S, Hv), mask (N, S)나 (N, T, S)
        모양이 다르면 ValueError, 실수가 아니면 TypeError.
        """
        check_vectors(key, "key", ("N", "S", self.key_size))
        check_vectors(value, "value", (*key.shape[:2], "Hv"))
        self.keys = self.project(key)
        self.value, self.mask = value, mask

    def attend(self, query):
        """질의 하나나 여럿에 답한다. 시점마다 불러도 된다.

        query (N, T, Hq) -> context (N, T, Hv), weights (N, T, S)
        """
        weights = self.weigh(query)
        return weights @ self.value, weights

    def weigh(self, query):
        """질의 (N, T, Hq) -> 가중치 (N, T, S)

        remember를 부른 적이 없으면 RuntimeError.
        """
        if self.keys is None:
            raise RuntimeError(
                "attend보다 remember를 먼저 불러야 합니다")
        size = self.query_size or self.keys.shape[-1]
        check_vectors(query, "query", (len(self.value), "T", size))
        return masked_softmax(self.score(query), self.mask)

    def project(self, key):
        """key (N, S, Hk) -> 점수를 낼 때 쓸 키. 기본은 그대로."""
        return key


class DotProductAttention(Attention):
    """내적 어텐션: 점수 qᵀk. scaled이면 qᵀk / √D"""

    def __init__(self, *, scaled=False):
        super().__init__()
        self.scaled = scaled

    def score(self, query):
        """query (N, T, D) -> 점수 (N, T, S)"""
        scores = query @ self.keys.mT
        size = query.shape[-1] if self.scaled else 1
        return scores * size**-0.5


class BilinearAttention(DotProductAttention):
    """쌍선형 어텐션: 점수 qᵀW k"""

    def __init__(self, query_size, key_size):
        super().__init__()
        self.key_size = key_size
        self.weight = uniform(query_size, key_size)

    def project(self, key):
        """key (N, S, Hk) -> (N, S, Hq)"""
        return key @ self.weight.T


class AdditiveAttention(Attention):
    """덧셈 어텐션: 점수 wᵀtanh(W_q q + W_k k)"""

    def __init__(self, query_size, key_size, hidden_size):
        super().__init__()
        self.query_size, self.key_size = query_size, key_size
        self.weight_q = uniform(hidden_size, query_size)
        self.weight_k = uniform(hidden_size, key_size)
        self.weight = uniform(hidden_size)

    def project(self, key):
        """key (N, S, Hk) -> W_k k (N, S, A)"""
        return key @ self.weight_k.T

    def score(self, query):
        """query (N, T, Hq) -> 점수 (N, T, S)"""
        a = (query @ self.weight_q.T)[:, :, None]
        return torch.tanh(a + self.keys[:, None]) @ self.weight


def uniform(*shape):
    """±1/√D 사이에서 고르게 뽑는다. D는 마지막 축의 크기."""
    bound = shape[-1]**-0.5
    return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
