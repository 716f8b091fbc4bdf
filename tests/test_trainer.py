"""The trainer against tiny models of our own, which count what is asked of them."""

import math
import sys
import time

import numpy as np
import pytest

from rnnbook.batching import NO_ANSWER
from rnnbook.text_pairs import BOS, EOS, PAD, Batch
from rnnbook.trainer import History, Trainer


class Slope:
    """y = w·x; the state counts the batches since it was last None."""

    def __init__(self):
        self.w, self.grad, self.log, self.clock = 0.0, 0.0, [], 0

    def _loss(self, batch):
        x, y = batch
        return float(((self.w * x - y) ** 2).mean())

    def train_step(self, batch, state=None):
        x, y = batch
        self.grad = float((2 * (self.w * x - y) * x).mean())
        self.log.append(("train", state))
        self.clock += 1
        return self._loss(batch), (state or 0) + 1

    def evaluate(self, batch, state=None):
        self.log.append(("valid", state))
        self.clock += 1000
        return self._loss(batch), (state or 0) + 1

    def clip_grad_norm(self, max_norm):
        norm = abs(self.grad)
        self.grad *= min(1.0, max_norm / norm) if norm else 1.0
        return norm


class Step:
    def __init__(self, model, lr):
        self.model, self.lr = model, lr

    def step(self):
        self.model.w -= self.lr * self.model.grad


def batches(sizes, seed=0):
    rng = np.random.default_rng(seed)
    return [(x, 3 * x) for x in (rng.normal(size=(n, 4)) for n in sizes)]


def test_fit_learns_and_keeps_a_history(capsys):
    model = Slope()
    trainer = Trainer(model, Step(model, 0.1))
    history = trainer.fit(batches([2, 3]), batches([5], 1), epochs=20, progress=False)
    assert isinstance(history, History)
    assert len(history.train) == len(history.valid) == len(history.seconds) == 20
    assert history.valid[-1] < 1e-3 < history.valid[0]
    assert model.w == pytest.approx(3, abs=0.02)
    assert capsys.readouterr().err == ""


def test_seconds_are_those_of_learning_alone(monkeypatch):
    model = Slope()
    monkeypatch.setattr(time, "perf_counter", lambda: model.clock)
    trainer = Trainer(model, Step(model, 0.1))
    history = trainer.fit(batches([2, 3]), batches([5]), epochs=3, progress=False)
    assert history.seconds == [2, 2, 2]


def test_loss_is_the_mean_over_targets_not_batches():
    model = Slope()
    data = batches([1, 9])
    history = Trainer(model, Step(model, 0.0)).fit(data, epochs=1, progress=False)
    everything = np.concatenate([y.ravel() for _, y in data])
    assert history.train[0] == pytest.approx((everything**2).mean())
    assert history.valid == []


class Answers:
    """The loss of a batch is the mean of its answers, the padding left out."""

    def train_step(self, batch, state=None):
        answers = getattr(batch, "answers", batch[1])
        return float(answers[answers != NO_ANSWER].mean()), None

    evaluate = train_step


def test_places_without_an_answer_are_not_counted():
    first = Batch(np.ones((1, 3), int), np.array([[BOS, 4, 5, 6, 7, EOS]]), np.array([3]))
    second = Batch(np.ones((2, 2), int), np.array([[BOS, 9, 9, 9, EOS], [BOS, EOS, PAD, PAD, PAD]]),
                   np.array([2, 1]))
    plain = [(part.source, part.answers) for part in (first, second)]
    for data in ([first, second], plain):
        history = Trainer(Answers(), Step(Slope(), 0.0)).fit(data, data, epochs=1, progress=False)
        wanted = (4 + 5 + 6 + 7 + EOS + 9 + 9 + 9 + EOS + EOS) / 10
        assert history.train == history.valid == [pytest.approx(wanted)]


def test_state_is_carried_only_when_asked():
    for carry, expected in ((True, [None, 1, 2]), (False, [None] * 3)):
        model = Slope()
        trainer = Trainer(model, Step(model, 0.0))
        data = batches([2, 2, 2])
        trainer.fit(data, data, epochs=2, progress=False, carry_state=carry)
        one = [("train", s) for s in expected] + [("valid", s) for s in expected]
        assert model.log == one * 2  # each epoch, and the validation, starts afresh


def test_clip_limits_every_step():
    model = Slope()
    Trainer(model, Step(model, 1.0), clip=0.25).fit(batches([4]), epochs=1, progress=False)
    assert abs(model.w) == pytest.approx(0.25)


def test_nan_stops_and_says_where():
    model = Slope()
    data = batches([2, 2, 2])
    data[1][1][0, 0] = math.nan
    trainer = Trainer(model, Step(model, 0.1))
    with pytest.raises(FloatingPointError, match=r"손실이 nan.*학습 배치, 에포크 1, 2번째 배치"):
        trainer.fit(data, epochs=3, progress=False)
    assert len(model.log) == 2


def test_nan_in_validation_is_told_apart():
    model = Slope()
    bad = batches([2])
    bad[0][1][:] = math.inf
    with pytest.raises(FloatingPointError, match="검증 배치, 에포크 1, 1번째 배치"):
        Trainer(model, Step(model, 0.1)).fit(batches([2]), bad, epochs=1, progress=False)


def test_empty_batches_are_refused():
    model = Slope()
    trainer = Trainer(model, Step(model, 0.1))
    with pytest.raises(ValueError, match=r"배치가 하나도 나오지 않았습니다\(학습 배치, 에포크 1\)"):
        trainer.fit([], epochs=1, progress=False)
    with pytest.raises(ValueError, match=r"에포크 2.*제너레이터"):  # a generator runs out
        trainer.fit(iter(batches([2])), epochs=2, progress=False)
    with pytest.raises(ValueError, match="검증 배치"):
        trainer.fit(batches([2]), [], epochs=1, progress=False)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="1 이상이어야 합니다: 받은 값 epochs=0"):
        Trainer(Slope(), None).fit([], epochs=0)
    with pytest.raises(ValueError, match="clip은 0보다 커야 합니다: 받은 값 -1"):
        Trainer(Slope(), None, clip=-1)


def test_progress_bar_is_shown_and_optional(capsys, monkeypatch):
    model = Slope()
    trainer = Trainer(model, Step(model, 0.1))
    trainer.fit(batches([2, 2]), batches([2]), epochs=3)
    shown = capsys.readouterr().err
    assert "6/6" in shown
    assert "에포크=3" in shown
    assert "검증=" in shown
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # as in the browser
    assert len(trainer.fit(batches([2, 2]), epochs=3).train) == 3
    assert capsys.readouterr().err == ""
