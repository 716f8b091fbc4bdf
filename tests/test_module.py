"""scratch.Module and concise.Model: names, snapshots, clipping, modes."""

import numpy as np
import pytest
import torch

from rnnbook import bridge, concise, scratch, text_pairs


def models(rng):
    ours = scratch.RNNLM(7, 3, 4, num_layers=2, rng=rng, dtype=np.float64)
    theirs = concise.RNNLM(7, 3, 4, num_layers=2).double()
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def test_parameters_are_shared_not_copied(rng):
    model = scratch.RNNLM(7, 3, 4, rng=rng)
    cell = model.rnn.cells[0]
    cell.weight_hh += 1
    assert model.params["rnn.weight_hh_l0"] is cell.weight_hh is cell.params["weight_hh"]
    assert model.grads["rnn.weight_hh_l0"] is cell.grads["weight_hh"]


def test_the_optimizer_gets_every_parameter_once_in_few_arrays(rng):
    model = scratch.RNNLM(7, 3, 4, num_layers=2, rng=rng)
    held = model.parameters()
    assert len(held) == 4                               # embedding, two cells, head
    for named, k in ((model.params, 0), (model.grads, 1)):
        for array in named.values():
            assert sum(np.shares_memory(array, pair[k]) for pair in held) == 1
        assert sum(a.size for a in named.values()) == sum(pair[k].size for pair in held)


def test_state_dict_is_a_snapshot(rng):
    model = scratch.RNNLM(7, 3, 4, rng=rng)
    saved = model.state_dict()
    for value, _ in model.parameters():
        value += 1
    assert all((model.params[key] != saved[key]).all() for key in saved)
    model.load_state_dict(saved)
    assert all((model.params[key] == saved[key]).all() for key in saved)


def test_wrong_names_change_nothing_and_are_named(rng):
    model = scratch.Linear(3, 4, rng=rng)
    before = model.state_dict()
    with pytest.raises(KeyError, match=r"빠진 것 \['bias'\], 모르는 것 \['bais'\]"):
        model.load_state_dict({"weight": np.zeros((4, 3)), "bais": np.zeros(4)})
    with pytest.raises(ValueError, match=r"bias의 모양은 \(4,\)이어야 합니다: 받은 모양 \(3,\)"):
        model.load_state_dict({"weight": np.zeros((4, 3)), "bias": np.zeros(3)})
    assert all((model.params[key] == before[key]).all() for key in before)


@pytest.mark.parametrize("max_norm", [0.01, 1e6])
def test_clipping_equals_torch(rng, max_norm):
    ours, theirs = models(rng)
    batch = rng.integers(7, size=(2, 3, 5))
    ours.train_step(batch)
    theirs.train_step(batch)
    assert ours.clip_grad_norm(max_norm) == pytest.approx(theirs.clip_grad_norm(max_norm))
    for name, value in theirs.named_parameters():
        np.testing.assert_allclose(ours.grads[name], value.grad.numpy(), atol=1e-12)
    norm = np.sqrt(sum((grad**2).sum() for grad in ours.grads.values()))
    assert norm <= max_norm * (1 + 1e-9)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("max_norm", [0, -1.0, float("nan")])
def test_a_limit_must_be_positive(rng, world, max_norm):
    model = models(rng)[world]
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    with pytest.raises(ValueError, match="max_norm은 양수여야 합니다"):
        model.clip_grad_norm(max_norm)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_gradients_that_are_not_finite_are_refused(rng, world):
    model = models(rng)[world]
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    if world:
        next(model.parameters()).grad[0, 0] = torch.nan
    else:
        model.parameters()[0][1][0, 0] = np.nan
    with pytest.raises(RuntimeError, match="유한하지 않습니다"):
        model.clip_grad_norm(1.0)


@pytest.mark.parametrize("max_value", [1e-3, 0.02, 1e6])
def test_clipping_by_value_equals_torch(rng, max_value):
    ours, theirs = models(rng)
    batch = rng.integers(7, size=(2, 3, 5))
    ours.train_step(batch)
    theirs.train_step(batch)
    whole = np.concatenate([grad.ravel() for grad in ours.grads.values()])
    torch.nn.utils.clip_grad_value_(theirs.parameters(), max_value)
    assert ours.clip_grad_value(max_value) is None
    for name, value in theirs.named_parameters():
        np.testing.assert_allclose(ours.grads[name], value.grad.numpy(), atol=1e-12)
    clipped = np.concatenate([grad.ravel() for grad in ours.grads.values()])
    assert abs(clipped).max() <= max_value
    assert (clipped == whole).sum() == (abs(whole) <= max_value).sum()
    assert (np.sign(clipped) == np.sign(whole)).all()


def test_the_twin_clips_by_value_too_and_skips_what_has_no_gradient(rng):
    _, model = models(rng)
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    model.head.bias.grad = None
    model.clip_grad_value(1e-3)
    assert max(p.grad.abs().max() for p in model.parameters() if p.grad is not None) == 1e-3


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize("max_value", [0, -1.0, float("nan")])
def test_a_limit_of_values_must_be_positive(rng, world, max_value):
    model = models(rng)[world]
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    with pytest.raises(ValueError, match=f"max_value는 양수여야 합니다: 받은 값 {max_value}"):
        model.clip_grad_value(max_value)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_clipping_by_value_refuses_nan_and_changes_nothing(rng, world):
    model = models(rng)[world]
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    grads = [p.grad for p in model.parameters()] if world else [g for _, g in model.parameters()]
    grads[-1][0] = np.nan
    before = [np.array(grad.tolist()) for grad in grads]
    with pytest.raises(RuntimeError, match="기울기에 NaN이 있습니다"):
        model.clip_grad_value(1e-6)
    for grad, old in zip(grads, before, strict=True):
        np.testing.assert_array_equal(grad, old)
    grads[-1][0] = np.inf                                     # torch clips an infinite one
    model.clip_grad_value(1e-3)
    assert max(abs(grad).max() for grad in grads) == pytest.approx(1e-3)


def test_modes_reach_every_child(rng):
    model = scratch.RNNLM(7, 3, 4, num_layers=2, dropout=0.5, rng=rng)
    drops = [model.drop_in, *model.rnn.drops, model.drop_out]
    assert model.eval() is model
    assert not any(drop.training for drop in drops)
    assert model.train() is model
    assert all(drop.training for drop in drops)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_evaluating_leaves_the_mode_it_found_even_after_a_mistake(rng, world):
    model, batch = models(rng)[world], rng.integers(7, size=(2, 3, 5))
    for mode in (True, False):
        model.train(mode)
        model.evaluate(batch)
        assert (model.training, model.rnn.training) == (mode, mode)
        with pytest.raises(ValueError, match="토큰은 0 이상 7 미만이어야 합니다"):
            model.evaluate(batch + 7)
        assert (model.training, model.rnn.training) == (mode, mode)


def droppers(module):
    """Every dropout below a module that can drop anything."""
    found = [module] if isinstance(module, scratch.Dropout) and module.p else []
    return [*found, *(drop for child in module.children for drop in droppers(child))]


def dropping(name, rng):
    """A model of two layers that drops a quarter everywhere, and a batch for it."""
    options = {"dropout": 0.25, "rng": rng, "dtype": np.float64}
    tokens, lengths = rng.integers(4, 7, size=(3, 4)), np.array([4, 1, 3])
    if name == "RNNLM":
        return scratch.RNNLM(7, 3, 4, num_layers=2, **options), (tokens, tokens)
    if name == "Seq2Seq":
        model = scratch.Seq2Seq(7, 7, 3, 4, num_layers=2, attention="dot", peeky=True, **options)
        return model, text_pairs.Batch(tokens, tokens[:, :3], lengths)
    if name == "BagClassifier":
        return scratch.BagClassifier(7, 3, 2, **options), (tokens, lengths % 2, lengths)
    model = getattr(scratch, name)(7, 3, 4, 2, num_layers=2, **options)
    return model, (tokens, lengths % 2 if "Classifier" in name else tokens % 2, lengths)


@pytest.mark.parametrize(("name", "places"), [
    ("RNNLM", 3), ("Seq2Seq", 5), ("SequenceClassifier", 3), ("SequenceTagger", 3),
    ("BagClassifier", 1)])
def test_gradients_through_every_dropout_equal_central_differences(name, places, rng):
    """After the embedding, between the layers, before the last layer: as many as torch has."""
    model, batch = dropping(name, rng)
    drops = droppers(model)
    assert len(drops) == places

    def objective():
        for k, drop in enumerate(drops):
            drop.rng = np.random.default_rng(k)               # the same masks every time
        return model.train_step(batch)[0]

    assert objective() != pytest.approx(model.evaluate(batch)[0], abs=1e-6)
    objective()
    eps, grads = 1e-5, {key: grad.copy() for key, grad in model.grads.items()}
    for key, value in model.params.items():
        direction = rng.normal(size=value.shape)
        value += eps * direction
        up = objective()
        value -= 2 * eps * direction
        down = objective()
        value += eps * direction
        wanted = (grads[key] * direction).sum()
        assert (up - down) / (2 * eps) == pytest.approx(wanted, rel=1e-6, abs=1e-9), key


def test_zero_grad_empties_every_gradient(rng):
    model, _ = models(rng)
    model.train_step(rng.integers(7, size=(2, 3, 5)))
    assert all(grad.any() for grad in model.grads.values())
    model.zero_grad()
    assert not any(grad.any() for grad in model.grads.values())
