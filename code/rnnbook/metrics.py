"""예측에 매기는 점수: 정확도, 완전 일치, F1.

BLEU는 `rnnbook.bleu`, 퍼플렉시티와 글자당 비트는
`rnnbook.language_models`에 있다.
"""

from itertools import chain
from typing import NamedTuple

import numpy as np


class F1(NamedTuple):
    """정밀도, 재현율과 둘의 조화 평균. 0과 1 사이의 값이다.

    정밀도는 찾은 것 가운데 맞은 것의 비율, 재현율은 찾아야 할 것
    가운데 맞은 것의 비율이다. 분모가 0이면 0으로 둔다.
    """

    precision: float
    recall: float
    f1: float

    @classmethod
    def count(cls, right, found, wanted):
        """맞은 수, 찾은 수, 찾아야 할 수에서 F1을 구한다."""
        return cls(
            right / max(found, 1),
            right / max(wanted, 1),
            2 * right / max(found + wanted, 1),
        )


def accuracy(predicted, target, mask=None):
    """맞은 자리의 비율. mask가 있으면 참인 자리만 센다.

    셋은 모양이 같은 배열이고 표시는 정수나 문자열이다. 모양이
    다르면 ValueError, 확률 같은 실수를 주면 TypeError.
    """
    predicted, target = _labels(predicted, target, mask)
    return float((predicted == target).mean())


def exact_match(predicted, target):
    """처음부터 끝까지 똑같은 시퀀스의 비율.

    둘은 시퀀스의 리스트다. 시퀀스는 문자열이나 토큰의 리스트다.
    수가 다르거나 비었으면 ValueError, 시퀀스가 아니면 TypeError.
    """
    pairs = _pairs(predicted, target)
    return sum(list(p) == list(t) for p, t in pairs) / len(pairs)


def boundary_f1(predicted, target, mask=None):
    """경계를 얼마나 잘 찾았는지. 1은 경계, 0은 아닌 자리다.

    띄어쓰기 복원이라면 뒤에 빈칸이 오는 글자가 1이다. 셋은 모양이
    같은 배열이고 mask가 참인 자리만 센다. 표시가 0이나 1이 아니면
    ValueError.
    """
    predicted, target = _labels(predicted, target, mask)
    wrong = {*predicted.tolist(), *target.tolist()} - {0, 1}
    if wrong:
        raise ValueError(
            "경계의 표시는 0과 1뿐이어야 합니다: "
            f"받은 값 {min(wrong)!r}"
        )
    right = int((predicted * target).sum())
    return F1.count(right, int(predicted.sum()), int(target.sum()))


def span_f1(predicted, target):
    """구간을 얼마나 잘 찾았는지.

    둘은 문장마다 BIO 표지를 늘어놓은 리스트다. 종류, 시작, 끝이
    모두 같아야 맞은 구간이고, 모든 문장의 구간을 모아서 센다.
    길이가 서로 다르거나 BIO 표지가 아니면 ValueError, 리스트의
    리스트가 아니면 TypeError.

    출처: Tjong Kim Sang & Buchholz (2000)의 conlleval
    """
    right = found = wanted = 0
    for i, (p, t) in enumerate(_pairs(predicted, target)):
        if len(p) != len(t):
            raise ValueError(
                f"{i}번 문장의 길이가 서로 다릅니다: "
                f"예측 {len(p)}, 정답 {len(t)}"
            )
        ours, theirs = spans(p), spans(t)
        right += len(ours & theirs)
        found += len(ours)
        wanted += len(theirs)
    return F1.count(right, found, wanted)


def spans(tags):
    """BIO 표지를 구간 (종류, 시작, 끝)의 집합으로 바꾼다.

    B-종류는 구간의 첫 자리, I-종류는 그다음 자리, O는 바깥이다.
    끝은 구간이 끝난 바로 다음 자리다. 앞자리와 종류가 다른 I-는
    새 구간의 첫 자리로 본다. 그 밖의 표지가 있으면 ValueError,
    표지의 리스트가 아니면 TypeError.
    """
    if isinstance(tags, str) or not np.iterable(tags):
        raise TypeError(f"표지의 리스트를 주어야 합니다: 받은 것 {tags!r}")
    found, start, before = set(), 0, ""
    for i, tag in enumerate([*tags, "O"]):
        mark, _, kind = str(tag).partition("-")
        if not (tag == "O" or (mark in ("B", "I") and kind)):
            raise ValueError(
                "표지는 O, B-종류, I-종류여야 합니다: "
                f"받은 표지 {tag!r}"
            )
        if mark != "I" or kind != before:  # 앞 구간이 끝난다
            if before:
                found.add((before, start, i))
            start, before = i, kind
    return found


def _labels(predicted, target, mask):
    """표시 배열 둘에서 mask가 참인 자리만 골라 (개수,)로 편다."""
    try:
        predicted, target = np.asarray(predicted), np.asarray(target)
    except ValueError:
        raise ValueError(
            "길이가 다른 시퀀스는 이어 붙이거나, 길이를 맞춰 채우고 mask를 주어야 합니다"
        ) from None
    mask = np.ones(target.shape, dtype=bool) if mask is None else np.asarray(mask)
    if not predicted.shape == target.shape == mask.shape:
        raise ValueError(
            "예측, 정답, mask의 모양이 같아야 합니다: "
            f"받은 모양 {predicted.shape}, {target.shape}, {mask.shape}"
        )
    if mask.dtype != bool:
        raise TypeError(f"mask의 자료형은 bool이어야 합니다: 받은 자료형 {mask.dtype}")
    if not mask.any():
        raise ValueError("비교할 자리가 없습니다: 하나 이상이어야 합니다")
    kinds = predicted.dtype.kind + target.dtype.kind
    if kinds != "UU" and not set(kinds) <= set("biu"):
        raise TypeError(
            "예측과 정답의 표시는 둘 다 정수이거나 둘 다 문자열이어야 합니다: "
            f"받은 자료형 {predicted.dtype}, {target.dtype}"
        )
    return predicted[mask], target[mask]


def _pairs(predicted, target):
    """예측과 정답의 짝을 리스트로 만든다."""
    if isinstance(predicted, str) or isinstance(target, str):
        raise TypeError("예측과 정답은 시퀀스의 리스트여야 합니다: 문자열 하나를 받았습니다")
    if not (hasattr(predicted, "__len__") and hasattr(target, "__len__")):
        kinds = f"{type(predicted).__name__}, {type(target).__name__}"
        raise TypeError(f"예측과 정답은 시퀀스의 리스트여야 합니다: 받은 자료형 {kinds}")
    if len(predicted) != len(target) or not len(target):
        raise ValueError(
            "예측과 정답의 수가 같고 하나 이상이어야 합니다: "
            f"받은 수 {len(predicted)}, {len(target)}"
        )
    pairs = list(zip(predicted, target, strict=True))
    for item in chain(*pairs):
        if not np.iterable(item):
            raise TypeError(
                f"예측과 정답은 시퀀스의 리스트여야 합니다: 받은 것 {item!r}. "
                "표시를 하나씩 비교하려면 accuracy를 쓰십시오"
            )
    return pairs
