"""토큰을 읽고 답하는 모형의 바탕: 임베딩의 합, 패딩을 뺀 손실.

장: chapters/patterns
"""

import torch
from torch import nn

from rnnbook.batching import NO_ANSWER

from .checks import check_ids
from .functions import cross_entropy
from .module import Model


class SumEmbedding(nn.Embedding):
    """자리마다 토큰이 여럿이면 그 임베딩을 더한다.

    tokens (N, T)나 (N, T, K) -> (N, T, E)
    """

    def forward(self, tokens):
        """번호마다 행을 꺼내 자리별로 더한다."""
        tokens = torch.as_tensor(tokens)
        if tokens.ndim not in (2, 3) or not tokens.numel():
            raise ValueError(
                "토큰은 비어 있지 않은 (N, T)나 (N, T, K)여야 "
                f"합니다: 받은 모양 {tuple(tokens.shape)}")
        x = super().forward(check_ids(tokens, self.num_embeddings))
        return x.sum(2) if x.ndim == 4 else x


class Labeller(Model):
    """시퀀스에 답을 붙이는 모형의 바탕 클래스.

    하위 클래스는 forward(tokens, lengths) -> 로짓을 정한다.
    배치는 (토큰, 정답, 길이)이고, 정답이 NO_ANSWER인 자리는
    손실에 넣지 않는다.
    """

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다.

        (토큰, 정답, 길이) -> 답 하나의 평균 손실(nat), None
        매개변수는 나중에 옵티마이저가 갱신한다.
        """
        tokens, answers, lengths = batch
        self.zero_grad()
        loss = masked_cross_entropy(self(tokens, lengths), answers)
        loss.backward()
        return loss.item(), None

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        """기울기 없이 손실(nat)만 구한다. 드롭아웃은 꺼진다."""
        tokens, answers, lengths = batch
        with self.evaluating():
            logits = self(tokens, lengths)
        return masked_cross_entropy(logits, answers).item(), None

    @torch.no_grad()
    def predict(self, tokens, lengths=None):
        """가장 그럴듯한 답의 번호. 모양은 정답과 같다.

        tokens (N, T[, K]), 길이 (N,) -> (N,)나 (N, T)
        드롭아웃은 꺼진다.
        """
        with self.evaluating():
            best = self(tokens, lengths).argmax(-1)
        return best.numpy(force=True)


def masked_cross_entropy(logits, answers):
    """정답이 있는 자리의 교차 엔트로피(nat).

    logits (..., C), answers (...) -> 손실 하나

    answers가 NO_ANSWER인 자리는 세지 않는다.
    정답이 하나도 없거나 모양이 다르면 ValueError.
    """
    answers = torch.as_tensor(answers)
    if answers.shape != logits.shape[:-1]:
        raise ValueError(
            f"정답의 모양은 {tuple(logits.shape[:-1])}이어야 "
            f"합니다: 받은 모양 {tuple(answers.shape)}")
    known = answers != NO_ANSWER
    if not known.any():
        raise ValueError("정답이 있는 자리가 하나 이상이어야 "
                         "합니다")
    return cross_entropy(logits[known], answers[known])
