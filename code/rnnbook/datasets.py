"""책에서 쓰는 글을 이름으로 불러온다.

    load("stories")          작은 이야기: 이 책을 위해 쓴 짧은 이야기. 꾸러미에 들어 있다(bundled).
    load("nsmc")             네이버 영화평 20만 건과 긍정·부정 표시. 내려받는다(downloaded).
    load("tinyshakespeare")  셰익스피어 희곡의 영어 글. 내려받는다.
    load("timemachine")      웰스의 소설 『타임머신』의 영어 글. 내려받는다.

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
HELD_OUT = 10  # 이야기 열 편 가운데 한 편꼴로 검증에 남긴다

_RAW = "https://raw.githubusercontent.com"
_NSMC = f"{_RAW}/e9t/nsmc/cc0670e872d4ac27bfe36c87456783004b39ef6c"
SOURCES = {
    "nsmc": [
        Source(
            "ratings_train.txt",
            f"{_NSMC}/ratings_train.txt",
            "e03b7d14e9e41be8d464a28057cd25d7396c53e67aa7fd5f7e552c59b0ee2940",
            14_628_807,
        ),
        Source(
            "ratings_test.txt",
            f"{_NSMC}/ratings_test.txt",
            "8ac9f64052f11dbf6ae0acb5e038f03d90a76f0eda7820cfb3a92d02edfcebda",
            4_893_335,
        ),
    ],
    "tinyshakespeare": [
        Source(
            "tinyshakespeare.txt",
            f"{_RAW}/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e"
            "/data/tinyshakespeare/input.txt",
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
            1_115_394,
        )
    ],
    "timemachine": [
        Source(
            "timemachine.txt",
            "http://d2l-data.s3-accelerate.amazonaws.com/timemachine.txt",
            "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516",
            178_979,
        )
    ],
}
CARDS = {
    "nsmc": {
        "title": "네이버 영화평(NSMC)",
        "author": "Lucy Park (github.com/e9t/nsmc)",
        "licence": "CC0-1.0",
    },
    "tinyshakespeare": {
        "title": "작은 셰익스피어",
        "author": "William Shakespeare, Andrej Karpathy 엮음",
        "licence": "public domain",
    },
    "timemachine": {
        "title": "타임머신(D2L 교재의 판)",
        "author": "H. G. Wells",
        "licence": "public domain",
    },
}


class Review(NamedTuple):
    """영화평 하나: 글과 표시(긍정 1, 부정 0)."""

    text: str
    label: int


@dataclass(frozen=True, repr=False)
class Texts:
    """글 모음. documents(글마다 문자열)와 text(이어 붙인 글), 학습 글 train, 검증 글 valid."""

    name: str
    kind: str
    card: dict
    documents: list
    text: str
    train: str
    valid: str

    def __repr__(self):
        return f"{self.card['title']}: {_KIND[self.kind]}, {len(self.text):,}글자"


@dataclass(frozen=True, repr=False)
class Reviews:
    """표시가 붙은 글 모음. train과 test는 `Review`의 리스트이고 rows는 둘을 이은 것이다."""

    name: str
    kind: str
    card: dict
    train: list
    test: list

    @property
    def rows(self):
        return self.train + self.test

    @property
    def documents(self):
        """평마다 글 하나."""
        return [row.text for row in self.rows]

    @property
    def text(self):
        return "\n".join(self.documents)

    def __repr__(self):
        counts = f"학습 {len(self.train):,}건, 시험 {len(self.test):,}건"
        return f"{self.card['title']}: {_KIND[self.kind]}, {counts}"


_KIND = {"bundled": "꾸러미에 든 글(bundled)", "downloaded": "내려받은 글(downloaded)"}


def load(name, *, cache=None):
    """이름에 맞는 자료를 돌려준다. cache는 내려받은 파일을 둘 폴더다.

    모르는 이름이면 ValueError, 파일을 얻지 못하면 `download.DownloadError`를 낸다.
    """
    if name == "stories":
        return _stories()
    if name not in SOURCES:
        names = ", ".join(["stories", *SOURCES])
        raise ValueError(f"모르는 자료 이름입니다: {name!r}. 쓸 수 있는 이름: {names}")
    raw = [fetch(source, cache).read_bytes().decode("utf-8") for source in SOURCES[name]]
    if name == "nsmc":
        return Reviews(name, "downloaded", CARDS[name], *(_reviews(text) for text in raw))
    (text,) = raw
    cut = len(text) * 9 // 10
    return Texts(name, "downloaded", CARDS[name], [text], text, text[:cut], text[cut:])


def _reviews(text):
    """NSMC의 TSV를 읽는다.

    따옴표는 묶는 기호가 아니라 글의 일부로 본다(csv.QUOTE_NONE). 글이 빈 8건은 뺀다.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    next(rows)  # id, document, label
    return [Review(document, int(label)) for _, document, label in rows if document]


def _stories():
    card = tomllib.loads((DATA / "stories.card.toml").read_text("utf-8"))
    path = DATA / "stories.txt"
    if sha256(path) != card["sha256"]:
        raise RuntimeError(
            f"꾸러미에 든 글이 바뀌었습니다: {path} (지문이 카드와 다릅니다). "
            "rnnbook을 다시 설치하십시오."
        )
    documents = path.read_text("utf-8").strip("\n").split("\n\n")
    train = [story for story in documents if not held_out(story)]
    valid = [story for story in documents if held_out(story)]
    whole, train, valid = ("\n\n".join(part) + "\n" for part in (documents, train, valid))
    return Texts("stories", "bundled", card, documents, whole, train, valid)


def held_out(story):
    """이 이야기를 검증에 쓸지 제목(첫 줄)의 지문으로 정한다.

    다른 이야기를 보태거나 빼도 이 이야기의 자리는 바뀌지 않는다.
    """
    title = story.split("\n", 1)[0]
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % HELD_OUT == 0
