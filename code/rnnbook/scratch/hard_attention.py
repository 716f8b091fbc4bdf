"""하드 어텐션: 섞지 않고 한 자리를 뽑아 그 값만 꺼낸다.

장: chapters/attention
출처: Xu et al. (2015), 추정량은 Williams (1992)의 REINFORCE
"""

import numpy as np

from rnnbook.reinforce import draw

from .attention import transposed_product
from .module import Module


class HardAttention(Module):
    r"""하드 어텐션: 가중치 p를 확률로 삼아 자리 a를 뽑는다.

    .. math::
       a \sim p, \qquad \text{context} = v_a

    뽑기는 미분할 수 없다. 그래서 점수의 기울기 대신, 기댓값이
    그 기울기와 같은 추정량을 쓴다. b는 선택과 무관한 기준값이다.

    .. math::
       \nabla\, \mathbb{E}[L] = \mathbb{E}
       [\nabla L + (L - b)\, \nabla \log p_a]

    attention은 점수를 내는 어텐션이다. 평가할 때는 확률이
    가장 높은 자리를 본다.
    """

    def __init__(self, attention, *, rng):
        super().__init__()
        self.attention = self.adopt(attention, "attention.")
        self.rng, self.picks = rng, []

    def forward(self, query, key, value, mask=None):
        """기억하고 나서 답한다: remember와 attend.

        query (N, T, Hq), key (N, S, Hk), value (N, S, Hv)
        -> context (N, T, Hv), weights (N, T, S)
        """
        self.remember(key, value, mask)
        return self.attend(query)

    def backward(self, dcontext, advantage):
        """dcontext (N, T, Hv) -> 기울기 dquery, dkey, dvalue

        advantage (N, T)는 뽑은 자리에 따라 달라지는 손실에서
        기준값을 뺀 값이다. dcontext도 같은 손실에서 구한다.
        """
        dquery = self.attend_backward(dcontext, advantage)
        return dquery, *self.remember_backward()

    def remember(self, key, value, mask=None):
        """키와 값을 기억한다. attend가 여러 번 꺼내 쓴다.

        key (N, S, Hk), value (N, S, Hv), mask (N, S)나 (N, T, S)
        """
        self.attention.remember(key, value, mask)
        self.picks = []

    def attend(self, query):
        """query (N, T, Hq) -> context (N, T, Hv), weights (N, T, S)

        context는 뽑은 자리의 값이다.
        """
        weights = self.attention.weigh(query)
        a = draw(weights, self.rng) if self.training \
            else weights.argmax(axis=-1)
        self.picks.append(a)
        value = self.attention.value
        return value[np.arange(len(value))[:, None], a], weights

    def attend_backward(self, dcontext, advantage):
        """나중에 부른 attend부터 차례로 미분한다.

        dcontext (N, T, Hv), advantage (N, T) -> dquery
        advantage의 모양이 다르면 ValueError.
        """
        weights, cache = self.attention.recall()
        if np.shape(advantage) != weights.shape[:2]:
            raise ValueError(
                "advantage의 모양은 "
                f"{weights.shape[:2]}이어야 합니다: "
                f"받은 모양 {np.shape(advantage)}")
        a = self.picks.pop()[..., None]
        chosen = np.arange(weights.shape[-1]) == a     # (N, T, S)
        dvalue = transposed_product(
            chosen.astype(weights.dtype), dcontext)
        # 점수로 미분한 log p_a는 원-핫 - p
        dscores = advantage[..., None] * (chosen - weights)
        return self.attention.weigh_backward(dscores, dvalue, cache)

    def remember_backward(self):
        """attend마다 더해 둔 기울기 -> dkey, dvalue"""
        return self.attention.remember_backward()
