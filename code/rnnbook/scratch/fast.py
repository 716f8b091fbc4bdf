"""빠르게: 같은 값을 더 빨리 내는 세 가지 길.

뜻은 한 줄짜리 NumPy와 같으므로 건너뛰어도 된다. 같은 값이라는 것은 tests/test_fast.py가 보인다.
"""

import numpy as np


def blocks(array, size=1 << 16):
    """배열을 첫 축을 따라 원소 size개쯤씩 나누는 slice들. 캐시에 들어가는 조각이 더 빠르다."""
    step = max(1, size * len(array) // max(array.size, 1))
    return [slice(k, k + step) for k in range(0, len(array), step)]


def add_rows(table, ids, rows):
    """table[ids] += rows. 같은 번호가 여러 번 나오면 모두 더한다.

    행은 적고 번호가 많으면 원-핫 행렬과의 곱이 빠르고, 아니면 한 줄로 편 np.add.at이 빠르다.
    """
    if len(table) < 128 < len(ids):
        table += (np.arange(len(table))[:, None] == ids).astype(rows.dtype) @ rows
        return
    down, across = (stride // table.itemsize for stride in table.strides)
    places = ids[:, None] * down + np.arange(rows.shape[1]) * across
    np.add.at(table.ravel(order="K"), places.ravel(), rows.ravel())


def times(matrix, rows, *, limit=1_000_000):
    """되풀이해 곱할 행렬 (..., K, M)을 준비해, x (rows, K) -> x @ matrix인 함수를 돌려준다.

    OpenBLAS는 곱셈이 백만 번이 안 되는 작은 행렬곱을 옮겨 담지 않고 바로 계산한다. 그래서 큰 곱
    하나보다 열을 나눈 작은 곱 여럿이 빠르다. (32, 256) @ (256, 1024)에서 시간이 0.7배로 줄었다.
    """
    *lead, K, M = matrix.shape
    widths = (w for w in range(M, 12, -1) if M % w == 0 and rows * K * w <= limit)
    w = next(widths, M)
    if w == M:
        whole = matrix if rows == 1 else np.ascontiguousarray(matrix)   # 벡터는 그대로도 빠르다
        return (lambda x: x @ whole) if lead else (lambda x: x.dot(whole))
    tiles = np.ascontiguousarray(matrix.reshape(*lead, K, M // w, w).swapaxes(-3, -2))

    def product(x):
        y = np.empty((*lead, len(x), M), x.dtype)
        np.matmul(x, tiles, out=y.reshape(*lead, len(x), M // w, w).swapaxes(-3, -2))
        return y

    return product
