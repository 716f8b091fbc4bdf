"""인자 검사: 크기나 횟수로 쓰는 정수, 정해진 이름, 난수 생성기, 글, 토큰. 여러 모듈이 쓴다."""

import unicodedata
from collections.abc import Iterable
from numbers import Integral

import numpy as np


def check_counts(**counts):
    """이름 붙은 값이 모두 1 이상의 정수인지 확인한다.

    정수가 아니면 TypeError, 1보다 작으면 ValueError.
    """
    for error, wanted, right in (
        (TypeError, "정수여야", lambda value: isinstance(value, Integral)),
        (ValueError, "1 이상이어야", lambda value: value >= 1),
    ):
        wrong = [f"{name}={value!r}" for name, value in counts.items() if not right(value)]
        if wrong:
            raise error(f"{wanted} 합니다: 받은 값 {', '.join(wrong)}")


def check_choice(choices, **given):
    """이름 붙은 값이 choices 가운데 하나인지 확인한다. 아니면 ValueError."""
    for name, value in given.items():
        if value not in choices:
            raise ValueError(f"{name}은 {', '.join(choices)} 가운데 하나여야 합니다: "
                             f"받은 값 {value!r}")


def check_rng(rng):
    """난수 생성기인지 확인한다. 아니면 TypeError."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            "rng는 np.random.default_rng(시드)로 만든 난수 생성기여야 "
            f"합니다: 받은 자료형 {type(rng).__name__}"
        )


def check_text(text):
    """비어 있지 않은 문자열인지 확인하고 NFC로 정규화해 돌려준다.

    글이 비었으면 ValueError, 문자열이 아니면 TypeError.
    """
    if not isinstance(text, str):
        raise TypeError(f"글은 문자열(str)이어야 합니다: 받은 자료형 {type(text).__name__}")
    if not text:
        raise ValueError("글이 비었습니다: 한 글자 이상이어야 합니다")
    return unicodedata.normalize("NFC", text)


def check_tokens(tokens):
    """토큰이 모두 문자열인지 확인한다. 아니면 TypeError."""
    for token in tokens if isinstance(tokens, Iterable) else [tokens]:
        if not isinstance(token, str):
            raise TypeError(
                "토큰은 문자열이어야 합니다: "
                f"받은 것 {token!r}, 자료형 {type(token).__name__}"
            )


def check_saved(saved, *names):
    """저장한 dict에 이름이 모두 있는지 확인한다. 아니면 ValueError."""
    if not isinstance(saved, dict) or not saved.keys() >= set(names):
        given = sorted(saved) if isinstance(saved, dict) else type(saved).__name__
        raise ValueError(f"저장한 dict에는 {', '.join(names)}가 있어야 합니다: 받은 것 {given}")
