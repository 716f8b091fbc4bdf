"""시퀀스에서 시퀀스로: 인코더의 마지막 상태에서 디코더가 답을 쓴다.

장: chapters/seq2seq
"""

import numpy as np
import torch

from rnnbook.decoding import beam_search, check_search, greedy
from rnnbook.scheduled_sampling import draw, mix
from rnnbook.seq2seq_inputs import arrange, check_inputs, read
from rnnbook.states import hidden, pick

from .encoder_decoder import Decoder, Encoder
from .functions import log_softmax
from .labeller import masked_cross_entropy
from .module import Model


class Seq2Seq(Model):
    """인코더–디코더. 배치는 `text_pairs.Batch`이다."""

    def __init__(self, source_size, target_size, embed_size,
                 hidden_size, *, reverse=False, peeky=False,
                 attention=None, **options):
        super().__init__()
        self.reverse = reverse
        self.encoder = Encoder(source_size, embed_size, hidden_size,
                               **options)
        self.decoder = Decoder(target_size, embed_size, hidden_size,
                               peeky=peeky, attention=attention,
                               **options)

    def encode(self, source, lengths=None):
        """source (N, S), 길이 (N,) -> 디코더의 첫 상태, memory."""
        source, lengths, mask = read(source, lengths, self.reverse)
        outputs, state = self.encoder(source, lengths)
        mask = mask if mask is None else torch.from_numpy(mask)
        return state, (outputs, mask, hidden(state)[-1])

    def forward(self, source, tokens, lengths=None):
        """source (N, S), 디코더의 입력 tokens (N, T), 길이 (N,)

        -> 로짓 (N, T, V), 어텐션 가중치 (N, T, S)
        가중치는 인코더가 읽은 순서이고, 어텐션이 없으면 None이다.
        모양이 다르면 ValueError, 정수가 아니면 TypeError.
        """
        state, memory = self.encode(source, lengths)
        tokens = check_inputs(tokens, len(source))
        logits, _, weights = self.decoder(tokens, state, memory)
        return logits, weights

    def train_step(self, batch, state=None, *, ratio=1.0, rng=None):
        """배치 하나의 손실과 기울기를 구한다. PAD는 세지 않는다.

        토큰당 평균 손실(nat)과 None을 돌려준다. 디코더의 입력은
        ratio의 확률로 정답이고, 나머지는 모형이 고른 토큰이다.
        1이면 교사 강요이고, 1보다 작으면 rng가 있어야 한다.
        0과 1 사이가 아니면 ValueError.
        """
        inputs = batch.inputs
        if ratio != 1:
            keep = draw(inputs.shape, ratio, rng)
            with self.evaluating(), torch.no_grad():
                state, step = self.start(batch.source, batch.lengths)
                inputs = mix(step, state, inputs, keep)
        self.zero_grad()
        logits, _ = self(batch.source, inputs, batch.lengths)
        loss = masked_cross_entropy(logits, batch.answers)
        loss.backward()
        return loss.item(), None

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        """정답을 넣었을 때의 손실(nat). 드롭아웃은 꺼진다."""
        with self.evaluating():
            logits, _ = self(batch.source, batch.inputs,
                             batch.lengths)
        loss = masked_cross_entropy(logits, batch.answers)
        return loss.item(), None

    def start(self, source, lengths=None, width=1):
        """`decoding`의 탐색에 줄 첫 상태와 step을 만든다.

        source (N, S). 입력 하나가 width줄을 차지한다.
        """
        state, memory = self.encode(source, lengths)
        if width > 1:
            rows = np.arange(len(source)).repeat(width)
            state = pick(state, rows)
            memory = [part if part is None else part[rows]
                      for part in memory]

        def step(tokens, rows, state):
            logits, state, _ = self.decoder(
                tokens[:, None], pick(state, rows), memory)
            return log_softmax(logits[:, 0]).numpy(), state

        return state, step

    @torch.no_grad()
    def translate(self, source, lengths=None, *, max_steps, width=1,
                  alpha=1.0):
        """source (N, S)의 답 N개. <eos> 앞까지의 번호 리스트다.

        width가 1이면 탐욕 탐색, 크면 빔 탐색이다(`decoding`).
        정수여야 할 값이 정수가 아니면 TypeError, 모양이나 범위가
        틀리면 ValueError.
        """
        check_search(max_steps, width, alpha)
        with self.evaluating():
            state, step = self.start(source, lengths, width)
            if width == 1:
                return greedy(step, state, len(source), max_steps)
            return beam_search(step, state, len(source), max_steps,
                               width=width, alpha=alpha)[0]

    @torch.no_grad()
    def align(self, batch):
        """답을 쓸 때 입력의 어디를 보았는지: 가중치 (N, T, S).

        정답을 넣어 구한다. 어텐션이 없는 모형이면 ValueError.
        """
        with self.evaluating():
            _, weights = self(batch.source, batch.inputs,
                              batch.lengths)
        return arrange(weights, batch.lengths, self.reverse)
