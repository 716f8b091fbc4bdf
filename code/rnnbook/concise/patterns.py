"""입출력 유형: 시퀀스에 답 하나(다대일), 토큰마다 답 하나(다대다).

장: chapters/patterns
모양 기호: N 배치, T 시점, K 한 자리의 토큰 수, C 답의 가짓수
"""

from torch import nn

from rnnbook.arguments import check_choice

from .labeller import Labeller, SumEmbedding
from .pooling import Pool
from .rnnlm import CELLS


class BagClassifier(Labeller):
    """임베딩의 평균 -> 선형층. 토큰의 순서를 보지 않는다.

    tokens (N, T[, K]), 길이 (N,) -> 로짓 (N, C)
    한 자리의 토큰 K개는 더하고, 자리 T개는 평균한다.
    출처: Joulin, Grave, Bojanowski & Mikolov (2017)
    """

    def __init__(self, vocab_size, embed_size, num_classes, *,
                 dropout=0.0):
        super().__init__()
        self.embedding = SumEmbedding(vocab_size, embed_size)
        self.drop, self.pool = nn.Dropout(dropout), Pool("mean")
        self.head = nn.Linear(embed_size, num_classes)

    def forward(self, tokens, lengths=None):
        """길이가 없으면 모두 T로 본다."""
        x = self.drop(self.embedding(tokens))
        return self.head(self.pool(x, lengths))


class Reader(Labeller):
    """임베딩 -> 순환층: 답을 붙이기에 앞서 시퀀스를 읽는 부분.

    tokens (N, T[, K]), 길이 (N,) -> y (N, T, H·방향 수)
    방향 수는 양방향이면 2, 아니면 1이다.
    cell이 CELLS에 없는 이름이면 ValueError.
    """

    def __init__(self, vocab_size, embed_size, hidden_size,
                 num_classes, *, cell="lstm", num_layers=1,
                 bidirectional=False, dropout=0.0):
        super().__init__()
        check_choice(CELLS, cell=cell)
        self.embedding = SumEmbedding(vocab_size, embed_size)
        self.drop = nn.Dropout(dropout)
        self.rnn = CELLS[cell](embed_size, hidden_size, num_layers,
                               bidirectional=bidirectional,
                               dropout=dropout)
        size = hidden_size * (2 if bidirectional else 1)
        self.head = nn.Linear(size, num_classes)

    def read(self, tokens, lengths=None):
        """길이가 없으면 모두 T로 본다."""
        x = self.drop(self.embedding(tokens))
        return self.rnn(x, lengths=lengths)[0]


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
        return self.head(self.drop(y))


class SequenceTagger(Reader):
    """임베딩 -> 양방향 순환층 -> 선형층: 토큰마다 답 하나.

    tokens (N, T[, K]), 길이 (N,) -> 로짓 (N, T, C)
    """

    def __init__(self, *sizes, bidirectional=True, **options):
        options["bidirectional"] = bidirectional
        super().__init__(*sizes, **options)

    def forward(self, tokens, lengths=None):
        """시점마다 로짓을 구한다."""
        return self.head(self.drop(self.read(tokens, lengths)))
