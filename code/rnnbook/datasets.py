"""책에서 쓰는 글을 이름으로 불러온다.

    load("stories")          작은 이야기: 이 책을 위해 쓴 짧은 이야기. 패키지에 들어 있다.
    load("nsmc")             네이버 영화평 20만 건과 긍정·부정 표시. 내려받는다.
    load("tinyshakespeare")  셰익스피어 희곡, 영어. 내려받는다.
    load("timemachine")      웰스의 소설 『타임머신』, 영어. 내려받는다.

자료마다 data/<이름>.card.toml에 제목, 지은이, 이용 허락, 내려받을 주소와 해시를 적어 두었다.
내려받은 파일은 캐시에 두고 다음부터는 인터넷 없이 읽는다(`rnnbook.download` 참고).
"""

import csv
import hashlib
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rnnbook.download import Source, fetch, sha256

DATA = Path(__file__).parent / "data"
HELD_OUT = 10  # 이야기 열 편에 한 편꼴로 검증 자료로 남긴다


class Review(NamedTuple):
    """영화평 하나: 글과 표시(긍정 1, 부정 0)."""

    text: str
    label: int


@dataclass(frozen=True, repr=False)
class DataSet:
    """이름과 카드(제목, 지은이, 이용 허락)가 붙은 자료."""

    name: str
    card: dict

    @property
    def kind(self):
        """자료가 온 곳: 패키지에 들어 있으면 bundled, 내려받았으면 downloaded."""
        return "downloaded" if "files" in self.card else "bundled"

    def __repr__(self):
        where = {"bundled": "패키지에 든 글", "downloaded": "내려받은 글"}[self.kind]
        return f"{self.card['title']}: {where}({self.kind}), {self.size()}"


@dataclass(frozen=True, repr=False)
class Texts(DataSet):
    """글 모음. documents는 글의 리스트, text는 그 글을 모두 이은 것, train과 valid는 나눈 것."""

    documents: list
    text: str
    train: str
    valid: str

    def size(self):
        """얼마나 되는지: 글자 수."""
        return f"{len(self.text):,}글자"


@dataclass(frozen=True, repr=False)
class Reviews(DataSet):
    """표시가 붙은 글 모음. train과 test는 `Review`의 리스트다."""

    train: list
    test: list

    @property
    def rows(self):
        """train과 test를 이은 것."""
        return self.train + self.test

    @property
    def documents(self):
        """영화평마다 글 하나."""
        return [row.text for row in self.rows]

    @property
    def text(self):
        """모든 글을 줄바꿈으로 이은 것."""
        return "\n".join(self.documents)

    def size(self):
        """얼마나 되는지: 영화평의 수."""
        return f"학습 {len(self.train):,}건, 시험 {len(self.test):,}건"


def load(name, *, cache=None):
    """이름에 맞는 자료를 돌려준다. cache는 내려받은 파일을 둘 폴더다.

    모르는 이름이면 ValueError, 파일을 얻지 못하면 `download.DownloadError`.
    """
    names = sorted(path.name.removesuffix(".card.toml") for path in DATA.glob("*.card.toml"))
    if name not in names:
        raise ValueError(f"모르는 자료 이름입니다: {name!r}. 쓸 수 있는 이름: {', '.join(names)}")
    card = tomllib.loads((DATA / f"{name}.card.toml").read_text("utf-8"))
    if name == "stories":
        return _stories(card)
    raw = [fetch(source, cache).read_bytes().decode("utf-8") for source in sources(card)]
    if name == "nsmc":
        return Reviews(name, card, *map(_reviews, raw))
    (text,) = raw
    cut = len(text) * 9 // 10
    return Texts(name, card, [text], text, text[:cut], text[cut:])


def sources(card):
    """카드에 적힌, 내려받을 파일들."""
    return [Source(**file) for file in card.get("files", [])]


def _reviews(text):
    """NSMC의 TSV를 읽는다. 글이 없는 줄(모두 8건)은 뺀다.

    따옴표는 묶는 기호가 아니라 글의 일부다(csv.QUOTE_NONE).
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    next(rows)  # id, document, label
    return [Review(document, int(label)) for _, document, label in rows if document]


def _stories(card):
    path = DATA / "stories.txt"
    if sha256(path) != card["sha256"]:
        raise RuntimeError(
            f"패키지에 든 글이 바뀌었습니다: {path} (해시가 카드에 적힌 것과 다릅니다). "
            "rnnbook을 다시 설치하십시오."
        )
    documents = path.read_text("utf-8").strip("\n").split("\n\n")
    train = [story for story in documents if not held_out(story)]
    valid = [story for story in documents if held_out(story)]
    whole, train, valid = ("\n\n".join(part) + "\n" for part in (documents, train, valid))
    return Texts("stories", card, documents, whole, train, valid)


def held_out(story):
    """이 이야기를 검증에 쓸지 제목(첫 줄)의 해시로 정한다.

    그래서 다른 이야기를 보태거나 빼도 이 이야기가 속한 쪽은 바뀌지 않는다.
    """
    title = story.split("\n", 1)[0]
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % HELD_OUT == 0
