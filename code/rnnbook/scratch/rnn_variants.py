"""RNN의 변형: tanh 대신 ReLU를 쓰는 셀.

장: chapters/rnn, chapters/bptt
출처: Le, Jaitly & Hinton (2015)
"""

import numpy as np

from .recurrent import Recurrent
from .rnn import RNNCell


class ReluRNNCell(RNNCell):
    """ReLU를 쓰는 기본 RNN의 셀 h_t = max(0, a + W_hh h_{t-1}).

    torch.nn.RNNCell(nonlinearity="relu")와 같다.
    """

    def step(self, a, state, h_next):
        """RNNCell.step과 같되, tanh의 자리에 ReLU를 쓴다."""
        (h,) = state
        np.maximum(a + self.recur(h), 0, out=h_next)
        return (h_next,), None

    def slopes(self, h, steps):
        """ReLU의 기울기는 h가 0보다 크면 1, 아니면 0이다."""
        return h > 0


class ReluRNN(Recurrent):
    """ReluRNNCell을 쌓은 순환층."""

    cell = ReluRNNCell
