"""인코더와 디코더: 시퀀스를 읽는 순환층과 시퀀스를 쓰는 순환층.

장: chapters/seq2seq, chapters/attention
모양 기호: N 배치, S 입력의 길이, T 답의 길이, V 답의 어휘 크기
출처: Sutskever, Vinyals & Le (2014), Cho et al. (2014)
"""

import numpy as np

from rnnbook.arguments import check_choice

from .attention_scores import (
    AdditiveAttention,
    BilinearAttention,
    DotProductAttention,
)
from .layers import Dropout, Embedding, Linear
from .module import Module
from .rnnlm import CELLS

SCORES = "dot", "scaled", "bilinear", "additive"


class Encoder(Module):
    """인코더: 임베딩 -> 순환층.

    source (N, S), 길이 (N,) -> 출력 (N, S, H), 마지막 상태
    cell이 CELLS에 없는 이름이면 ValueError.
    """

    def __init__(self, vocab_size, embed_size, hidden_size, *,
                 cell="lstm", num_layers=1, dropout=0.0, rng,
                 dtype=np.float32):
        super().__init__()
        check_choice(CELLS, cell=cell)
        kinds = {"rng": rng, "dtype": dtype}
        self.embedding = self.adopt(
            Embedding(vocab_size, embed_size, **kinds), "embedding.")
        self.drop = self.adopt(Dropout(dropout, rng=rng))
        self.rnn = self.adopt(
            CELLS[cell](embed_size, hidden_size, num_layers,
                        dropout=dropout, **kinds), "rnn.")

    def forward(self, source, lengths=None):
        """길이가 없으면 모두 S로 본다."""
        x = self.drop(self.embedding(source.T))     # (S, N, E)
        return self.rnn(x.swapaxes(0, 1), lengths=lengths)

    def backward(self, dy, dstate):
        """출력 (N, S, H)과 마지막 상태의 기울기를 받는다."""
        dx, _ = self.rnn.backward(dy, dstate)
        self.embedding.backward(self.drop.backward(dx.swapaxes(0, 1)))


class Decoder(Module):
    """디코더: 임베딩 -> 순환층 (-> 어텐션) -> 선형층.

    peeky      인코더의 마지막 h를 모든 시점에서 순환층과 선형층에
               함께 넣는다(엿보는 디코더).
    attention  어텐션 점수의 이름: dot, scaled, bilinear, additive.
               순환층의 출력을 질의로 삼아 인코더의 출력에서 찾은
               것을 선형층에 함께 넣는다. 다음 시점의 입력에는 넣지
               않으므로 모든 시점을 한 번에 계산할 수 있다.
    cell이나 attention이 정해진 이름이 아니면 ValueError.
    출처: 어텐션은 Luong, Pham & Manning (2015). 논문은 선형층
          앞에 tanh(W [c; h])를 둔다.
    """

    def __init__(self, vocab_size, embed_size, hidden_size, *,
                 cell="lstm", num_layers=1, dropout=0.0, peeky=False,
                 attention=None, rng, dtype=np.float32):
        super().__init__()
        check_choice(CELLS, cell=cell)
        kinds, H = {"rng": rng, "dtype": dtype}, hidden_size
        self.peeky, self.embed_size = peeky, embed_size
        self.embedding = self.adopt(
            Embedding(vocab_size, embed_size, **kinds), "embedding.")
        self.drop_in = self.adopt(Dropout(dropout, rng=rng))
        self.rnn = self.adopt(
            CELLS[cell](embed_size + peeky * H, H, num_layers,
                        dropout=dropout, **kinds), "rnn.")
        self.drop_out = self.adopt(Dropout(dropout, rng=rng))
        self.attention = None
        if attention is not None:
            self.attention = self.adopt(
                build_attention(attention, H, **kinds), "attention.")
        parts = 1 + peeky + (attention is not None)
        self.head = self.adopt(
            Linear(parts * H, vocab_size, **kinds), "head.")

    def forward(self, tokens, state, memory):
        """tokens (N, T), 앞 상태, 인코더에서 온 것(memory)

        -> 로짓 (N, T, V), 마지막 상태, 어텐션 가중치 (N, T, S)
        memory는 (출력 (N, S, H), 마스크 (N, S), 마지막 h (N, H)).
        토큰이 정수가 아니면 TypeError, 범위 밖이면 ValueError.
        """
        outputs, mask, last = memory
        x = self.drop_in(self.embedding(tokens.T))  # (T, N, E)
        if self.peeky:
            last = np.broadcast_to(last, (len(x), *last.shape))
            x = np.concatenate([x, last], axis=2)
        y, state = self.rnn(x.swapaxes(0, 1), state)
        y, weights = self.drop_out(y), None
        parts = [y.swapaxes(0, 1)]
        if self.attention is not None:
            context, weights = self.attention(
                y, outputs, outputs, mask)
            parts.insert(0, context.swapaxes(0, 1))
        if self.peeky:
            parts.append(last)
        logits = self.head(np.concatenate(parts, axis=2))
        return logits.swapaxes(0, 1), state, weights

    def backward(self, dlogits):
        """로짓의 기울기 (N, T, V)

        -> 첫 상태의 기울기, 인코더 출력의 기울기, last의 기울기.
        쓰지 않은 것의 기울기는 None이다.
        """
        H, doutputs, dlast = self.rnn.hidden_size, None, None
        dparts = self.head.backward(dlogits.swapaxes(0, 1))
        dparts = np.split(dparts, dparts.shape[2] // H, axis=2)
        dy = dparts[self.attention is not None].swapaxes(0, 1)
        if self.attention is not None:
            dquery, dkey, dvalue = self.attention.backward(
                dparts[0].swapaxes(0, 1))
            dy, doutputs = dy + dquery, dkey + dvalue
        dx, dstate = self.rnn.backward(self.drop_out.backward(dy))
        dx = dx.swapaxes(0, 1)
        if self.peeky:
            dlast = dparts[-1].sum(axis=0)
            dlast += dx[:, :, self.embed_size:].sum(axis=0)
            dx = dx[:, :, :self.embed_size]
        self.embedding.backward(self.drop_in.backward(dx))
        return dstate, doutputs, dlast


def build_attention(score, size, *, rng, dtype):
    """이름에 맞는 어텐션을 만든다. SCORES에 없으면 ValueError."""
    check_choice(SCORES, attention=score)
    if score == "bilinear":
        return BilinearAttention(size, size, rng=rng, dtype=dtype)
    if score == "additive":
        return AdditiveAttention(size, size, size, rng=rng,
                                 dtype=dtype)
    return DotProductAttention(scaled=score == "scaled")
