"""입출력 유형: 시퀀스에 답 하나(다대일), 토큰마다 답 하나(다대다).

장: chapters/patterns
모양 기호: N 배치, T 시점, K 한 자리의 토큰 수, C 답의 가짓수
"""

import numpy as np

from rnnbook.arguments import check_choice

from .labeller import Labeller, SumEmbedding
from .layers import Dropout, Linear
from .pooling import Pool
from .rnnlm import CELLS


class BagClassifier(Labeller):
    """임베딩의 평균 -> 선형층. 토큰의 순서를 보지 않는다.

    tokens (N, T[, K]), 길이 (N,) -> 로짓 (N, C)
    한 자리의 토큰 K개는 더하고, 자리 T개는 평균한다.
    출처: Joulin, Grave, Bojanowski & Mikolov (2017)
    """

    def __init__(self, vocab_size, embed_size, num_classes, *,
                 dropout=0.0, rng, dtype=np.float32):
        super().__init__()
        kinds = {"rng": rng, "dtype": dtype}
        embedding = SumEmbedding(vocab_size, embed_size, **kinds)
        self.embedding = self.adopt(embedding, "embedding.")
        self.drop_in = self.adopt(Dropout(dropout, rng=rng))
        self.pool = Pool("mean")
        self.head = self.adopt(
            Linear(embed_size, num_classes, **kinds), "head.")

    def forward(self, tokens, lengths=None):
        """길이가 없으면 모두 T로 본다."""
        x = self.drop_in(self.embedding(tokens))
        return self.head(self.pool(x, lengths))

    def backward(self, dlogits):
        """로짓의 기울기에서 모든 매개변수의 기울기를 구한다."""
        dx = self.pool.backward(self.head.backward(dlogits))
        self.embedding.backward(self.drop_in.backward(dx))


class Reader(Labeller):
    """임베딩 -> 순환층: 답을 붙이기에 앞서 시퀀스를 읽는 부분.

    tokens (N, T[, K]), 길이 (N,) -> y (N, T, H·방향 수)
    방향 수는 양방향이면 2, 아니면 1이다.
    cell이 CELLS에 없는 이름이면 ValueError.
    """

    def __init__(self, vocab_size, embed_size, hidden_size,
                 num_classes, *, cell="lstm", num_layers=1,
                 bidirectional=False, dropout=0.0, rng,
                 dtype=np.float32):
        super().__init__()
        check_choice(CELLS, cell=cell)
        kinds = {"rng": rng, "dtype": dtype}
        embedding = SumEmbedding(vocab_size, embed_size, **kinds)
        self.embedding = self.adopt(embedding, "embedding.")
        self.drop_in = self.adopt(Dropout(dropout, rng=rng))
        rnn = CELLS[cell](
            embed_size, hidden_size, num_layers, dropout=dropout,
            bidirectional=bidirectional, **kinds)
        self.rnn = self.adopt(rnn, "rnn.")
        self.drop_out = self.adopt(Dropout(dropout, rng=rng))
        size = hidden_size * (2 if bidirectional else 1)
        self.head = self.adopt(
            Linear(size, num_classes, **kinds), "head.")

    def read(self, tokens, lengths=None):
        """길이가 없으면 모두 T로 본다."""
        x = self.drop_in(self.embedding(tokens))
        return self.rnn(x, lengths=lengths)[0]

    def read_backward(self, dy):
        """dy (N, T, H·방향 수) -> 순환층과 임베딩의 기울기."""
        dx, _ = self.rnn.backward(dy)
        self.embedding.backward(self.drop_in.backward(dx))


class SequenceClassifier(Reader):
    """임베딩 -> 순환층 -> 풀링 -> 선형층: 시퀀스에 답 하나.

    tokens (N, T[, K]), 길이 (N,) -> 로짓 (N, C)
    pool은 last, mean, max 가운데 하나이다.
    """

    def __init__(self, *sizes, pool="last", bidirectional=False,
                 **options):
        options["bidirectional"] = bidirectional
        super().__init__(*sizes, **options)
        self.pool = Pool(pool, bidirectional=bidirectional)

    def forward(self, tokens, lengths=None):
        """시퀀스마다 벡터 하나로 모은 다음 로짓을 구한다."""
        y = self.pool(self.read(tokens, lengths), lengths)
        return self.head(self.drop_out(y))

    def backward(self, dlogits):
        """로짓의 기울기에서 모든 매개변수의 기울기를 구한다."""
        dy = self.drop_out.backward(self.head.backward(dlogits))
        self.read_backward(self.pool.backward(dy))


class SequenceTagger(Reader):
    """임베딩 -> 양방향 순환층 -> 선형층: 토큰마다 답 하나.

    tokens (N, T[, K]), 길이 (N,) -> 로짓 (N, T, C)
    """

    def __init__(self, *sizes, bidirectional=True, **options):
        options["bidirectional"] = bidirectional
        super().__init__(*sizes, **options)

    def forward(self, tokens, lengths=None):
        """시점마다 로짓을 구한다."""
        y = self.read(tokens, lengths)
        return self.head(self.drop_out(y))

    def backward(self, dlogits):
        """로짓의 기울기에서 모든 매개변수의 기울기를 구한다."""
        dy = self.drop_out.backward(self.head.backward(dlogits))
        self.read_backward(dy)
