"""어텐션: 질의와 관련 있는 키를 찾아 그 값을 섞는다.

장: chapters/attention
모양 기호: N 배치, T 질의, S 키와 값, Hq Hk Hv 질의, 키, 값의 성분
출처: Luong, Pham & Manning (2015), Vaswani et al. (2017)
"""

import numpy as np

from rnnbook.shapes import check_attention, check_mask, check_vectors

from .module import Module


def scaled_dot_product_attention(q, k, v, mask=None):
    """축척 내적 어텐션 softmax(q kᵀ / √D) v

    q (..., T, D), k (..., S, D), v (..., S, M)
    -> context (..., T, M), weights (..., T, S)
    mask (..., S)나 (..., T, S)는 볼 수 있는 자리가 True.
    모양이 다르거나 모두 가린 행이 있으면 ValueError,
    실수가 아니거나 mask가 bool이 아니면 TypeError.
    """
    check_attention(q, k, v)
    scores = (q * q.shape[-1]**-0.5) @ k.swapaxes(-1, -2)
    weights = masked_softmax(scores, mask)
    return weights @ v, weights


def masked_softmax(scores, mask=None):
    """볼 수 있는 자리의 소프트맥스. 가린 자리는 0이다.

    scores (..., T, S)를 덮어써서 돌려준다.
    마스크의 모양이 다르면 ValueError, bool이 아니면 TypeError.
    """
    if mask is not None:
        mask = check_mask(mask, scores.shape)
        np.copyto(scores, -np.inf, where=~mask)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def softmax_backward(dweights, weights):
    """가중치의 기울기 -> 점수의 기울기. 모양은 (..., T, S)."""
    dscores = weights * dweights
    dscores -= weights * dscores.sum(axis=-1, keepdims=True)
    return dscores


class Attention(Module):
    """어텐션: 질의와 관련 있는 키의 값을 꺼낸다.

    하위 클래스는 score(점수)와 score_backward를 정하고,
    키를 미리 계산해 두려면 project와 project_backward도 정한다.
    """

    query_size = None   # None이면 project한 키의 크기와 같아야 한다
    key_size = "Hk"     # 문자열이면 크기를 검사하지 않는다

    def __init__(self):
        super().__init__()
        self.value, self.tape = None, []

    def forward(self, query, key, value, mask=None):
        """query (N, T, Hq), key (N, S, Hk), value (N, S, Hv)

        -> context (N, T, Hv), weights (N, T, S)
        mask (N, S)나 (N, T, S)는 볼 수 있는 자리가 True.
        모양이 다르거나 모두 가린 행이 있으면 ValueError,
        실수가 아니거나 mask가 bool이 아니면 TypeError.
        """
        self.remember(key, value, mask)
        return self.attend(query)

    def backward(self, dcontext):
        """dcontext (N, T, Hv) -> 기울기 dquery, dkey, dvalue"""
        dquery = self.attend_backward(dcontext)
        return dquery, *self.remember_backward()

    def remember(self, key, value, mask=None):
        """키와 값을 기억한다. attend가 여러 번 꺼내 쓴다.

        key (N, S, Hk), value (N, S, Hv), mask (N, S)나 (N, T, S)
        모양이 다르면 ValueError, 실수가 아니면 TypeError.
        """
        check_vectors(key, "key", ("N", "S", self.key_size))
        check_vectors(value, "value", (*key.shape[:2], "Hv"))
        self.keys = self.project(key)
        self.value, self.mask = value, mask
        self.dkeys = self.dvalue = None
        self.tape = []

    def attend(self, query):
        """질의 하나나 여럿에 답한다. 시점마다 불러도 된다.

        query (N, T, Hq) -> context (N, T, Hv), weights (N, T, S)
        """
        weights = self.weigh(query)
        return weights @ self.value, weights

    def attend_backward(self, dcontext):
        """나중에 부른 attend부터 차례로 미분한다.

        dcontext (N, T, Hv) -> dquery (N, T, Hq)
        """
        weights, cache = self.recall()
        dweights = dcontext @ self.value.swapaxes(1, 2)
        dscores = softmax_backward(dweights, weights)
        dvalue = transposed_product(weights, dcontext)
        return self.weigh_backward(dscores, dvalue, cache)

    def remember_backward(self):
        """attend마다 더해 둔 기울기 -> dkey, dvalue"""
        return self.project_backward(self.dkeys), self.dvalue

    def weigh(self, query):
        """질의 (N, T, Hq) -> 가중치 (N, T, S). tape에 적어 둔다.

        remember를 부른 적이 없으면 RuntimeError.
        """
        if self.value is None:
            raise RuntimeError(
                "attend보다 remember를 먼저 불러야 합니다")
        size = self.query_size or self.keys.shape[-1]
        check_vectors(query, "query", (len(self.value), "T", size))
        scores, cache = self.score(query)
        weights = masked_softmax(scores, self.mask)
        self.tape.append((weights, cache))
        return weights

    def recall(self):
        """tape에서 마지막에 적은 것을 꺼낸다.

        없으면 RuntimeError.
        """
        if not self.tape:
            raise RuntimeError(
                "backward보다 forward를 먼저 불러야 합니다")
        return self.tape.pop()

    def weigh_backward(self, dscores, dvalue, cache):
        """점수의 기울기 -> dquery. 키와 값의 기울기는 더해 둔다."""
        dquery, dkeys = self.score_backward(dscores, cache)
        self.dkeys = add(self.dkeys, dkeys)
        self.dvalue = add(self.dvalue, dvalue)
        return dquery

    def project(self, key):
        """key (N, S, Hk) -> 점수를 낼 때 쓸 키. 기본은 그대로."""
        return key

    def project_backward(self, dkeys):
        """project를 미분한다. 기본은 그대로."""
        return dkeys


def transposed_product(a, b):
    """aᵀb: a (N, T, S), b (N, T, H) -> (N, S, H)

    질의가 하나이면 더할 것이 없으므로 그냥 곱하는 쪽이 빠르다.
    """
    a = a.swapaxes(1, 2)
    return a * b if b.shape[1] == 1 else a @ b


def add(total, part):
    """기울기를 더한다. 처음이면 그대로 둔다."""
    return part if total is None else total + part
