"""CoNLL-U: 낱말마다 품사와 의존 관계를 적은 말뭉치의 형식.

낱말 하나가 한 줄이고, 탭으로 나눈 열 칸에 차례로 번호, 낱말, 원형,
품사(UPOS), 언어별 품사(XPOS), 자질, 지배소, 관계, 부가 관계, 기타를
적는다. #으로 시작하는 줄은 설명이고 빈 줄은 문장의 끝이다.

출처: https://universaldependencies.org/format.html
"""

from typing import NamedTuple

COLUMNS = 10


class Sentence(NamedTuple):
    """문장 하나: 낱말의 리스트와 품사(UPOS)의 리스트."""

    words: list
    tags: list


def read(text):
    """CoNLL-U 글(str) -> Sentence의 리스트.

    여러 낱말을 묶은 줄(1-2)과 생략된 낱말의 줄(1.1)은 건너뛴다.
    칸의 수가 다르거나 번호가 차례에 맞지 않거나 낱말이나 품사가
    비었으면 ValueError.
    """
    sentences, words, tags = [], [], []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        line = line.rstrip("\r")
        if not line:
            if words:
                sentences.append(Sentence(words, tags))
                words, tags = [], []
            continue
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != COLUMNS:
            raise ValueError(
                f"{number}번째 줄은 탭으로 나뉜 {COLUMNS}칸이어야 "
                f"합니다: 받은 칸 {len(fields)}개"
            )
        index, word, _, tag = fields[:4]
        if "-" in index or "." in index:
            continue
        if index != str(len(words) + 1):
            raise ValueError(
                f"{number}번째 줄의 번호는 {len(words) + 1}이어야 "
                f"합니다: 받은 번호 {index!r}"
            )
        if not word or tag in ("", "_"):
            raise ValueError(
                f"{number}번째 줄에는 낱말과 품사가 있어야 합니다: "
                f"받은 것 {word!r}, {tag!r}"
            )
        words.append(word)
        tags.append(tag)
    return sentences
