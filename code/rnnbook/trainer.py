"""학습을 되풀이하는 틀. NumPy 모형과 PyTorch 모형을 똑같이 다룬다."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from numbers import Real

from rnnbook.arguments import check_counts
from rnnbook.batching import NO_ANSWER
from rnnbook.progress import progress_bar


@dataclass
class History:
    """에포크마다 남긴 기록. 손실은 답 하나의 평균이다.

    단위는 모형이 정한다: 교차 엔트로피이면 냇(nat)이다.
    """

    train: list = field(default_factory=list)  # 학습 손실: 에포크 동안 본 배치의 평균
    valid: list = field(default_factory=list)  # 검증 손실: 에포크가 끝난 뒤에 계산한다
    seconds: list = field(default_factory=list)  # 학습에 든 시간(초). 검증 시간은 뺀다


class Trainer:
    """에포크, 곧 배치를 한 바퀴 도는 일을 되풀이한다.

    model     `train_step(batch, state)`과 `evaluate(batch, state)`가 (손실, 상태)를 돌려주는 모형
    optimizer `step()`으로 매개변수를 갱신하는 옵티마이저
    clip      기울기 전체의 노름을 자를 한도. None이면 자르지 않고, 양수가 아니면 ValueError.
    """

    def __init__(self, model, optimizer, *, clip=None):
        if clip is not None and not (isinstance(clip, Real) and clip > 0):
            raise ValueError(f"clip은 0보다 커야 합니다: 받은 값 {clip!r}")
        self.model, self.optimizer, self.clip = model, optimizer, clip

    def fit(self, train_batches, valid_batches=None, *, epochs, progress=True, carry_state=False):
        """에포크를 epochs번 되풀이하고 `History`를 돌려준다.

        *_batches는 (x, y)나 `text_pairs.Batch`를 차례로 내며 에포크마다 처음부터 다시 돌 수
        있어야 한다. 손실의 평균에 답이 없는 자리(NO_ANSWER)는 넣지 않는다.
        carry_state가 참이면 배치의 마지막 상태를 다음 배치의 첫 상태로 쓴다. 이때는
        이어지는 배치, 곧 `sequential_batches`를 준다.

        배치가 하나도 없거나 epochs가 1보다 작으면 ValueError, 정수가 아니거나 배치를 차례로
        내지 않으면 TypeError, 손실이 유한하지 않으면 FloatingPointError.
        """
        check_counts(epochs=epochs)
        given = {"train_batches": train_batches, "valid_batches": valid_batches}
        for name, batches in given.items():
            if batches is not None and not isinstance(batches, Iterable):
                raise TypeError(f"{name}는 배치를 차례로 내야 합니다: 받은 것 {batches!r}")
        total = epochs * len(train_batches) if hasattr(train_batches, "__len__") else None
        history = History()
        with progress_bar(progress, total=total, desc="학습", unit="배치") as bar:
            for epoch in range(1, epochs + 1):
                start, where = time.perf_counter(), f"학습 배치, 에포크 {epoch}"
                loss = self._run(self._learn, train_batches, carry_state, where, bar.update)
                history.train.append(loss)
                history.seconds.append(time.perf_counter() - start)
                if valid_batches is not None:
                    test, where = self.model.evaluate, f"검증 배치, 에포크 {epoch}"
                    history.valid.append(self._run(test, valid_batches, carry_state, where))
                bar.set_postfix(_summary(epoch, history))
        return history

    def _run(self, step, batches, carry_state, where, done=lambda: None):
        """배치를 한 바퀴 돌며 하나 마칠 때마다 done을 부른다. 답 하나의 평균 손실을 돌려준다."""
        total, count, state = 0.0, 0, None
        for i, batch in enumerate(batches, start=1):
            loss, state = step(batch, state if carry_state else None)
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"손실이 {loss}입니다({where}, {i}번째 배치). "
                    "학습률을 낮추거나 clip으로 기울기를 잘라 보십시오."
                )
            answers = getattr(batch, "answers", batch[1])
            size = int((answers != NO_ANSWER).sum())
            total, count = total + loss * size, count + size
            done()
        if count == 0:
            raise ValueError(
                f"배치가 하나도 나오지 않았습니다({where}). "
                "글이 너무 짧거나, 한 번만 돌 수 있는 제너레이터를 준 것입니다."
            )
        return total / count

    def _learn(self, batch, state):
        loss, state = self.model.train_step(batch, state)
        if self.clip is not None:
            self.model.clip_grad_norm(self.clip)
        self.optimizer.step()
        return loss, state


def _summary(epoch, history):
    values = {"에포크": epoch, "학습": f"{history.train[-1]:.3f}"}
    if history.valid:
        values["검증"] = f"{history.valid[-1]:.3f}"
    return values
