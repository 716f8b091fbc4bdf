"""The bridge: what it prints, and that it can say no."""

import numpy as np
import pytest

from rnnbook import bridge, concise, scratch


def twins(rng, dtype=np.float64):
    ours, theirs = scratch.LSTM(3, 4, rng=rng, dtype=dtype), concise.LSTM(3, 4)
    theirs = theirs.double() if dtype == np.float64 else theirs
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def test_it_prints_a_verdict_for_everything(rng, capsys):
    ours, theirs = twins(rng)
    state = rng.normal(size=(1, 2, 4)), rng.normal(size=(1, 2, 4))
    assert bridge.agree(ours, theirs, rng.normal(size=(2, 5, 3)), state)
    assert capsys.readouterr().out == """\
출력 (2, 5, 4): 일치
상태 h (1, 2, 4): 일치
상태 c (1, 2, 4): 일치
기울기 x (2, 5, 3): 일치
기울기 상태 h (1, 2, 4): 일치
기울기 상태 c (1, 2, 4): 일치
기울기 weight_ih_l0 (16, 3): 일치
기울기 weight_hh_l0 (16, 4): 일치
기울기 bias_ih_l0 (16,): 일치
기울기 bias_hh_l0 (16,): 일치
"""


def test_it_says_no(rng, capsys):
    ours, theirs = twins(rng)
    ours.params["bias_hh_l0"][3] += 1e-6
    assert not bridge.agree(ours, theirs, rng.normal(size=(2, 5, 3)))
    assert "출력 (2, 5, 4): 불일치" in capsys.readouterr().out


def test_it_sees_one_wrong_gradient(rng, capsys, monkeypatch):
    ours, theirs = twins(rng)
    backward = ours.backward

    def broken(dy, dstate=None):
        result = backward(dy, dstate)
        ours.grads["bias_ih_l0"][0] += 1e-6
        return result

    monkeypatch.setattr(ours, "backward", broken)
    assert not bridge.agree(ours, theirs, rng.normal(size=(2, 5, 3)))
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "불일치" in line] == ["기울기 bias_ih_l0 (16,): 불일치"]


def test_single_precision_is_judged_by_its_own_measure(rng):
    ours, theirs = twins(rng, np.float32)
    assert bridge.agree(ours, theirs, rng.normal(size=(16, 50, 3)))
    assert not bridge.agree(ours, theirs, rng.normal(size=(16, 50, 3)), atol=1e-14)


def test_weights_of_another_model_are_refused(rng):
    with pytest.raises(KeyError, match="weight_ih_l1"):
        bridge.copy_weights(concise.LSTM(3, 4, 2), scratch.LSTM(3, 4, rng=rng))
    with pytest.raises(ValueError, match=r"weight_ih_l0의 모양은 \(16, 3\)이어야 합니다"):
        bridge.copy_weights(concise.LSTM(2, 4), scratch.LSTM(3, 4, rng=rng))


def test_copied_weights_are_a_copy(rng):
    ours, theirs = twins(rng)
    ours.params["bias_ih_l0"][:] = 9
    assert not (theirs.bias_ih_l0 == 9).any()
