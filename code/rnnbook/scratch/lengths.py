"""길이가 다른 시퀀스: 한 배치에 담되 채운 자리는 계산하지 않는다.

장: chapters/patterns
시퀀스가 끝나는 시점마다 시간축을 나누고, 구간마다 남은 시퀀스만
펼친다. 그래서 어느 셀이든 unroll과 unroll_backward를 그대로 쓰고,
채운 값은 출력에도 상태에도 기울기에도 들어가지 않는다.
"""

from itertools import pairwise

import numpy as np

from .bptt import unroll, unroll_backward


def unroll_lengths(cell, x, state, lengths):
    """셀을 시퀀스마다 제 길이까지만 펼친다.

    x (N, T, D), 첫 상태, 길이 (N,)
    -> y (N, T, H), 시퀀스마다 마지막 상태, 구간마다 기록
    """
    N, T = x.shape[:2]
    state = cell.initial_state(N) if state is None else state
    state, tapes = [part.copy() for part in state], []
    y = np.zeros((N, T, cell.hidden_size), state[0].dtype)
    for start, stop in pairwise([0, *np.unique(lengths)]):
        span = slice(start, stop)
        rows = np.flatnonzero(lengths > start)     # 남은 시퀀스
        before = tuple(part[rows] for part in state)
        out, now, tape = unroll(cell, x[rows, span], before)
        y[rows, span] = out
        for part, new in zip(state, now, strict=True):
            part[rows] = new           # 끝난 상태는 그대로 남는다
        tapes.append((rows, span, tape))
    return y, tuple(state), tapes


def unroll_lengths_backward(cell, dy, dstate, tapes):
    """unroll_lengths를 마지막 구간부터 거꾸로 미분한다.

    dy (N, T, H), 마지막 상태의 기울기 dstate
    -> dx (N, T, D), 첫 상태의 기울기
    채운 자리의 dx는 0이다. x가 정수였으면 dx는 None이다.
    """
    N, T = dy.shape[:2]
    dstate = cell.initial_state(N) if dstate is None else dstate
    dstate, dx = [part.copy() for part in dstate], None
    for rows, span, tape in reversed(tapes):
        after = tuple(part[rows] for part in dstate)
        out = dy[rows, span]
        into, before = unroll_backward(cell, out, after, tape)
        for part, new in zip(dstate, before, strict=True):
            part[rows] = new
        if into is not None:           # 정수 x에는 기울기가 없다
            if dx is None:
                dx = np.zeros((N, T, into.shape[2]), dy.dtype)
            dx[rows, span] = into
    return dx, tuple(dstate)
