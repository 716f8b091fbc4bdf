"""인코더가 읽을 입력을 검사하고, 필요하면 뒤집는다.

장: chapters/seq2seq
입력을 뒤집는 방법의 출처: Sutskever, Vinyals & Le (2014)
"""

import numpy as np

from rnnbook.batching import valid_steps


def read(source, lengths=None, reverse=False):
    """인코더가 읽을 입력 (N, S), 길이 (N,), 마스크 (N, S).

    마스크는 PAD가 아닌 자리에서 참이다. PAD가 없으면 길이와
    마스크는 None이다. reverse가 참이면 입력을 뒤집는다.
    길이가 1과 S 사이의 정수가 아니면 TypeError나 ValueError.
    """
    source = np.asarray(source)
    if source.ndim != 2 or not source.size:
        raise ValueError(
            "입력은 비어 있지 않은 (N, S)여야 합니다: "
            f"받은 모양 {source.shape}"
        )
    N, S = source.shape
    lengths = np.asarray([S] * N if lengths is None else lengths)
    if lengths.dtype.kind not in "iu":
        raise TypeError(
            f"길이는 정수여야 합니다: 받은 자료형 {lengths.dtype}"
        )
    if (lengths.shape != (N,) or lengths.min() < 1
            or lengths.max() > S):
        raise ValueError(
            f"길이는 1 이상 {S} 이하인 정수 {N}개여야 합니다: "
            f"받은 값 {lengths.tolist()}"
        )
    if reverse:
        source = np.take_along_axis(source, reversal(lengths, S), 1)
    if (lengths == S).all():
        return source, None, None
    return source, lengths, valid_steps(lengths, S)


def reversal(lengths, S):
    """줄마다 제 길이 안에서 뒤집는 자리의 번호 (N, S).

    길이가 3이고 S가 5이면 2, 1, 0, 3, 4. 두 번 뒤집으면
    처음으로 돌아온다.
    """
    place, ends = np.arange(S), np.asarray(lengths)[:, None]
    return np.where(place < ends, ends - 1 - place, place)


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
    turn = reversal(lengths, weights.shape[2])[:, None]
    return np.take_along_axis(weights, turn, axis=2)


def check_inputs(tokens, count):
    """디코더의 입력이 비어 있지 않은 (count, T)인지 확인한다.

    아니면 ValueError.
    """
    tokens = np.asarray(tokens)
    if tokens.ndim != 2 or not tokens.size or len(tokens) != count:
        raise ValueError(
            f"디코더의 입력은 비어 있지 않은 ({count}, T)여야 "
            f"합니다: 받은 모양 {tokens.shape}"
        )
    return tokens
