"""GRU: 셀 상태 없이 두 게이트로 은닉 상태만 이어 간다.

장: chapters/gru
출처: Cho et al. (2014)
가중치를 쌓은 순서는 torch.nn.GRU와 같다: r(리셋) z(갱신) n(후보)
"""

import numpy as np

from rnnbook.gates import Gates

from .fast import add_rows, times
from .functions import sigmoid
from .rnn import Cell, Recurrent


class GRUCell(Cell):
    r"""GRU 셀: 한 시점의 계산. r을 곱하는 자리는 torch와 같다.

    .. math::
       r, z &= \sigma(a_r), \sigma(a_z), \qquad
       a = W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh} \\
       m &= W_{hn} h_{t-1} + b_{hn}, \qquad
       n = \tanh(W_{in} x_t + b_{in} + r \odot m) \\
       h_t &= (1 - z) \odot n + z \odot h_{t-1}
    """

    gates, states = 3, 1

    def project(self, x):
        """Cell.project와 같되, r을 곱해야 하는 b_hn은 뺀다."""
        a = super().project(x)
        a[:, 2] -= self.bias_hh[-self.hidden_size:]
        return a

    def step(self, a, state, h_next):
        """a (3, N, H), 앞 상태 (h,)

        -> 다음 상태 (h,), 역전파 때 쓸 값
        다음 상태는 h_next (N, H)에 적는다.
        """
        (h,) = state
        b = self.recur(h)
        r, z = sigmoid(a[:2] + b[:2])
        m = b[2] + self.bias_hh[-self.hidden_size:]
        n = np.tanh(a[2] + r * m)
        d = h - n                      # 후보와 얼마나 다른가
        np.add(n, z * d, out=h_next)   # z만큼 앞 상태 쪽으로
        return (h_next,), (d, r, z, n, m)

    def step_backward(self, dstate, cache, da):
        """기울기 (dh,) -> 앞 상태의 (dh,)

        a와 m의 기울기는 da (N, 4H)에 m, r, z, n의 순서로 적는다.
        """
        (dh,) = dstate
        d, r, z, n, m = cache
        H, kept = self.hidden_size, dh * z     # z를 거쳐 바로 간다
        new = dh - kept                        # 나머지는 n으로 간다
        dm, dr, dz, dn = da.reshape(len(da), 4, -1).swapaxes(0, 1)
        np.multiply(new, 1 - n * n, out=dn)
        np.multiply(new * z, d, out=dz)
        np.multiply(dn, r, out=dm)
        np.multiply(dm * m, 1 - r, out=dr)
        return (kept + self.recur_backward(da[:, :-H]),)

    def buffer(self, shape):
        """da (T, N, 4H): 게이트의 순서는 m, r, z, n.

        앞의 셋은 W_hh로, 뒤의 셋은 W_ih로 이어진다.
        """
        return super().buffer((*shape[:2], 4 * self.hidden_size))

    def prepare_backward(self, batch_size):
        """da의 순서를 따라 W_hh의 행을 n, r, z로 놓는다."""
        w = np.roll(self.weight_hh, self.hidden_size, axis=0)
        self.recur_backward = times(w, batch_size)

    def project_backward(self, x, h_prev, da):
        """W_hh의 기울기는 m, r, z로, W_ih는 r, z, n으로 구한다.

        x (T, N, D), h_prev (T, N, H), da (T, N, 4H)
        -> dx (T, N, D). 매개변수의 기울기는 grads에 더한다.
        """
        H = self.hidden_size
        rows = da.reshape(-1, 4 * H)
        to_h, to_x = rows[:, :-H], rows[:, H:]
        db = np.ones(len(rows), rows.dtype) @ rows
        dw = to_h.T @ h_prev.reshape(len(rows), H)
        self.grads["weight_hh"] += np.roll(dw, -H, axis=0)
        self.grads["bias_hh"] += np.roll(db[:-H], -H)
        self.grads["bias_ih"] += db[H:]
        if x.dtype.kind in "iu":
            table, ids = self.grads["weight_ih"].T, x.reshape(-1)
            return add_rows(table, ids, to_x)
        self.grads["weight_ih"] += to_x.T @ x.reshape(len(rows), -1)
        return (to_x @ self.weight_ih).reshape(x.shape)


class ChoGRUCell(Cell):
    r"""논문의 GRU 셀: r을 행렬곱보다 먼저 앞 상태에 곱한다.

    .. math::
       n = \tanh(W_{in} x_t + b_{in}
                 + W_{hn} (r \odot h_{t-1}) + b_{hn})

    나머지는 GRUCell과 같다. 출처: Cho et al. (2014)
    논문의 식에는 편향이 없다.
    """

    gates, states = 3, 1

    def prepare(self, batch_size):
        """r을 먼저 구해야 하므로 행렬곱을 둘로 나눈다."""
        H = self.hidden_size
        w = self.weight_hh.reshape(3, H, H).swapaxes(1, 2)
        self.recur = times(w[:2], batch_size)
        self.recur_n = times(w[2], batch_size)

    def prepare_backward(self, batch_size):
        """역전파의 행렬곱도 둘로 나눈다."""
        H, w = self.hidden_size, self.weight_hh
        self.recur_backward = times(w[:-H], batch_size)
        self.recur_n_backward = times(w[-H:], batch_size)

    def step(self, a, state, h_next):
        """a (3, N, H), 앞 상태 (h,)

        -> 다음 상태 (h,), 역전파 때 쓸 값
        다음 상태는 h_next (N, H)에 적는다.
        """
        (h,) = state
        r, z = sigmoid(a[:2] + self.recur(h))
        n = np.tanh(a[2] + self.recur_n(r * h))
        d = h - n
        np.add(n, z * d, out=h_next)
        return (h_next,), (h, d, r, z, n)

    def step_backward(self, dstate, cache, da):
        """기울기 (dh,) -> 앞 상태의 (dh,). da (N, 3H)를 채운다."""
        (dh,) = dstate
        h, d, r, z, n = cache
        H, kept = self.hidden_size, dh * z
        new = dh - kept
        dr, dz, dn = self.split(da)
        np.multiply(new, 1 - n * n, out=dn)
        np.multiply(new * z, d, out=dz)
        drh = self.recur_n_backward(da[:, -H:])
        dr[:] = drh * h * r * (1 - r)
        # project_backward는 W_hn에도 h를 곱하므로 차이만 더한다
        self.grads["weight_hh"][-H:] += dn.T @ (r * h - h)
        return (kept + drh * r + self.recur_backward(da[:, :-H]),)


class GRU(Gates, Recurrent):
    """GRU 층. torch.nn.GRU(batch_first=True)에 대응한다."""

    cell, order, candidate = GRUCell, "rzn", "n"

    def arrays(self):
        """(매개변수 이름, 값)."""
        return self.params.items()


class ChoGRU(GRU):
    """ChoGRUCell을 쌓은 순환층."""

    cell = ChoGRUCell
