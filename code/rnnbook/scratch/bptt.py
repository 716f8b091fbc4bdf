"""BPTT: 펼친 길을 거꾸로 걸으며 기울기를 모은다.

장: chapters/bptt
출처: Werbos (1990)
"""


def unroll_backward(cell, dy, dstate, tape):
    """시간을 거슬러 미분한다: dy (N, T, H), 마지막 dstate -> dx (N, T, D), 첫 dstate"""
    xs, h_prev, steps = tape
    T, N, H = h_prev.shape
    dstate = cell.initial_state(N) if dstate is None else dstate
    dy, da = dy.swapaxes(0, 1), cell.buffer((T, N, cell.gates * H))
    cell.prepare_backward(N)
    for t in reversed(range(T)):
        dh = dstate[0] + dy[t]                       # 미래에서 온 기울기 + 출력에서 온 기울기
        dstate = cell.step_backward((dh, *dstate[1:]), steps[t], da[t])
    dx = cell.project_backward(xs, h_prev, da)
    return dx if dx is None else dx.swapaxes(0, 1), dstate
