"""GRU: torch.nn.GRU를 쓰고, 논문의 GRU는 셀의 한 시점만 적는다.

장: chapters/gru
"""

import torch
from torch import nn
from torch.nn.functional import linear

from .checks import check_call
from .lstm import Gates
from .rnn import Cell, Checked, Recurrent


class GRUCell(Checked, nn.GRUCell):
    """매개변수의 이름과 모양이 scratch.GRUCell과 같은 셀."""


class GRU(Gates, nn.GRU):
    """매개변수의 이름과 모양이 scratch.GRU와 같은 층."""

    states, order, candidate = 1, "rzn", "n"

    def __init__(self, input_size, hidden_size, num_layers=1, *,
                 bidirectional=False, dropout=0.0):
        super().__init__(
            input_size, hidden_size, num_layers, batch_first=True,
            bidirectional=bidirectional,
            dropout=dropout if num_layers > 1 else 0.0)


class ChoGRUCell(Cell):
    """r을 행렬곱보다 먼저 곱하는 GRU 셀. 출처: Cho et al. (2014)

    입력의 모양이 틀리면 ValueError, 자료형이 틀리면 TypeError.
    """

    gates, states = 3, 1

    def forward(self, x, state=None):
        """한 시점: x (N, D), 앞 상태 h (N, H) -> 다음 상태 h."""
        h = check_call(self, x, state)
        if h is None:
            h = x.new_zeros(len(x), self.hidden_size)
        a = linear(x, self.weight_ih, self.bias_ih + self.bias_hh)
        a_r, a_z, a_n = a.chunk(3, dim=1)
        w_r, w_z, w_n = self.weight_hh.chunk(3)
        r = torch.sigmoid(a_r + linear(h, w_r))
        z = torch.sigmoid(a_z + linear(h, w_z))
        n = torch.tanh(a_n + linear(r * h, w_n))
        return (1 - z) * n + z * h


class ChoGRU(Gates, Recurrent):
    """ChoGRUCell을 쌓은 순환층."""

    cell, states, order, candidate = ChoGRUCell, 1, "rzn", "n"
