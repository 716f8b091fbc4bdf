"""Sigmoid, softmax, cross entropy: values, extremes, gradients, errors."""

import numpy as np
import pytest
import torch

from rnnbook import concise, scratch


def test_sigmoid_never_overflows():
    x = np.array([-1e4, -1.0, 0.0, 1.0, 1e4])
    np.testing.assert_allclose(scratch.sigmoid(x), torch.sigmoid(torch.tensor(x)), atol=1e-15)
    assert scratch.sigmoid(0.0) == 0.5


def test_sigmoid_leaves_its_input_and_type_alone():
    x = np.linspace(-3, 3, 7, dtype=np.float32)
    before = x.copy()
    assert scratch.sigmoid(x).dtype == np.float32
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "sigmoid"])
def test_functions_equal_torch(name, rng):
    x = rng.normal(scale=50, size=(3, 4, 5))
    ours, theirs = getattr(scratch, name)(x), getattr(concise, name)(torch.tensor(x))
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-12)


@pytest.mark.parametrize("shape", [(6,), (3, 4), (1, 1), (70, 30)])
def test_cross_entropy_and_its_gradient_equal_torch(shape, rng):
    logits, targets = rng.normal(scale=20, size=(*shape, 300)), rng.integers(300, size=shape)
    loss, dlogits = scratch.cross_entropy(logits, targets)
    t = torch.tensor(logits, requires_grad=True)
    expected = concise.cross_entropy(t, torch.tensor(targets))
    expected.backward()
    assert loss == pytest.approx(expected.item(), abs=1e-12)
    np.testing.assert_allclose(dlogits, t.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-14)


@pytest.mark.parametrize("in_place", [False, True])
def test_the_order_in_memory_does_not_matter(in_place, rng):
    logits, targets = rng.normal(size=(3, 5, 7)), rng.integers(7, size=(3, 5))
    loss, dlogits = scratch.cross_entropy(logits, targets)
    time_first = logits.swapaxes(0, 1).copy().swapaxes(0, 1)
    before = time_first.copy()
    loss2, dlogits2 = scratch.cross_entropy(time_first, targets, in_place=in_place)
    assert loss2 == pytest.approx(loss, abs=1e-14)
    np.testing.assert_allclose(dlogits2, dlogits, atol=1e-15)
    assert np.shares_memory(dlogits2, time_first) == in_place
    assert (time_first == before).all() == (not in_place)


@pytest.mark.parametrize("shift", [-1000, 0, 49.5, 1000])
def test_a_constant_added_to_the_logits_changes_nothing(shift):
    logits, targets = np.array([[0.5, -2.0, 1.0], [0.0, 0.25, -0.5]]), np.array([2, 0])
    loss, dlogits = scratch.cross_entropy(logits, targets)
    loss2, dlogits2 = scratch.cross_entropy(logits + shift, targets)
    assert loss2 == pytest.approx(loss, abs=1e-12)
    np.testing.assert_allclose(dlogits2, dlogits, atol=1e-12)


@pytest.mark.parametrize("shift", [-300, -90, 90, 300])
def test_single_precision_neither_overflows_nor_vanishes(shift):
    logits, targets = np.array([[0.5, -2.0, 1.0], [0.0, 0.25, -0.5]], np.float32), np.array([2, 0])
    loss, dlogits = scratch.cross_entropy(logits, targets)
    loss2, dlogits2 = scratch.cross_entropy(logits + np.float32(shift), targets)
    assert loss2 == pytest.approx(loss, abs=1e-6)
    np.testing.assert_allclose(dlogits2, dlogits, atol=1e-6)


def test_half_precision_does_not_overflow():
    loss, dlogits = scratch.cross_entropy(np.array([[20, 18, 0]], np.float16), np.array([0]))
    assert loss == pytest.approx(np.log(1 + np.exp(-2)), rel=0.01)
    assert np.isfinite(dlogits).all()


def test_far_apart_logits_give_no_nan():
    loss, dlogits = scratch.cross_entropy(np.array([[1e4, -1e4], [-1e4, 1e4]]), np.array([0, 0]))
    assert loss == 1e4
    assert np.isfinite(dlogits).all()


def test_uniform_logits_cost_the_log_of_the_vocabulary():
    loss, _ = scratch.cross_entropy(np.zeros((2, 3, 50), np.float32), np.zeros((2, 3), int))
    assert loss == pytest.approx(np.log(50))


@pytest.mark.parametrize(("targets", "error", "message"), [
    (np.array([0.0, 1.0]), TypeError, "정답은 정수여야 합니다: 받은 자료형 float64"),
    (np.array([0, 5]), ValueError, "정답은 0 이상 5 미만이어야 합니다: 받은 범위 0~5"),
    (np.array([-1, 2]), ValueError, "받은 범위 -1~2"),
    (np.array([0, 1, 2]), ValueError, r"정답의 모양은 \(2,\)이어야 합니다: 받은 모양 \(3,\)"),
])
def test_wrong_targets_are_explained(targets, error, message):
    with pytest.raises(error, match=message):
        scratch.cross_entropy(np.zeros((2, 5)), targets)
