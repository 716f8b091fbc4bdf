"""기울기의 흐름: 시점마다의 기울기와 야코비 행렬을 구한다.

장: chapters/bptt
출처: Bengio, Simard & Frasconi (1994), Pascanu, Mikolov & Bengio (2013)
"""

import copy

import numpy as np

from .bptt import unroll, unroll_backward
from .checks import check_input, check_state


def state_gradients(cell, dy, dstate, tape):
    """손실 L을 모든 시점의 상태로 미분한다.

    dy (N, T, H), 마지막 상태의 기울기 dstate
    -> 상태마다 (T + 1, N, H). [t]는 시점 t를 마친 상태의 기울기이고
    [0]은 첫 상태의 기울기이다. h와 c는 서로 다른 변수로 보므로, c의
    기울기에 같은 시점의 h를 거친 몫은 들어 있지 않다.
    매개변수의 기울기는 unroll_backward처럼 grads에 더한다.
    """
    xs, hs, steps = tape
    zero, found = np.zeros_like(dy[:, :1]), []
    dstate = cell.initial_state(len(dy)) if dstate is None else dstate
    for t in reversed(range(len(xs))):
        dstate = dstate[0] + dy[:, t], *dstate[1:]
        found.insert(0, dstate)
        step = xs[t:t + 1], hs[t:t + 2], steps[t:t + 1]
        _, dstate = unroll_backward(cell, zero, dstate, step)
    found.insert(0, dstate)
    return tuple(map(np.array, zip(*found, strict=True)))


def jacobians(cell, x, state=None):
    """마지막 상태를 모든 시점의 상태로 미분한 야코비 행렬.

    x (T, D), 첫 상태 각 (1, H) -> (T + 1, S, S)
    [k, i, j]는 시점 k를 마친 상태의 성분 j를 조금 바꿀 때 마지막 상태의
    성분 i가 바뀌는 정도이다. 상태 (h, c)는 이어 붙여 S = 2H로 본다.
    """
    cell, S = copy.deepcopy(cell), cell.states * cell.hidden_size
    x = check_input(np.asarray(x)[None], cell.input_size, cell.weight_hh.dtype)
    state = check_state(state, cell, (1, cell.hidden_size))
    state = cell.initial_state(1) if state is None else state
    xs = x.repeat(S, axis=0)           # 성분마다 같은 시퀀스를 하나씩
    state = tuple(part.repeat(S, axis=0) for part in state)
    y, _, tape = unroll(cell, xs, state)
    ends = tuple(np.split(np.eye(S, dtype=y.dtype), cell.states, axis=1))
    return np.concatenate(state_gradients(cell, 0 * y, ends, tape), axis=2)


def norms_by_distance(grads):
    """거리마다의 기울기 노름: 상태마다 (T + 1, N, H) -> (T + 1,)

    state_gradients가 돌려준 값을 받는다. [d]는 마지막보다 시점 d개 앞인
    상태의 기울기의 노름을 배치에 걸쳐 평균한 것이다.
    """
    joined = np.concatenate(grads, axis=2)
    return np.linalg.norm(joined, axis=2).mean(axis=1)[::-1]
