"""LSTM: torch.nn.LSTM을 쓴다. 변형은 셀의 한 시점만 적고, 기울기는 자동 미분에 맡긴다.

장: chapters/lstm
"""

import torch
from torch import nn

from rnnbook import gates

from .rnn import Cell, Checked, Lengths, Recurrent


class LSTMCell(Checked, nn.LSTMCell):
    """매개변수의 이름과 모양이 scratch.LSTMCell과 같은 셀."""

    states = 2


class Gates(gates.Gates, Lengths):
    """torch의 순환층에 fill_bias, hold, flip을 더한다."""

    states = 2

    def arrays(self):
        """(매개변수 이름, 계산 그래프에서 뗀 값)."""
        return ((name, value.detach()) for name, value in self.named_parameters())


class LSTM(Gates, nn.LSTM):
    """매개변수의 이름과 모양이 scratch.LSTM과 같은 층."""

    def __init__(self, input_size, hidden_size, num_layers=1, *,
                 bidirectional=False, dropout=0.0):
        super().__init__(
            input_size, hidden_size, num_layers, batch_first=True,
            bidirectional=bidirectional,
            dropout=dropout if num_layers > 1 else 0.0)


class PeepholeLSTMCell(Cell):
    """엿보기 연결이 있는 LSTM 셀. 출처: Gers & Schmidhuber (2000)"""

    gates, states = 4, 2

    def __init__(self, input_size, hidden_size):
        super().__init__(input_size, hidden_size)
        bound = hidden_size**-0.5
        for name in ("weight_ci", "weight_cf", "weight_co"):
            self.register_parameter(
                name, nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound)))

    def step(self, a, state):
        """a 넷, 앞 상태 (h, c) -> 다음 상태. 게이트의 a에는 셀 상태에서 오는 값을 더한다."""
        i, f, g, o = a
        c = state[1]
        i, f = torch.sigmoid(i + c * self.weight_ci), torch.sigmoid(f + c * self.weight_cf)
        c = f * c + i * torch.tanh(g)
        o = torch.sigmoid(o + c * self.weight_co)
        return o * torch.tanh(c), c


class CoupledLSTMCell(Cell):
    """결합 게이트를 쓰는 LSTM 셀: 지운 만큼만 새로 쓴다(i = 1 - f). 출처: Greff et al. (2017)"""

    gates, states = 3, 2

    def step(self, a, state):
        """활성화 함수에 들어가는 값 a 셋, 앞 상태 (h, c) -> 다음 상태"""
        f, g, o = a
        f = torch.sigmoid(f)
        c = f * state[1] + (1 - f) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class PeepholeLSTM(Gates, Recurrent):
    """PeepholeLSTMCell을 쌓은 순환층."""

    cell = PeepholeLSTMCell


class CoupledLSTM(Gates, Recurrent):
    """CoupledLSTMCell을 쌓은 순환층."""

    cell, order = CoupledLSTMCell, "fgo"
