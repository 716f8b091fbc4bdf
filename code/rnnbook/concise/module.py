"""모형의 바탕 클래스. 기울기는 자동 미분으로 구한다."""

from contextlib import contextmanager

from torch import nn


class Model(nn.Module):
    """nn.Module에 기울기 자르기와 evaluating을 더한 바탕 클래스."""

    def clip_grad_norm(self, max_norm):
        """기울기 전체의 노름이 max_norm을 넘으면 줄인다. 줄이기 전 노름을 돌려준다.

        max_norm이 양수가 아니면 ValueError, 기울기가 유한하지 않으면 RuntimeError.
        """
        if not max_norm > 0:
            raise ValueError(f"max_norm은 양수여야 합니다: 받은 값 {max_norm}")
        try:
            return float(nn.utils.clip_grad_norm_(self.parameters(), max_norm,
                                                  error_if_nonfinite=True))
        except RuntimeError as error:
            raise RuntimeError("기울기의 노름이 유한하지 않습니다: "
                               "학습률을 줄이거나 입력을 확인하십시오") from error

    def clip_grad_value(self, max_value):
        """기울기의 성분마다 절댓값이 max_value를 넘으면 max_value로 줄인다.

        max_value가 양수가 아니면 ValueError, 기울기에 NaN이 있으면 RuntimeError.
        """
        if not max_value > 0:
            raise ValueError(f"max_value는 양수여야 합니다: 받은 값 {max_value}")
        grads = [value.grad for value in self.parameters() if value.grad is not None]
        if any(grad.isnan().any() for grad in grads):
            raise RuntimeError("기울기에 NaN이 있습니다: 학습률을 줄이거나 입력을 확인하십시오")
        nn.utils.clip_grad_value_(self.parameters(), max_value)

    @contextmanager
    def evaluating(self):
        """with 안에서만 평가 상태로 두고, 나오면 앞의 상태로 되돌린다."""
        before = self.training
        self.eval()
        try:
            yield self
        finally:
            self.train(before)
