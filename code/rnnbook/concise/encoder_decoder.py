"""인코더와 디코더: 시퀀스를 읽는 순환층과 시퀀스를 쓰는 순환층.

장: chapters/seq2seq, chapters/attention
"""

import torch
from torch import nn

from rnnbook.arguments import check_choice

from .attention import (
    AdditiveAttention,
    BilinearAttention,
    DotProductAttention,
)
from .checks import check_ids
from .module import Model
from .rnnlm import CELLS

SCORES = "dot", "scaled", "bilinear", "additive"


class Encoder(Model):
    """인코더: 임베딩 -> 순환층.

    source (N, S), 길이 (N,) -> 출력 (N, S, H), 마지막 상태
    cell이 CELLS에 없는 이름이면 ValueError.
    """

    def __init__(self, vocab_size, embed_size, hidden_size, *,
                 cell="lstm", num_layers=1, dropout=0.0):
        super().__init__()
        check_choice(CELLS, cell=cell)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.drop = nn.Dropout(dropout)
        self.rnn = CELLS[cell](embed_size, hidden_size, num_layers,
                               dropout=dropout)

    def forward(self, source, lengths=None):
        """길이가 없으면 모두 S로 본다."""
        source = check_ids(source, self.embedding.num_embeddings)
        return self.rnn(self.drop(self.embedding(source)),
                        lengths=lengths)


class Decoder(Model):
    """디코더: 임베딩 -> 순환층 (-> 어텐션) -> 선형층."""

    def __init__(self, vocab_size, embed_size, hidden_size, *,
                 cell="lstm", num_layers=1, dropout=0.0, peeky=False,
                 attention=None):
        super().__init__()
        check_choice(CELLS, cell=cell)
        H, self.peeky, self.attention = hidden_size, peeky, None
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.drop = nn.Dropout(dropout)
        self.rnn = CELLS[cell](embed_size + peeky * H, H, num_layers,
                               dropout=dropout)
        if attention is not None:
            self.attention = build_attention(attention, H)
        parts = 1 + peeky + (attention is not None)
        self.head = nn.Linear(parts * H, vocab_size)

    def forward(self, tokens, state, memory):
        """tokens (N, T), 앞 상태, 인코더에서 온 것(memory)

        -> 로짓 (N, T, V), 마지막 상태, 어텐션 가중치 (N, T, S)
        토큰이 정수가 아니면 TypeError, 범위 밖이면 ValueError.
        """
        outputs, mask, last = memory
        tokens = check_ids(tokens, self.embedding.num_embeddings)
        x = self.drop(self.embedding(tokens))
        if self.peeky:
            last = last[:, None].expand(-1, tokens.shape[1], -1)
            x = torch.cat([x, last], dim=2)
        y, state = self.rnn(x, state)
        y, weights = self.drop(y), None
        parts = [y]
        if self.attention is not None:
            context, weights = self.attention(
                y, outputs, outputs, mask)
            parts.insert(0, context)
        if self.peeky:
            parts.append(last)
        return self.head(torch.cat(parts, dim=2)), state, weights


def build_attention(score, size):
    """이름에 맞는 어텐션을 만든다. SCORES에 없으면 ValueError."""
    check_choice(SCORES, attention=score)
    if score == "bilinear":
        return BilinearAttention(size, size)
    if score == "additive":
        return AdditiveAttention(size, size, size)
    return DotProductAttention(scaled=score == "scaled")
