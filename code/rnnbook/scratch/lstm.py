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

    gates, states, order = 4, 2, "ifgo"

    def step(self, a, state):
        """입력 사영 a (4, N, H), 상태 (h, c) 각 (N, H) -> 다음 상태, 기억할 것"""
        h, c = state
        a += self.recur(h)                             # 되먹임 h W_hhᵀ: (4, N, H)
        i, f, g, o = a
        sigmoid(i, out=i), sigmoid(f, out=f), np.tanh(g, out=g), sigmoid(o, out=o)
        c_next = f * c + i * g                         # 잊고, 더하고
        tanh_c = np.tanh(c_next)
        return (o * tanh_c, c_next), (c, i, f, g, o, tanh_c)    # 내보낸다

    def step_backward(self, dstate, cache, da):
        """(dh, dc) 각 (N, H) -> da (N, 4H)를 채우고, 이전 상태의 (dh, dc)를 돌려준다"""
        dh, dc = dstate
        c, i, f, g, o, tanh_c = cache
        dc = dc + dh * o * (1 - tanh_c * tanh_c)       # h를 거쳐 온 몫과 c로 곧장 온 몫
        di, df, dg, do = self.split(da)
        np.multiply(dc * g, i * (1 - i), out=di)
        np.multiply(dc * c, f * (1 - f), out=df)
        np.multiply(dc * i, 1 - g * g, out=dg)
        np.multiply(dh * tanh_c, o * (1 - o), out=do)
        return self.recur_backward(da), dc * f         # da W_hh, 곧은 길에는 f만 곱해진다


class PeepholeLSTMCell(LSTMCell):
    """게이트가 셀 상태를 들여다보는 LSTM 셀: a_i와 a_f는 c_{t-1}을, a_o는 c_t를 본다.

    매개변수가 셋 늘어난다: weight_ci, weight_cf, weight_co 각 (H,)
    출처: Gers & Schmidhuber (2000)
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, rng=rng, dtype=dtype)
        bound = hidden_size**-0.5
        for name in ("weight_ci", "weight_cf", "weight_co"):
            self.param(name, rng.uniform(-bound, bound, hidden_size).astype(dtype))

    def step(self, a, state):
        """LSTMCell.step과 같되, 게이트마다 셀 상태의 몫이 더해진다"""
        h, c = state
        i, f, g, o = a + self.recur(h)
        i = sigmoid(i + c * self.weight_ci)
        f = sigmoid(f + c * self.weight_cf)
        g = np.tanh(g)
        c_next = f * c + i * g
        o = sigmoid(o + c_next * self.weight_co)       # 출력 게이트는 새 상태를 본다
        tanh_c = np.tanh(c_next)
        return (o * tanh_c, c_next), (c, c_next, i, f, g, o, tanh_c)

    def step_backward(self, dstate, cache, da):
        """LSTMCell.step_backward와 같되, 셀 상태로 가는 길이 게이트마다 하나씩 늘어난다"""
        dh, dc = dstate
        c, c_next, i, f, g, o, tanh_c = cache
        di, df, dg, do = self.split(da)
        do[:] = dh * tanh_c * o * (1 - o)
        dc = dc + dh * o * (1 - tanh_c * tanh_c) + do * self.weight_co
        di[:] = dc * g * i * (1 - i)
        df[:] = dc * c * f * (1 - f)
        dg[:] = dc * i * (1 - g * g)
        for name, d, seen in [("ci", di, c), ("cf", df, c), ("co", do, c_next)]:
            self.grads[f"weight_{name}"] += (d * seen).sum(axis=0)
        return self.recur_backward(da), dc * f + di * self.weight_ci + df * self.weight_cf


class CoupledLSTMCell(LSTMCell):
    """잊은 만큼만 새로 쓰는 LSTM 셀: i = 1 - f. 게이트는 f(망각) g(후보) o(출력) 셋이다.

    출처: Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2017)의 CIFG
    """

    gates, order = 3, "fgo"

    def step(self, a, state):
        """LSTMCell.step과 같되, 잊은 자리 1 - f에만 새 후보를 쓴다"""
        h, c = state
        a += self.recur(h)
        f, g, o = a
        sigmoid(f, out=f), np.tanh(g, out=g), sigmoid(o, out=o)
        c_next = f * c + (1 - f) * g
        tanh_c = np.tanh(c_next)
        return (o * tanh_c, c_next), (c, f, g, o, tanh_c)

    def step_backward(self, dstate, cache, da):
        """(dh, dc) 각 (N, H) -> da (N, 3H)를 채우고, 이전 상태의 (dh, dc)를 돌려준다"""
        dh, dc = dstate
        c, f, g, o, tanh_c = cache
        dc = dc + dh * o * (1 - tanh_c * tanh_c)
        df, dg, do = self.split(da)
        df[:] = dc * (c - g) * f * (1 - f)
        dg[:] = dc * (1 - f) * (1 - g * g)
        do[:] = dh * tanh_c * o * (1 - o)
        return self.recur_backward(da), dc * f


class LSTM(Recurrent):
    """torch.nn.LSTM(batch_first=True)의 밑바닥 짝."""

    cell = LSTMCell

    def fill_bias(self, gate, value):
        """게이트 하나의 편향을 모든 층에서 value로 채운다. 예: fill_bias("f", 1)

        망각 게이트를 1쯤으로 두고 시작하면 먼 기억을 더 잘 배운다.
        출처: Gers, Schmidhuber & Cummins (2000), Jozefowicz, Zaremba & Sutskever (2015)
        """
        for name, rows in self._rows(gate, "bias"):
            rows[:] = value if "_ih" in name else 0

    def hold(self, gate, value):
        """게이트 하나를 늘 열어(1) 두거나 닫아(0) 둔다. 학습해도 움직이지 않는다.

        가중치를 0, 편향을 ±100으로 두면 σ는 1이나 0이고, 그 기울기 σ(1-σ)는 0이다.
        """
        for _, rows in self._rows(gate, "weight", self.cell.order.replace("g", "")):
            rows[:] = 0
        self.fill_bias(gate, 100 if value else -100)

    def _rows(self, gate, kind, gates=None):
        """그 게이트가 쓰는 행들: (매개변수 이름, 행의 뷰)"""
        order, size = self.cell.order, self.hidden_size
        if gate not in (gates or order):
            names = ", ".join(gates or order)
            raise ValueError(f"게이트는 {names} 가운데 하나여야 합니다: 받은 값 {gate!r}")
        k = order.index(gate) * size
        return [(name, value[k:k + size]) for name, value in self.params.items()
                if name.startswith((f"{kind}_ih", f"{kind}_hh"))]


class PeepholeLSTM(LSTM):
    """PeepholeLSTMCell을 엮은 순환층."""

    cell = PeepholeLSTMCell


class CoupledLSTM(LSTM):
    """CoupledLSTMCell을 엮은 순환층."""

    cell = CoupledLSTMCell
