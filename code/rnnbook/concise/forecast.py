"""시계열 예측. 기울기는 자동 미분으로 구한다.

장: chapters/sequences
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from rnnbook.arguments import check_choice, check_counts

from .module import Model
from .rnnlm import CELLS, detach


class Forecaster(Model):
    """예측 모형의 바탕 클래스: 학습과 평가.

    x (N, T) -> 마지막 M개 시점마다 그다음 값 y (N, M)
    하위 클래스는 forward와 forecast만 정한다.
    """

    def train_step(self, batch, state=None):
        """배치 하나의 손실과 기울기를 구한다.

        (x, 한 시점 뒤의 값) 각 (N, T) -> 손실, 마지막 상태
        """
        x, targets = batch
        self.zero_grad()
        y, state = self(x, state)
        loss = squared_error(y, targets)
        loss.backward()
        return loss.item(), state if state is None else detach(state)

    @torch.no_grad()
    def evaluate(self, batch, state=None):
        """기울기 없이 손실만 구한다."""
        x, targets = batch
        y, state = self(x, state)
        return squared_error(y, targets).item(), state


class MLPForecaster(Forecaster):
    """scratch.MLPForecaster와 같은 모형. 오류도 같다."""

    def __init__(self, lags, hidden_size):
        super().__init__()
        self.lags = lags
        self.hidden = nn.Linear(lags, hidden_size)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        """x (N, T) -> y (N, T-L+1), 상태는 없으므로 None."""
        x = check_values(x, self.head.weight.dtype, self.lags)
        h = torch.tanh(self.hidden(x.unfold(1, self.lags, 1)))
        return self.head(h).squeeze(-1), None

    @torch.no_grad()
    def forecast(self, x, steps):
        """x (N, T) 다음의 steps개를 예측한다: (N, steps)"""
        check_counts(steps=steps)
        x = check_values(x, self.head.weight.dtype, self.lags)
        for _ in range(steps):
            y, _ = self(x[:, -self.lags:])
            x = torch.cat([x, y], dim=1)
        return x[:, -steps:]


class RNNForecaster(Forecaster):
    """scratch.RNNForecaster와 같은 모형. 오류도 같다."""

    def __init__(self, hidden_size, *, cell="rnn", num_layers=1):
        super().__init__()
        check_choice(CELLS, cell=cell)
        self.rnn = CELLS[cell](1, hidden_size, num_layers)
        self.head = nn.Linear(hidden_size, 1)

    def forward(self, x, state=None):
        """x (N, T) -> y (N, T), 마지막 상태."""
        x = check_values(x, self.head.weight.dtype, 1)
        h, state = self.rnn(x[..., None], state)
        return self.head(h).squeeze(-1), state

    @torch.no_grad()
    def forecast(self, x, steps):
        """x (N, T) 다음의 steps개를 예측한다: (N, steps)"""
        check_counts(steps=steps)
        state, ys = None, []
        for _ in range(steps):
            y, state = self(x, state)
            x = y[:, -1:]
            ys.append(x)
        return torch.cat(ys, dim=1)


def squared_error(y, targets):
    """y (N, M)과 targets의 마지막 M개 시점의 평균 제곱 오차."""
    N, M = y.shape
    targets = check_values(targets, y.dtype, M, "정답", N)
    return F.mse_loss(y, targets[:, -M:])


def check_values(x, dtype, need, what="시계열", count="N"):
    """값이 need개 이상 이어진 실수 (N, T)로 만든다.

    count가 수이면 N은 그 수여야 한다.
    실수가 아니면 TypeError, 모양이 다르면 ValueError.
    """
    if not isinstance(x, torch.Tensor):
        x = np.asarray(x)
        if x.dtype.kind not in "fiu":
            raise TypeError(f"{what}은 실수여야 합니다: "
                            f"받은 자료형 {x.dtype}")
        x = torch.tensor(x)
    if (x.ndim != 2 or not x.numel() or x.shape[1] < need
            or count not in ("N", len(x))):
        raise ValueError(
            f"{what}의 모양은 ({count}, T), T는 {need} 이상이어야 "
            f"합니다: 받은 모양 {tuple(x.shape)}")
    return x.to(dtype)
