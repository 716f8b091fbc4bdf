"""도형을 그린 그림과 그 그림을 설명하는 한국어 문장.

그림 (32, 32, 3)의 네 귀퉁이 가운데 한두 곳에 같은 도형이 한 개에서
세 개까지 있다. 조각은 8×8이고, 도형 하나가 조각 하나에 들어간다.

    도형이 한 가지   "왼쪽 위에 빨간 별이 세 개 있다."
    도형이 두 가지   "빨간 별은 왼쪽 위에 세 개, 파란 네모는 오른쪽
                     아래에 한 개 있다."

색과 도형의 짝 가운데 `HELD_OUT`은 학습 자료에 나오지 않고, 시험
자료의 그림에는 하나 이상 나온다.
"""

from typing import NamedTuple

import numpy as np

from rnnbook.arguments import check_counts, check_rng
from rnnbook.tasks.pairs import Pairs
from rnnbook.tasks.syllables import syllables

SIZE, PATCH = 32, 8
PLACES = "왼쪽 위", "오른쪽 위", "왼쪽 아래", "오른쪽 아래"
COUNTS = "한", "두", "세"
COLOURS = {
    "빨간": (0.85, 0.15, 0.15), "노란": (0.95, 0.78, 0.10),
    "파란": (0.15, 0.35, 0.90), "초록": (0.10, 0.60, 0.25),
    "보라": (0.60, 0.20, 0.75), "까만": (0.10, 0.10, 0.10),
}
SHAPES = ("동그라미", "네모", "세모", "마름모", "고리",
          "별", "반달", "왕관")
HELD_OUT = frozenset(
    zip(list(COLOURS) + list(COLOURS)[:2], SHAPES, strict=True))
STAR = [(r * np.sin(k * np.pi / 5), -r * np.cos(k * np.pi / 5))
        for k, r in enumerate([1, 0.42] * 5)]
CROWN = [(-1, 0.8), (-1, -0.7), (-0.5, 0), (0, -0.9), (0.5, 0),
         (1, -0.7), (1, 0.8)]
INSIDE = {  # 가운데가 (0, 0)이고 반지름이 1인 도형의 안
    "동그라미": lambda x, y: x * x + y * y < 1,
    "네모": lambda x, y: np.maximum(abs(x), abs(y)) < 0.85,
    "세모": lambda x, y: (2 * abs(x) < y + 1) & (y < 0.85),
    "마름모": lambda x, y: abs(x) + abs(y) < 1.05,
    "고리": lambda x, y: abs(np.hypot(x, y) - 0.75) < 0.25,
    "별": lambda x, y: polygon(STAR, x, y),
    "반달": lambda x, y: (x * x + y * y < 1) & (x > -0.1),
    "왕관": lambda x, y: polygon(CROWN, x, y),
}


class Group(NamedTuple):
    """한 귀퉁이에 모인 같은 도형들. place와 count는 번호다."""

    place: int
    colour: str
    shape: str
    count: int


def polygon(points, x, y):
    """점 (x, y)가 다각형의 안인지 본다.

    점에서 오른쪽으로 그은 선이 변을 홀수 번 지나면 안이다.
    """
    inside = np.zeros(np.shape(x), bool)
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1],
                                  strict=True):
        if y1 != y2:
            at = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
            inside ^= ((y1 > y) != (y2 > y)) & (x < at)
    return inside


def scene(rng, *, held_out=False):
    """무작위 장면: `Group` 한두 개를 자리 번호 순서로 담은 튜플.

    `HELD_OUT`의 짝은 held_out이 참이면 하나 이상 있고, 거짓이면
    없다.
    """
    while True:
        places = rng.choice(4, rng.integers(1, 3), replace=False)
        groups = tuple(
            Group(int(place), str(rng.choice(list(COLOURS))),
                  str(rng.choice(SHAPES)), int(rng.integers(3)))
            for place in sorted(places))
        kinds = {(group.colour, group.shape) for group in groups}
        held = bool(kinds & HELD_OUT)
        if len(kinds) == len(groups) and held == held_out:
            return groups


def caption(groups):
    """장면을 설명하는 문장."""
    if len(groups) == 1:
        (group,) = groups
        name = attach(group.shape, "이", "가")
        return (f"{PLACES[group.place]}에 {group.colour} {name} "
                f"{COUNTS[group.count]} 개 있다.")
    parts = [f"{group.colour} {attach(group.shape, '은', '는')} "
             f"{PLACES[group.place]}에 {COUNTS[group.count]} 개"
             for group in groups]
    return ", ".join(parts) + " 있다."


def attach(word, closed, opened):
    """받침이 있는 낱말에는 closed를, 없으면 opened를 붙인다."""
    return word + (closed if syllables(word)[-1].coda else opened)


def picture(groups, *, rng):
    """장면을 그린 그림 (32, 32, 3), 성분은 0과 1 사이.

    도형의 크기와 자리, 색의 밝기, 바탕은 그릴 때마다 조금씩 다르다.
    """
    image = 0.93 + 0.02 * rng.normal(size=(SIZE, SIZE, 3))
    for group in groups:
        cells = rng.permutation(4)[:group.count + 1]
        for cell in cells.tolist():
            top = PATCH * (2 * (group.place // 2) + cell // 2)
            left = PATCH * (2 * (group.place % 2) + cell % 2)
            part = image[top:top + PATCH, left:left + PATCH]
            colour = rng.normal(COLOURS[group.colour], 0.04)
            share = stamp(group.shape, rng)[..., None]
            part += share * (colour - part)
    return image.clip(0, 1).astype(np.float32)


def stamp(shape, rng, fine=4):
    """조각 (8, 8)의 점마다 도형이 차지하는 몫.

    점 하나를 fine²개로 나누어 센다.
    """
    place = (np.arange(PATCH * fine) + 0.5) / fine - PATCH / 2
    dx, dy = rng.uniform(-0.5, 0.5, 2)
    radius = rng.uniform(3.1, 3.5)
    x, y = (place - dx) / radius, (place[:, None] - dy) / radius
    inside = INSIDE[shape](*np.broadcast_arrays(x, y))
    cut = inside.reshape(PATCH, fine, PATCH, fine)
    return cut.mean(axis=(1, 3))


def patches(image):
    """그림 (..., 32, 32, 3)을 나눈 조각 (..., 16, 192).

    조각은 왼쪽 위부터 글을 읽는 순서로 놓는다. 그림의 모양이
    다르면 ValueError.
    """
    image, side = np.asarray(image), SIZE // PATCH
    if image.shape[-3:] != (SIZE, SIZE, 3):
        raise ValueError(
            f"그림의 모양은 (..., {SIZE}, {SIZE}, 3)이어야 합니다: "
            f"받은 모양 {image.shape}")
    lead = image.shape[:-3]
    cut = image.reshape(*lead, side, PATCH, side, PATCH, 3)
    return cut.swapaxes(-4, -3).reshape(*lead, side * side, -1)


def pairs(train, test, *, rng):
    """(그림, 문장)의 짝. 같은 장면은 두 번 나오지 않는다.

    시험 자료의 장면에는 학습 자료에 없는 색과 도형의 짝이 있다.
    train이나 test가 1보다 작으면 ValueError, 정수가 아니거나
    rng가 난수 생성기가 아니면 TypeError.
    """
    check_counts(train=train, test=test)
    check_rng(rng)
    sides = distinct(train, rng, False), distinct(test, rng, True)
    return Pairs(*([(picture(groups, rng=rng), caption(groups))
                    for groups in side] for side in sides))


def distinct(count, rng, held_out):
    """서로 다른 장면 count개. 그만큼 없으면 ValueError."""
    drawn = {}
    for _ in range(100 * count):
        drawn[scene(rng, held_out=held_out)] = True
        if len(drawn) == count:
            return [list(drawn)[k] for k in rng.permutation(count)]
    raise ValueError(
        f"서로 다른 장면이 모자랍니다: 요청한 수 {count:,}개, "
        f"뽑은 수 {len(drawn):,}개")
