"""LSTM의 변형: 엿보기 연결과 결합 게이트.

장: chapters/lstm
출처: Gers & Schmidhuber (2000), Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2017)
"""

import numpy as np

from .functions import sigmoid
from .lstm import LSTM, LSTMCell


class PeepholeLSTMCell(LSTMCell):
    """엿보기 연결이 있는 LSTM 셀: 입력 게이트와 망각 게이트는 c_{t-1}을, 출력 게이트는 c_t를 본다.

    매개변수가 셋 늘어난다: weight_ci, weight_cf, weight_co 각 (H,)
    출처: Gers & Schmidhuber (2000)
    """

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__(input_size, hidden_size, rng=rng, dtype=dtype)
        bound = hidden_size**-0.5
        for name in ("weight_ci", "weight_cf", "weight_co"):
            self.param(name, rng.uniform(-bound, bound, hidden_size).astype(dtype))

    def step(self, a, state, h_next):
        """LSTMCell.step과 같되, 게이트마다 셀 상태에서 오는 값을 더한다."""
        h, c = state
        i, f, g, o = a + self.recur(h)
        i = sigmoid(i + c * self.weight_ci)
        f = sigmoid(f + c * self.weight_cf)
        g = np.tanh(g)
        c_next = f * c + i * g
        o = sigmoid(o + c_next * self.weight_co)       # 출력 게이트는 새 상태를 본다
        tanh_c = np.tanh(c_next)
        h_next[:] = o * tanh_c
        return (h_next, c_next), (c, c_next, i, f, g, o, tanh_c)

    def step_backward(self, dstate, cache, da):
        """LSTMCell.step_backward와 같되, 게이트마다 셀 상태로도 기울기가 간다."""
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


class PeepholeLSTM(LSTM):
    """PeepholeLSTMCell을 쌓은 순환층."""

    cell = PeepholeLSTMCell


class CoupledLSTMCell(LSTMCell):
    """결합 게이트를 쓰는 LSTM 셀: 지운 만큼만 새로 쓴다(i = 1 - f).

    가중치를 쌓은 순서는 f(망각 게이트) g(후보) o(출력 게이트)이다.
    출처: Greff, Srivastava, Koutník, Steunebrink & Schmidhuber (2017)의 CIFG. 논문은 엿보기 연결을
    남기고 f = 1 - i로 묶는다.
    """

    gates = 3

    def step(self, a, state, h_next):
        """LSTMCell.step과 같되, 입력 게이트 i의 자리에 1 - f를 쓴다."""
        h, c = state
        f, g, o = a + self.recur(h)
        f, g, o = sigmoid(f), np.tanh(g), sigmoid(o)
        c_next = f * c + (1 - f) * g
        tanh_c = np.tanh(c_next)
        h_next[:] = o * tanh_c
        return (h_next, c_next), (c, f, g, o, tanh_c)

    def step_backward(self, dstate, cache, da):
        """기울기 (dh, dc) 각 (N, H) -> 앞 상태의 (dh, dc). da (N, 3H)를 채운다."""
        dh, dc = dstate
        c, f, g, o, tanh_c = cache
        dc = dc + dh * o * (1 - tanh_c * tanh_c)
        df, dg, do = self.split(da)
        df[:] = dc * (c - g) * f * (1 - f)
        dg[:] = dc * (1 - f) * (1 - g * g)
        do[:] = dh * tanh_c * o * (1 - o)
        return self.recur_backward(da), dc * f


class CoupledLSTM(LSTM):
    """CoupledLSTMCell을 쌓은 순환층."""

    cell, order = CoupledLSTMCell, "fgo"
