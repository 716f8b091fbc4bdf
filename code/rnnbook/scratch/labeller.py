"""토큰을 읽고 답하는 모형의 바탕: 임베딩의 합, 패딩을 뺀 손실.

장: chapters/patterns
"""

import numpy as np

from rnnbook.batching import NO_ANSWER

from .functions import cross_entropy
from .layers import Embedding
from .module import Module


class SumEmbedding(Embedding):
    """자리마다 토큰이 여럿이면 그 임베딩을 더한다.

    tokens (N, T)나 (N, T, K) -> (N, T, E)
    """

    def forward(self, tokens):
        """번호마다 행을 꺼내 자리별로 더한다."""
        if np.ndim(tokens) not in (2, 3) or not np.size(tokens):
            raise ValueError(
                "토큰은 비어 있지 않은 (N, T)나 (N, T, K)여야 "
                f"합니다: 받은 모양 {np.shape(tokens)}")
        x = super().forward(tokens)
        return x.sum(axis=2) if x.ndim == 4 else x

    def backward(self, dx):
        """dx (N, T, E)를 그 자리의 모든 토큰에 똑같이 준다."""
        if self.ids is not None and self.ids.ndim == 3:
            shape = *self.ids.shape, dx.shape[-1]
            dx = np.broadcast_to(dx[:, :, None], shape)
        super().backward(dx)


class Labeller(Module):
    """시퀀스에 답을 붙이는 모형의 바탕 클래스.

    하위 클래스는 forward(tokens, lengths) -> 로짓을 정한다.
    배치는 (토큰, 정답, 길이)이고, 정답이 NO_ANSWER인 자리는
    손실과 기울기에 넣지 않는다.
    """

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다.

        (토큰, 정답, 길이) -> 답 하나의 평균 손실(nat), None
        기울기는 grads에 남고, 갱신은 옵티마이저가 한다.
        """
        tokens, answers, lengths = batch
        self.zero_grad()
        logits = self(tokens, lengths)
        loss, dlogits = masked_cross_entropy(logits, answers)
        self.backward(dlogits)
        return loss, None

    def evaluate(self, batch, state=None):
        """기울기 없이 손실(nat)만 구한다. 드롭아웃은 꺼진다."""
        tokens, answers, lengths = batch
        with self.evaluating():
            logits = self(tokens, lengths)
        return masked_cross_entropy(logits, answers)[0], None

    def predict(self, tokens, lengths=None):
        """가장 그럴듯한 답의 번호. 모양은 정답과 같다.

        tokens (N, T[, K]), 길이 (N,) -> (N,)나 (N, T)
        드롭아웃은 꺼진다.
        """
        with self.evaluating():
            return self(tokens, lengths).argmax(axis=-1)


def masked_cross_entropy(logits, answers):
    """정답이 있는 자리의 교차 엔트로피(nat)와 그 기울기.

    logits (..., C), answers (...) -> loss, dlogits (..., C)

    answers가 NO_ANSWER인 자리는 세지 않고 기울기도 0이다.
    정답이 하나도 없거나 모양이 다르면 ValueError.
    """
    answers = np.asarray(answers)
    if answers.shape != logits.shape[:-1]:
        raise ValueError(f"정답의 모양은 {logits.shape[:-1]}이어야 "
                         f"합니다: 받은 모양 {answers.shape}")
    known = answers != NO_ANSWER
    if not known.any():
        raise ValueError("정답이 있는 자리가 하나 이상이어야 "
                         "합니다")
    dlogits = np.zeros_like(logits)
    loss, rows = cross_entropy(logits[known], answers[known])
    dlogits[known] = rows
    return loss, dlogits
