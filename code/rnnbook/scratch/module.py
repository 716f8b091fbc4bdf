"""모듈: 이름 붙은 매개변수와 그 기울기.

모든 층과 모형이 물려받는다. 이름은 torch의 state_dict() 키와 같다.

장: 층과 모형이 나오는 모든 장
"""

import math
from contextlib import contextmanager

import numpy as np


class Module:
    """매개변수 params와 기울기 grads를 같은 이름으로 담는 바탕 클래스.

    배열은 언제나 제자리에서(in place) 바뀐다. 그래서 속성 `self.weight`와
    `self.params["weight"]`, 옵티마이저가 받은 배열은 끝까지 같은 메모리를 쓴다.
    """

    def __init__(self):
        self.params, self.grads, self.held = {}, {}, []
        self.children, self.training = [], True

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)

    def register(self, values, views):
        """매개변수 여럿을 배열 하나에 담아 등록한다. 배열이 적을수록 갱신이 빠르다.

        views(values)는 {이름: 매개변수}를 돌려준다. 매개변수는 values의 뷰이다.
        기울기도 배열 하나에 담고 0에서 시작한다.
        """
        grads, params = np.zeros_like(values), views(values)
        self.held.append((values, grads))
        self.params.update(params)
        self.grads.update(views(grads))
        vars(self).update(params)
        return values, grads

    def param(self, name, value):
        """어떤 모양이든 매개변수 하나를 등록한다."""
        self.register(value, lambda array: {name: array})

    def adopt(self, module, prefix="", suffix=""):
        """다른 모듈의 매개변수를 복사하지 않고 새 이름으로 함께 쓴다."""
        for name in module.params:
            self.params[prefix + name + suffix] = module.params[name]
            self.grads[prefix + name + suffix] = module.grads[name]
        self.held += module.held
        self.children.append(module)
        return module

    def parameters(self):
        """(매개변수, 기울기) 배열의 목록. 옵티마이저가 받는다."""
        return list(self.held)

    def state_dict(self):
        """매개변수의 사본을 이름별로 돌려준다."""
        return {name: value.copy() for name, value in self.params.items()}

    def load_state_dict(self, state):
        """모든 매개변수의 값을 바꾼다. 이름이 다르면 KeyError, 모양이 다르면 ValueError."""
        if state.keys() != self.params.keys():
            missing = sorted(self.params.keys() - state.keys())
            unknown = sorted(state.keys() - self.params.keys())
            raise KeyError(f"매개변수의 이름이 다릅니다: 빠진 것 {missing}, 모르는 것 {unknown}")
        for name, value in state.items():
            if np.shape(value) != self.params[name].shape:
                raise ValueError(f"{name}의 모양은 {self.params[name].shape}이어야 합니다: "
                                 f"받은 모양 {np.shape(value)}")
        for name, value in state.items():
            np.copyto(self.params[name], value)

    def zero_grad(self):
        """기울기를 모두 0으로 되돌린다."""
        for _, grad in self.held:
            grad.fill(0)

    def clip_grad_norm(self, max_norm):
        """기울기 전체의 노름이 max_norm을 넘으면 max_norm으로 줄인다. 줄이기 전의 노름을 돌려준다.

        g <- g · min(1, max_norm / ‖g‖)  (Pascanu, Mikolov & Bengio, 2013)
        max_norm이 양수가 아니면 ValueError, 기울기가 유한하지 않으면 RuntimeError.
        """
        if not max_norm > 0:
            raise ValueError(f"max_norm은 양수여야 합니다: 받은 값 {max_norm}")
        norm = math.sqrt(sum(float(np.vdot(grad, grad)) for grad in self.grads.values()))
        if not math.isfinite(norm):
            raise RuntimeError("기울기의 노름이 유한하지 않습니다: "
                               "학습률을 줄이거나 입력을 확인하십시오")
        if norm > max_norm:
            for _, grad in self.held:
                grad *= grad.dtype.type(max_norm / (norm + 1e-6))
        return norm

    def clip_grad_value(self, max_value):
        """기울기의 성분마다 절댓값이 max_value를 넘으면 max_value로 줄인다. 방향은 달라질 수 있다.

        g <- min(max(g, -max_value), max_value)
        max_value가 양수가 아니면 ValueError, 기울기에 NaN이 있으면 RuntimeError.
        """
        if not max_value > 0:
            raise ValueError(f"max_value는 양수여야 합니다: 받은 값 {max_value}")
        if any(np.isnan(grad).any() for _, grad in self.held):
            raise RuntimeError("기울기에 NaN이 있습니다: 학습률을 줄이거나 입력을 확인하십시오")
        for _, grad in self.held:
            np.clip(grad, -max_value, max_value, out=grad)

    def train(self, mode=True):
        """학습 상태로 바꾼다. 드롭아웃이 켜진다."""
        self.training = mode
        for child in self.children:
            child.train(mode)
        return self

    def eval(self):
        """평가 상태로 바꾼다. 드롭아웃이 꺼진다."""
        return self.train(False)

    @contextmanager
    def evaluating(self):
        """with 안에서만 평가 상태로 두고, 나올 때 원래 상태로 되돌린다."""
        before = self.training
        self.eval()
        try:
            yield self
        finally:
            self.train(before)
