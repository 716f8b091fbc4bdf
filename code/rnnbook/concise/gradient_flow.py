"""기울기의 흐름: 야코비 행렬을 자동 미분으로 구한다.

장: chapters/bptt
"""

import torch


def jacobians(cell, x, state=None):
    """마지막 상태를 각 시점의 상태로 미분한 야코비 행렬.

    x (T, D), 첫 상태 각 (1, H) -> (T + 1, S, S)
    [k, i, j]는 시점 k를 마친 상태의 성분 j로 마지막 상태의
    성분 i를 미분한 값이다. k = 0은 첫 상태, k = T는 마지막
    상태이다. (h, c)는 이어 붙여 S = 2H로 본다.
    """
    if state is None:
        state = (x.new_zeros(1, cell.hidden_size),) * cell.states
    states = [_joined(state).detach().requires_grad_()]
    for x_t in x:
        parts = states[-1].chunk(cell.states, dim=1)
        now = cell(x_t[None], parts if len(parts) > 1 else parts[0])
        states.append(_joined(now))
    rows = [torch.autograd.grad(end, states, retain_graph=True)
            for end in states[-1][0]]
    steps = zip(*rows, strict=True)
    return torch.stack([torch.cat(step) for step in steps])


def _joined(state):
    """상태 h나 (h, c) 각 (1, H)를 (1, S)로 이어 붙인다."""
    parts = state if isinstance(state, tuple) else (state,)
    return torch.cat(parts, dim=1)
