"""학습을 되풀이하는 틀. 밑바닥 모형과 간결 모형을 똑같이 다루며 둘 중 어느 쪽도 알지 못한다."""

import math
import time
from dataclasses import dataclass, field


@dataclass
class History:
    """에포크마다 남긴 기록. 손실의 단위는 모두 토큰 하나에 드는 nats다."""

    train: list = field(default_factory=list)  # 학습 손실: 에포크 동안 배치마다 잰 값의 평균
    valid: list = field(default_factory=list)  # 검증 손실: 에포크가 끝난 뒤 잰 값
    seconds: list = field(default_factory=list)  # 학습에 든 시간(초). 검증에 든 것은 뺀다


class Trainer:
    """배치를 한 바퀴 도는 일(에포크)을 되풀이한다.

    model     `train_step(batch, state)`과 `evaluate(batch, state)`가 (손실, 상태)를 돌려주는 모형
    optimizer `step()`으로 매개변수를 고치는 것
    clip      기울기의 크기를 자를 상한. None이면 자르지 않는다.
    """

    def __init__(self, model, optimizer, *, clip=None):
        if clip is not None and not clip > 0:
            raise ValueError(f"clip은 0보다 커야 합니다: 받은 값 {clip}")
        self.model, self.optimizer, self.clip = model, optimizer, clip

    def fit(self, train_batches, valid_batches=None, *, epochs, progress=True, carry_state=False):
        """epochs 바퀴를 학습하고 `History`를 돌려준다.

        *_batches는 (x, y)를 내놓으며 바퀴마다 처음부터 다시 돌 수 있어야 한다. carry_state가 참이면
        배치의 마지막 상태를 다음 배치의 첫 상태로 쓴다. `sequential_batches`와 함께 쓴다.
        """
        if epochs < 1:
            raise ValueError(f"epochs는 1 이상이어야 합니다: 받은 값 {epochs}")
        history, bar = History(), _progress_bar(progress, train_batches, epochs)
        with bar:
            for epoch in range(1, epochs + 1):
                start = time.perf_counter()
                where = f"학습 배치, 에포크 {epoch}"
                history.train.append(self._run(self._learn, train_batches, carry_state, where, bar))
                history.seconds.append(time.perf_counter() - start)
                if valid_batches is not None:
                    where = f"검증 배치, 에포크 {epoch}"
                    test = self.model.evaluate
                    history.valid.append(self._run(test, valid_batches, carry_state, where))
                bar.set_postfix(_summary(epoch, history))
        return history

    def _run(self, step, batches, carry_state, where, bar=None):
        """배치를 한 바퀴 돌고 토큰 하나의 평균 손실을 돌려준다."""
        total, count, state = 0.0, 0, None
        for i, batch in enumerate(batches, start=1):
            loss, state = step(batch, state if carry_state else None)
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"손실이 {loss}입니다({where}, {i}번째 배치). "
                    "학습률을 낮추거나 clip으로 기울기를 잘라 보십시오."
                )
            size = math.prod(batch[1].shape)
            total, count = total + loss * size, count + size
            if bar is not None:
                bar.update()
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


class _NoBar:
    """진행 막대를 그리지 않을 때 그 자리를 채운다."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def update(self):
        pass

    def set_postfix(self, values):
        pass


def _progress_bar(progress, batches, epochs):
    if not progress:
        return _NoBar()
    try:
        from tqdm.auto import tqdm
    except ImportError:  # 브라우저에는 tqdm이 없다
        return _NoBar()
    total = epochs * len(batches) if hasattr(batches, "__len__") else None
    return tqdm(total=total, desc="학습", unit="배치")


def _summary(epoch, history):
    values = {"에포크": epoch, "학습": f"{history.train[-1]:.3f}"}
    if history.valid:
        values["검증"] = f"{history.valid[-1]:.3f}"
    return values
