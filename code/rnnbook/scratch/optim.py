"""옵티마이저: 기울기를 보고 매개변수를 고친다."""

import numpy as np

from .fast import blocks


class SGD:
    """확률적 경사 하강법 p <- p - lr·g."""

    def __init__(self, parameters, lr):
        self.parameters, self.lr = list(parameters), _positive(lr)

    def step(self):
        """한 번 고친다. 기울기는 그대로 둔다."""
        for p, g in self.parameters:
            for k in blocks(p):
                p[k] -= self.lr * g[k]


class Adam:
    """기울기의 평균과 제곱의 평균으로 걸음의 크기를 맞추는 옵티마이저.

    출처: Kingma & Ba (2015), 알고리즘 1
    """

    def __init__(self, parameters, lr=1e-3, *, betas=(0.9, 0.999), eps=1e-8):
        self.parameters, self.lr = list(parameters), _positive(lr)
        self.betas, self.eps, self.steps = betas, eps, 0
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p, _ in self.parameters]

    def step(self):
        """한 번 고친다. 기울기는 그대로 둔다."""
        self.steps += 1
        b1, b2 = self.betas
        rate = self.lr / (1 - b1**self.steps)
        scale = (1 - b2**self.steps) ** -0.5
        for (p, g), (m, v) in zip(self.parameters, self.moments, strict=True):
            for k in blocks(p):
                m[k] += (1 - b1) * (g[k] - m[k])
                v[k] += (1 - b2) * (g[k] * g[k] - v[k])
                p[k] -= rate * m[k] / (scale * np.sqrt(v[k]) + self.eps)


def _positive(lr):
    if not lr > 0:
        raise ValueError(f"학습률은 양수여야 합니다: 받은 값 {lr}")
    return lr
