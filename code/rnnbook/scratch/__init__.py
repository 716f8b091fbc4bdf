"""NumPy 구현: 순전파와 역전파를 모두 NumPy로 직접 계산하는 모형."""

from .attention import Attention, scaled_dot_product_attention
from .attention_scores import AdditiveAttention, BilinearAttention, DotProductAttention
from .bptt import unroll, unroll_backward
from .captioner import Captioner
from .encoder_decoder import Decoder, Encoder
from .forecast import MLPForecaster, RNNForecaster
from .functions import cross_entropy, log_softmax, sigmoid, softmax
from .gradient_flow import jacobians, norms_by_distance, state_gradients
from .gru import GRU, ChoGRU, ChoGRUCell, GRUCell
from .hard_attention import HardAttention
from .hopfield import Hopfield
from .hopfield_continuous import ContinuousHopfield, associate, associate_backward
from .layers import Dropout, Embedding, Linear
from .lengths import unroll_lengths, unroll_lengths_backward
from .lstm import LSTM, LSTMCell
from .lstm_variants import CoupledLSTM, CoupledLSTMCell, PeepholeLSTM, PeepholeLSTMCell
from .module import Module
from .optim import SGD, Adam
from .patterns import BagClassifier, SequenceClassifier, SequenceTagger
from .pooling import Pool
from .recurrent import Recurrent
from .rnn import RNN, Cell, RNNCell
from .rnn_variants import ReluRNN, ReluRNNCell
from .rnnlm import RNNLM
from .seq2seq import Seq2Seq
from .truncation import truncated_backward
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
    "Module",
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
    "associate_backward",
    "cross_entropy",
    "jacobians",
    "log_softmax",
    "norms_by_distance",
    "scaled_dot_product_attention",
    "sigmoid",
    "softmax",
    "state_gradients",
    "truncated_backward",
    "unroll",
    "unroll_backward",
    "unroll_lengths",
    "unroll_lengths_backward",
]
