"""RNN: 모든 셀의 바탕이 되는 Cell과 가장 단순한 순환 셀.

장: chapters/rnn
모양 기호: N 배치, T 시점, D 입력, H 은닉, G 쌓은 가중치 묶음의 수(기본 RNN 1, GRU 3, LSTM 4)
출처: Elman (1990)
"""

import numpy as np

from rnnbook.arguments import check_counts, check_rng

from .bptt import unroll
from .checks import check_state
from .fast import add_rows, times
from .module import Module
from .recurrent import Recurrent


class Cell(Module):
    """순환 셀: 한 시점의 계산. 하위 클래스는 gates, states, step, step_backward만 정한다.

    매개변수의 이름과 모양은 torch.nn의 셀과 같다.
      weight_ih (G*H, D)   weight_hh (G*H, H)   bias_ih (G*H,)   bias_hh (G*H,)
    크기가 1보다 작으면 ValueError, 정수가 아니거나 rng가 난수 생성기가 아니면 TypeError.
    """

    gates: int   # G
    states: int  # 다음 시점으로 넘기는 상태의 수: (h,)이면 1, (h, c)이면 2

    def __init__(self, input_size, hidden_size, *, rng, dtype=np.float32):
        super().__init__()
        check_counts(input_size=input_size, hidden_size=hidden_size)
        check_rng(rng)
        self.input_size, self.hidden_size = input_size, hidden_size
        rows, bound = self.gates * hidden_size, hidden_size**-0.5
        ends = np.cumsum([rows * input_size, rows * hidden_size, rows, rows])

        def views(flat):
            w_ih, w_hh, b_ih, b_hh = np.split(flat, ends[:-1])
            return {"weight_ih": w_ih.reshape(rows, -1), "weight_hh": w_hh.reshape(rows, -1),
                    "bias_ih": b_ih, "bias_hh": b_hh}

        self.register(rng.uniform(-bound, bound, ends[-1]).astype(dtype), views)
        self.spare = np.empty(0, dtype)

    def forward(self, x, state=None):
        """한 시점: x (N, D), 상태 h나 (h, c) 각 (N, H) -> 다음 상태. 모양이 다르면 ValueError."""
        x = np.asarray(x, self.weight_hh.dtype)
        if x.ndim != 2 or x.shape[1] != self.input_size:
            raise ValueError(f"x의 모양은 (N, {self.input_size})이어야 합니다: 받은 모양 {x.shape}")
        last = unroll(self, x[:, None], check_state(state, self, (len(x), self.hidden_size)))[1]
        return last if self.states > 1 else last[0]

    def initial_state(self, batch_size):
        """0으로 채운 첫 상태, 각 (N, H)."""
        return (np.zeros((batch_size, self.hidden_size), self.weight_hh.dtype),) * self.states

    def project(self, x):
        """입력에서 오는 값 x W_ihᵀ + b_ih + b_hh: x (T, N, D) -> a (T, G, N, H)

        앞 상태가 없어도 되므로 모든 시점을 한 번에 계산한다. 게이트 하나의 값이 메모리에 이어지도록
        게이트를 맨 앞에 두고 계산한다. G가 1이면 a는 (T, N, H)이다.
        정수 x (T, N)은 원-핫 벡터로 보고 행을 꺼낸다.
        """
        G, H = self.gates, self.hidden_size
        w = self.weight_ih.reshape(G, H, -1).swapaxes(1, 2)
        b = (self.bias_ih + self.bias_hh).reshape(G, 1, H)
        if x.dtype.kind in "iu":
            a = (w + b).take(x, axis=1, mode="clip")
        else:
            a = x.reshape(-1, self.input_size) @ w
            a += b
            a = a.reshape(G, *x.shape[:-1], H)
        return a[0] if G == 1 else a.swapaxes(0, 1)

    def prepare(self, batch_size):
        """recur(h) = h W_hhᵀ를 준비한다: (N, H) -> (G, N, H), G가 1이면 (N, H)."""
        G, H = self.gates, self.hidden_size
        w = self.weight_hh.T if G == 1 else self.weight_hh.reshape(G, H, H).swapaxes(1, 2)
        self.recur = times(w, batch_size)

    def prepare_backward(self, batch_size):
        """recur_backward(da) = da W_hh를 준비한다: (N, G*H) -> (N, H)."""
        self.recur_backward = times(self.weight_hh, batch_size)

    def slopes(self, h, steps):
        """역전파에 쓸 값을 모든 시점에서 한꺼번에 구한다.

        h (T, N, H)는 모든 시점의 은닉 상태이고 steps는 시점마다 적어 둔 값이다.
        미리 구할 것이 없으면 steps를 그대로 돌려준다.
        """
        return steps

    def buffer(self, shape):
        """역전파 동안만 쓰는 배열. 새로 할당하면 느리므로 모양이 같으면 다시 쓴다."""
        if self.spare.shape != shape:
            self.spare = np.empty(shape, self.spare.dtype)
        return self.spare

    def split(self, da):
        """da (N, G*H)를 게이트별로 나눈 뷰 (G, N, H)."""
        return da.reshape(len(da), self.gates, -1).swapaxes(0, 1)

    def project_backward(self, x, h_prev, da):
        """가중치마다 행렬곱 한 번으로 기울기를 구한다.

        x (T, N, D), h_prev (T, N, H), da (T, N, G*H)
        -> dx (T, N, D). 매개변수의 기울기는 grads에 더한다.
        """
        rows = da.reshape(-1, da.shape[-1])
        h_prev = h_prev.reshape(len(rows), -1)
        self.grads["weight_hh"] += rows.T @ h_prev
        db = np.ones(len(rows), rows.dtype) @ rows
        self.grads["bias_ih"] += db
        self.grads["bias_hh"] += db
        if x.dtype.kind in "iu":
            table, ids = self.grads["weight_ih"].T, x.reshape(-1)
            return add_rows(table, ids, rows)
        self.grads["weight_ih"] += rows.T @ x.reshape(len(rows), -1)
        return (rows @ self.weight_ih).reshape(x.shape)


class RNNCell(Cell):
    """기본 RNN의 셀 h_t = tanh(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)."""

    gates, states = 1, 1

    def step(self, a, state, h_next):
        """a (N, H), 앞 상태 (h,) -> 다음 상태. 적어 둘 값은 없다.

        다음 은닉 상태는 h_next (N, H)에 적는다.
        """
        (h,) = state
        self.recur(h, h_next)
        h_next += a                    # 새 배열 없이 제자리에서
        return (np.tanh(h_next, h_next),), None

    def slopes(self, h, steps):
        """모든 시점의 tanh' = 1 - h²을 한 번에 구한다."""
        return 1 - h * h

    def step_backward(self, dstate, slope, da):
        """기울기 (dh,) -> 앞 상태의 (dh,). da (N, H)를 채운다."""
        (dh,) = dstate
        np.multiply(dh, slope, da)
        return (self.recur_backward(da),)


class RNN(Recurrent):
    """기본 RNN. torch.nn.RNN(batch_first=True)에 대응한다."""

    cell = RNNCell
