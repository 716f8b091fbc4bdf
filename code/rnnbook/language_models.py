"""언어 모형을 학습시키고 평가하는 도구: 손실의 단위, 글을 배치로 나누는 두 방법."""

import math

import numpy as np

from rnnbook.arguments import check_counts, check_rng


def perplexity(loss):
    """토큰 하나의 손실(nat)을 퍼플렉시티로 바꾼다.

    퍼플렉시티가 k라는 것은, 똑같이 그럴듯한 후보 k개 가운데 하나를 찍을 때만큼 헷갈린다는 뜻이다.
    """
    return math.exp(loss)


def bits_per_char(loss, tokens_per_char=1.0):
    """토큰 하나의 손실(nat)을 글자당 비트로 바꾼다.

    토큰이 글자 하나가 아니면 글자 하나에 드는 토큰 수(tokens_per_char)를 함께 준다.
    """
    return loss * tokens_per_char / math.log(2)


class Batches:
    """배치를 차례로 내며 몇 번이고 다시 돌 수 있다. 배치의 꼴은 make가 정한다."""

    def __init__(self, make, length):
        self._make, self._length = make, length

    def __iter__(self):
        return self._make()

    def __len__(self):
        return self._length


def sequential_batches(ids, batch_size, num_steps):
    """글을 batch_size줄로 나누어 앞에서부터 차례로 읽는 배치. x, y (N, T).

    y는 x보다 한 토큰 뒤의 글이다.
    배치의 n번째 줄은 다음 배치의 n번째 줄로 이어지므로 상태를 넘겨도 글이 끊기지 않는다.
    줄의 길이가 num_steps로 나누어떨어지지 않으면 마지막 배치의 T가 짧다. 줄로 나누고 남은
    끝의 토큰(많아야 batch_size-1개)은 쓰지 않는다.
    글이 너무 짧거나 크기가 1보다 작으면 ValueError, 번호나 크기가 정수가 아니면 TypeError.
    """
    ids = _check_size(ids, batch_size, num_steps, need=batch_size + 1)
    length = (len(ids) - 1) // batch_size
    x = ids[: batch_size * length].reshape(batch_size, length)
    y = ids[1 : batch_size * length + 1].reshape(batch_size, length)
    starts = range(0, length, num_steps)

    def make():
        for start in starts:
            yield x[:, start : start + num_steps], y[:, start : start + num_steps]

    return Batches(make, len(starts))


def random_batches(ids, batch_size, num_steps, *, rng):
    """글의 서로 겹치지 않는 곳을 무작위 순서로 잘라 낸 배치. x, y (N, T).

    y는 x보다 한 토큰 뒤의 글이다.
    에포크마다 자르는 곳을 새로 정한다. 이웃한 배치가 이어지지 않으므로 상태를 넘기지 않는다.
    글이 너무 짧거나 크기가 1보다 작으면 ValueError, 번호나 크기가 정수가 아니거나
    rng가 난수 생성기가 아니면 TypeError.
    """
    check_rng(rng)
    ids = _check_size(ids, batch_size, num_steps, need=(batch_size + 1) * num_steps)
    count = (len(ids) - num_steps) // num_steps // batch_size

    def make():
        offset = rng.integers(num_steps)
        starts = offset + num_steps * np.arange((len(ids) - 1 - offset) // num_steps)
        starts = rng.permutation(starts)[: count * batch_size].reshape(count, batch_size, 1)
        for start in starts:
            window = start + np.arange(num_steps)
            yield ids[window], ids[window + 1]

    return Batches(make, count)


def check_ids(ids):
    """글 하나의 토큰 번호를 int64 배열 (길이,)로 받는다. 아니면 TypeError."""
    ids = np.asarray(ids)
    if ids.ndim != 1 or (ids.size and ids.dtype.kind not in "iu"):
        raise TypeError(
            "ids는 1차원 정수 배열이어야 합니다: "
            f"받은 모양 {ids.shape}, 자료형 {ids.dtype}"
        )
    return ids.astype(np.int64, copy=False)


def _check_size(ids, batch_size, num_steps, need):
    check_counts(batch_size=batch_size, num_steps=num_steps)
    ids = check_ids(ids)
    if len(ids) < need:
        raise ValueError(
            f"글이 너무 짧습니다: batch_size={batch_size}, num_steps={num_steps}이면 "
            f"토큰이 {need}개 이상이어야 하는데 {len(ids)}개를 받았습니다"
        )
    return ids
