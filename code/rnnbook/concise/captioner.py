"""그림 설명: 그림 하나에서 시작해 낱말을 차례로 쓴다.

장: chapters/patterns
출처: Vinyals, Toshev, Bengio & Erhan (2015)
"""

import torch
from torch import nn

from rnnbook.decoding import greedy
from rnnbook.seq2seq_inputs import check_inputs
from rnnbook.shapes import check_shape

from .checks import check_ids
from .functions import log_softmax
from .labeller import masked_cross_entropy
from .lstm import LSTM
from .module import Model


class PatchEncoder(Model):
    """조각의 특징 tanh(W x + b + 자리): (N, P, D) -> (N, P, F)"""

    def __init__(self, num_patches, patch_size, feature_size):
        super().__init__()
        self.linear = nn.Linear(patch_size, feature_size)
        self.position = nn.Parameter(
            0.1 * torch.randn(num_patches, feature_size))

    def forward(self, x):
        """모양이 (N, P, D)가 아니면 ValueError."""
        x = torch.as_tensor(x, dtype=self.position.dtype)
        P, D = len(self.position), self.linear.in_features
        check_shape(x, "조각", ("N", P, D))
        return torch.tanh(self.linear(x) + self.position)


class Captioner(Model):
    """그림을 읽고 설명을 쓰는 일대다 모형.

    배치는 `captions.encode`가 만든 `text_pairs.Batch`이다.
    """

    # LSTM과 선형층의 입력에 더 이어 붙이는 길이 H인 벡터의 수
    extra = 0

    def __init__(self, num_patches, patch_size, vocab_size,
                 embed_size, hidden_size):
        super().__init__()
        H = hidden_size
        self.encoder = PatchEncoder(num_patches, patch_size, H)
        self.start = nn.Linear(num_patches * H, 2 * H)
        self.embedding = nn.Embedding(vocab_size, embed_size)
        self.rnn = LSTM(embed_size + self.extra * H, H)
        self.head = nn.Linear((1 + self.extra) * H, vocab_size)

    def forward(self, patches, tokens):
        """patches (N, P, D), 앞의 낱말 tokens (N, T)

        -> 다음 낱말의 로짓 (N, T, V)
        토큰이 정수가 아니면 TypeError, 모양이나 범위가 틀리면
        ValueError.
        """
        tokens = check_inputs(tokens, len(patches))
        y, _ = self.write(self.embed(tokens), self.read(patches))
        return self.head(y)

    def embed(self, tokens):
        """번호 (N, T) -> 벡터 (N, T, E)

        정수가 아니면 TypeError, 범위가 틀리면 ValueError.
        """
        ids = check_ids(tokens, self.embedding.num_embeddings)
        return self.embedding(ids)

    def read(self, patches):
        """그림을 읽는다 -> 첫 상태 (h, c), 각 (1, N, H)"""
        return self.begin(self.encoder(patches))

    def begin(self, f):
        """조각의 특징 (N, P, F) -> 첫 상태"""
        first = torch.tanh(self.start(f.flatten(1)))
        return tuple(part.contiguous()
                     for part in first[None].chunk(2, dim=2))

    def write(self, x, state):
        """임베딩 x (N, T, E), 앞 상태 -> 출력, 마지막 상태"""
        return self.rnn(x, state)

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다. PAD는 세지 않는다."""
        self.zero_grad()
        logits = self(batch.source, batch.inputs)
        loss = masked_cross_entropy(logits, batch.answers)
        loss.backward()
        return loss.item(), None

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        """기울기 없이 손실만 구한다."""
        with self.evaluating():
            logits = self(batch.source, batch.inputs)
        loss = masked_cross_entropy(logits, batch.answers)
        return loss.item(), None

    @torch.no_grad()
    def describe(self, patches, *, max_steps):
        """탐욕 탐색으로 쓴 설명. 그림마다 번호의 리스트 하나다.

        patches (N, P, D). max_steps 안에 끝나지 않으면 자른다.
        """
        def step(tokens, rows, state):
            x = self.embed(tokens[:, None])
            y, state = self.write(x, state)
            return log_softmax(self.head(y)[:, 0]).numpy(), state

        with self.evaluating():
            return greedy(step, self.read(patches), len(patches),
                          max_steps)
