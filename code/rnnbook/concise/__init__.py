"""PyTorch 구현. 이름과 인자는 NumPy 구현(scratch)과 같다."""

from .functions import cross_entropy, log_softmax, sigmoid, softmax
from .layers import Dropout, Embedding, Linear
from .lstm import (
    LSTM,
    CoupledLSTM,
    CoupledLSTMCell,
    LSTMCell,
    PeepholeLSTM,
    PeepholeLSTMCell,
)
from .module import Model
from .optim import SGD, Adam
from .rnn import RNN, Cell, Recurrent, RNNCell
from .rnnlm import RNNLM

__all__ = [
    "LSTM",
    "RNN",
    "RNNLM",
    "SGD",
    "Adam",
    "Cell",
    "CoupledLSTM",
    "CoupledLSTMCell",
    "Dropout",
    "Embedding",
    "LSTMCell",
    "Linear",
    "Model",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "RNNCell",
    "Recurrent",
    "cross_entropy",
    "log_softmax",
    "sigmoid",
    "softmax",
]
