"""한국어로 적은 날짜를 ISO 8601로 바꾼다.

'2024년 3월 5일'은 '2024-03-05'가 된다.

- 두 자리로 적은 해는 69~99이면 1900년대, 00~68이면
  2000년대다(POSIX의 strptime과 같다).
- 단기는 서기에 2333을 더한 해다.
- 6월은 '유월', 10월은 '시월'로 읽는다.

해를 적지 않은 날짜와, '올해'나 '내일'처럼 말하는 날에 따라
달라지는 표현은 다루지 않는다.
"""

import datetime
import re

from rnnbook.tasks.numbers import from_hangul, to_hangul
from rnnbook.tasks.pairs import split
from rnnbook.text import SyllableTokenizer

FIRST = datetime.date(1900, 1, 1)
LAST = datetime.date(2099, 12, 31)
TWO_DIGITS = range(1969, 2069)  # 두 자리로 적을 수 있는 해
DANGUN = 2333
MONTHS = {"육": "유", "십": "시"}
# 2024년 3월 5일을 적은 꼴 -> 그 꼴로 적는 형식
FORMS = {
    "2024년 3월 5일": "{y}년 {m}월 {d}일",
    "2024년 03월 05일": "{y}년 {m:02}월 {d:02}일",
    "2024년 3월 5일 화요일": "{y}년 {m}월 {d}일 {w}요일",
    "서기 2024년 3월 5일": "서기 {y}년 {m}월 {d}일",
    "단기 4357년 3월 5일": "단기 {dangi}년 {m}월 {d}일",
    "이천이십사년 삼월 오일": "{Y}년 {M}월 {D}일",
    "이천이십사년 삼월 오일 화요일": "{Y}년 {M}월 {D}일 {w}요일",
    "2024. 3. 5.": "{y}. {m}. {d}.",
    "2024. 3. 5.(화)": "{y}. {m}. {d}.({w})",
    "2024.3.5.": "{y}.{m}.{d}.",
    "2024.03.05": "{y}.{m:02}.{d:02}",
    "2024/3/5": "{y}/{m}/{d}",
    "2024-3-5": "{y}-{m}-{d}",
    "20240305": "{y}{m:02}{d:02}",
    "24년 3월 5일": "{yy:02}년 {m}월 {d}일",
    "24. 3. 5.": "{yy:02}. {m}. {d}.",
    "24.3.5.": "{yy:02}.{m}.{d}.",
    "24/03/05": "{yy:02}/{m:02}/{d:02}",
}
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
WRITTEN = re.compile(
    r"(?:서기 )?(.+?)(?:년 |\. ?|/|-)"  # 해
    r"(.+?)(?:월 |\. ?|/|-)"            # 달
    r"(.+?)(?:일|\.)?"                  # 날
    r"(?: .요일|\(.\))?"                # 요일
)


def written(date):
    """datetime.date를 적는 모든 꼴. {꼴의 이름: 글}.

    해는 네 자리(1000~9999)여야 하나 검사하지는 않는다.
    날짜가 아니면 TypeError.
    """
    if not isinstance(date, datetime.date):
        kind = type(date).__name__
        raise TypeError(
            f"datetime.date를 주어야 합니다: 받은 자료형 {kind}"
        )
    month = to_hangul(date.month)
    parts = {
        "y": date.year, "m": date.month, "d": date.day,
        "Y": to_hangul(date.year), "D": to_hangul(date.day),
        "M": MONTHS.get(month, month), "yy": date.year % 100,
        "dangi": date.year + DANGUN,
        "w": "월화수목금토일"[date.weekday()],
    }
    return {
        name: form.format(**parts) for name, form in FORMS.items()
        if "{yy" not in form or date.year in TWO_DIGITS
    }


def parse(text):
    """`FORMS`의 꼴로 적은 날짜를 'YYYY-MM-DD'로 바꾼다.

    날짜가 아니거나 요일이 틀리면 ValueError.
    """
    text = "".join(SyllableTokenizer().split(text))
    found = COMPACT.fullmatch(text) or WRITTEN.fullmatch(text)
    try:
        date = found and _date(*found.groups())
    except ValueError:
        date = None
    if date is None or text not in written(date).values():
        raise ValueError(f"날짜가 아니거나 모르는 꼴입니다: {text}")
    return date.isoformat()


def _date(year, month, day):
    month = {"유": "육", "시": "십"}.get(month, month)
    shift = 0
    if year.startswith("단기 "):
        year, shift = year[3:], -DANGUN
    elif len(year) == 2 and year.isdecimal():
        shift = 1900 if int(year) >= 69 else 2000
    year, month, day = map(_number, (year, month, day))
    return datetime.date(year + shift, month, day)


def _number(text):
    return int(text) if text.isdecimal() else from_hangul(text)


def pairs(train, test, *, rng):
    """(날짜를 적은 글, ISO 8601)의 짝.

    1900년부터 2099년까지 73,049일에서 고르게 뽑고, 적는
    꼴도 고르게 뽑는다. 한 날짜는 한 번만 쓰므로, 시험의
    날짜는 다른 꼴로도 학습에 나오지 않는다.
    """
    total = (LAST - FIRST).days + 1

    def draw():
        day = int(rng.integers(total))
        return FIRST + datetime.timedelta(days=day)

    def write(date):
        texts = list(written(date).values())
        text = texts[int(rng.integers(len(texts)))]
        return text, date.isoformat()

    return split(draw, write, train, test, rng=rng, total=total)
