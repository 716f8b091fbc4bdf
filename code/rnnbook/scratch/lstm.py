"""LSTM: 잊고, 더하고, 내보낸다.

장: chapters/lstm
출처: Hochreiter & Schmidhuber (1997), 망각 게이트는 Gers, Schmidhuber & Cummins (2000)
게이트 순서는 torch.nn.LSTM과 같다: i(입력) f(망각) g(후보) o(출력)
"""

import numpy as np

from .functions import sigmoid
from .rnn import Cell, Recurrent


class LSTMCell(Cell):
    r"""LSTM 셀 한 걸음.

    .. math::
       i, f, o &= \sigma(a_i), \sigma(a_f), \sigma(a_o), \qquad g = \tanh(a_g) \\
       c_t &= f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t) \\
       a &= W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}
    """

    gates, states = 4, 2

    def step(self, a, state):
        """입력 사영 a (4, N, H), 상태 (h, c) 각 (N, H) -> 다음 상태, 기억할 것"""
        h, c = state
        i, f, g, o = a + h @ self.recur
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c_next = f * c + i * g                         # 잊고, 더하고
        tanh_c = np.tanh(c_next)
        return (o * tanh_c, c_next), (c, i, f, g, o, tanh_c)    # 내보낸다

    def step_backward(self, dstate, cache, da):
        """(dh, dc) 각 (N, H) -> da (4, N, H)를 채우고, 이전 상태로 곧장 가는 기울기를 돌려준다"""
        dh, dc = dstate
        c, i, f, g, o, tanh_c = cache
        dc = dc + dh * o * (1 - tanh_c * tanh_c)       # h를 거쳐 온 몫과 c로 곧장 온 몫
        da[0] = dc * g * i * (1 - i)
        da[1] = dc * c * f * (1 - f)
        da[2] = dc * i * (1 - g * g)
        da[3] = dh * tanh_c * o * (1 - o)
        return 0, dc * f                               # ∂c_t/∂c_{t-1}의 곧은 길 = f


class LSTM(Recurrent):
    """torch.nn.LSTM(batch_first=True)의 밑바닥 짝."""

    cell = LSTMCell
