"""실제 시계열: CSV 파일의 글을 읽어 다듬는다.

    co2       하와이 마우나로아의 이산화탄소 농도(ppm). 주마다 측정한 값을 달마다 평균한다.
    sunspots  연도별 흑점 수. 빠진 해가 없다.
"""

from typing import NamedTuple

import numpy as np


class Series(NamedTuple):
    """시점의 간격이 일정한 시계열.

    times (T,) 시점, values (T,) 값, filled (T,) 측정한 값이 없어 채운 곳이 참
    """

    times: np.ndarray
    values: np.ndarray
    filled: np.ndarray


def co2(text):
    """co2.csv의 글 -> 월평균 이산화탄소 농도(ppm)."""
    days, values = _columns(text)
    return monthly([f"{day[:4]}-{day[4:6]}" for day in days], values)


def sunspots(text):
    """sunspots.csv의 글 -> 연도별 흑점 수."""
    years, values = _columns(text)
    times = np.array(years, "datetime64[Y]")
    return Series(times, values, np.zeros(len(times), dtype=bool))


def monthly(months, values):
    """측정값을 달마다 평균한다. 빠진 값(NaN)은 평균에 넣지 않는다.

    측정값이 하나도 없는 달은 앞뒤 달의 평균을 직선으로 이어 채우고, 맨 앞과 맨 뒤에 있으면 뺀다.
    months (M,) "1958-03" 꼴의 글, values (M,) -> Series
    측정값이 하나도 없으면 ValueError.
    """
    months, found = np.array(months, "datetime64[M]"), np.isfinite(values)
    months, values = months[found], np.asarray(values, float)[found]
    if not len(months):
        raise ValueError("측정값이 하나 이상 있어야 합니다: 모두 빠진 값(NaN)입니다")
    times = np.arange(months.min(), months.max() + 1)
    place = (months - times[0]).astype(int)
    count = np.bincount(place)
    total = np.bincount(place, weights=values)
    k = np.flatnonzero(count)          # 측정값이 있는 달
    means = np.interp(np.arange(len(times)), k, total[k] / count[k])
    return Series(times, means, count == 0)


def _columns(text):
    """머리글이 있는 두 열짜리 CSV: 시점의 글 (M,), 값 (M,). 빈칸은 NaN이다."""
    rows = [line.split(",") for line in text.split()[1:]]
    times, values = zip(*rows, strict=True)
    return times, np.array([float(v or "nan") for v in values])
