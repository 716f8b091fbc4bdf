"""한 자리에 토큰 여러 개: n-그램과 어절의 앞뒤 조각.

토큰 하나만 보면 '재미'와 '재앙'의 '재'가 같다. 앞 글자까지 이은
n-그램이나 어절의 끝 조각을 함께 토큰으로 삼으면 자리마다 토큰이
K개가 되고, 모형은 그 임베딩을 더해서 쓴다.

    rows = ngrams("재미", 2)     # [["재", "^재"], ["미", "재미"]]
    vocab = Vocab(chain.from_iterable(rows))
    ids = encode(rows, vocab)    # (2, 2)

장: chapters/patterns
출처: Bojanowski, Grave, Joulin & Mikolov (2017)
"""

import re

import numpy as np

from rnnbook.arguments import check_counts, check_text

START = "^"   # 글의 첫머리


def ngrams(text, order):
    """자리마다 거기서 끝나는 1-그램부터 order-그램까지.

    글(str) -> 길이 T의 리스트, 원소는 토큰 order개의 리스트.
    글의 앞은 ^로 채운다. order가 1보다 작으면 ValueError, 정수가
    아니면 TypeError.
    """
    check_counts(order=order)
    text = START * (order - 1) + text
    return [[text[end - n : end] for n in range(1, order + 1)]
            for end in range(order, len(text) + 1)]


def affixes(word, size):
    """어절과 그 앞 조각, 뒤 조각: 모두 2·size + 1개.

    '여우가'와 2 -> ['여우가', '여-', '여우-', '-가', '-우가'].
    어절이 조각보다 짧으면 어절 전체가 조각이다. 어절이 비었거나
    size가 1보다 작으면 ValueError, 어절이 문자열이 아니거나 size가
    정수가 아니면 TypeError.
    """
    check_counts(size=size)
    word = check_text(word)
    sizes = range(1, size + 1)
    return [word, *(f"{word[:n]}-" for n in sizes),
            *(f"-{word[-n:]}" for n in sizes)]


def shorten(text, most=2):
    """되풀이된 글자를 most번까지만 남긴다: ㅋㅋㅋㅋ -> ㅋㅋ.

    줄바꿈은 그대로 둔다. most가 1보다 작으면 ValueError, 정수가
    아니면 TypeError.
    """
    check_counts(most=most)
    return re.sub(rf"(.)\1{{{most},}}", lambda m: m[1] * most, text)


def encode(rows, vocab):
    """토큰을 번호로 바꾼다: 토큰 K개짜리 T행 -> (T, K).

    행이 없거나 행마다 K가 다르면 ValueError.
    """
    sizes = {len(row) for row in rows}
    if len(sizes) != 1 or 0 in sizes:
        raise ValueError(
            "행이 하나 이상이고 토큰의 수가 모두 같아야 합니다: "
            f"받은 행 {len(rows)}개, 토큰의 수 {sorted(sizes)}"
        )
    ids = vocab.encode([token for row in rows for token in row])
    return np.array(ids).reshape(len(rows), -1)
