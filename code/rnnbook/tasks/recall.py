"""기억 과제 둘: 베끼기와 연상 회상."""

import numpy as np

from rnnbook.arguments import check_counts, check_rng


def copying(N, delay, *, rng, length=10, symbols=8):
    """베끼기: 기호를 보고 delay 시점 뒤에 그대로 쓴다.

    x, y 모두 정수 (N, delay + 2·length)이다. 기호는 1부터
    symbols까지, 0은 빈칸, symbols + 1은 ‘쓰라’는 표시다.

        x  기호 length개, 빈칸, 표시 하나, 빈칸 length개
        y  빈칸 delay + length개, 같은 기호 length개

    기호를 기억하지 못하고 고르게 찍을 때의 손실은
    length · ln(symbols) / (delay + 2·length) 냇이다.
    수가 하나라도 1보다 작으면 ValueError, 정수가 아니거나 rng가
    난수 생성기가 아니면 TypeError.

    출처: Arjovsky, Shah & Bengio (2016)
    """
    check_counts(N=N, delay=delay, length=length, symbols=symbols)
    check_rng(rng)
    x = np.zeros((N, delay + 2 * length), dtype=np.int64)
    y = np.zeros_like(x)
    x[:, :length] = rng.integers(1, symbols + 1, size=(N, length))
    x[:, delay + length - 1] = symbols + 1
    y[:, -length:] = x[:, :length]
    return x, y


def recall(N, pairs, *, rng, keys=26, values=10):
    """연상 회상: 키와 값의 짝을 보고 물은 키의 값을 답한다.

    x (N, 2·pairs + 1)은 키, 값, 키, 값, …, 물은 키다.
    한 줄의 키는 서로 다르다. 키의 번호는 0부터 keys - 1,
    값의 번호는 그다음 values개다. y (N,)는 답의 번호다.
    pairs가 keys보다 크거나 수가 하나라도 1보다 작으면
    ValueError, 정수가 아니거나 rng가 난수 생성기가 아니면
    TypeError.

    출처: Ba et al. (2016), 4.1절
    """
    check_counts(N=N, pairs=pairs, keys=keys, values=values)
    check_rng(rng)
    if pairs > keys:
        raise ValueError(
            "pairs는 keys 이하여야 합니다: "
            f"받은 값 pairs={pairs}, keys={keys}"
        )
    every = np.tile(np.arange(keys), (N, 1))
    x = np.empty((N, 2 * pairs + 1), dtype=np.int64)
    x[:, 0:-1:2] = rng.permuted(every, axis=1)[:, :pairs]
    x[:, 1::2] = keys + rng.integers(values, size=(N, pairs))
    rows, asked = np.arange(N), 2 * rng.integers(pairs, size=N)
    x[:, -1] = x[rows, asked]
    return x, x[rows, asked + 1]
