"""RNN의 변형: tanh 대신 ReLU를 쓰는 torch.nn의 순환층과 셀."""

from torch import nn

from .rnn import Checked, Lengths


class ReluRNNCell(Checked, nn.RNNCell):
    """매개변수의 이름과 모양이 scratch.ReluRNNCell과 같은 셀."""

    def __init__(self, input_size, hidden_size):
        super().__init__(
            input_size, hidden_size, nonlinearity="relu")


class ReluRNN(Lengths, nn.RNN):
    """매개변수의 이름과 모양이 scratch.ReluRNN과 같은 층."""

    def __init__(self, input_size, hidden_size, num_layers=1, *,
                 bidirectional=False, dropout=0.0):
        super().__init__(
            input_size, hidden_size, num_layers, batch_first=True,
            nonlinearity="relu", bidirectional=bidirectional,
            dropout=dropout if num_layers > 1 else 0.0)
