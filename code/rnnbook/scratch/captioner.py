"""그림 설명: 그림 하나에서 시작해 낱말을 차례로 쓴다.

장: chapters/patterns
모양 기호: N 배치, P 조각의 수, D 조각의 성분, T 시점, V 어휘,
          F 특징, E 임베딩, H 은닉
출처: Vinyals, Toshev, Bengio & Erhan (2015)
"""

import numpy as np

from rnnbook.decoding import greedy
from rnnbook.seq2seq_inputs import check_inputs
from rnnbook.shapes import check_shape

from .functions import log_softmax
from .labeller import masked_cross_entropy
from .layers import Embedding, Linear
from .lstm import LSTM
from .module import Module


class PatchEncoder(Module):
    """조각의 특징 tanh(W x + b + 자리): (N, P, D) -> (N, P, F)

    ‘자리’는 조각의 자리마다 하나씩 학습하는 벡터이다.
    """

    def __init__(self, num_patches, patch_size, feature_size, *,
                 rng, dtype=np.float32):
        super().__init__()
        self.linear = self.adopt(
            Linear(patch_size, feature_size, rng=rng, dtype=dtype),
            "linear.")
        position = rng.normal(0, 0.1, (num_patches, feature_size))
        self.param("position", position.astype(dtype))
        self.f = None

    def forward(self, x):
        """모양이 (N, P, D)가 아니면 ValueError."""
        P, D = len(self.position), self.linear.weight.shape[1]
        check_shape(x, "조각", ("N", P, D))
        self.f = np.tanh(self.linear(x) + self.position)
        return self.f

    def backward(self, df):
        """특징의 기울기 (N, P, F). 그림에는 기울기가 없다."""
        da = df * (1 - self.f * self.f)
        self.grads["position"] += da.sum(axis=0)
        self.linear.backward(da)


class Captioner(Module):
    """그림을 읽고 설명을 쓰는 일대다 모형.

    조각의 특징을 모두 이어 LSTM의 첫 상태로 바꾼다(논문은 그림을
    첫 입력으로 넣는다). 그다음은 언어 모형과 같다: 앞 낱말을 읽고
    다음 낱말을 예측한다.
    배치는 `captions.encode`가 만든 `text_pairs.Batch`이다.
    """

    # LSTM과 선형층의 입력에 더 이어 붙이는 길이 H인 벡터의 수
    extra = 0

    def __init__(self, num_patches, patch_size, vocab_size,
                 embed_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__()
        kinds, H = {"rng": rng, "dtype": dtype}, hidden_size
        more = self.extra * H
        self.encoder = self.adopt(PatchEncoder(
            num_patches, patch_size, H, **kinds), "encoder.")
        self.start = self.adopt(Linear(
            num_patches * H, 2 * H, **kinds), "start.")
        self.embedding = self.adopt(Embedding(
            vocab_size, embed_size, **kinds), "embedding.")
        self.rnn = self.adopt(
            LSTM(embed_size + more, H, **kinds), "rnn.")
        self.head = self.adopt(
            Linear(H + more, vocab_size, **kinds), "head.")

    def forward(self, patches, tokens):
        """patches (N, P, D), 앞의 낱말 tokens (N, T)

        -> 다음 낱말의 로짓 (N, T, V)
        토큰이 정수가 아니면 TypeError, 모양이나 범위가 틀리면
        ValueError.
        """
        tokens = check_inputs(tokens, len(patches))
        x = self.embedding(tokens)
        y, _ = self.write(x, self.read(patches))
        return self.head(y)

    def backward(self, dlogits):
        """로짓의 기울기 (N, T, V)에서 모든 기울기를 구한다."""
        dy = self.head.backward(dlogits)
        dx, dstate = self.write_backward(dy)
        self.embedding.backward(dx)
        self.read_backward(dstate)

    def read(self, patches):
        """그림을 읽는다 -> 첫 상태 (h, c), 각 (1, N, H)"""
        f = self.encoder(patches)
        self.first = np.tanh(self.start(f.reshape(len(f), -1)))
        return tuple(np.split(self.first[None], 2, axis=2))

    def read_backward(self, dstate, df=0):
        """첫 상태의 기울기에서 그림을 읽는 쪽의 기울기를 구한다.

        df (N, P, F)는 특징이 다른 길로 받은 기울기이다.
        """
        ds = np.concatenate(dstate, axis=2)[0]
        ds *= 1 - self.first * self.first
        begun = self.start.backward(ds)
        shape = self.encoder.f.shape
        self.encoder.backward(begun.reshape(shape) + df)

    def write(self, x, state):
        """임베딩 x (N, T, E), 앞 상태 -> 출력, 마지막 상태"""
        return self.rnn(x, state)

    def write_backward(self, dy):
        """write를 미분한다 -> dx (N, T, E), 첫 상태의 기울기"""
        return self.rnn.backward(dy)

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다. PAD는 세지 않는다.

        토큰당 평균 손실(nat)과 None을 돌려준다.
        """
        self.zero_grad()
        logits = self(batch.source, batch.inputs)
        loss, dlogits = masked_cross_entropy(logits, batch.answers)
        self.backward(dlogits)
        return loss, None

    def evaluate(self, batch, state=None):
        """기울기 없이 손실만 구한다."""
        with self.evaluating():
            logits = self(batch.source, batch.inputs)
        return masked_cross_entropy(logits, batch.answers)[0], None

    def describe(self, patches, *, max_steps):
        """탐욕 탐색으로 쓴 설명. 그림마다 번호의 리스트 하나다.

        patches (N, P, D). max_steps 안에 끝나지 않으면 자른다.
        """
        def step(tokens, rows, state):
            x = self.embedding(tokens[:, None])
            y, state = self.write(x, state)
            return log_softmax(self.head(y)[:, 0]), state

        with self.evaluating():
            return greedy(step, self.read(patches), len(patches),
                          max_steps)
