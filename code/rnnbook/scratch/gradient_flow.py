"""기울기의 흐름: 시점별 기울기와 야코비 행렬을 구한다.

장: chapters/bptt
출처: Bengio, Simard & Frasconi (1994),
      Pascanu, Mikolov & Bengio (2013)
"""

import copy

import numpy as np

from .bptt import unroll, unroll_backward
from .checks import check_input, check_state


def state_gradients(cell, dy, dstate, tape):
    """손실 L을 모든 시점의 상태로 미분한다.

    dy (N, T, H), 마지막 상태의 기울기 dstate
    -> 상태마다 (T + 1, N, H)
    [t]는 시점 t를 마친 상태의, [0]은 첫 상태의 기울기이다.
    h와 c는 서로 다른 변수로 본다. c의 기울기에는 같은 시점의
    h를 거친 몫이 들어 있지 않다.
    매개변수의 기울기는 unroll_backward처럼 grads에 더한다.
    """
    xs, hs, steps = tape
    zero, found = np.zeros_like(dy[:, :1]), []
    if dstate is None:
        dstate = cell.initial_state(len(dy))
    for t in reversed(range(len(xs))):
        dstate = dstate[0] + dy[:, t], *dstate[1:]
        found.insert(0, dstate)
        step = xs[t:t + 1], hs[t:t + 2], steps[t:t + 1]
        _, dstate = unroll_backward(cell, zero, dstate, step)
    found.insert(0, dstate)
    return tuple(map(np.array, zip(*found, strict=True)))


def jacobians(cell, x, state=None):
    """마지막 상태를 각 시점의 상태로 미분한 야코비 행렬.

    x (T, D), 첫 상태 각 (1, H) -> (T + 1, S, S)
    [k, i, j]는 시점 k를 마친 상태의 성분 j로 마지막 상태의
    성분 i를 미분한 값이다. k = 0은 첫 상태, k = T는 마지막
    상태이다. (h, c)는 이어 붙여 S = 2H로 본다.
    모양이 틀리면 ValueError.
    """
    cell = copy.deepcopy(cell)         # 기울기는 사본에 더한다
    H, dtype = cell.hidden_size, cell.weight_hh.dtype
    x = check_input(np.asarray(x)[None], cell.input_size, dtype)
    state = check_state(state, cell, (1, H)) or cell.initial_state(1)
    eye = np.eye(cell.states * H, dtype=dtype)
    copies = [0] * len(eye)            # 성분마다 시퀀스를 하나씩
    starts = tuple(part[copies] for part in state)
    y, _, tape = unroll(cell, x[copies], starts)
    ends = tuple(np.split(eye, cell.states, axis=1))
    found = state_gradients(cell, 0 * y, ends, tape)
    return np.concatenate(found, axis=2)


def norms_by_distance(grads):
    """거리별 기울기 노름을 구한다.

    state_gradients의 값, 상태마다 (T + 1, N, H) -> (T + 1,)
    [d]는 마지막보다 d시점 앞선 상태의 기울기 노름을 배치에서
    평균한 값이다.
    """
    joined = np.concatenate(grads, axis=2)
    return np.linalg.norm(joined, axis=2).mean(axis=1)[::-1]
