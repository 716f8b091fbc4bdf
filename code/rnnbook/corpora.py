"""불러온 자료를 담는 꼴: 글 모음, 줄 모음, 시계열.

자료에는 이름과 카드(제목, 지은이, 이용 허락)가 붙고, repr은
그 자료가 어디서 왔는지를 밝힌다. 한번 만든 자료는 바꾸지 못한다.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from rnnbook.tasks.pairs import Pairs

# 카드에 이 항목이 있으면 그 종류다. 아무것도 없으면 bundled.
KINDS = {
    "files": "downloaded",
    "package": "packaged",
    "generator": "generated",
}
PLACES = {
    "bundled": "이 패키지에 든 자료",
    "packaged": "다른 패키지에 든 자료",
    "generated": "규칙으로 만든 자료",
    "downloaded": "내려받은 자료",
}


def kind_of(card):
    """카드가 말하는 자료의 종류: `PLACES`의 네 이름 가운데 하나."""
    found = [kind for key, kind in KINDS.items() if key in card]
    return found[0] if found else "bundled"


@dataclass(frozen=True, repr=False)
class DataSet:
    """이름과 카드(제목, 지은이, 이용 허락)가 붙은 자료."""

    name: str
    card: dict

    @property
    def kind(self):
        """자료가 온 곳: bundled, packaged, generated, downloaded."""
        return kind_of(self.card)

    def __repr__(self):
        where = f"{PLACES[self.kind]}({self.kind})"
        return f"{self.card['title']}: {where}, {self.size()}"


@dataclass(frozen=True, repr=False)
class Texts(DataSet):
    """글 모음: 이어서 읽는 자료.

    documents는 글의 리스트, text는 그 글을 모두 이은 것,
    train과 valid는 text를 학습과 검증으로 나눈 것이다.
    """

    documents: list
    text: str
    train: str
    valid: str

    def size(self):
        """자료의 크기: 글자 수."""
        return f"{len(self.text):,}글자"


@dataclass(frozen=True, repr=False)
class Rows(DataSet):
    """줄 모음. train, valid, test는 줄의 리스트다.

    검증 자료를 따로 두지 않은 자료는 valid가 비어 있다.
    """

    train: list
    test: list
    valid: list = field(default_factory=list)

    @property
    def rows(self):
        """train, valid, test를 차례로 이은 것."""
        return self.train + self.valid + self.test

    def size(self):
        """자료의 크기: 학습, 검증, 시험 자료에 든 줄의 수."""
        parts = {"학습": self.train, "검증": self.valid, "시험": self.test}
        return ", ".join(
            f"{name} {len(part):,}건"
            for name, part in parts.items() if part
        )


@dataclass(frozen=True, repr=False)
class Reviews(Rows):
    """표시가 붙은 글 모음. 줄은 `Review`다."""

    @property
    def documents(self):
        """영화평마다 글 하나."""
        return [row.text for row in self.rows]

    @property
    def text(self):
        """모든 글을 줄바꿈으로 이은 것."""
        return "\n".join(self.documents)


@dataclass(frozen=True, repr=False)
class Problems(Rows):
    """규칙으로 만든 문제 모음. 줄은 (입력, 답)이다."""

    @property
    def letters(self):
        """나오는 글자를 모두 이은 글. 코드 값 순서다."""
        return Pairs(self.train, self.test).letters


@dataclass(frozen=True, repr=False)
class TimeSeries(DataSet):
    """시점의 간격이 일정한 시계열.

    times (T,)는 시점, values (T,)는 값이다. filled (T,)는 측정한
    값이 없어 앞뒤의 값으로 채운 시점에서 참이다.
    """

    times: object
    values: object
    filled: object

    def size(self):
        """자료의 크기: 시점의 수, 첫 시점과 마지막 시점."""
        first, last = self.times[0], self.times[-1]
        return f"{len(self.times):,}시점({first}~{last})"


class Review(NamedTuple):
    """영화평 하나: 글과 표시(긍정 1, 부정 0)."""

    text: str
    label: int


class Translation(NamedTuple):
    """영어와 한국어의 짝. attribution은 지은이를 밝히는 글이다.

    짝을 옮겨 실을 때는 attribution도 함께 적어야 한다.
    """

    english: str
    korean: str
    attribution: str
