"""hard_attention and reinforce: the estimator is unbiased, every choice counted exactly."""

import itertools

import numpy as np
import planting
import pytest
import torch

from rnnbook import bridge, concise, scratch
from rnnbook.reinforce import Baseline, draw, remaining
from rnnbook.scratch import hard_attention

N, T, S, H = 2, 2, 3, 2


class Scripted:
    """A generator that makes `draw` pick what the test wants, given the probabilities."""

    def __init__(self, wanted, weights):
        ends = np.cumsum(weights, axis=-1)
        low = np.take_along_axis(ends - weights, wanted[..., None], axis=-1)
        high = np.take_along_axis(ends, wanted[..., None], axis=-1)
        self.values = ((low + high) / 2 / ends[..., -1:])[..., 0]

    def random(self, shape):
        assert shape == self.values.shape
        return self.values


def twins(module=hard_attention):
    rng = np.random.default_rng(5)
    ours = module.HardAttention(
        scratch.AdditiveAttention(H, H, 4, rng=rng, dtype=np.float64), rng=None)
    theirs = concise.HardAttention(concise.AdditiveAttention(H, H, 4).double(), rng=None)
    ours.load_state_dict({k: rng.normal(scale=0.5, size=v.shape) for k, v in ours.params.items()})
    theirs.load_state_dict({k: torch.tensor(v) for k, v in ours.params.items()})
    query, key, value = (rng.normal(size=(N, L, H)) for L in (T, S, S))
    mask = np.array([[True] * S, [True, False, True]])
    return ours, theirs, (query, key, value), mask


def loss_of(context):
    """(N,) one loss an example; both choices of an example matter together."""
    first, second = context[:, 0], context[:, 1]
    return ((first * second).sum(-1) - 1) ** 2 + (first * first).sum(-1)


def dloss_of(context):
    first, second = context[:, 0], context[:, 1]
    outer = 2 * ((first * second).sum(-1, keepdims=True) - 1)
    return np.stack([outer * second + 2 * first, outer * first], axis=1)


def exact(theirs, arrays, mask):
    """Autograd of the expected loss, summed over every choice of every example."""
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    theirs.attention.remember(*tensors[1:], torch.tensor(mask))
    weights = theirs.attention.weigh(tensors[0])
    total = 0.0
    for choice in itertools.product(range(S), repeat=T):
        p = torch.stack([weights[:, t, a] for t, a in enumerate(choice)]).prod(0)
        total = total + (p * loss_of(tensors[2][:, list(choice)])).sum()
    theirs.zero_grad()
    total.backward()
    return [x.grad.numpy() for x in tensors] + [p.grad.numpy() for p in theirs.parameters()]


def estimates(ours, arrays, mask, baseline):
    """(probability, gradients) of every choice of every example, in every array's full shape."""
    for n in range(N):
        one = [x[n:n + 1] for x in arrays]
        for choice in itertools.product(range(S), repeat=T):
            if not mask[n, list(choice)].all():
                continue
            ours.attention.remember(*one[1:], mask[n:n + 1])
            weights = ours.attention.weigh(one[0])
            ours.rng = Scripted(np.array([choice]), weights)
            context, _ = ours(*one, mask[n:n + 1])
            np.testing.assert_array_equal(context, one[2][:, list(choice)])
            advantage = np.repeat(loss_of(context)[:, None], T, axis=1) - baseline
            ours.zero_grad()
            grads = [np.zeros_like(x) for x in arrays]
            for full, grad in zip(grads, ours.backward(dloss_of(context), advantage), strict=True):
                full[n] = grad[0]
            grads += [grad.copy() for grad in ours.grads.values()]
            yield np.prod([weights[0, t, a] for t, a in enumerate(choice)]), grads


def expected(found):
    """The sum over choices, each weighed with its probability."""
    return [sum(parts) for parts in zip(*([p * g for g in grads] for p, grads in found),
                                        strict=True)]


def unbiased(module, baseline):
    ours, theirs, arrays, mask = twins(module)
    found = expected(estimates(ours, arrays, mask, baseline))
    return all(np.allclose(a, b, rtol=0, atol=1e-10)
               for a, b in zip(found, exact(theirs, arrays, mask), strict=True))


@pytest.mark.parametrize("baseline", [0.0, 3.0, -1.5])
def test_the_estimator_is_unbiased_whatever_the_baseline(baseline):
    assert unbiased(hard_attention, baseline)


def test_a_baseline_that_sees_the_choice_would_not_be():
    """The check can fail: half the loss as its own baseline halves the score term."""
    assert not unbiased(hard_attention, Half())


class Half:
    """Subtracts half of whatever it is subtracted from."""

    __array_ufunc__ = None

    def __rsub__(self, losses):
        return losses / 2


def test_a_good_baseline_lowers_the_variance():
    ours, theirs, arrays, mask = twins()
    mean = exact(theirs, arrays, mask)[-1]

    def variance(baseline):
        return sum(p * ((grads[-1] - mean) ** 2).sum()
                   for p, grads in estimates(ours, arrays, mask, baseline))

    typical = np.mean([loss_of(arrays[2][:, list(choice)]).mean()
                       for choice in itertools.product(range(S), repeat=T)])
    assert variance(typical) < 0.8 * variance(0.0)


def sampled_pair(module, rng, step_by_step):
    """{what: (ours, the twin's)} with the same draws, at once or one query at a time."""
    ours, theirs, arrays, mask = twins(module)
    steps, arrays = 12, (rng.normal(size=(N, 12, H)), *arrays[1:])
    ours.rng, theirs.rng = np.random.default_rng(3), np.random.default_rng(3)
    dcontext, advantage = rng.normal(size=(N, steps, H)), rng.normal(size=(N, steps))
    tensors = [torch.tensor(x, requires_grad=True) for x in arrays]
    ours.zero_grad()
    theirs.zero_grad()
    ours.remember(*arrays[1:], mask)
    theirs.remember(*tensors[1:], torch.tensor(mask))
    parts = [slice(t, t + 1) for t in range(steps)] if step_by_step else [slice(None)]
    a = [ours.attend(arrays[0][:, part]) for part in parts]
    b = [theirs.attend(tensors[0][:, part]) for part in parts]
    dquery = [ours.attend_backward(dcontext[:, part], advantage[:, part]) for part in parts[::-1]]
    dkey, dvalue = ours.remember_backward()
    context = torch.cat([c for c, _ in b], dim=1)
    ((context * torch.tensor(dcontext)).sum() + theirs.surrogate(torch.tensor(advantage))
     ).backward()
    found = {"context": (np.concatenate([c for c, _ in a], axis=1), context),
             "weights": (np.concatenate([w for _, w in a], axis=1),
                         torch.cat([w for _, w in b], dim=1)),
             "dquery": (np.concatenate(dquery[::-1], axis=1), tensors[0].grad),
             "dkey": (dkey, tensors[1].grad), "dvalue": (dvalue, tensors[2].grad)}
    return found | {k: (ours.grads[k], p.grad) for k, p in theirs.named_parameters()}


def agrees(module):
    return all(x.shape == tuple(y.shape) and np.allclose(x, y.detach(), rtol=0, atol=1e-10)
               for step_by_step in (False, True) for x, y in
               sampled_pair(module, np.random.default_rng(0), step_by_step).values())


def test_both_worlds_agree_when_they_draw_the_same():
    assert agrees(hard_attention)


def test_weights_travel_without_renaming():
    ours, theirs, *_ = twins()
    bridge.copy_weights(theirs, ours)
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_evaluation_looks_at_the_most_probable_position():
    ours, theirs, arrays, mask = twins()
    ours.eval()
    theirs.eval()
    context, weights = ours(*arrays, mask)
    np.testing.assert_array_equal(
        context, arrays[2][np.arange(N)[:, None], weights.argmax(axis=-1)])
    tensors = [torch.tensor(x) for x in (*arrays, mask)]
    np.testing.assert_allclose(theirs(*tensors)[0].detach(), context)


def test_draws_follow_the_weights(rng):
    weights = np.array([[0.5, 0.0, 0.3, 0.2], [0.0, 0.0, 1.0, 0.0]])
    drawn = draw(np.repeat(weights[:, None], 20_000, axis=1), rng)
    share = np.stack([(drawn == k).mean(axis=1) for k in range(4)], axis=1)
    np.testing.assert_allclose(share, weights, atol=0.015)
    assert (share[weights == 0] == 0).all()


def test_a_draw_at_the_very_end_is_still_a_position():
    class Last:
        def random(self, shape):
            return np.full(shape, np.nextafter(1.0, 0.0))

    weights = np.float32([[[0.6, 0.3, 0.0999], [0.5, 0.499, 0.0]]])      # rounded: short of one
    assert draw(weights, Last()).tolist() == [[2, 1]]


def test_the_baseline_is_the_average_of_the_batches_before():
    baseline, losses = Baseline(decay=0.5), np.array([[1.0, 10.0], [3.0, 30.0]])
    np.testing.assert_array_equal(baseline.advantage(losses), losses)
    np.testing.assert_allclose(baseline.advantage(losses), losses - [2, 20])
    np.testing.assert_allclose(baseline.advantage(0 * losses), -np.array([[2, 20]] * 2))
    np.testing.assert_allclose(baseline.advantage(0 * losses), -np.array([[6, 60]] * 2) / 7)
    assert baseline.advantage(losses.astype(np.float32)).dtype == np.float32


def test_the_baseline_counts_only_what_is_there():
    """Batches of other lengths, and captions that have ended."""
    baseline, mask = Baseline(decay=0.5), np.array([[True, True], [True, False]])
    first = baseline.advantage(np.array([[1.0, 8.0], [3.0, 99.0]]), mask)
    np.testing.assert_array_equal(first, [[1, 8], [3, 0]])
    np.testing.assert_allclose(baseline.advantage(np.zeros((1, 3))), [[-2, -8, 0]])
    np.testing.assert_allclose(baseline.advantage(np.zeros((1, 1))), [[-1]])
    np.testing.assert_allclose(remaining(np.array([[1.0, 2.0, 4.0]])), [[7, 6, 4]])


def test_the_baseline_ages_where_a_short_batch_does_not_reach():
    baseline = Baseline(decay=0.5)
    for losses in ([[0.0, 8.0]], [[0.0]], [[0.0, 2.0]]):
        baseline.advantage(np.array(losses))
    # the second step: 8 two batches ago weighs 1/4, 2 in the last one 1
    np.testing.assert_allclose(baseline.advantage(np.zeros((1, 2))), [[0, -(2 + 2) / 1.25]])


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="decay는 0 이상 1 미만이어야 합니다: 받은 값 1"):
        Baseline(decay=1)
    ours, theirs, arrays, mask = twins()
    ours.rng = theirs.rng = np.random.default_rng(0)
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저"):
        ours.backward(arrays[0], np.ones((N, T)))
    ours(*arrays, mask)
    with pytest.raises(ValueError, match=r"advantage의 모양은 \(2, 2\)이어야 합니다"):
        ours.backward(arrays[0], np.ones((N, T, 1)))
    theirs(*[torch.tensor(x) for x in (*arrays, mask)])
    with pytest.raises(ValueError, match=r"advantage의 모양은 \(2, 2\)이어야 합니다"):
        theirs.surrogate(torch.ones(N))


MUTATIONS = {
    "score term upside down": ("(chosen - weights)", "(weights - chosen)"),
    "score term without p": ("(chosen - weights)", "(chosen - 0)"),
    "score term without the choice": ("(chosen - weights)", "(0 - weights)"),
    "advantage ignored": ("dscores = advantage[..., None] *", "dscores ="),
    "advantage of the first step": ("dscores = advantage[..., None] *",
                                    "dscores = advantage[:, :1, None] *"),
    "value's gradient by weight": ("chosen.astype(weights.dtype)", "weights"),
    "picks of the first step": ("self.picks.pop()", "self.picks.pop(0)"),
    "picks of the step before": ("a = self.picks.pop()", "a = np.roll(self.picks.pop(), 1, 1)"),
    "value of the wrong example": ("np.arange(len(value))[:, None]", "np.zeros((1, 1), int)"),
    "value of the next position": ("[:, None], a]", "[:, None], a - 1]"),
    "soft after all": ("return value[np.arange(len(value))[:, None], a], weights",
                       "return weights @ value, weights"),
    "never draws": ("if self.training", "if not self.training"),
    "mask forgotten": ("self.attention.remember(key, value, mask)",
                       "self.attention.remember(key, value)"),
}


def right(module):
    return agrees(module) and unbiased(module, 1.0)


test_planted_errors_are_noticed = planting.noticed((hard_attention, MUTATIONS, right))
