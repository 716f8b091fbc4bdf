"""순환 언어 모형: 지금까지의 토큰을 보고 다음 토큰의 확률을 계산한다."""

import torch
from torch import nn
from torch.nn import functional as F

from rnnbook.arguments import check_choice
from rnnbook.sampling import check_sampling, choose

from .checks import check_ids
from .functions import cross_entropy
from .gru import GRU, ChoGRU
from .lstm import LSTM, CoupledLSTM, PeepholeLSTM
from .module import Model
from .rnn import RNN
from .rnn_variants import ReluRNN

CELLS = {"rnn": RNN, "relu": ReluRNN, "gru": GRU, "cho": ChoGRU, "lstm": LSTM,
         "peephole": PeepholeLSTM, "coupled": CoupledLSTM}


class RNNLM(Model):
    """임베딩 -> 순환층 -> 선형층. tokens (N, T) -> logits (N, T, V).

    embed_size=None이면 임베딩 없이 원-핫 벡터를 바로 순환층에 넣는다.
    """

    def __init__(self, vocab_size, embed_size, hidden_size, *, cell="lstm", num_layers=1,
                 dropout=0.0):
        super().__init__()
        check_choice(CELLS, cell=cell)
        self.vocab_size = vocab_size
        self.embedding = None if embed_size is None else nn.Embedding(vocab_size, embed_size)
        size = vocab_size if embed_size is None else embed_size
        self.rnn = CELLS[cell](size, hidden_size, num_layers, dropout=dropout)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(hidden_size, vocab_size)

    def forward(self, tokens, state=None):
        """tokens (N, T) 정수 -> logits (N, T, V), 마지막 상태."""
        tokens = check_ids(tokens, self.vocab_size)
        if tokens.ndim != 2 or not tokens.numel():
            raise ValueError("토큰은 비어 있지 않은 (N, T)여야 합니다: "
                             f"받은 모양 {tuple(tokens.shape)}")
        if self.embedding is None:
            x = F.one_hot(tokens, self.vocab_size).to(self.head.weight.dtype)
        else:
            x = self.drop(self.embedding(tokens))
        y, state = self.rnn(x, state)
        return self.head(self.drop(y)), state

    def train_step(self, batch, state=None):
        """배치 (x, y)의 손실과 기울기를 구한다. x, y (N, T)

        토큰당 손실(nat)과 마지막 상태를 돌려준다.
        매개변수는 나중에 옵티마이저가 갱신한다.
        """
        tokens, targets = batch
        self.zero_grad()
        logits, state = self(tokens, state)
        loss = cross_entropy(logits, targets)
        loss.backward()
        return loss.item(), detach(state)

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        """기울기 없이 손실(nat)만 구한다. 드롭아웃은 꺼진다."""
        tokens, targets = batch
        with self.evaluating():
            logits, state = self(tokens, state)
        return cross_entropy(logits, targets).item(), state

    @torch.no_grad()
    def generate(self, ids, steps, *, temperature=1.0, top_k=None, rng=None):
        """ids 뒤에 토큰 steps개를 이어 쓴다.

        temperature가 0이면 확률이 가장 높은 토큰을 고르고,
        클수록 확률이 낮은 토큰도 자주 고른다.
        top_k를 주면 확률이 높은 k개 가운데에서만 고른다.
        새로 쓴 번호만 리스트로 돌려준다. rng는 NumPy의 것이다.
        """
        check_sampling(ids, steps, temperature, top_k, rng)
        state, tokens, new = None, list(ids), []
        with self.evaluating():
            for _ in range(steps):
                logits, state = self([tokens], state)      # 처음에는 첫머리를 통째로
                tokens = [choose(logits[0, -1].numpy(force=True), temperature, top_k, rng)]
                new += tokens
        return new


def detach(state):
    """상태를 계산 그래프에서 떼어 낸다. 기울기가 지난 배치까지 거슬러 가지 않게 한다."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
