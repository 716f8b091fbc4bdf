"""LSTM: 잊고, 더하고, 내보낸다.

장: chapters/lstm
출처: Hochreiter & Schmidhuber (1997), 망각 게이트는 Gers, Schmidhuber & Cummins (2000)
게이트 순서는 torch.nn.LSTM과 같다: i(입력) f(망각) g(후보) o(출력)
"""

import numpy as np

from .functions import sigmoid
from .rnn import Cell, Recurrent


class LSTMCell(Cell):
    r"""LSTM 셀: 한 시점의 계산.

    .. math::
       i, f, o &= \sigma(a_i), \sigma(a_f), \sigma(a_o), \qquad g = \tanh(a_g) \\
       c_t &= f \odot c_{t-1} + i \odot g, \qquad h_t = o \odot \tanh(c_t) \\
       a &= W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh}
    """

    gates, states, order = 4, 2, "ifgo"

    def step(self, a, state):
        """a (4, N, H), 앞 상태 (h, c) 각 (N, H)

        -> 다음 상태 (h, c), 역전파 때 쓸 값
        """
        h, c = state
        a += self.recur(h)             # h W_hhᵀ를 더한다
        i, f, g, o = a
        sigmoid(i, out=i), sigmoid(f, out=f)
        np.tanh(g, out=g), sigmoid(o, out=o)
        c_next = f * c + i * g         # 잊고 더한다
        tanh_c = np.tanh(c_next)
        return (o * tanh_c, c_next), (c, i, f, g, o, tanh_c)

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


class LSTM(Recurrent):
    """LSTM 층. torch.nn.LSTM(batch_first=True)에 대응한다."""

    cell = LSTMCell

    def fill_bias(self, gate, value):
        """게이트 하나의 편향을 모든 층에서 value로 채운다. 예: fill_bias("f", 1)

        망각 게이트의 편향을 1쯤으로 두고 시작하면 오래전의 입력을 더 잘 기억한다.
        출처: Gers, Schmidhuber & Cummins (2000), Jozefowicz, Zaremba & Sutskever (2015)
        """
        for name, rows in self._rows(gate, "bias"):
            rows[:] = value if "_ih" in name else 0

    def hold(self, gate, value):
        """게이트 하나를 늘 1(열림)이나 0(닫힘)으로 고정한다. 학습해도 바뀌지 않는다.

        가중치를 0, 편향을 ±100으로 두면 σ는 1이나 0이고, 미분 σ(1-σ)는 0이다.
        """
        for _, rows in self._rows(gate, "weight", self.cell.order.replace("g", "")):
            rows[:] = 0
        self.fill_bias(gate, 100 if value else -100)

    def _rows(self, gate, kind, gates=None):
        """그 게이트의 행: (매개변수 이름, 행의 뷰)의 목록."""
        order, size = self.cell.order, self.hidden_size
        if gate not in (gates or order):
            names = ", ".join(gates or order)
            raise ValueError(f"게이트는 {names} 가운데 하나여야 합니다: 받은 값 {gate!r}")
        k = order.index(gate) * size
        return [(name, value[k:k + size]) for name, value in self.params.items()
                if name.startswith((f"{kind}_ih", f"{kind}_hh"))]
