"""Linear, Embedding, Dropout."""

import numpy as np
import pytest
import torch

from rnnbook import bridge, concise, scratch


def gap(ours, theirs, x):
    bridge.copy_weights(theirs, ours)
    return {name: abs(a - b).max() for name, a, b in bridge.pairs(ours, theirs, x)}


@pytest.mark.parametrize("shape", [(3,), (6, 3), (2, 5, 3)])
def test_linear_equals_torch(shape, rng):
    found = gap(scratch.Linear(3, 4, rng=rng, dtype=np.float64), concise.Linear(3, 4).double(),
                rng.normal(size=shape))
    assert set(found) == {"출력", "기울기 x", "기울기 weight", "기울기 bias"}
    assert max(found.values()) < 1e-12


@pytest.mark.parametrize("size", [5, 500], ids=["few-rows", "many-rows"])
def test_embedding_equals_torch(size, rng):
    ids = rng.integers(5, size=(4, 6))                  # repeated ids on purpose
    found = gap(scratch.Embedding(size, 3, rng=rng, dtype=np.float64),
                concise.Embedding(size, 3).double(), ids)
    assert set(found) == {"출력", "기울기 weight"}
    assert max(found.values()) < 1e-12


def test_dropout_keeps_the_mean_and_drops_the_share(rng):
    drop = scratch.Dropout(0.25, rng=rng)
    y = drop(np.ones((400, 500), np.float32))
    assert y.dtype == np.float32
    assert set(np.unique(y)) == {0, np.float32(1 / 0.75)}
    assert (y == 0).mean() == pytest.approx(0.25, abs=0.005)
    dy = rng.normal(size=y.shape)
    np.testing.assert_array_equal(drop.backward(dy) == 0, y == 0)


def test_dropout_is_off_in_evaluation(rng):
    drop, x = scratch.Dropout(0.9, rng=rng).eval(), rng.normal(size=(3, 4))
    assert drop(x) is x
    assert drop.backward(x) is x


def test_the_mask_of_training_does_not_outlive_it(rng):
    drop, x = scratch.Dropout(0.5, rng=rng), rng.normal(size=(30, 4))
    assert (drop.backward(drop(x)) == 0).any()
    drop.eval()
    assert drop(x) is x
    assert drop.backward(x) is x


@pytest.mark.parametrize("p", [-0.1, 1, 1.5, float("nan")])
def test_dropout_probability_is_checked(p, rng):
    with pytest.raises(ValueError, match="p는 0 이상 1 미만이어야 합니다"):
        scratch.Dropout(p, rng=rng)


def test_dropout_asks_for_its_generator():
    with pytest.raises(ValueError, match="rng가 있어야 합니다"):
        scratch.Dropout(0.5)


def test_wrong_input_is_explained(rng):
    linear, table = scratch.Linear(3, 4, rng=rng), scratch.Embedding(5, 2, rng=rng)
    with pytest.raises(ValueError, match=r"x의 마지막 축은 3이어야 합니다: 받은 모양 \(2, 4\)"):
        linear(np.zeros((2, 4)))
    with pytest.raises(TypeError, match="토큰은 정수여야 합니다: 받은 자료형 float64"):
        table(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="토큰은 0 이상 5 미만이어야 합니다: 받은 범위 0~5"):
        table(np.array([0, 5]))
    with pytest.raises(ValueError, match="받은 범위 -1~0"):
        table(np.array([-1, 0]))


@pytest.mark.parametrize("make", [lambda rng: scratch.Linear(3, 4, rng=rng),
                                  lambda rng: scratch.Embedding(3, 4, rng=rng)])
def test_backward_needs_a_forward(make, rng):
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저"):
        make(rng).backward(np.zeros((2, 4)))


def first_weights(world, **options):
    """Modules whose weights have axes of very different sizes."""
    layers = {name: getattr(world, name)(400, 25, **options) for name in
              ("Linear", "RNN", "LSTM", "GRU", "PeepholeLSTM", "CoupledLSTM", "ChoGRU")}
    layers["Bilinear"] = world.BilinearAttention(25, 400, **options)
    layers["Additive"] = world.AdditiveAttention(400, 25, 100, **options)
    return {f"{name}.{key}": np.asarray(value).ravel() for name, layer in layers.items()
            for key, value in layer.state_dict().items()}


def test_first_weights_are_drawn_as_wide_as_in_torch(rng):
    """Each from a uniform distribution; the widths are compared, and the mean with zero."""
    torch.manual_seed(0)
    ours, theirs = first_weights(scratch, rng=rng), first_weights(concise)
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        width = abs(value).max()
        assert width == pytest.approx(abs(theirs[name]).max(), rel=0.3), name
        assert value.std() == pytest.approx(width / 3**0.5, rel=0.3), name
        assert abs(value.mean()) < 0.5 * width, name
