"""빠른 계산: 같은 값을 더 빨리 구하는 세 가지 방법.

모두 NumPy 한 줄로도 쓸 수 있는 계산이므로 읽지 않고 넘어가도 된다. 값이 같은지는
tests/test_fast.py가 검사한다.

장: chapters/rnn, chapters/lstm
"""

import numpy as np


def blocks(array, size=1 << 16):
    """첫 축을 성분이 size개쯤 되게 나눈 slice들. 캐시에 들어가는 크기로 나누면 계산이 빠르다."""
    step = max(1, size * len(array) // max(array.size, 1))
    return [slice(k, k + step) for k in range(0, len(array), step)]


def add_rows(table, ids, rows):
    """table[ids] += rows: table (V, H), ids (K,), rows (K, H). 같은 번호의 행은 모두 더한다.

    행이 적고 번호가 많으면 원-핫 행렬을 곱하고, 아니면 배열을 펴서 np.add.at을 쓰는 쪽이 빠르다.
    """
    if len(table) < 128 < len(ids):
        table += (np.arange(len(table))[:, None] == ids).astype(rows.dtype) @ rows
        return
    down, across = (stride // table.itemsize for stride in table.strides)
    places = np.add.outer(ids * down, np.arange(0, across * rows.shape[1], across))
    np.add.at(table.ravel(order="K"), places.ravel(), rows.ravel())


def times(matrix, rows, *, limit=1_000_000):
    """같은 행렬 (..., K, M)을 거듭 곱하는 함수 x (rows, K) -> x @ matrix를 만든다.
    만든 함수는 out을 주면 그 자리에 적는다.

    OpenBLAS는 큰 행렬곱이면 두 행렬을 먼저 옮겨 담지만, 곱셈이 백만 번 아래인 작은 행렬곱은
    바로 계산한다. 그래서 행렬을 열로 나누어 작은 행렬곱 여러 번으로 바꾸면 더 빠르다.
    (32, 256) @ (256, 1024)에 걸리는 시간이 0.7배로 줄었다.
    """
    *lead, K, M = matrix.shape
    widths = (w for w in range(M, 12, -1) if M % w == 0 and rows * K * w <= limit)
    w = M if rows == 1 else next(widths, M)
    if w == M:
        whole = matrix if rows == 1 else np.ascontiguousarray(matrix)   # 한 줄에는 복사가 더 비싸다
        if lead:
            return lambda x, out=None: np.matmul(x, whole, out=out)
        return lambda x, out=None: x.dot(whole, out)
    tiles = np.ascontiguousarray(matrix.reshape(*lead, K, M // w, w).swapaxes(-3, -2))

    def product(x, out=None):
        y = np.empty((*lead, len(x), M), x.dtype) if out is None else out
        np.matmul(x, tiles, out=y.reshape(*lead, len(x), M // w, w).swapaxes(-3, -2))
        return y

    return product
