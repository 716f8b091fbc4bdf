"""RNN: 셀은 한 걸음, 펼치기는 걸음의 반복.

장: chapters/rnn
모양 기호: N 배치, T 시간, D 입력, H 은닉, G 게이트 수(RNN 1, LSTM 4)
출처: Elman (1990)
"""

import numpy as np

from .bptt import unroll_backward
from .checks import check_input, check_state
from .fast import add_rows, times
from .layers import Dropout
from .module import Module


class Cell(Module):
    """순환 셀: 한 걸음. 하위 클래스는 gates, states, step, step_backward만 정한다.

    매개변수의 이름과 모양은 torch.nn의 셀과 같다.
      weight_ih (G*H, D)   weight_hh (G*H, H)   bias_ih (G*H,)   bias_hh (G*H,)
    """

    gates: int   # G
    states: int  # 다음 걸음으로 넘기는 상태의 수: (h,)이면 1, (h, c)이면 2

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        rows, bound = self.gates * hidden_size, hidden_size**-0.5
        for name, shape in [("weight_ih", (rows, input_size)), ("weight_hh", (rows, hidden_size)),
                            ("bias_ih", (rows,)), ("bias_hh", (rows,))]:
            self.param(name, rng.uniform(-bound, bound, shape).astype(dtype))
        self.spare = np.empty(0, dtype)

    def forward(self, x, state=None):
        """한 걸음: x (N, D), 상태 h나 (h, c) 각 (N, H) -> 다음 상태. 모양이 다르면 ValueError."""
        x = np.asarray(x, self.weight_hh.dtype)
        if x.ndim != 2 or x.shape[1] != self.input_size:
            raise ValueError(f"x의 모양은 (N, {self.input_size})이어야 합니다: 받은 모양 {x.shape}")
        last = unroll(self, x[:, None], check_state(state, self, (len(x), self.hidden_size)))[1]
        return last if self.states > 1 else last[0]

    def initial_state(self, batch_size):
        """0으로 채운 첫 상태, 각 (N, H)."""
        return (np.zeros((batch_size, self.hidden_size), self.weight_hh.dtype),) * self.states

    def project(self, x):
        """입력 사영 x W_ihᵀ + b_ih + b_hh: x (T, N, D) -> a (G, T, N, H)

        상태를 기다릴 필요가 없으므로 모든 시점을 한 번에 끝낸다. 게이트를 맨 앞 축에 두어
        게이트 하나의 값이 메모리에 이어지게 한다. 정수 x (T, N)은 원-핫 벡터로 보고 행을 꺼낸다.
        """
        G, H = self.gates, self.hidden_size
        w = self.weight_ih.reshape(G, H, -1).swapaxes(1, 2)
        b = (self.bias_ih + self.bias_hh).reshape(G, 1, H)
        if x.dtype.kind in "iu":
            return np.take(w + b, x, axis=1, mode="clip")
        a = x.reshape(-1, self.input_size) @ w
        a += b
        return a.reshape(G, *x.shape[:-1], H)

    def prepare(self, batch_size):
        """되먹임 곱 recur(h) = h W_hhᵀ를 마련한다: (N, H) -> (G, N, H), 게이트가 하나면 (N, H)."""
        G, H = self.gates, self.hidden_size
        w = self.weight_hh.T if G == 1 else self.weight_hh.reshape(G, H, H).swapaxes(1, 2)
        self.recur = times(w, batch_size)

    def prepare_backward(self, batch_size):
        """거꾸로 가는 되먹임 곱 recur_backward(da) = da W_hh를 마련한다: (N, G*H) -> (N, H)."""
        self.recur_backward = times(self.weight_hh, batch_size)

    def buffer(self, shape):
        """거슬러 갈 때 잠시 쓰는 배열. 새 메모리를 받는 값이 비싸므로 모양이 같으면 다시 쓴다."""
        if self.spare.shape != shape:
            self.spare = np.empty(shape, self.spare.dtype)
        return self.spare

    def split(self, da):
        """da (N, G*H)를 게이트별로 본다: (G, N, H)"""
        return da.reshape(len(da), self.gates, -1).swapaxes(0, 1)

    def project_backward(self, x, h_prev, da):
        """매개변수의 기울기를 더하고 dx를 돌려준다. 여기도 행렬곱은 한 번씩이다.

        x (T, N, D), h_prev (T, N, H), da (T, N, G*H) -> dx (T, N, D)
        """
        rows = da.reshape(-1, da.shape[-1])
        self.grads["weight_hh"] += rows.T @ h_prev.reshape(-1, self.hidden_size)
        db = np.ones(len(rows), rows.dtype) @ rows
        self.grads["bias_ih"] += db
        self.grads["bias_hh"] += db
        if x.dtype.kind in "iu":
            return add_rows(self.grads["weight_ih"].T, x.reshape(-1), rows)
        self.grads["weight_ih"] += rows.T @ x.reshape(-1, self.input_size)
        return (rows @ self.weight_ih).reshape(x.shape)


def unroll(cell, x, state=None):
    """셀을 시간축으로 펼친다: x (N, T, D) -> y (N, T, H), 마지막 상태, 기록(tape)"""
    xs = x.swapaxes(0, 1)                            # 안에서는 시간이 먼저: (T, N, D)
    T, N = xs.shape[:2]
    state = cell.initial_state(N) if state is None else state
    a = cell.project(xs).swapaxes(0, 1)              # (T, G, N, H)
    cell.prepare(N)
    hs = np.empty((T + 1, N, cell.hidden_size), a.dtype)
    hs[0], steps = state[0], []
    for t in range(T):
        state, cache = cell.step(a[t], state)        # 남은 행렬곱은 h W_hhᵀ 하나뿐
        hs[t + 1] = state[0]
        steps.append(cache)
    return hs[1:].swapaxes(0, 1), state, (xs, hs[:-1], steps)


class Recurrent(Module):
    """셀을 여러 층, 한두 방향으로 엮은 순환층. 하위 클래스는 cell만 정한다.

    인자, 매개변수 이름, 돌려주는 모양은 torch.nn.RNNBase(batch_first=True)와 같다.
    dropout은 층과 층 사이에만 넣는다.
    """

    cell: type

    def __init__(self, input_size, hidden_size, num_layers=1, *, bidirectional=False, dropout=0.0,
                 rng, dtype=np.float32):
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.dtype, self.cells, self.drops, self.tapes = np.dtype(dtype), [], [], None
        self.ways = ("", "_reverse") if bidirectional else ("",)
        self.turns = (slice(None), slice(None, None, -1))[:len(self.ways)]     # 앞으로, 뒤로
        for k in range(num_layers):
            size = hidden_size * len(self.ways) if k else input_size
            self.drops.append(self.adopt(Dropout(dropout if k else 0.0, rng=rng)))
            for way in self.ways:
                cell = self.cell(size, hidden_size, rng=rng, dtype=dtype)
                self.cells.append(self.adopt(cell, suffix=f"_l{k}{way}"))

    def forward(self, x, state=None):
        """x (N, T, D) -> y (N, T, H*방향), 마지막 상태 (층*방향, N, H). LSTM의 상태는 (h, c).

        정수 x (N, T)는 원-핫 벡터 (N, T, D)로 본다. 모양이 맞지 않으면 ValueError.
        """
        x = check_input(x, self.input_size, self.dtype)
        starts, lasts, self.tapes = self._starts(state, len(x)), [], []
        for drop in self.drops:
            x, ys = drop(x), []
            for turn in self.turns:
                k = len(lasts)
                y, last, tape = unroll(self.cells[k], x[:, turn], starts[k])
                ys.append(y[:, turn])
                lasts.append(last)
                self.tapes.append(tape)
            x = ys[0] if len(ys) == 1 else np.concatenate(ys, axis=2)
        return x, self._pack(lasts)

    def backward(self, dy, dstate=None):
        """dy (N, T, H*방향), 마지막 상태의 기울기 -> dx (N, T, D), 첫 상태의 기울기.

        가장 최근의 forward를 거슬러 간다. 매개변수의 기울기는 grads에 더한다.
        x가 정수였으면 dx는 None이다. forward를 부른 적이 없으면 RuntimeError.
        """
        if self.tapes is None:
            raise RuntimeError("backward보다 forward를 먼저 불러야 합니다")
        H, ways = self.hidden_size, len(self.ways)
        T, N = self.tapes[0][1].shape[:2]
        if np.shape(dy) != (N, T, H * ways):
            raise ValueError(f"dy의 모양은 {(N, T, H * ways)}이어야 합니다: "
                             f"받은 모양 {np.shape(dy)}")
        dy, ends = np.asarray(dy, self.dtype), self._starts(dstate, N)
        firsts = [None] * len(self.cells)
        for layer in reversed(range(self.num_layers)):
            dxs = []
            for way, turn in enumerate(self.turns):
                k, part = layer * ways + way, dy[:, turn, way * H:(way + 1) * H]
                dx, firsts[k] = unroll_backward(self.cells[k], part, ends[k], self.tapes[k])
                dxs.append(dx if dx is None else dx[:, turn])
            dy = dxs[0] if ways == 1 or dxs[0] is None else dxs[0] + dxs[1]
            dy = dy if dy is None else self.drops[layer].backward(dy)
        return dy, self._pack(firsts)

    def _pack(self, parts):
        """셀마다의 상태를 (층*방향, N, H)로 쌓는다."""
        packed = tuple(map(np.array, zip(*parts, strict=True)))
        return packed if len(packed) > 1 else packed[0]

    def _starts(self, state, batch_size):
        """상태 (층*방향, N, H)를 셀마다의 튜플로 나눈다. 상태가 없으면 모두 None."""
        shape = len(self.cells), batch_size, self.hidden_size
        parts = check_state(state, self.cells[0], shape)
        return [None] * len(self.cells) if parts is None else list(zip(*parts, strict=True))


class RNNCell(Cell):
    """단순 순환 셀 h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)."""

    gates, states = 1, 1

    def step(self, a, state):
        """입력 사영 a (1, N, H), 상태 (h,) -> 다음 상태, 기억할 것"""
        (h,) = state
        h = np.tanh(a[0] + self.recur(h))
        return (h,), h

    def step_backward(self, dstate, h, da):
        """(dh,) (N, H) -> da (N, H)를 채우고, 이전 상태의 (dh,)를 돌려준다"""
        (dh,) = dstate
        np.subtract(dh, dh * h * h, out=da)           # dh · (1 - h²)
        return (self.recur_backward(da),)


class RNN(Recurrent):
    """torch.nn.RNN(batch_first=True)의 밑바닥 짝."""

    cell = RNNCell
