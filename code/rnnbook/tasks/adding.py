"""덧셈 문제: 표시된 두 수를 기억했다가 더한다.

앞 절반과 뒤 절반에 표시를 하나씩 두는 것은
Arjovsky, Shah & Bengio (2016)의 방법이다.

출처: Hochreiter & Schmidhuber (1997), 실험 4
"""

import numpy as np

from rnnbook.arguments import check_counts, check_rng

BASELINE = 1 / 6  # 늘 1이라고 답할 때의 평균 제곱 오차


def adding(N, T, *, rng, dtype=np.float32):
    """길이 T인 문제 N개. x (N, T, 2)와 답 y (N, 1).

    x[..., 0]은 0과 1 사이의 수, x[..., 1]은 표시다. 표시는
    앞 절반의 한 시점과 뒤 절반의 한 시점에서만 1이고
    나머지는 0이다. 답은 표시된 두 수의 합이다.
    N이 1보다, T가 2보다 작으면 ValueError, 정수가 아니거나
    rng가 난수 생성기가 아니면 TypeError.
    """
    check_rng(rng)
    check_counts(N=N, T=T)
    if T < 2:
        raise ValueError(f"T는 2 이상이어야 합니다: 받은 값 {T}")
    x = np.zeros((N, T, 2), dtype=dtype)
    x[..., 0] = rng.random((N, T))
    rows = np.arange(N)
    for start, stop in ((0, T // 2), (T // 2, T)):
        x[rows, rng.integers(start, stop, size=N), 1] = 1
    return x, (x[..., 0] * x[..., 1]).sum(axis=1, keepdims=True)
