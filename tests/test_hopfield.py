"""hopfield and hopfield_continuous: two worlds, one memory; energy, attention, planted errors."""

import runpy
from pathlib import Path

import numpy as np
import planting
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import associative_memory, bridge
from rnnbook.concise import hopfield as theirs
from rnnbook.concise import hopfield_continuous as theirs_continuous
from rnnbook.scratch import hopfield as ours
from rnnbook.scratch import hopfield_continuous as ours_continuous

quick = settings(max_examples=40, deadline=None, derandomize=True)


def spins(rng, *shape):
    return rng.choice([-1.0, 1.0], shape)


def stored(module, patterns):
    """A float64 network of either world that holds the patterns."""
    size = patterns.shape[1]
    if module is theirs:
        network = module.Hopfield(size).double()
        network.store(torch.tensor(patterns))
    else:
        network = module.Hopfield(size, dtype=np.float64)
        network.store(patterns)
    return network


@st.composite
def memories(draw):
    """(network, a batch of states, rng): any size, any load, also far too many patterns."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size, count, batch = (draw(st.integers(1, high)) for high in (24, 12, 5))
    return stored(ours, spins(rng, count, size)), spins(rng, batch, size), rng


# --- binary ---------------------------------------------------------------------------------------

def agrees(module):
    """Storage, energy, updates, recall and capacity of a module equal those of concise."""
    rng = np.random.default_rng(0)
    patterns, more, s = spins(rng, 4, 21), spins(rng, 2, 21), spins(rng, 3, 2, 21)
    a, b = stored(module, patterns), stored(theirs, patterns)
    a.store(more)
    b.store(torch.tensor(more))
    t = torch.tensor(s)
    seed, order = 7, rng.permutation(21)
    pairs = [(a.weight, b.weight), (a.energy(s), b.energy(t)), (a.step(s), b.step(t)),
             (a.sweep(s, order), b.sweep(t, order)), (a.recall(s), b.recall(t)), (a(s), b(t)),
             *((a.recall(s, max_steps=k, rng=np.random.default_rng(seed)),
                b.recall(t, max_steps=k, rng=np.random.default_rng(seed))) for k in (1, 100)),
             *zip(*(m.capacity(20, (1, 5), flip=0.2, rng=np.random.default_rng(seed))
                    for m in (module, theirs)), strict=True)]
    return all(close(x, y) for x, y in pairs)


def close(x, y):
    y = y.detach().numpy()
    return x.shape == y.shape and np.allclose(x, y, rtol=0, atol=1e-10)


def test_both_worlds_agree():
    assert agrees(ours)


def test_the_bridge_copies_and_compares(rng, capsys):
    a, b = ours.Hopfield(9, dtype=np.float64), stored(theirs, spins(rng, 2, 9))
    bridge.copy_weights(b, a)
    assert bridge.agree(a, b, spins(rng, 4, 9))
    assert capsys.readouterr().out == "상태 h (4, 9): 일치\n"


def test_storage_is_hebbs_rule(rng):
    patterns = spins(rng, 3, 6)
    weight = sum(np.outer(p, p) for p in patterns)
    np.fill_diagonal(weight, 0)
    np.testing.assert_array_equal(stored(ours, patterns).weight, weight)


def test_the_energy_is_minus_the_sum_over_pairs(rng):
    network, s = stored(ours, spins(rng, 3, 6)), spins(rng, 6)
    pairs = [(i, j) for i in range(6) for j in range(i)]
    assert network.energy(s) == -sum(network.weight[i, j] * s[i] * s[j] for i, j in pairs)


@quick
@given(memories())
def test_the_energy_never_rises_under_asynchronous_recall(case):
    """A component that turns lowers the energy, by twice its field; one that stays keeps it."""
    network, s, rng = case
    before = network.energy(s)
    for i in rng.permutation(network.size):
        field = s @ network.weight[i]
        new = network.sweep(s, [i])
        after, turned = network.energy(new), new[:, i] != s[:, i]
        np.testing.assert_array_equal(after, before - 2 * abs(field) * turned)
        assert (after[turned] < before[turned]).all()
        s, before = new, after


@quick
@given(memories())
def test_asynchronous_recall_ends_in_a_fixed_point_where_no_single_turn_helps(case):
    network, s, rng = case
    end = network.recall(s, rng=rng)
    np.testing.assert_array_equal(network.step(end), end)
    np.testing.assert_array_equal(network.recall(end, rng=rng), end)
    for i in range(network.size):
        turned = end.copy()
        turned[:, i] *= -1
        assert (network.energy(turned) >= network.energy(end)).all()


@quick
@given(memories())
def test_synchronous_recall_ends_in_a_fixed_point_or_swings_between_two_states(case):
    network, s, _ = case
    end = network.recall(s, max_steps=1000)
    np.testing.assert_array_equal(network.step(network.step(end)), end)


def test_two_states_can_swing_forever():
    network = stored(ours, np.array([[1.0, 1.0]]))
    s = np.array([1.0, -1.0])
    np.testing.assert_array_equal(network.step(s), -s)
    np.testing.assert_array_equal(network.recall(s, max_steps=4), s)
    np.testing.assert_array_equal(network.recall(s, max_steps=5), -s)


@quick
@given(memories())
def test_signs_turn_together(case):
    """-s is to the network what s is: same energy, turned updates, hence reversed memories."""
    network, s, rng = case
    order = rng.permutation(network.size)
    np.testing.assert_array_equal(network.energy(-s), network.energy(s))
    np.testing.assert_array_equal(network.step(-s), -network.step(s))
    np.testing.assert_array_equal(network.sweep(-s, order), -network.sweep(s, order))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_patterns_and_their_negatives_are_fixed_points(count, rng):
    patterns = spins(rng, count, 200)
    network = stored(ours, patterns)
    for s in (patterns, -patterns):
        np.testing.assert_array_equal(network.step(s), s)
        np.testing.assert_array_equal(network.recall(s, rng=rng), s)


def test_orthogonal_patterns_are_fixed_points_though_there_are_many():
    """The field of a stored pattern is N - P times the pattern: Sylvester's 16 rows, 15 of them."""
    rows = np.ones((1, 1))
    for _ in range(4):
        rows = np.block([[rows, rows], [rows, -rows]])
    network = stored(ours, rows[1:])
    np.testing.assert_array_equal(rows[1:] @ network.weight, rows[1:])
    np.testing.assert_array_equal(network.step(rows[1:]), rows[1:])


@pytest.mark.parametrize("mode", ["together", "one by one"])
def test_a_damaged_pattern_is_repaired(mode, rng):
    patterns = spins(rng, 5, 200)
    damaged = patterns.copy()
    damaged[:, rng.permutation(200)[:40]] *= -1
    found = stored(ours, patterns).recall(damaged, rng=rng if mode == "one by one" else None)
    np.testing.assert_array_equal(found, patterns)


def test_the_mixture_of_three_is_a_spurious_fixed_point(rng):
    """Nobody stored it; it is half each of three patterns and lies higher than they do."""
    patterns = spins(rng, 3, 500)
    network, mixture = stored(ours, patterns), np.sign(patterns.sum(axis=0))
    np.testing.assert_array_equal(network.step(mixture), mixture)
    np.testing.assert_array_equal(network.recall(mixture, rng=rng), mixture)
    assert abs(patterns @ mixture / 500 - 0.5).max() < 0.1
    assert network.energy(mixture) > network.energy(patterns).max()


@quick
@given(memories())
def test_the_order_of_storage_does_not_matter(case):
    network, s, _ = case
    again = ours.Hopfield(network.size, dtype=np.float64)
    for pattern in s[::-1]:
        again.store(pattern[None])
    np.testing.assert_array_equal(again.weight, stored(ours, s).weight)


def test_capacity_falls(rng):
    few, many = ours.capacity(100, (5, 40), rng=rng)
    assert few.shape == (5,)
    assert many.shape == (40,)
    assert few.min() == 1.0
    assert many.mean() < 0.6


def test_capacity_repairs_what_was_flipped_and_knows_the_reverse(rng):
    assert ours.capacity(100, [3], flip=0.2, rng=rng)[0].min() == 1.0
    assert ours.capacity(100, [3], flip=1.0, rng=rng)[0].max() == -1.0


# --- continuous -----------------------------------------------------------------------------------

def arrays(rng, lead=(), T=3, P=4, D=5, M=2):
    return (rng.normal(size=(*lead, T, D)), rng.normal(size=(*lead, P, D)),
            rng.normal(size=(*lead, P, M)))


def continuous_agrees(module):
    """Outputs and every gradient equal torch's autograd; the class, its energy and recall too."""
    rng = np.random.default_rng(0)
    for lead, beta, M in [((), 0.7, 5), ((2, 3), 0.3, 2)]:
        q, k, v = arrays(rng, lead, M=M)
        tensors = [torch.tensor(part, requires_grad=True) for part in (q, k, v)]
        y, p = module.associate(q, k, v, beta)
        ty, tp = theirs_continuous.associate(*tensors, beta)
        dy = rng.normal(size=y.shape)
        ty.backward(torch.tensor(dy))
        found = module.associate_backward(dy, q, k, v, p, beta)
        if not (close(y, ty) and close(p, tp)
                and all(close(d, t.grad) for d, t in zip(found, tensors, strict=True))):
            return False
    patterns, x = rng.normal(size=(4, 5)), rng.normal(size=(2, 3, 5))
    a = module.ContinuousHopfield(patterns, beta=2.0, dtype=np.float64)
    b = theirs_continuous.ContinuousHopfield(torch.tensor(patterns), beta=2.0)
    t = torch.tensor(x)
    return (all(close(one, torch.tensor(two)) for _, one, two in bridge.pairs(a, b, x))
            and close(a.energy(x), b.energy(t)) and close(a.recall(x), b.recall(t))
            and close(a.recall(x, max_steps=2), b.recall(t, max_steps=2)))


def test_both_continuous_worlds_agree():
    assert continuous_agrees(ours_continuous)


@quick
@given(st.integers(0, 2**32 - 1), *[st.integers(1, 5)] * 4, st.floats(0.01, 20))
def test_the_update_is_attention(seed, T, P, D, M, beta):
    """softmax(β q kᵀ) v: written out, and as torch's own attention."""
    q, k, v = arrays(np.random.default_rng(seed), (), T, P, D, M)
    y, p = ours_continuous.associate(q, k, v, beta)
    e = np.exp(beta * np.einsum("td,pd->tp", q, k))
    weights = e / e.sum(axis=1)[:, None]
    np.testing.assert_allclose(p, weights, rtol=0, atol=1e-10)
    np.testing.assert_allclose(y, weights @ v, rtol=0, atol=1e-10)
    attention = torch.nn.functional.scaled_dot_product_attention(
        *(torch.tensor(part)[None] for part in (q, k, v)), scale=beta)
    np.testing.assert_allclose(y, attention[0].numpy(), rtol=0, atol=1e-10)
    memory = ours_continuous.ContinuousHopfield(k, beta=beta, dtype=np.float64)
    np.testing.assert_allclose(memory(q), weights @ k, rtol=0, atol=1e-10)


def numeric(objective, array, eps=1e-5):
    """Central differences, one number at a time."""
    found = np.empty_like(array)
    for k in np.ndindex(array.shape):
        keep = array[k]
        array[k] = keep + eps
        up = objective()
        array[k] = keep - eps
        found[k] = (up - objective()) / (2 * eps)
        array[k] = keep
    return found


@pytest.mark.parametrize("lead", [(), (2,)], ids=["one", "batch"])
@pytest.mark.parametrize("beta", [0.5, 3.0])
def test_gradients_agree_with_central_differences(beta, lead, rng):
    parts = arrays(rng, lead)
    y, p = ours_continuous.associate(*parts, beta)
    dy = rng.normal(size=y.shape)
    grads = ours_continuous.associate_backward(dy, *parts, p, beta)
    for array, grad in zip(parts, grads, strict=True):
        expected = numeric(lambda: (ours_continuous.associate(*parts, beta)[0] * dy).sum(), array)
        assert np.linalg.norm(grad - expected) < 1e-6 * np.linalg.norm(expected)


def test_the_gradient_of_tied_patterns_agrees_with_central_differences(rng):
    network = ours_continuous.ContinuousHopfield(rng.normal(size=(4, 5)), beta=1.5,
                                                 dtype=np.float64)
    x, dy = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
    network(x)
    dx = network.backward(dy)
    once = network.grads["patterns"].copy()
    for array, grad in [(x, dx), (network.patterns, once)]:
        expected = numeric(lambda: (network(x) * dy).sum(), array)
        assert np.linalg.norm(grad - expected) < 1e-6 * np.linalg.norm(expected)
    network(x)
    network.backward(dy)                                     # a second time: added up
    np.testing.assert_allclose(network.grads["patterns"], 2 * once, atol=1e-12)


@st.composite
def continuous(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, size = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    network = ours_continuous.ContinuousHopfield(
        rng.normal(size=(count, size)), beta=draw(st.floats(0.05, 10)), dtype=np.float64)
    return network, rng.normal(scale=2, size=(3, size))


@quick
@given(continuous())
def test_the_energy_never_rises_nor_falls_below_zero(case):
    network, x = case
    before = network.energy(x)
    for _ in range(5):
        x = network(x)
        after = network.energy(x)
        assert (after <= before + 1e-10).all()
        assert (after >= -1e-10).all()
        before = after


@quick
@given(continuous())
def test_one_update_is_one_step_down_the_energy(case):
    """x - dE/dx, the derivative taken by torch from the energy alone."""
    network, x = case
    twin = theirs_continuous.ContinuousHopfield(torch.tensor(network.patterns), beta=network.beta)
    t = torch.tensor(x, requires_grad=True)
    slope, = torch.autograd.grad(twin.energy(t).sum(), t)
    np.testing.assert_allclose(network(x), x - slope.numpy(), rtol=0, atol=1e-10)


def test_a_large_beta_finds_one_pattern_and_a_small_one_their_mean(rng):
    patterns = rng.normal(size=(20, 64))
    damaged = patterns.copy()
    damaged[:, 32:] = 0                                      # half of each is missing
    sharp = ours_continuous.ContinuousHopfield(patterns, beta=8.0)
    np.testing.assert_allclose(sharp(damaged), patterns, atol=1e-3)
    blurred = ours_continuous.ContinuousHopfield(patterns, beta=1e-6)
    mean = np.broadcast_to(patterns.mean(axis=0), patterns.shape)
    np.testing.assert_allclose(blurred.recall(damaged), mean, atol=1e-3)


def test_recall_ends_where_the_update_stands_still(rng):
    network = ours_continuous.ContinuousHopfield(rng.normal(size=(6, 4)), dtype=np.float64)
    end = network.recall(rng.normal(size=(5, 4)), max_steps=10_000, tol=1e-12)
    np.testing.assert_allclose(network(end), end, rtol=0, atol=1e-11)


def test_it_holds_more_than_a_binary_network_of_its_size(rng):
    """Twice as many patterns as components: hopeless for the one, exact for the other."""
    patterns = spins(rng, 128, 64)
    network = ours_continuous.ContinuousHopfield(patterns, beta=1.0)
    np.testing.assert_array_equal(np.sign(network(patterns)), patterns)
    assert (stored(ours, patterns).recall(patterns, rng=rng) != patterns).any(axis=1).all()


def test_float32_stays_float32(rng):
    s = spins(rng, 2, 6)
    network = ours.Hopfield(6)
    network.store(s)
    smooth = ours_continuous.ContinuousHopfield(rng.normal(size=(3, 6)))
    found = [network.energy(s), network.step(s), network.sweep(s, [0]), network.recall(s),
             smooth(s), smooth.energy(s), smooth.recall(s),
             smooth.backward(np.ones((2, 6), np.float32)), smooth.grads["patterns"]]
    assert {part.dtype for part in found} == {np.dtype(np.float32)}


def test_states_given_are_left_alone(rng):
    s = spins(rng, 3, 8)
    before, network = s.copy(), stored(ours, spins(rng, 2, 8))
    for change in (network.step, network.recall, lambda s: network.sweep(s, range(8)),
                   lambda s: network.recall(s, rng=rng)):
        change(s)
        np.testing.assert_array_equal(s, before)


def test_the_patterns_given_are_left_alone(rng):
    patterns = rng.normal(size=(3, 6))
    before, tensor = patterns.copy(), torch.tensor(patterns)
    network = ours_continuous.ContinuousHopfield(patterns, dtype=np.float64)
    twin = theirs_continuous.ContinuousHopfield(tensor)
    network.patterns += 1                                    # as training does
    twin.patterns.data += 1
    np.testing.assert_array_equal(patterns, before)
    np.testing.assert_array_equal(tensor, before)


# --- bench/hopfield.py ----------------------------------------------------------------------------

@pytest.fixture
def bench(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")                        # the script sets them: put back after
    return runpy.run_path(str(Path(__file__).parent.parent / "bench" / "hopfield.py"))


def test_the_load_where_a_curve_falls_for_good(bench):
    loads, last_zero = np.array(bench["LOADS"]), bench["last_zero"]
    assert last_zero(0.138 - loads) == pytest.approx(0.138)
    wavy = 0.138 - loads
    wavy[2] = -1.0                                           # a dip, and up again
    assert last_zero(wavy) == pytest.approx(0.138)
    assert last_zero(loads) is None
    assert last_zero(-loads) is None


# --- planted errors -------------------------------------------------------------------------------

BINARY = {
    "weights minus": ("+= patterns.T @ patterns", "-= patterns.T @ patterns"),
    "forgets what it knew": ("self.weight += patterns.T", "self.weight[:] = patterns.T"),
    "diagonal stays": ("np.fill_diagonal(self.weight, 0)", "pass"),
    "energy without half": (".sum(axis=-1) / 2", ".sum(axis=-1)"),
    "energy upside down": ("return -((s", "return ((s"),
    "step keeps nothing at zero": ("np.where(field == 0, s, np.sign(field))",
                                   "np.where(field >= 0, 1.0, -1.0)"),
    "sign turned": ("np.sign(field))", "-np.sign(field))"),
    "sweep all at once": ("s = self._spins(s).copy()", "return self.step(s)"),
    "sweep off by one": ("s @ self.weight[i]", "s @ self.weight[i - 1]"),
    "sweep ignores the order": ('in check_ids(order, self.size, "order의 값")',
                                 "in range(self.size)"),
    "recall stops at once": ("if (s == before).all()", "if True"),
    "recall stops at the first that stands": ("(s == before).all()", "(s == before).any()"),
    "recall never asynchronous": ("if rng is None", "if True"),
    "recall one step short": ("range(max_steps)", "range(max_steps - 1)"),
    "capacity without damage": ("network.recall(start", "network.recall(patterns"),
    "overlap with the start": ("(found * patterns)", "(found * start)"),
    "overlap over patterns": (".mean(axis=-1)", ".mean(axis=0)"),
}
CONTINUOUS = {
    "no beta": ("check_beta(beta) * q @", "q @"),
    "values are keys": ("return p @ v, p", "return p @ k, p"),
    "dp from keys": ("dp = dy @ v.", "dp = dy @ k."),
    "softmax backward: no mean taken off": ("p * (dp - (dp * p).sum(axis=-1, keepdims=True))",
                                            "p * dp"),
    "softmax backward: sum without weights": ("(dp * p).sum", "dp.sum"),
    "softmax backward: over queries": ("sum(axis=-1, keepdims=True))\n",
                                       "sum(axis=-2, keepdims=True))\n"),
    "dq without beta": ("dq = beta * da", "dq = da"),
    "dk without beta": ("dk = beta * da", "dk = da"),
    "dk from values' weights": ("dk = beta * da.", "dk = beta * p."),
    "dv from scores": ("p.swapaxes(-1, -2) @ dy", "da.swapaxes(-1, -2) @ dy"),
    "patterns as keys only": ("+= dk + dv", "+= dk"),
    "patterns as values only": ("+= dk + dv", "+= dv"),
    "energy: sum for mean": ("np.exp(a - top).mean", "np.exp(a - top).sum"),
    "energy: maximum not put back": ("top[..., 0] + ", ""),
    "energy: not divided by beta": ("- pull / self.beta", "- pull"),
    "energy: smallest pattern": (".sum(axis=-1).max()", ".sum(axis=-1).min()"),
    "recall: one update only": (".max() <= tol", ".max() >= 0"),
    "recall: one update too many": ("range(max_steps)", "range(max_steps + 1)"),
}
test_planted_errors_are_noticed = planting.noticed(
    (ours, BINARY, agrees), (ours_continuous, CONTINUOUS, continuous_agrees))


# --- mistakes -------------------------------------------------------------------------------------

def both(array):
    """The same input for scratch and for concise."""
    array = np.asarray(array, np.float32)
    return [(ours, ours_continuous, array), (theirs, theirs_continuous, torch.tensor(array))]


@pytest.mark.parametrize(("method", "value", "message"), [
    ("store", np.ones(4), r"패턴의 모양은 \(P, 4\)이고 비어 있지 않아야 합니다: 받은 모양 \(4,\)"),
    ("store", np.ones((2, 3, 4)), r"\(P, 4\)이고 비어 있지 않아야 합니다: 받은 모양 \(2, 3, 4\)"),
    ("store", np.ones((2, 5)), r"패턴의 마지막 축은 4이어야 .* 받은 모양 \(2, 5\)"),
    ("store", np.ones((0, 4)), r"비어 있지 않아야 합니다: 받은 모양 \(0, 4\)"),
    ("store", [[1, -1, 0, 1]], "패턴의 성분은 1이나 -1이어야 합니다: 받은 값 0.0"),
    ("energy", np.ones((3, 3)), r"상태의 마지막 축은 4이어야 .* 받은 모양 \(3, 3\)"),
    ("energy", [1, 1, 0.5, 1], "상태의 성분은 1이나 -1이어야 합니다: 받은 값 0.5"),
    ("step", [1, 1, np.nan, 1], "상태의 성분은 유한해야 합니다: 받은 값 nan"),
    ("step", np.float32(1), r"받은 모양 \(\)"),
    ("recall", [1, 1, 2, 1], "받은 값 2.0"),
])
def test_wrong_spins_are_explained_alike_in_both_worlds(method, value, message):
    for module, _, x in both(value):
        with pytest.raises(ValueError, match=message):
            getattr(module.Hopfield(4), method)(x)


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda m, s: m.Hopfield(0), ValueError, "1 이상이어야 합니다: 받은 값 size=0"),
    (lambda m, s: m.Hopfield(2.5), TypeError, "정수여야 합니다: 받은 값 size=2.5"),
    (lambda m, s: m.Hopfield(3).sweep(s, [0, 3]), ValueError,
     "order의 값은 0 이상 3 미만이어야 합니다: 받은 범위 0~3"),
    (lambda m, s: m.Hopfield(3).sweep(s, [-1]), ValueError, "받은 범위 -1~-1"),
    (lambda m, s: m.Hopfield(3).sweep(s, [0.5]), TypeError, "order의 값은 정수여야 합니다"),
    (lambda m, s: m.Hopfield(3).recall(s, max_steps=0), ValueError,
     "1 이상이어야 합니다: 받은 값 max_steps=0"),
    (lambda m, s: m.capacity(10, [0], rng=np.random.default_rng(0)), ValueError,
     "1 이상이어야 합니다: 받은 값 count=0$"),
    (lambda m, s: m.capacity(-1, [2], rng=np.random.default_rng(0)), ValueError, "받은 값 size=-1"),
    (lambda m, s: m.capacity(10, [2], flip=1.5, rng=np.random.default_rng(0)), ValueError,
     "flip은 0 이상 1 이하여야 합니다: 받은 값 1.5"),
])
def test_wrong_settings_are_explained_alike_in_both_worlds(call, error, message):
    for module, _, s in both(np.ones(3)):
        with pytest.raises(error, match=message):
            call(module, s)


@pytest.mark.parametrize(("call", "message"), [
    (lambda m, x: m.ContinuousHopfield(x[0]),
     r"패턴의 모양은 \(P, D\)이고 비어 있지 않아야 합니다: 받은 모양 \(3,\)"),
    (lambda m, x: m.ContinuousHopfield(x[:0]), r"받은 모양 \(0, 3\)"),
    (lambda m, x: m.ContinuousHopfield(x * float("inf")),
     "패턴의 성분은 유한해야 합니다: 받은 값 inf"),
    (lambda m, x: m.ContinuousHopfield(x, beta=0), "beta는 양의 유한한 수여야 합니다: 받은 값 0"),
    (lambda m, x: m.ContinuousHopfield(x, beta=float("nan")), "받은 값 nan"),
    (lambda m, x: m.ContinuousHopfield(x, beta="1"), "받은 값 '1'"),
    (lambda m, x: m.ContinuousHopfield(x)(x[:, :2]),
     r"x의 마지막 축은 3이어야 .* 받은 모양 \(2, 2\)"),
    (lambda m, x: m.ContinuousHopfield(x).energy(x * float("inf")),
     "x의 성분은 유한해야 합니다: 받은 값 inf"),
    (lambda m, x: m.ContinuousHopfield(x).recall(x, max_steps=-1), "받은 값 max_steps=-1"),
    (lambda m, x: m.associate(x, x[:, :2], x),
     r"\(..., T, D\), \(..., S, D\), \(..., S, M\)이고 .* \(2, 3\), \(2, 2\), \(2, 3\)"),
    (lambda m, x: m.associate(x, x, x[:1]), r"받은 모양 \(2, 3\), \(2, 3\), \(1, 3\)"),
    (lambda m, x: m.associate(x[0], x, x), r"받은 모양 \(3,\), \(2, 3\), \(2, 3\)"),
    (lambda m, x: m.associate(x[None], x, x), r"받은 모양 \(1, 2, 3\)"),
    (lambda m, x: m.associate(x, x[:0], x[:0]), r"비어 있지 않아야 합니다: .* \(0, 3\)"),
    (lambda m, x: m.associate(x, x, x, -1.0), "beta는 양의 유한한 수여야 합니다: 받은 값 -1.0"),
])
def test_wrong_vectors_are_explained_alike_in_both_worlds(call, message):
    for _, module, x in both(np.ones((2, 3))):
        with pytest.raises(ValueError, match=message):
            call(module, x)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: ours.Hopfield(2).step(["가", "나"]), "상태에는 실수 배열이 와야 합니다: 받은 자료형"),
    (lambda: ours.Hopfield(2).store([[True, True]]), "패턴에는 .* 받은 자료형 bool"),
    (lambda: ours_continuous.ContinuousHopfield([["a"]]), "패턴에는 실수 배열이 와야"),
    (lambda: ours_continuous.associate(["a"], ["b"], ["c"]), "q에는 실수 배열이 와야"),
    (lambda: theirs.Hopfield(2).step(np.ones(2)), "상태 자리에는 텐서가 와야 합니다"),
    (lambda: theirs.Hopfield(2).store(torch.ones(1, 2).double()),
     "패턴의 자료형은 torch.float32이어야 합니다: 받은 자료형 torch.float64"),
    (lambda: theirs_continuous.ContinuousHopfield(np.ones((2, 2))), "패턴에는 실수 텐서가 와야"),
    (lambda: theirs_continuous.ContinuousHopfield(torch.ones(2, 2))(torch.ones(2).double()),
     "x의 자료형은 torch.float32이어야"),
    (lambda: theirs_continuous.associate(*[torch.ones(2, 2, dtype=torch.long)] * 3),
     "q에는 실수 텐서가 와야 합니다: 받은 자료형 torch.int64"),
    (lambda: theirs_continuous.associate(torch.ones(2, 2), torch.ones(2, 2).double(),
                                         torch.ones(2, 2)), "k의 자료형은 torch.float32이어야"),
])
def test_wrong_types_are_explained(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_backward_needs_forward():
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저 불러야 합니다"):
        ours_continuous.ContinuousHopfield(np.ones((2, 3))).backward(np.ones(3))


def test_random_patterns_are_balanced_and_flipped_as_asked(rng):
    patterns, turned = associative_memory.random_patterns(500, 200, 0.1, rng)
    assert set(np.unique(patterns)) == {-1, 1}
    assert abs(patterns.mean()) < 0.02
    assert abs((patterns != turned).mean() - 0.1) < 0.01
