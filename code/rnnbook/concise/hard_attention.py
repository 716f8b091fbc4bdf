"""하드 어텐션. 추정량은 로그 확률로 만든 항을 자동 미분해서 구한다.

장: chapters/attention
출처: Xu et al. (2015), 추정량은 Williams (1992)의 REINFORCE
"""

import torch

from rnnbook.reinforce import draw

from .module import Model


class HardAttention(Model):
    """하드 어텐션: 가중치를 확률로 삼아 자리를 하나 뽑는다.

    attention은 점수를 내는 어텐션이다. 평가할 때는 확률이
    가장 높은 자리를 본다.
    """

    def __init__(self, attention, *, rng):
        super().__init__()
        self.attention, self.rng = attention, rng
        self.log_probs = []

    def forward(self, query, key, value, mask=None):
        """기억하고 나서 답한다: remember와 attend.

        query (N, T, Hq), key (N, S, Hk), value (N, S, Hv)
        -> context (N, T, Hv), weights (N, T, S)
        """
        self.remember(key, value, mask)
        return self.attend(query)

    def remember(self, key, value, mask=None):
        """키와 값을 기억한다. attend가 여러 번 꺼내 쓴다.

        key (N, S, Hk), value (N, S, Hv), mask (N, S)나 (N, T, S)
        """
        self.attention.remember(key, value, mask)
        self.log_probs = []

    def attend(self, query):
        """query (N, T, Hq) -> context (N, T, Hv), weights (N, T, S)

        context는 뽑은 자리의 값이다.
        """
        weights = self.attention.weigh(query)
        if self.training:
            p = weights.numpy(force=True)
            a = torch.from_numpy(draw(p, self.rng))
        else:
            a = weights.argmax(dim=-1)
        chosen = weights.gather(-1, a[..., None])[..., 0]
        self.log_probs.append(chosen.log())
        value = self.attention.value
        return value[torch.arange(len(value))[:, None], a], weights

    def surrogate(self, advantage):
        """손실에 더할 항 Σ (L - b) log p_a

        손실과 더해 미분하면 추정량이 된다.
        advantage (N, T)는 뽑은 자리에 따라 달라지는 손실에서
        기준값을 뺀 값이다. 모양이 다르면 ValueError.
        """
        log_p = torch.cat(self.log_probs, dim=1)
        if advantage.shape != log_p.shape:
            raise ValueError(
                "advantage의 모양은 "
                f"{tuple(log_p.shape)}이어야 합니다: "
                f"받은 모양 {tuple(advantage.shape)}")
        return (advantage.detach() * log_p).sum()
