"""자료 파일을 읽는다: NSMC와 타토에바의 TSV, emoji 패키지.

내려받은 파일은 해시를 확인한 것이므로 형식은 따로 검사하지
않는다.
"""

import csv
import hashlib
import io
import re

from rnnbook.corpora import Review, Translation


def reviews(text):
    """NSMC의 TSV -> `Review`의 리스트. 글이 없는 줄(모두 8건)은 뺀다.

    따옴표는 묶는 기호가 아니라 글의 일부다(csv.QUOTE_NONE).
    """
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter="\t", quoting=csv.QUOTE_NONE,
    )
    next(rows)  # id, document, label
    return [Review(doc, int(label)) for _, doc, label in rows if doc]


def translations(text):
    """타토에바의 TSV -> `Translation`의 리스트."""
    return [Translation(*line.split("\t")) for line in text.splitlines()]


def emoji_names():
    """이모지의 영어 이름과 한국어 이름. `Translation`의 리스트다.

    깃발(나라 이름)과, 피부색만 다른 것은 뺀다. emoji 패키지가 없으면
    ModuleNotFoundError.
    """
    try:
        import emoji
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "이 자료는 emoji 패키지에 들어 있습니다. "
            "pip install emoji로 설치하십시오."
        ) from None
    emoji.config.load_language("ko")
    found = []
    for sign, names in emoji.EMOJI_DATA.items():
        korean = names.get("ko", "")
        variant = re.search("[🏻-🏿]", sign) or korean.startswith(":깃발_")
        if names["status"] > emoji.STATUS["fully_qualified"] or variant or not korean:
            continue
        pair = (name.strip(":").replace("_", " ") for name in (names["en"], korean))
        found.append(Translation(*pair, f"{sign} Unicode CLDR"))
    return found


def split_by_english(pairs):
    """짝을 열에 여덟, 하나, 하나꼴로 나눈다: {"train", "valid", "test"}.

    영어 문장이 같은 짝은 모두 한곳에 들어간다. 그래서 학습에서 본
    문장을 시험에서 다시 만나지 않는다. 대소문자와 문장 부호만 다른
    문장은 같은 문장으로 본다.
    """
    parts = {"train": [], "valid": [], "test": []}
    for pair in pairs:
        letters = re.findall(r"\w+", pair.english.casefold())
        k = tenth(" ".join(letters))
        name = {0: "test", 1: "valid"}.get(k, "train")
        parts[name].append(pair)
    return parts


def tenth(text):
    """글이 열 묶음 가운데 어디에 들지 해시로 정한다: 0 이상 9 이하.

    다른 글을 보태거나 빼도 이 글의 묶음은 바뀌지 않는다.
    """
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10
