"""옵티마이저: 기울기로 매개변수를 갱신한다.

장: chapters/rnn

매개변수와 기울기는 늘 제자리에서 바뀌므로, 캐시에 들어가는 크기의 뷰로 한 번만 나누어 계속 쓴다.
"""

from numbers import Real

import numpy as np

from .fast import blocks


class SGD:
    """확률적 경사 하강법 p <- p - lr·g. 학습률이 양수가 아니면 ValueError.

    parameters는 module.parameters()가 돌려준 (매개변수, 기울기)의 리스트이다.
    학습률 lr은 학습하는 동안 바꿀 수 있다.
    """

    def __init__(self, parameters, lr):
        self.lr, self.pieces = check_rate(lr), pieces(parameters)

    def step(self):
        """매개변수를 한 번 갱신한다. 기울기는 그대로 둔다."""
        for p, g in self.pieces:
            p -= self.lr * g


class Adam:
    """기울기의 이동 평균과 기울기 제곱의 이동 평균으로 갱신 폭을 정하는 옵티마이저.

    parameters는 SGD와 같다. 학습률이 양수가 아니거나 betas, eps가 범위를 벗어나면 ValueError.
    출처: Kingma & Ba (2015), 알고리즘 1
    """

    def __init__(self, parameters, lr=1e-3, *, betas=(0.9, 0.999), eps=1e-8):
        if not (all(0 <= beta < 1 for beta in betas) and eps >= 0):
            raise ValueError("betas는 0 이상 1 미만, eps는 0 이상이어야 합니다: "
                             f"받은 값 {betas}, {eps}")
        self.lr, self.pieces = check_rate(lr), pieces(parameters)
        self.betas, self.eps, self.steps = betas, eps, 0
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p, _ in self.pieces]

    def step(self):
        """매개변수를 한 번 갱신한다. 기울기는 그대로 둔다."""
        self.steps += 1
        b1, b2 = self.betas
        rate = self.lr / (1 - b1**self.steps)
        scale = (1 - b2**self.steps) ** -0.5
        for (p, g), (m, v) in zip(self.pieces, self.moments, strict=True):
            m += (1 - b1) * (g - m)
            v += (1 - b2) * (g * g - v)
            p -= rate * m / (scale * np.sqrt(v) + self.eps)


def pieces(parameters):
    """(매개변수, 기울기)의 쌍마다 캐시에 들어가는 크기로 나눈다."""
    return [(p[k], g[k]) for p, g in parameters for k in blocks(p)]


def check_rate(lr):
    """학습률을 검사한다. 양수가 아니면 ValueError."""
    if not isinstance(lr, Real) or not lr > 0:
        raise ValueError(f"학습률은 양수여야 합니다: 받은 값 {lr!r}")
    return lr
