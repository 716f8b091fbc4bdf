"""절단 BPTT: 기울기가 거슬러 가는 거리를 줄인다.

장: chapters/bptt
출처: Williams & Peng (1990), Tallec & Ollivier (2017)
"""

from itertools import pairwise

import numpy as np

from rnnbook.cuts import check_keep

from .bptt import unroll_backward


def truncated_backward(cell, dy, dstate, tape, keep):
    """시점을 건너는 기울기에 keep을 곱한다.

    나머지는 unroll_backward와 같다. keep은 rnnbook.cuts가
    만들고, 모양이 (T,)가 아니면 ValueError.
    dy (N, T, H), 마지막 상태의 기울기 dstate, keep (T,)
    -> dx (N, T, D), 첫 상태의 기울기
    """
    (xs, hs, steps), dxs = tape, []
    keep = check_keep(keep, len(xs))
    cuts = np.flatnonzero(keep != 1)   # 그대로 건너지 않는 자리
    edges = sorted({0, *cuts.tolist(), len(xs)})
    for start, stop in reversed(list(pairwise(edges))):
        span = slice(start, stop)
        piece = xs[span], hs[start:stop + 1], steps[span]
        out, weight = dy[:, span], float(keep[start])
        dx, dstate = unroll_backward(cell, out, dstate, piece)
        dstate = tuple(weight * part for part in dstate)
        dxs.insert(0, dx)
    return dx if dx is None else np.concatenate(dxs, axis=1), dstate
