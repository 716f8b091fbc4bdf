"""입력과 답의 짝을 만들어 학습과 시험 자료로 나눈다."""

from itertools import chain
from typing import NamedTuple

from rnnbook.arguments import check_counts, check_rng


class Pairs(NamedTuple):
    """(입력, 답) 짝의 리스트 train과 test.

    같은 문제는 어느 쪽에든 한 번만 나온다. 답은 글이고, 입력은
    글이거나 그림이다.
    """

    train: list
    test: list

    @property
    def letters(self):
        """글에 나오는 글자를 모두 이은 글. 코드 값 순서다."""
        parts = chain(*self.train, *self.test)
        texts = [part for part in parts if isinstance(part, str)]
        return "".join(sorted(set("".join(texts))))


def split(draw, write, train, test, *, rng, total):
    """서로 다른 문제를 train개와 test개 뽑는다.

    draw()는 문제 하나를 무작위로 뽑고, write(문제)는 그것을
    (입력, 답)으로 적는다. total은 서로 다른 문제의 수다.
    train + test가 이보다 크거나 둘 중 하나라도 1보다 작으면
    ValueError, 정수가 아니거나 rng가 난수 생성기가 아니면
    TypeError.
    """
    check_counts(train=train, test=test)
    check_rng(rng)
    if train + test > total:
        raise ValueError(
            f"서로 다른 문제는 {total:,}개뿐입니다: "
            f"요청한 수 {train + test:,}개"
        )
    drawn = {}  # 뽑은 순서를 지키는 집합
    while len(drawn) < train + test:
        drawn[draw()] = True
    drawn = list(drawn)
    pairs = [write(drawn[i]) for i in rng.permutation(len(drawn))]
    return Pairs(pairs[:train], pairs[train:])
