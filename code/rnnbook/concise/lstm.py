"""LSTM: torch.nn.LSTM 그대로.

장: chapters/lstm
"""

from torch import nn

LSTMCell = nn.LSTMCell


class LSTM(nn.LSTM):
    """scratch.LSTM과 이름, 인자, 매개변수, 돌려주는 모양이 모두 같다."""

    def __init__(self, input_size, hidden_size, num_layers=1, *, bidirectional=False, dropout=0.0):
        super().__init__(input_size, hidden_size, num_layers, batch_first=True,
                         dropout=dropout if num_layers > 1 else 0.0, bidirectional=bidirectional)
