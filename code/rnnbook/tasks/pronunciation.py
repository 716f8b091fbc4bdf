"""한글로 적은 글을 표준 발음으로 바꾼다.

규칙은 `phonology`에 있다.
"""

import re
from itertools import chain, pairwise

from rnnbook.tasks.pairs import split
from rnnbook.tasks.phonology import PLAIN, RULES
from rnnbook.tasks.syllables import (
    CODAS,
    ONSETS,
    VOWELS,
    Syllable,
    syllables,
)
from rnnbook.text import SyllableTokenizer


def pronounce(text, *, linked=False):
    """글을 소리 나는 대로 적은 글: '국물' -> '궁물'.

    어절마다 따로 읽는다. linked가 참이면 빈칸을 사이에 둔
    어절을 이어 읽고 빈칸을 없앤다: '옷 한 벌' -> '오탄벌'.
    한글 음절이 아닌 글자는 그대로 두고 거기서 끊어 읽는다.
    """
    pieces = _pieces(text, linked)
    for rule in RULES.values():
        _apply(rule, pieces)
    return _join(pieces)


def explain(text, *, linked=False):
    """글을 바꾼 규칙과 바뀐 글: [(규칙의 이름, 글), …]."""
    pieces = _pieces(text, linked)
    steps, before = [], _join(pieces)
    for name, rule in RULES.items():
        _apply(rule, pieces)
        after = _join(pieces)
        if after != before:
            steps.append((name, after))
        before = after
    return steps


def _pieces(text, linked):
    """한글이 아닌 글과 이어 읽을 음절들을 번갈아 담는다."""
    text = "".join(SyllableTokenizer().split(text))
    unit = "([가-힣]+(?: [가-힣]+)*)" if linked else "([가-힣]+)"
    pieces = re.split(unit, text)
    pieces[1::2] = [_linked(words) for words in pieces[1::2]]
    return pieces


def _linked(words):
    """어절을 잇는다. 어절 끝 받침은 대표음이 된다."""
    words = [syllables(word) for word in words.split(" ")]
    for word in words[:-1]:
        word[-1].coda = PLAIN.get(word[-1].coda, word[-1].coda)
    return list(chain(*words))


def _apply(rule, pieces):
    for piece in pieces[1::2]:
        for a, b in pairwise([*piece, Syllable()]):
            rule(a, b)


def _join(pieces):
    return "".join(map(str, chain(*pieces)))


def pairs(train, test, *, rng, words=None):
    """(적은 글, 발음)의 짝: ("국물", "궁물").

    words는 낱말의 리스트다(예: 말뭉치의 어절).
    None이면 음절 둘에서 넷을 이어 낱말을 지어낸다. 지어낸
    음절의 절반쯤에는 받침이 있다.
    """
    if words is None:
        total = sum(11172**n for n in (2, 3, 4))
    else:
        words = sorted(set(words))
        total = len(words)

    def draw():
        if words is None:
            return _made_up(rng)
        return words[int(rng.integers(total))]

    def write(word):
        return word, pronounce(word)

    return split(draw, write, train, test, rng=rng, total=total)


def _made_up(rng):
    def one(sounds):
        return sounds[int(rng.integers(len(sounds)))]

    word = ""
    for _ in range(int(rng.integers(2, 5))):
        coda = one(CODAS[1:]) if rng.integers(2) else ""
        word += str(Syllable(one(ONSETS), one(VOWELS), coda))
    return word
