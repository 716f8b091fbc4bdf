"""Dates: every form names itself, agrees with babel and strptime, and is read back."""

import datetime

import numpy as np
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.tasks.dates import FIRST, FORMS, LAST, TWO_DIGITS, pairs, parse, written

BABEL = {"full": "2024년 3월 5일 화요일", "long": "2024년 3월 5일", "medium": "2024. 3. 5.",
         "short": "24. 3. 5."}
STRPTIME = {"2024년 03월 05일": "%Y년 %m월 %d일", "2024.03.05": "%Y.%m.%d", "2024/3/5": "%Y/%m/%d",
            "20240305": "%Y%m%d", "24.3.5.": "%y.%m.%d.", "24/03/05": "%y/%m/%d",
            "24년 3월 5일": "%y년 %m월 %d일"}
DAYS = [FIRST + datetime.timedelta(days=k) for k in range((LAST - FIRST).days + 1)]


def test_every_form_is_named_by_what_it_writes():
    assert len(FORMS) >= 16
    assert all(name == text for name, text in written(datetime.date(2024, 3, 5)).items())


def test_babel_writes_the_same():
    for date in DAYS[::29]:
        texts = written(date)
        for length, form in BABEL.items():
            if form in texts:
                assert texts[form] == format_date(date, length, locale="ko")


def test_strptime_reads_the_same():
    for date in DAYS[::53]:
        texts = written(date)
        for form, code in STRPTIME.items():
            if form in texts:
                assert datetime.datetime.strptime(texts[form], code).date() == date


def test_every_form_of_every_day_of_many_years_is_read_back():
    years = {1900, 1968, 1969, 1999, 2000, 2024, 2068, 2069, 2099}
    days = [date for date in DAYS if date.year in years]
    assert len(days) == 9 * 365 + 4                    # 1968, 2000, 2024, 2068: leap years
    for date in days:
        assert {parse(text) for text in written(date).values()} == {date.isoformat()}


@given(st.dates(FIRST, LAST))
def test_any_day_is_read_back(date):
    texts = written(date)
    assert (len(texts) == len(FORMS)) == (date.year in TWO_DIGITS)
    assert {parse(text) for text in texts.values()} == {date.isoformat()}


@pytest.mark.parametrize(("text", "iso"), [
    ("이천이십사년 유월 십일", "2024-06-10"), ("천구백구십구년 시월 삼십일일", "1999-10-31"),
    ("69년 1월 1일", "1969-01-01"), ("68년 1월 1일", "2068-01-01"), ("00.2.29.", "2000-02-29"),
    ("단기 4278년 8월 15일", "1945-08-15"), ("1945. 8. 15.(수)", "1945-08-15"),
])
def test_known_dates(text, iso):
    assert parse(text) == iso


@pytest.mark.parametrize("text", [
    "2023년 2월 29일", "2024년 13월 1일", "2024년 4월 31일", "2024년 0월 5일", "20240230",
    "2024년 3월 5일 월요일", "2024. 3. 5.(월)", "3월 5일", "삼월 오일", "올해 3월 5일", "내일",
    "이천이십사년 육월 오일", "이천이십사년 십월 오일", "2024년 삼월 5일", "2024년3월5일",
    "2024-3.5", "24-3-5", "서기 단기 2024년 3월 5일", "2024년 03월 5일", " 2024/3/5", "안녕",
    "0년 1월 1일", "단기 1년 1월 1일", "２０２４년 3월 5일"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="날짜가 아니거나 모르는 꼴입니다"):
        parse(text)


def test_no_text_is_refused():
    with pytest.raises(ValueError, match="글이 비었습니다"):
        parse("")
    with pytest.raises(TypeError, match="받은 자료형 int"):
        parse(20240305)


def test_pairs_are_right_and_no_day_comes_twice():
    made = pairs(4000, 1000, rng=np.random.default_rng(0))
    rows = made.train + made.test
    assert all(parse(text) == iso for text, iso in rows)
    assert len({iso for _, iso in rows}) == 5000
    years = [int(iso[:4]) for _, iso in rows]
    assert (min(years), max(years)) == (1900, 2099)
    kinds = [next(name for name, text in written(datetime.date.fromisoformat(iso)).items()
                  if text == source) for source, iso in rows]
    assert set(kinds) == set(FORMS)
