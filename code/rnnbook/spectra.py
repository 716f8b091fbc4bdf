"""글에서 토큰과 n-그램이 얼마나 고르지 않게 나오는지 센다.

출처: Zipf (1949), Baayen (2001), 1장
"""

from collections import Counter

import numpy as np

from rnnbook.arguments import check_counts


def rank_frequency(tokens, n=1):
    """많이 나온 n-그램부터 늘어놓은 횟수 (V,).

    V는 서로 다른 n-그램의 수다. r번째 값이 순위 r + 1인 n-그램의
    횟수이고, 모두 더하면 len(tokens) - n + 1이다.
    """
    counts = ngram_counts(tokens, n).values()
    return np.sort(np.fromiter(counts, dtype=np.int64))[::-1]


def ngram_counts(tokens, n=1):
    """잇달아 놓인 토큰 n개의 횟수: Counter {튜플: 횟수}.

    tokens는 토큰의 리스트나 문자열이다. n이 1보다 작거나 토큰이
    n개보다 적으면 ValueError, 토큰의 리스트가 아니거나 n이 정수가
    아니면 TypeError.
    """
    if not isinstance(tokens, (str, list, tuple)):
        raise TypeError(
            "토큰은 리스트나 문자열이어야 합니다: "
            f"받은 자료형 {type(tokens).__name__}"
        )
    check_counts(n=n)
    if len(tokens) < n:
        raise ValueError(
            f"토큰은 {n}개 이상이어야 합니다: 받은 개수 {len(tokens)}"
        )
    shifted = (tokens[i:] for i in range(n))
    return Counter(zip(*shifted, strict=False))


def frequency_spectrum(counts):
    """횟수 m과, 꼭 m번 나온 것의 가짓수: 둘 다 (M,).

    counts (V,)는 횟수이고 순서는 상관없다. m은 작은 것부터 놓는다.
    m이 1이면 단 한 번 나온 것이 몇 가지인지를 말한다.
    1보다 작은 횟수가 있으면 ValueError, 정수가 아니면 TypeError.
    """
    return np.unique(_check_counts(counts), return_counts=True)


def zipf_fit(counts, first=1, last=None):
    """지프의 법칙 f(r) = C / r^a에 맞춘 (a, C).

    counts (V,)는 큰 것부터 늘어놓은 횟수다. 순위 first부터 last까지
    log f와 log r에 최소 제곱 직선을 맞춘다. last가 None이면 V다.
    큰 것부터 늘어놓지 않았거나 순위가 맞지 않으면 ValueError.
    """
    counts = _check_counts(counts).astype(np.int64)
    last = len(counts) if last is None else last
    rises = np.flatnonzero(counts[1:] > counts[:-1])
    if len(rises):
        i = rises[0]
        raise ValueError(
            "횟수는 큰 것부터 늘어놓아야 합니다: 받은 값 "
            f"counts[{i}]={counts[i]}, counts[{i + 1}]={counts[i + 1]}"
        )
    if not 1 <= first < last <= len(counts):
        raise ValueError(
            "순위는 1 <= first < last <= V여야 합니다: "
            f"V={len(counts)}, 받은 값 first={first}, last={last}"
        )
    ranks = np.arange(first, last + 1)
    log_counts = np.log(counts[ranks - 1])
    slope, height = np.polyfit(np.log(ranks), log_counts, 1)
    return float(-slope), float(np.exp(height))


def _check_counts(counts):
    """1 이상인 정수의 배열 (V,)인지 확인한다."""
    counts = np.asarray(counts)
    if counts.ndim != 1 or counts.dtype.kind not in "iu":
        raise TypeError(
            "횟수는 1차원 정수 배열이어야 합니다: "
            f"받은 모양 {counts.shape}, 자료형 {counts.dtype}"
        )
    if not len(counts):
        raise ValueError("횟수가 없습니다: 하나 이상이어야 합니다")
    if counts.min() < 1:
        raise ValueError(
            f"횟수는 모두 1 이상이어야 합니다: 받은 값 {counts.min()}"
        )
    return counts
