"""LSTM: 지우고, 더하고, 내보낸다.

장: chapters/lstm
출처: Hochreiter & Schmidhuber (1997), 망각 게이트는 Gers, Schmidhuber & Cummins (2000)
가중치를 쌓은 순서는 torch.nn.LSTM과 같다: i(입력) f(망각) g(후보) o(출력)
"""

import numpy as np

from rnnbook.gates import Gates

from .functions import sigmoid
from .rnn import Cell, Recurrent


class LSTMCell(Cell):
    r"""LSTM 셀: 한 시점의 계산.

    .. math::
       i, f, o &= \sigma(a_i), \sigma(a_f), \sigma(a_o), \qquad g = \tanh(a_g) \\
       c_t &= f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t) \\
       a &= W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}
    """

    gates, states = 4, 2

    def step(self, a, state, h_next):
        """a (4, N, H), 앞 상태 (h, c) 각 (N, H)

        -> 다음 상태 (h, c), 역전파 때 쓸 값
        다음 은닉 상태는 h_next (N, H)에 적는다.
        """
        h, c = state
        i, f, g, o = a + self.recur(h)
        i, f, o = sigmoid(i), sigmoid(f), sigmoid(o)
        g = np.tanh(g)
        c_next = f * c + i * g         # 지우고 더한다
        tanh_c = np.tanh(c_next)
        h_next[:] = o * tanh_c         # 내보낸다
        return (h_next, c_next), (c, i, f, g, o, tanh_c)

    def step_backward(self, dstate, cache, da):
        """기울기 (dh, dc) 각 (N, H) -> 앞 상태의 (dh, dc)

        a의 기울기는 da (N, 4H)에 적는다.
        """
        dh, dc = dstate
        c, i, f, g, o, tanh_c = cache
        dc = dc + dh * o * (1 - tanh_c * tanh_c)
        di, df, dg, do = self.split(da)
        np.multiply(dc * g, i * (1 - i), out=di)
        np.multiply(dc * c, f * (1 - f), out=df)
        np.multiply(dc * i, 1 - g * g, out=dg)
        np.multiply(dh * tanh_c, o * (1 - o), out=do)
        return self.recur_backward(da), dc * f


class LSTM(Gates, Recurrent):
    """LSTM 층. torch.nn.LSTM(batch_first=True)에 대응한다."""

    cell = LSTMCell

    def arrays(self):
        """(매개변수 이름, 값)."""
        return self.params.items()
