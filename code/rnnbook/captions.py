"""그림과 설명의 짝을 배치로 바꾼다. 토큰은 어절이다.

장: chapters/patterns, chapters/attention

    made = scenes.pairs(4000, 500, rng=rng)
    vocab = vocabulary(made.train)
    data = encode(made.train, vocab)
    for batch in text_pairs.batches(data, 64, rng=rng): ...
"""

import numpy as np

from rnnbook import text_pairs
from rnnbook.tasks.scenes import patches
from rnnbook.text import WordTokenizer

TOKENIZER = WordTokenizer()


def vocabulary(pairs):
    """설명에 나오는 어절의 어휘."""
    return text_pairs.vocabulary(
        [word for _, text in pairs
         for word in TOKENIZER.split(text)])


def encode(pairs, vocab):
    """(그림, 설명)의 리스트를 `text_pairs.Batch`로 바꾼다.

    source는 정수가 아니라 그림의 조각 (N, P, D)이고, lengths는 모두
    P이다. 조각의 값은 흰 점이 0, 까만 점이 4가 되도록 바꾼다.
    """
    source = np.stack([patches(image) for image, _ in pairs])
    source = 4 * (1 - source)
    target, _ = text_pairs.pad(
        [[text_pairs.BOS, *vocab.encode(TOKENIZER.split(text)),
          text_pairs.EOS] for _, text in pairs], text_pairs.PAD)
    return text_pairs.Batch(source, target,
                            np.full(len(source), source.shape[1]))


def decode(ids, vocab):
    """번호의 리스트를 문장으로 바꾼다."""
    return TOKENIZER.join(vocab.decode(ids))
