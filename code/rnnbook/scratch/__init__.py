"""밑바닥: NumPy만으로 쓴 모형. 순전파도 역전파도 손으로 쓴다."""

from .bptt import unroll_backward
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
from .module import Module
from .optim import SGD, Adam
from .rnn import RNN, Cell, Recurrent, RNNCell, unroll
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
    "Module",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "RNNCell",
    "Recurrent",
    "cross_entropy",
    "log_softmax",
    "sigmoid",
    "softmax",
    "unroll",
    "unroll_backward",
]
