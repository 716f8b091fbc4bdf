"""수를 한글로 읽기: 12345는 '만이천삼백사십오'.

네 자리씩 끊어 읽고 만, 억, 조를 붙인다. 띄어 쓰지 않는다.
0은 '영'이고, 1은 다음과 같이 읽는다.

- 십, 백, 천 앞에서는 읽지 않는다: 110 백십, 1111 천백십일
- 만 앞에서는 네 자리가 0001이면 읽지 않는다:
  10000 만, 110000 십일만, 100010000 일억만
- 억과 조 앞에서는 읽는다: 100000000 일억
"""

import operator

from rnnbook.tasks.pairs import split
from rnnbook.text import SyllableTokenizer

DIGITS = "영일이삼사오육칠팔구"
PLACES = ("", "십", "백", "천")
UNITS = ("", "만", "억", "조")
LIMIT = 10**16


def to_hangul(number):
    """0 이상 10^16 미만의 정수를 읽은 글.

    정수가 아니면 TypeError, 범위를 벗어나면 ValueError.
    """
    wrong = (
        "수는 0 이상 10^16 미만의 정수여야 합니다: "
        f"받은 값 {number!r}"
    )
    try:
        number = operator.index(number)
    except TypeError:
        raise TypeError(wrong) from None
    if not 0 <= number < LIMIT:
        raise ValueError(wrong)
    text = ""
    for k in reversed(range(len(UNITS))):
        four = number // 10 ** (4 * k) % 10**4
        if four == 1 and UNITS[k] == "만":
            text += "만"
        elif four > 0:
            text += _four(four) + UNITS[k]
    return text or DIGITS[0]


def _four(number):
    """네 자리 이하의 수를 읽은 글."""
    text = ""
    for k in reversed(range(len(PLACES))):
        digit = number // 10**k % 10
        if digit == 1 and k > 0:
            text += PLACES[k]
        elif digit > 0:
            text += DIGITS[digit] + PLACES[k]
    return text


def from_hangul(text):
    """`to_hangul`로 읽은 글을 다시 정수로 바꾼다.

    바른 읽기가 아니면 ValueError.
    """
    number = four = digit = 0
    for letter in SyllableTokenizer().split(text):
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in PLACES:
            four += (digit or 1) * 10 ** PLACES.index(letter)
            digit = 0
        elif letter in UNITS:
            power = 4 * UNITS.index(letter)
            number += (four + digit or 1) * 10**power
            four = digit = 0
        else:
            raise ValueError(
                "수를 적는 글자가 아닙니다: "
                f"받은 글자 {letter!r}, 글 {text!r}"
            )
    number += four + digit
    if number >= LIMIT or to_hangul(number) != text:
        raise ValueError(f"바르게 읽은 수가 아닙니다: {text!r}")
    return number


def pairs(train, test, *, rng, shortest=1, longest=8):
    """(아라비아 숫자, 한글 읽기)의 짝.

    자릿수를 shortest와 longest 사이에서 고르게 뽑고,
    그 자릿수인 수를 고르게 뽑되 이미 뽑은 수는 버린다.
    기본값이면 10^8 미만이다.
    longest를 늘리면 더 긴 수로 시험할 수 있다. 자릿수가
    1 이상 16 이하가 아니면 ValueError.
    """
    if not 1 <= shortest <= longest <= 16:
        raise ValueError(
            "자릿수는 1 ≤ shortest ≤ longest ≤ 16이어야 합니다: "
            f"받은 값 shortest={shortest}, longest={longest}"
        )

    def smallest(length):
        return 0 if length == 1 else 10 ** (length - 1)

    def draw():
        length = int(rng.integers(shortest, longest + 1))
        return int(rng.integers(smallest(length), 10**length))

    def write(number):
        return str(number), to_hangul(number)

    total = 10**longest - smallest(shortest)
    return split(draw, write, train, test, rng=rng, total=total)
