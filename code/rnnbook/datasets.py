"""책에서 쓰는 자료를 이름으로 불러온다.

    이 패키지에 든 자료(bundled)
    load("stories")          작은 이야기: 이 책을 위해 쓴 짧은 이야기
    load("co2")              마우나로아의 월평균 이산화탄소 농도(ppm)
    load("sunspots")         연도별 흑점 수

    다른 패키지에 든 자료(packaged)
    load("emoji")            이모지의 영어 이름과 한국어 이름

    규칙으로 만드는 자료(generated): train개와 test개를 만든다
    load("numbers", 9000, 1000, rng=rng)   수 읽기
    load("dates", …)         날짜를 적은 글과 ISO 8601
    load("addition", …)      덧셈식과 합
    load("pronunciation", …) 적은 글과 표준 발음
    load("scenes", …)        도형을 그린 그림과 그 설명

    내려받는 자료(downloaded)
    load("nsmc")             네이버 영화평 20만 건과 긍정·부정 표시
    load("ud_korean_gsd")    품사를 붙인 한국어 문장 6천여 개
    load("tatoeba")          영어 문장과 한국어 번역 3천여 쌍
    load("tinyshakespeare")  셰익스피어 희곡, 영어
    load("timemachine")      웰스의 소설 『타임머신』, 영어

자료마다 data/<이름>.card.toml에 제목, 지은이, 이용 허락, 내려받을 주소와 해시를 적어 두었다.
내려받은 파일은 캐시에 두고 다음부터는 인터넷 없이 읽는다(`rnnbook.download` 참고).
"""

import tomllib
from importlib import import_module
from pathlib import Path

from rnnbook import conllu, formats, series
from rnnbook.corpora import Problems, Reviews, Rows, Texts, TimeSeries, kind_of
from rnnbook.download import Source, fetch, sha256

DATA = Path(__file__).parent / "data"
SERIES = {"co2": series.co2, "sunspots": series.sunspots}


def load(name, train=None, test=None, *, rng=None, cache=None, **options):
    """이름에 맞는 자료를 돌려준다: `Texts`, `Rows`, `TimeSeries`.

    cache는 내려받은 파일을 둘 폴더다. train, test, rng와 그 밖의 옵션은
    규칙으로 만드는 자료에만 주며, 그 자료를 만드는 함수에 넘긴다.

    모르는 이름이면 ValueError, 인자가 자료의 종류와 맞지 않으면 TypeError,
    파일을 얻지 못하면 `download.DownloadError`.
    """
    card = read_card(name)
    kind, wishes = kind_of(card), (train, test, rng)
    if kind == "generated":
        if None in wishes:
            raise TypeError(
                f"규칙으로 만드는 자료 {name!r}에는 train, test, rng를 주어야 합니다: "
                f"load({name!r}, 9000, 1000, rng=np.random.default_rng(0))"
            )
        make = import_module(card["generator"]).pairs
        return Problems(name, card, *make(train, test, rng=rng, **options))
    if wishes != (None, None, None) or options:
        raise TypeError(
            f"train, test, rng와 옵션은 규칙으로 만드는 자료에만 줍니다: 받은 이름 {name!r}"
        )
    if kind == "bundled":
        return _bundled(name, card)
    if kind == "packaged":
        return Rows(name, card, **formats.split_by_english(formats.emoji_names()))
    return _downloaded(name, card, cache)


def read_card(name):
    """자료의 카드(dict). 모르는 이름이면 ValueError."""
    names = sorted(path.name.removesuffix(".card.toml") for path in DATA.glob("*.card.toml"))
    if name not in names:
        raise ValueError(f"모르는 자료 이름입니다: {name!r}. 쓸 수 있는 이름: {', '.join(names)}")
    return tomllib.loads((DATA / f"{name}.card.toml").read_text("utf-8"))


def sources(card):
    """카드에 적힌, 내려받을 파일들."""
    return [Source(**file) for file in card.get("files", [])]


def _downloaded(name, card, cache):
    raw = [fetch(source, cache).read_bytes().decode("utf-8") for source in sources(card)]
    if name == "nsmc":
        return Reviews(name, card, *map(formats.reviews, raw))
    if name == "ud_korean_gsd":
        train, valid, test = map(conllu.read, raw)
        return Rows(name, card, train, test, valid)
    (text,) = raw
    if name == "tatoeba":
        return Rows(name, card, **formats.split_by_english(formats.translations(text)))
    cut = len(text) * 9 // 10
    return Texts(name, card, [text], text, text[:cut], text[cut:])


def _bundled(name, card):
    path = DATA / (f"{name}.csv" if name in SERIES else f"{name}.txt")
    if sha256(path) != card["sha256"]:
        raise RuntimeError(
            f"패키지에 든 파일이 바뀌었습니다: {path} (해시가 카드에 적힌 것과 다릅니다). "
            "rnnbook을 다시 설치하십시오."
        )
    text = path.read_text("utf-8")
    if name in SERIES:
        return TimeSeries(name, card, *SERIES[name](text))
    documents = text.strip("\n").split("\n\n")
    train = [story for story in documents if not held_out(story)]
    valid = [story for story in documents if held_out(story)]
    whole, train, valid = ("\n\n".join(part) + "\n" for part in (documents, train, valid))
    return Texts(name, card, documents, whole, train, valid)


def held_out(story):
    """이 이야기를 검증에 쓸지 제목(첫 줄)의 해시로 정한다: 열 편에 한 편꼴.

    그래서 다른 이야기를 보태거나 빼도 이 이야기가 속한 쪽은 바뀌지 않는다.
    """
    return formats.tenth(story.split("\n", 1)[0]) == 0
