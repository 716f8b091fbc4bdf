"""인코더가 읽을 입력을 검사하고, 필요하면 뒤집는다.

장: chapters/seq2seq
입력을 뒤집는 방법의 출처: Sutskever, Vinyals & Le (2014)
"""

import numpy as np

from rnnbook.batching import reversed_steps, valid_steps
from rnnbook.shapes import check_lengths, check_shape


def read(source, lengths=None, reverse=False):
    """인코더가 읽을 입력 (N, S), 길이 (N,), 마스크 (N, S).

    마스크는 PAD가 아닌 자리에서 참이다. PAD가 없으면 길이와
    마스크는 None이다. reverse가 참이면 입력을 뒤집는다.
    길이가 1과 S 사이의 정수가 아니면 TypeError나 ValueError.
    """
    source = np.asarray(source)
    check_shape(source, "입력", ("N", "S"))
    N, S = source.shape
    lengths = np.full(N, S) if lengths is None else lengths
    lengths = check_lengths(lengths, (N, S))
    if reverse:
        source = source[reversed_steps(lengths, S)]
    if (lengths == S).all():
        return source, None, None
    return source, lengths, valid_steps(lengths, S)


def arrange(weights, lengths, reverse):
    """어텐션 가중치 (N, T, S)를 입력이 적힌 순서로 되돌린다.

    NumPy 배열을 돌려준다. weights가 None이면 ValueError.
    """
    if weights is None:
        raise ValueError("어텐션이 없는 모형입니다: attention을 "
                         "주고 만들어야 합니다")
    weights = np.asarray(weights)
    if not reverse:
        return weights
    turn = reversed_steps(lengths, weights.shape[2])
    return weights.swapaxes(1, 2)[turn].swapaxes(1, 2)


def check_inputs(tokens, count):
    """디코더의 입력을 배열로 돌려준다.

    비어 있지 않은 (count, T)가 아니면 ValueError.
    """
    tokens = np.asarray(tokens)
    check_shape(tokens, "디코더 입력", (count, "T"))
    return tokens
