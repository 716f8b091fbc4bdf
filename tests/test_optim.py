"""SGD and Adam take the same steps as torch.optim."""

import numpy as np
import pytest

from rnnbook import bridge, concise, scratch


@pytest.mark.parametrize(("name", "options"), [
    ("SGD", {"lr": 0.5}),
    ("Adam", {"lr": 0.05}),
    ("Adam", {"lr": 0.01, "betas": (0.5, 0.9), "eps": 1e-3}),
])
def test_parameters_after_twenty_steps_equal_torch(name, options, rng):
    ours = scratch.RNNLM(9, 4, 5, rng=rng, dtype=np.float64)
    theirs = concise.RNNLM(9, 4, 5).double()
    bridge.copy_weights(theirs, ours)
    step = getattr(scratch, name)(ours.parameters(), **options)
    torch_step = getattr(concise, name)(theirs.parameters(), **options)
    losses = []
    for _ in range(20):
        batch = rng.integers(9, size=(2, 3, 4))
        loss, _ = ours.train_step(batch)
        expected, _ = theirs.train_step(batch)
        losses.append(abs(loss - expected))
        ours.clip_grad_norm(0.5)
        theirs.clip_grad_norm(0.5)
        step.step()
        torch_step.step()
    assert max(losses) < 1e-8
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.params[key], value.numpy(), atol=1e-8, err_msg=key)


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_gradients_are_left_alone_and_parameters_stay_in_place(name, rng):
    model = scratch.Linear(300, 400, rng=rng)                # several blocks
    model.grads["weight"][:] = grad = rng.normal(size=(400, 300)).astype(np.float32)
    weight, before = model.weight, model.weight.copy()
    getattr(scratch, name)(model.parameters(), 0.1).step()
    np.testing.assert_array_equal(model.grads["weight"], grad)
    assert model.weight is weight
    assert weight.dtype == np.float32
    assert (weight != before).all()


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_the_learning_rate_may_change_between_steps(name, rng):
    given, grad = rng.normal(size=(2, 50))
    ends = []
    for rates in [(0.1, 0.1), (0.1, 0.3)]:
        value = given.copy()
        optimizer = getattr(scratch, name)([(value, grad)], rates[0])
        optimizer.step()
        first = value.copy()
        optimizer.lr = rates[1]
        optimizer.step()
        ends.append(value - first)
    np.testing.assert_allclose(ends[1], 3 * ends[0], rtol=1e-12)


@pytest.mark.parametrize("name", ["SGD", "Adam"])
@pytest.mark.parametrize("lr", [0, -1, float("nan")])
def test_the_learning_rate_must_be_positive(name, lr):
    with pytest.raises(ValueError, match="학습률은 양수여야 합니다"):
        getattr(scratch, name)([], lr)


@pytest.mark.parametrize("cell", ["rnn", "relu", "gru", "cho", "peephole", "coupled"])
def test_every_cell_learns_with_the_weights_it_has_now(cell, rng):
    """Nothing of an earlier step, forward or backward, is used again after an update."""
    ours = scratch.RNNLM(9, 4, 5, cell=cell, rng=rng, dtype=np.float64)
    theirs = concise.RNNLM(9, 4, 5, cell=cell).double()
    bridge.copy_weights(theirs, ours)
    steps = scratch.SGD(ours.parameters(), 1.0), concise.SGD(theirs.parameters(), 1.0)
    for _ in range(3):
        batch = rng.integers(9, size=(2, 3, 4))
        for model, step in zip((ours, theirs), steps, strict=True):
            model.train_step(batch)
            step.step()
    for key, value in theirs.state_dict().items():
        np.testing.assert_allclose(ours.params[key], value.numpy(), atol=1e-9, err_msg=key)
