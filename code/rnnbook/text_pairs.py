"""글의 짝을 번호로 바꾸고 배치로 나눈다.

장: chapters/seq2seq

짝은 (입력, 답, …)이다. 입력과 답은 문자열이거나 토큰의 리스트다.
문자열이면 글자 하나가 토큰 하나다. 예:

    made = numbers.pairs(1000, 100, rng=rng)
    sources, targets = vocabularies(made.train)
    data = encode(made.train, sources, targets)
    for batch in batches(data, 32, rng=rng): ...
"""

from itertools import chain
from typing import NamedTuple

import numpy as np

from rnnbook.arguments import check_counts
from rnnbook.batching import NO_ANSWER, pad
from rnnbook.language_models import Batches
from rnnbook.text import UNK as UNKNOWN
from rnnbook.text import Vocab

UNK, PAD, BOS, EOS = range(4)  # 모든 어휘에서 같은 번호
SPECIALS = UNKNOWN, "<pad>", "<bos>", "<eos>"


class Batch(NamedTuple):
    """번호로 바꾼 짝. 짧은 줄의 뒤는 PAD로 채운다.

    source (N, S)   입력
    target (N, T+1) <bos>로 시작하고 <eos>로 끝나는 답
    lengths (N,)    입력의 길이
    """

    source: np.ndarray
    target: np.ndarray
    lengths: np.ndarray

    @property
    def inputs(self):
        """디코더의 입력 (N, T): 답에서 마지막 자리를 뺀 것."""
        return self.target[:, :-1]

    @property
    def answers(self):
        """디코더가 맞힐 토큰 (N, T). PAD 자리는 NO_ANSWER이다."""
        return np.where(self.target == PAD, NO_ANSWER,
                        self.target)[:, 1:]


def vocabularies(pairs, *, min_count=1):
    """입력의 어휘와 답의 어휘. 특수 토큰 넷이 맨 앞에 있다."""
    return [vocabulary(chain(*(pair[side] for pair in pairs)),
                       min_count=min_count) for side in (0, 1)]


def vocabulary(tokens, *, min_count=1):
    """토큰들의 어휘. `SPECIALS` 다음은 자주 나온 순서다."""
    kept = Vocab(tokens, min_count=min_count, unk=None).tokens
    return Vocab.from_dict({"tokens": [*SPECIALS, *kept],
                            "unk": UNKNOWN})


def encode(pairs, source_vocab, target_vocab):
    """짝들을 번호로 바꾼 `Batch`. 빈 입력이 있으면 ValueError."""
    source, lengths = pad([source_vocab.encode(pair[0])
                           for pair in pairs], PAD)
    target, _ = pad([[BOS, *target_vocab.encode(pair[1]), EOS]
                     for pair in pairs], PAD)
    return Batch(source, target, lengths)


def batches(data, batch_size, *, rng=None, similar=False):
    """`Batch`를 batch_size줄씩 나눈다. 몇 번이고 다시 돌 수 있다.

    rng를 주면 에포크마다 순서를 섞는다. similar가 참이면 입력의
    길이가 비슷한 것끼리 묶는다. 나눈 뒤에는 모든 줄에서 PAD인
    끝자리를 잘라 낸다. batch_size가 1보다 작으면 ValueError, 정수가
    아니면 TypeError.
    """
    check_counts(batch_size=batch_size)
    count = len(data.lengths)
    starts = range(0, count, batch_size)

    def make():
        order, turns = np.arange(count), np.array(starts)
        if rng is not None:
            order, turns = rng.permutation(count), rng.permutation(turns)
        if similar:
            near = np.argsort(data.lengths[order], kind="stable")
            order = order[near]
        for start in turns:
            yield trim(data, order[start:start + batch_size])

    return Batches(make, len(starts))


def trim(data, rows):
    """고른 줄들. 모든 줄에서 PAD인 끝자리는 잘라 낸다."""
    source, target, lengths = (part[rows] for part in data)
    wide = (target != PAD).sum(axis=1).max()
    return Batch(source[:, :lengths.max()], target[:, :wide], lengths)
