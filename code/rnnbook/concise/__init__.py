"""PyTorch 구현. 이름과 인자는 NumPy 구현(scratch)과 같다."""

from .attention import (
    AdditiveAttention,
    Attention,
    BilinearAttention,
    DotProductAttention,
    scaled_dot_product_attention,
)
from .captioner import Captioner
from .encoder_decoder import Decoder, Encoder
from .forecast import MLPForecaster, RNNForecaster
from .functions import cross_entropy, log_softmax, sigmoid, softmax
from .gradient_flow import jacobians
from .gru import GRU, ChoGRU, ChoGRUCell, GRUCell
from .hard_attention import HardAttention
from .hopfield import Hopfield
from .hopfield_continuous import ContinuousHopfield, associate
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
from .patterns import BagClassifier, SequenceClassifier, SequenceTagger
from .pooling import Pool
from .rnn import RNN, Cell, Recurrent, RNNCell
from .rnn_variants import ReluRNN, ReluRNNCell
from .rnnlm import RNNLM
from .seq2seq import Seq2Seq
from .truncation import unroll_truncated
from .visual_attention import VisualCaptioner

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "RNNLM",
    "SGD",
    "Adam",
    "AdditiveAttention",
    "Attention",
    "BagClassifier",
    "BilinearAttention",
    "Captioner",
    "Cell",
    "ChoGRU",
    "ChoGRUCell",
    "ContinuousHopfield",
    "CoupledLSTM",
    "CoupledLSTMCell",
    "Decoder",
    "DotProductAttention",
    "Dropout",
    "Embedding",
    "Encoder",
    "GRUCell",
    "HardAttention",
    "Hopfield",
    "LSTMCell",
    "Linear",
    "MLPForecaster",
    "Model",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "Pool",
    "RNNCell",
    "RNNForecaster",
    "Recurrent",
    "ReluRNN",
    "ReluRNNCell",
    "Seq2Seq",
    "SequenceClassifier",
    "SequenceTagger",
    "VisualCaptioner",
    "associate",
    "cross_entropy",
    "jacobians",
    "log_softmax",
    "scaled_dot_product_attention",
    "sigmoid",
    "softmax",
    "unroll_truncated",
]
