"""BPTT: 셀을 시간축으로 펼치고, 거꾸로 따라가며 기울기를 구한다.

장: chapters/bptt
출처: Werbos (1990)
"""

import numpy as np


def unroll(cell, x, state=None):
    """셀을 시간축으로 펼친다.

    x (N, T, D), 첫 상태 -> y (N, T, H), 마지막 상태, 기록(tape)
    """
    xs = x.swapaxes(0, 1)              # 안에서는 (T, N, D)
    T, N = xs.shape[:2]
    state = cell.initial_state(N) if state is None else state
    a = cell.project(xs)               # (T, G, N, H)
    cell.prepare(N)
    hs, steps = np.empty((T + 1, N, cell.hidden_size), a.dtype), []
    hs[0] = state[0]
    for t in range(T):
        state, cache = cell.step(a[t], state, hs[t + 1])
        steps.append(cache)
    return hs[1:].swapaxes(0, 1), state, (xs, hs, steps)


def unroll_backward(cell, dy, dstate, tape):
    """펼친 셀을 마지막 시점부터 거꾸로 미분한다.

    dy (N, T, H), 마지막 상태의 기울기 dstate
    -> dx (N, T, D), 첫 상태의 기울기
    """
    xs, hs, steps = tape
    T, N, H = hs[1:].shape
    dstate = cell.initial_state(N) if dstate is None else dstate
    dy = dy.swapaxes(0, 1)
    da = cell.buffer((T, N, cell.gates * H))
    cell.prepare_backward(N)
    steps = cell.slopes(hs[1:], steps)
    for t in reversed(range(T)):
        dh = dstate[0] + dy[t]         # 다음 시점 + 출력
        dstate = dh, *dstate[1:]
        dstate = cell.step_backward(dstate, steps[t], da[t])
    dx = cell.project_backward(xs, hs[:-1], da)
    return dx if dx is None else dx.swapaxes(0, 1), dstate
