"""보면서 쓰는 그림 설명: 낱말을 쓸 때마다 볼 조각을 고른다.

장: chapters/attention
출처: Xu et al. (2015)
"""

import torch

from rnnbook.batching import NO_ANSWER
from rnnbook.reinforce import Baseline, remaining

from .attention import AdditiveAttention
from .captioner import Captioner
from .functions import log_softmax
from .hard_attention import HardAttention
from .labeller import masked_cross_entropy


class VisualCaptioner(Captioner):
    """시점마다 앞 상태 h를 질의로 삼아 조각의 특징에서 찾는다.

    hard가 참이면 조각을 섞지 않고 하나만 뽑으며, rng가 있어야 한다.
    """

    extra = 1

    def __init__(self, *sizes, hard=False, rng=None):
        super().__init__(*sizes)
        H = self.rnn.hidden_size
        attention = AdditiveAttention(H, H, H)
        self.attention = (HardAttention(attention, rng=rng) if hard
                          else attention)
        self.hard, self.baseline = hard, Baseline()

    def read(self, patches):
        """첫 상태는 Captioner와 같다. 조각의 특징도 기억한다."""
        f = self.encoder(patches)
        self.attention.remember(f, f)
        return self.begin(f)

    def write(self, x, state):
        """임베딩 x (N, T, E), 앞 상태

        -> 출력과 context (N, T, 2H), 마지막 상태
        """
        self.weights, ys = [], []
        for x_t in x.split(1, dim=1):
            query = state[0].transpose(0, 1)
            context, weights = self.attention.attend(query)
            y, state = self.rnn(torch.cat([x_t, context], 2), state)
            ys.append(torch.cat([y, context], dim=2))
            self.weights.append(weights)
        return torch.cat(ys, dim=1), state

    def train_step(self, batch, state=None):
        """Captioner와 같다.

        하드 어텐션이면 뽑은 조각마다 그 시점부터 끝까지의 손실로
        평가한다.
        """
        self.zero_grad()
        logits = self(batch.source, batch.inputs)
        loss, extra = masked_cross_entropy(logits, batch.answers), 0
        if self.hard:
            answers = torch.from_numpy(batch.answers)
            known = answers != NO_ANSWER
            each = -log_softmax(logits.detach()).gather(
                2, answers.clamp(min=0)[..., None])[..., 0]
            each = torch.where(known, each, 0).numpy()
            advantage = self.baseline.advantage(
                remaining(each), known.numpy())
            extra = self.attention.surrogate(
                torch.from_numpy(advantage)) / known.sum()
        (loss + extra).backward()
        return loss.item(), None

    @torch.no_grad()
    def align(self, batch):
        """낱말마다 조각의 가중치 (N, T, P). 정답을 넣어 구한다."""
        with self.evaluating():
            self(batch.source, batch.inputs)
        return torch.cat(self.weights, dim=1).numpy()
