"""절단 BPTT: 순방향은 그대로 두고 시점을 건너는 기울기만 바꾼다.

장: chapters/bptt
"""

import torch

from rnnbook.cuts import check_keep
from rnnbook.states import hidden


def unroll_truncated(cell, x, state, keep):
    """셀을 펼치되 시점을 건너는 기울기에 keep을 곱한다.

    x (N, T, D), 첫 상태나 None, keep (T,)
    -> y (N, T, H), 마지막 상태. 값은 keep에 따라 바뀌지 않는다.
    keep의 모양이 (T,)가 아니면 ValueError.
    """
    hs = []
    keep = check_keep(keep, x.shape[1])
    for t, weight in enumerate(keep.tolist()):
        if isinstance(state, tuple):
            state = tuple(scaled(part, weight) for part in state)
        elif state is not None:
            state = scaled(state, weight)
        state = cell(x[:, t], state)
        hs.append(hidden(state))
    return torch.stack(hs, dim=1), state


def scaled(value, weight):
    """값 (N, H)는 그대로 두고 기울기만 weight배로 만든다."""
    fixed = value.detach()
    return fixed + weight * (value - fixed)
