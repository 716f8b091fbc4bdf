"""시계열 예측: 지금까지의 값으로 다음 값을 예측한다.

장: chapters/sequences
모양 기호: N 배치, T 시점, L 창의 길이, H 은닉
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from rnnbook.arguments import check_choice, check_counts

from .layers import Linear
from .module import Module
from .rnnlm import CELLS


class Forecaster(Module):
    """예측 모형의 바탕 클래스: 학습과 평가.

    x (N, T) -> 마지막 M개 시점마다 그다음 값 y (N, M)
    하위 클래스는 forward, backward, forecast만 정한다.
    """

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다.

        (x, 한 시점 뒤의 값) 각 (N, T) -> 손실, 마지막 상태
        손실은 평균 제곱 오차, 기울기는 grads에 남는다.
        모양이 틀리면 ValueError, 실수가 아니면 TypeError.
        """
        x, targets = batch
        self.zero_grad()
        y, state = self(x, state)
        loss, dy = squared_error(y, targets)
        self.backward(dy)
        return loss, state

    def evaluate(self, batch, state=None):
        """기울기 없이 손실만 구한다."""
        x, targets = batch
        y, state = self(x, state)
        return squared_error(y, targets)[0], state


class MLPForecaster(Forecaster):
    """앞의 값 L개만 보는 다층 퍼셉트론.

    y_t = v · tanh(W [x_(t-L+1) … x_t] + b) + c
    L은 lags이다. x의 T가 그보다 짧으면 ValueError.
    """

    def __init__(self, lags, hidden_size, *, rng, dtype=np.float32):
        super().__init__()
        self.lags, self.slope = lags, None
        kinds = {"rng": rng, "dtype": dtype}
        self.hidden = self.adopt(
            Linear(lags, hidden_size, **kinds), "hidden.")
        self.head = self.adopt(
            Linear(hidden_size, 1, **kinds), "head.")

    def forward(self, x, state=None):
        """x (N, T) -> y (N, T-L+1), 상태는 없으므로 None."""
        x = check_values(x, self.lags)
        windows = sliding_window_view(x, self.lags, axis=1)
        h = np.tanh(self.hidden(windows))    # (N, T-L+1, H)
        self.slope = 1 - h * h               # tanh'
        return self.head(h)[..., 0], None

    def backward(self, dy):
        """dy (N, T-L+1) -> dx (N, T). 값은 여러 창에 든다."""
        dh = self.head.backward(dy[..., None])
        dwindows = self.hidden.backward(dh * self.slope)
        N, M, L = dwindows.shape
        dx = np.zeros((N, M + L - 1), dy.dtype)
        for k in range(L):
            dx[:, k:k + M] += dwindows[:, :, k]
        return dx

    def forecast(self, x, steps):
        """x (N, T) 다음의 steps개를 예측한다: (N, steps)

        예측한 값을 창에 넣고 다음 값을 예측한다.
        """
        check_counts(steps=steps)
        x = check_values(x, self.lags)
        for _ in range(steps):
            y, _ = self(x[:, -self.lags:])
            x = np.concatenate([x, y], axis=1)
        return x[:, -steps:]


class RNNForecaster(Forecaster):
    """첫 값부터 차례로 읽는 순환 신경망.

    y_t = v · h_t + c
    cell의 이름은 RNNLM과 같다. 다른 이름이면 ValueError.
    """

    def __init__(self, hidden_size, *, cell="rnn", num_layers=1,
                 rng, dtype=np.float32):
        super().__init__()
        check_choice(CELLS, cell=cell)
        kinds = {"rng": rng, "dtype": dtype}
        rnn = CELLS[cell](1, hidden_size, num_layers, **kinds)
        self.rnn = self.adopt(rnn, "rnn.")
        self.head = self.adopt(
            Linear(hidden_size, 1, **kinds), "head.")

    def forward(self, x, state=None):
        """x (N, T) -> y (N, T), 마지막 상태."""
        h, state = self.rnn(check_values(x, 1)[..., None], state)
        return self.head(h)[..., 0], state

    def backward(self, dy, dstate=None):
        """dy (N, T) -> dx (N, T), 첫 상태의 기울기."""
        dh = self.head.backward(dy[..., None])
        dx, dstate = self.rnn.backward(dh, dstate)
        return dx[..., 0], dstate

    def forecast(self, x, steps):
        """x (N, T) 다음의 steps개를 예측한다: (N, steps)

        x를 읽은 뒤에는 예측한 값을 다음 입력으로 쓴다.
        """
        check_counts(steps=steps)
        state, ys = None, []
        for _ in range(steps):
            y, state = self(x, state)
            x = y[:, -1:]
            ys.append(x)
        return np.concatenate(ys, axis=1)


def squared_error(y, targets):
    """평균 제곱 오차와 y의 기울기.

    y (N, M)을 targets (N, T >= M)의 마지막 M개와 비교한다.
    정답의 모양이 맞지 않으면 ValueError.
    """
    N, M = y.shape
    targets = check_values(targets, M, "정답", N)
    gap = y - targets[:, -M:].astype(y.dtype)
    return float(np.square(gap).mean()), gap * (2 / gap.size)


def check_values(x, need, what="시계열", count="N"):
    """값이 need개 이상 이어진 실수 (N, T)로 만든다.

    count가 수이면 N은 그 수여야 한다.
    실수가 아니면 TypeError, 모양이 다르면 ValueError.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiu":
        raise TypeError(f"{what}은 실수여야 합니다: "
                        f"받은 자료형 {x.dtype}")
    if (x.ndim != 2 or not x.size or x.shape[1] < need
            or count not in ("N", len(x))):
        raise ValueError(
            f"{what}의 모양은 ({count}, T), T는 {need} 이상이어야 "
            f"합니다: 받은 모양 {x.shape}")
    return x if x.dtype.kind == "f" else x.astype(float)
