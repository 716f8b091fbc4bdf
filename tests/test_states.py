"""The state of a recurrent layer, h or (h, c), taken apart alike for arrays and for tensors."""

import numpy as np
import planting
import pytest
import torch

from rnnbook import states

H, C = np.arange(24.0).reshape(2, 3, 4), -np.arange(24.0).reshape(2, 3, 4)
KINDS = {"array": np.asarray, "tensor": torch.tensor}


def right(m, kind=np.asarray):
    """One state and a pair; rows left out, taken twice and in another order; no rows at all."""
    h, c, rows = kind(H), kind(C), np.array([2, 0, 2, 1])
    alone, (first, second) = m.pick(h, rows), m.pick((h, c), rows)
    same = [m.hidden(h) is h, m.hidden((h, c)) is h, m.pick(h, None) is h,
            m.pick((h, c), None) == (h, c), type(alone) is type(first) is type(h)]
    wanted = [(alone, H), (first, H), (second, C)]
    return all(same) and all(np.array_equal(a, b[:, rows]) for a, b in wanted)


@pytest.mark.parametrize("kind", KINDS)
def test_one_state_and_a_pair_are_taken_apart(kind):
    assert right(states, KINDS[kind])


ERRORS = {
    "c for h": ("return state[0] if", "return state[1] if"),
    "h of a single state is its first layer": ("tuple) else state\n", "tuple) else state[0]\n"),
    "no rows are all rows": ("if rows is None:", "if False:"),
    "the old order kept": ("part[:, rows] for", "part for"),
    "only h in another order": ("tuple(part[:, rows] for part in state)",
                                "(state[0][:, rows], *state[1:])"),
    "layers for rows": ("return state[:, rows]", "return state[rows % 2]"),
    "rows of a pair from the other axis": ("part[:, rows]", "part[:, :, rows]"),
}
test_planted_errors_are_noticed = planting.noticed((states, ERRORS, right))
