"""순환 언어 모형: 지금까지 읽은 토큰으로 다음 토큰의 확률을 구한다.

장: chapters/rnn, chapters/lstm
"""

import numpy as np

from rnnbook.arguments import check_choice
from rnnbook.sampling import check_sampling, choose

from .functions import cross_entropy
from .gru import GRU, ChoGRU
from .layers import Dropout, Embedding, Linear
from .lstm import LSTM
from .lstm_variants import CoupledLSTM, PeepholeLSTM
from .module import Module
from .rnn import RNN
from .rnn_variants import ReluRNN

CELLS = {"rnn": RNN, "relu": ReluRNN, "gru": GRU, "cho": ChoGRU, "lstm": LSTM,
         "peephole": PeepholeLSTM, "coupled": CoupledLSTM}


class RNNLM(Module):
    """임베딩 -> 순환층 -> 선형층. tokens (N, T) -> logits (N, T, V).

    embed_size=None이면 임베딩 없이 원-핫 벡터를 바로 순환층에 넣는다.
    모르는 cell이거나 인자의 모양이나 범위가 틀리면 ValueError,
    토큰이 정수가 아니면 TypeError.
    """

    def __init__(self, vocab_size, embed_size, hidden_size, *, cell="lstm", num_layers=1,
                 dropout=0.0, rng, dtype=np.float32):
        super().__init__()
        check_choice(CELLS, cell=cell)
        self.vocab_size, kinds = vocab_size, {"rng": rng, "dtype": dtype}
        self.embedding = None
        if embed_size is not None:
            self.embedding = self.adopt(Embedding(vocab_size, embed_size, **kinds), "embedding.")
        self.drop_in = self.adopt(Dropout(dropout, rng=rng))
        size = vocab_size if embed_size is None else embed_size
        self.rnn = self.adopt(CELLS[cell](size, hidden_size, num_layers, dropout=dropout, **kinds),
                              "rnn.")
        self.drop_out = self.adopt(Dropout(dropout, rng=rng))
        self.head = self.adopt(Linear(hidden_size, vocab_size, **kinds), "head.")

    def forward(self, tokens, state=None):
        """tokens (N, T) 정수 -> logits (N, T, V), 마지막 상태."""
        tokens = np.asarray(tokens)
        if tokens.dtype.kind not in "iu":
            raise TypeError(f"토큰은 정수여야 합니다: 받은 자료형 {tokens.dtype}")
        if tokens.ndim != 2 or not tokens.size:
            raise ValueError(f"토큰은 비어 있지 않은 (N, T)여야 합니다: 받은 모양 {tokens.shape}")
        x = tokens.T                                   # 안에서는 시간이 먼저: (T, N)
        if self.embedding is not None:
            x = self.drop_in(self.embedding(x))
        y, state = self.rnn(x.swapaxes(0, 1), state)
        logits = self.head(self.drop_out(y.swapaxes(0, 1)))
        return logits.swapaxes(0, 1), state

    def backward(self, dlogits):
        """로짓의 기울기 (N, T, V) -> 모든 매개변수의 기울기."""
        dy = self.drop_out.backward(self.head.backward(dlogits.swapaxes(0, 1)))
        dx, _ = self.rnn.backward(dy.swapaxes(0, 1))
        if self.embedding is not None:
            self.embedding.backward(self.drop_in.backward(dx.swapaxes(0, 1)))

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다.

        (x, y) 각 (N, T) -> 토큰당 손실(nat), 마지막 상태
        기울기는 grads에 남고, 갱신은 옵티마이저가 한다.
        """
        tokens, targets = batch
        self.zero_grad()
        logits, state = self(tokens, state)
        loss, dlogits = cross_entropy(logits, targets, in_place=True)
        self.backward(dlogits)
        return loss, state

    def evaluate(self, batch, state=None):
        """기울기 없이 손실(nat)만 구한다. 드롭아웃은 꺼진다."""
        tokens, targets = batch
        with self.evaluating():
            logits, state = self(tokens, state)
        return cross_entropy(logits, targets, in_place=True)[0], state

    def generate(self, ids, steps, *, temperature=1.0, top_k=None,
                 rng=None):
        """ids 뒤에 토큰 steps개를 이어 쓴다.

        temperature가 0이면 확률이 가장 높은 토큰을 고르고,
        클수록 확률이 낮은 토큰도 자주 고른다.
        top_k를 주면 확률이 높은 k개 가운데에서만 고른다.
        새로 쓴 번호만 리스트로 돌려준다.
        """
        check_sampling(ids, steps, temperature, top_k, rng)
        state, tokens, new = None, list(ids), []
        with self.evaluating():
            for _ in range(steps):
                # 처음에만 ids 전체를 읽는다
                logits, state = self([tokens], state)
                last = logits[0, -1]
                tokens = [choose(last, temperature, top_k, rng)]
                new += tokens
        return new
