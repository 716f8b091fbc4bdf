"""attention and attention_scores: two worlds, masks, one step at a time, planted errors."""

import numpy as np
import planting
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import central_difference
from torch.nn import functional as F

from rnnbook import bridge, concise, scratch
from rnnbook.scratch.attention import masked_softmax

KINDS = ["dot", "scaled", "bilinear", "additive"]
quick = settings(max_examples=25, deadline=None, derandomize=True)


def twins(kind, Hq, Hk, A, rng, package=scratch):
    """The same float64 attention twice."""
    f64 = {"rng": rng, "dtype": np.float64}
    ours, theirs = {
        "dot": lambda: (package.DotProductAttention(), concise.DotProductAttention()),
        "scaled": lambda: (package.DotProductAttention(scaled=True),
                           concise.DotProductAttention(scaled=True)),
        "bilinear": lambda: (package.BilinearAttention(Hq, Hk, **f64),
                             concise.BilinearAttention(Hq, Hk)),
        "additive": lambda: (package.AdditiveAttention(Hq, Hk, A, **f64),
                             concise.AdditiveAttention(Hq, Hk, A)),
    }[kind]()
    theirs.double()
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def random_mask(rng, shape):
    """True at random, with at least one True in every row."""
    mask = rng.random(shape) < 0.6
    np.put_along_axis(mask, rng.integers(shape[-1], size=(*shape[:-1], 1)), True, axis=-1)
    return mask


def inputs(kind, N, T, S, Hq, Hk, Hv, rng):
    """query, key, value, dcontext"""
    Hk = Hq if kind in ("dot", "scaled") else Hk
    return [2 * rng.normal(size=shape)
            for shape in ((N, T, Hq), (N, S, Hk), (N, S, Hv), (N, T, Hv))]


def gaps(ours, theirs, query, key, value, dcontext, mask=None):
    """{what: largest absolute difference} of outputs and gradients."""
    tensors = [torch.tensor(x, requires_grad=True) for x in (query, key, value)]
    context, weights = ours(query, key, value, mask)
    ours.zero_grad()
    theirs.zero_grad()
    grads = ours.backward(dcontext)
    tcontext, tweights = theirs(*tensors, None if mask is None else torch.tensor(mask))
    tcontext.backward(torch.tensor(dcontext))
    pairs = {"context": (context, tcontext), "weights": (weights, tweights)}
    for name, ours_grad, tensor in zip(("dquery", "dkey", "dvalue"), grads, tensors, strict=True):
        pairs[name] = ours_grad, tensor.grad
    pairs |= {name: (ours.grads[name], p.grad) for name, p in theirs.named_parameters()}
    return {name: difference(a, b.detach().numpy()) for name, (a, b) in pairs.items()}


def difference(a, b):
    return float(abs(a - b).max()) if a.shape == b.shape else np.inf


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(sizes=st.tuples(*[st.integers(1, high) for high in (4, 4, 6, 4, 4, 4, 4)]),
       masked=st.sampled_from(["none", "NS", "NTS"]), seed=st.integers(0, 2**32 - 1))
def test_everything_agrees_with_autograd(kind, sizes, masked, seed):
    N, T, S, Hq, Hk, Hv, A = sizes
    rng = np.random.default_rng(seed)
    mask = {"none": None, "NS": (N, S), "NTS": (N, T, S)}[masked]
    mask = mask and random_mask(rng, mask)
    found = gaps(*twins(kind, Hq, Hk, A, rng), *inputs(kind, N, T, S, Hq, Hk, Hv, rng), mask)
    assert max(found.values()) < 1e-10, found


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_agree_with_central_differences(kind, rng):
    attention, _ = twins(kind, 3, 4, 5, rng)
    *given, dcontext = inputs(kind, 2, 3, 4, 3, 4, 2, rng)
    mask = random_mask(rng, (2, 3, 4))

    def objective():
        return (attention(*given, mask)[0] * dcontext).sum()

    objective()
    grads = attention.backward(dcontext)
    arrays = [*zip(given, grads, strict=True),
              *((attention.params[name], grad) for name, grad in attention.grads.items())]
    for array, grad in arrays:
        numeric = central_difference(objective, array)
        assert np.linalg.norm(numeric - grad) < 1e-6 * np.linalg.norm(numeric)


@pytest.mark.parametrize("shape", [(), (2,), (2, 3)], ids=["TD", "NTD", "NHTD"])
@pytest.mark.parametrize("masked", [False, True])
def test_scaled_dot_product_attention_is_torchs(shape, masked, rng):
    q, k, v = (rng.normal(size=(*shape, *last)) for last in ((4, 5), (6, 5), (6, 3)))
    mask = random_mask(rng, (*shape, 4, 6)) if masked else None
    context, weights = scratch.scaled_dot_product_attention(q, k, v, mask)
    tensors = [None if x is None else torch.tensor(x) for x in (q, k, v, mask)]
    expected = F.scaled_dot_product_attention(*tensors)
    np.testing.assert_allclose(context, expected, atol=1e-12)
    for ours, theirs in zip((context, weights), concise.scaled_dot_product_attention(*tensors),
                            strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_it_is_the_modern_hopfield_network(rng):
    q, k, v = (rng.normal(size=shape) for shape in ((2, 4, 9), (2, 6, 9), (2, 6, 3)))
    ours = scratch.scaled_dot_product_attention(q, k, v)
    layer = scratch.DotProductAttention(scaled=True)(q, k, v)
    for a, b, c in zip(ours, scratch.associate(q, k, v, 9**-0.5), layer, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)
        np.testing.assert_allclose(a, c, atol=1e-12)


def test_bilinear_with_the_identity_is_the_dot_product(rng):
    q, k, v, _ = inputs("dot", 2, 3, 4, 5, 5, 2, rng)
    bilinear, _ = twins("bilinear", 5, 5, 1, rng)
    bilinear.load_state_dict({"weight": np.eye(5)})
    np.testing.assert_allclose(bilinear(q, k, v)[0], scratch.DotProductAttention()(q, k, v)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_probabilities_and_zero_where_masked(kind, rng):
    attention, _ = twins(kind, 3, 3, 4, rng)
    query, key, value, _ = inputs(kind, 3, 4, 6, 3, 3, 2, rng)
    mask = random_mask(rng, (3, 6))
    _, weights = attention(query, key, value, mask)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert (weights >= 0).all()
    assert (weights.swapaxes(1, 2)[~mask] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_masked_positions_are_as_if_they_were_not_there(kind, rng):
    attention, _ = twins(kind, 3, 3, 4, rng)
    query, key, value, dcontext = inputs(kind, 2, 3, 6, 3, 3, 2, rng)
    short = attention(query, key[:, :4], value[:, :4])[0]
    attention.zero_grad()
    dquery, dkey, dvalue = attention.backward(dcontext)
    grads = {name: grad.copy() for name, grad in attention.grads.items()}
    mask = np.arange(6) < np.full((2, 1), 4)
    np.testing.assert_allclose(attention(query, key, value, mask)[0], short, atol=1e-12)
    attention.zero_grad()
    found = attention.backward(dcontext)
    np.testing.assert_allclose(found[0], dquery, atol=1e-12)
    for whole, part in zip(found[1:], (dkey, dvalue), strict=True):
        np.testing.assert_allclose(whole[:, :4], part, atol=1e-12)
        assert (whole[:, 4:] == 0).all()
    for name, grad in grads.items():
        np.testing.assert_allclose(attention.grads[name], grad, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_one_query_at_a_time_equals_all_at_once(kind, rng):
    """What a decoder does: remember once, attend at every step, walk back in reverse."""
    attention, theirs = twins(kind, 3, 4, 5, rng)
    query, key, value, dcontext = inputs(kind, 2, 5, 6, 3, 4, 2, rng)
    mask = random_mask(rng, (2, 6))
    context, weights = attention(query, key, value, mask)
    attention.zero_grad()
    expected = attention.backward(dcontext)
    grads = {name: grad.copy() for name, grad in attention.grads.items()}

    attention.zero_grad()
    attention.remember(key, value, mask)
    theirs.remember(torch.tensor(key), torch.tensor(value), torch.tensor(mask))
    for t in range(5):
        step = attention.attend(query[:, t:t + 1])
        for ours, twin, whole in zip(step, theirs.attend(torch.tensor(query[:, t:t + 1])),
                                     (context, weights), strict=True):
            np.testing.assert_allclose(ours, whole[:, t:t + 1], atol=1e-12)
            np.testing.assert_allclose(ours, twin.detach(), atol=1e-12)
    dquery = [attention.attend_backward(dcontext[:, t:t + 1]) for t in reversed(range(5))]
    found = np.concatenate(dquery[::-1], axis=1), *attention.remember_backward()
    for ours, whole in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, whole, atol=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(attention.grads[name], grad, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_order_of_positions_does_not_matter(kind, rng):
    """Attention looks at a set: positions turn with their weights."""
    attention, _ = twins(kind, 3, 3, 4, rng)
    query, key, value, _ = inputs(kind, 2, 3, 6, 3, 3, 2, rng)
    order = rng.permutation(6)
    context, weights = attention(query, key, value)
    context2, weights2 = attention(query, key[:, order], value[:, order])
    np.testing.assert_allclose(context2, context, atol=1e-12)
    np.testing.assert_allclose(weights2, weights[..., order], atol=1e-12)


def test_large_scores_do_not_overflow():
    weights = masked_softmax(np.array([[1e4, 1e4 - 1, -1e4]]))
    np.testing.assert_allclose(weights, [[1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1)), 0]])


@pytest.mark.parametrize("kind", KINDS)
def test_inputs_stay_as_they_are_and_float32_stays_float32(kind, rng):
    f32 = {"rng": rng}
    attention = {"dot": scratch.DotProductAttention,
                 "scaled": lambda: scratch.DotProductAttention(scaled=True),
                 "bilinear": lambda: scratch.BilinearAttention(3, 3, **f32),
                 "additive": lambda: scratch.AdditiveAttention(3, 3, 4, **f32)}[kind]()
    given = [x.astype(np.float32) for x in inputs(kind, 2, 3, 4, 3, 3, 2, rng)]
    before = [x.copy() for x in given]
    arrays = [*attention(*given[:3]), *attention.backward(given[3]), *attention.grads.values()]
    assert {x.dtype for x in arrays} == {np.dtype(np.float32)}
    for x, y in zip(given, before, strict=True):
        np.testing.assert_array_equal(x, y)


# --- bad input ------------------------------------------------------------------------------------

def ones(*shape):
    return np.ones(shape)


BAD = {
    "key two axes": (ones(2, 3, 4), ones(5, 4), ones(2, 5, 1), None,
                     r"key의 모양은 \(N, S, 4\)이고 비어 있지 않아야 합니다: 받은 모양 \(5, 4\)"),
    "key size": (ones(2, 3, 4), ones(2, 5, 3), ones(2, 5, 1), None, r"key의 모양은 .*\(2, 5, 3\)"),
    "empty": (ones(2, 3, 4), ones(2, 0, 4), ones(2, 0, 1), None,
              r"key의 모양은 .*비어 있지 않아야 .*\(2, 0, 4\)"),
    "value length": (ones(2, 3, 4), ones(2, 5, 4), ones(2, 6, 1), None,
                     r"value의 모양은 \(2, 5, Hv\)이고 비어 있지 않아야 합니다"),
    "query batch": (ones(1, 3, 4), ones(2, 5, 4), ones(2, 5, 1), None,
                    r"query의 모양은 \(2, T, 4\)이고 비어 있지 않아야 합니다"),
    "query size": (ones(2, 3, 7), ones(2, 5, 4), ones(2, 5, 1), None, r"query의 모양은"),
    "mask length": (ones(2, 3, 4), ones(2, 5, 4), ones(2, 5, 1), ones(2, 4) > 0,
                    r"mask의 모양은 \(2, 5\) 또는 \(2, 3, 5\)이어야 합니다: 받은 모양 \(2, 4\)"),
    "mask queries": (ones(2, 3, 4), ones(2, 5, 4), ones(2, 5, 1), ones(2, 2, 5) > 0,
                     r"mask의 모양은 .* 받은 모양 \(2, 2, 5\)"),
    "nothing to see": (ones(2, 3, 4), ones(2, 5, 4), ones(2, 5, 1), ones(2, 5) < 0,
                       "볼 수 있는 자리가 없는 질의가 있습니다: mask의 행마다"),
}


def layers(world):
    if world == "scratch":
        rng = np.random.default_rng(0)
        return [scratch.BilinearAttention(4, 4, rng=rng, dtype=np.float64),
                scratch.AdditiveAttention(4, 4, 2, rng=rng, dtype=np.float64)]
    return [concise.BilinearAttention(4, 4).double(), concise.AdditiveAttention(4, 4, 2).double()]


@pytest.mark.parametrize("world", ["scratch", "concise"])
@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_bad_shapes_are_explained(case, world):
    *given, message = case
    if world == "concise":
        given = [None if x is None else torch.tensor(x) for x in given]
    for attention in layers(world):
        with pytest.raises(ValueError, match=message):
            attention(*given)


@pytest.mark.parametrize("attention", [*layers("scratch"), *layers("concise")])
def test_wrong_types_and_orders_are_explained(attention):
    make = np.ones if isinstance(attention, scratch.Module) else torch.ones
    x = make((2, 3, 4)) * 1.0
    with pytest.raises(RuntimeError, match="attend보다 remember를 먼저 불러야 합니다"):
        attention.attend(x)
    with pytest.raises(TypeError, match=r"key의 성분은 실수여야 합니다: 받은 것 .*int"):
        attention(x, make((2, 3, 4), dtype=int), x)
    with pytest.raises(TypeError, match="value의 성분은 실수여야 합니다: 받은 것 list"):
        attention(x, x, [[[1.0]]])
    with pytest.raises(TypeError, match=r"mask의 자료형은 bool이어야 합니다: 받은 것 .*float"):
        attention(x.astype("f8") if make is np.ones else x.double(), *[x.double()] * 2
                  if make is torch.ones else [x] * 2, x[:, :, 0])


def test_backward_needs_forward(rng):
    attention, x = scratch.DotProductAttention(), rng.normal(size=(2, 3, 4))
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저 불러야 합니다"):
        attention.backward(x)
    attention(x, x, x)
    attention.backward(x)
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저 불러야 합니다"):
        attention.backward(x)


def test_only_the_latest_forward_is_walked_back(rng):
    attention, x = scratch.DotProductAttention(), rng.normal(size=(2, 3, 4))
    for _ in range(3):                                   # nobody asked for these gradients
        attention(x + 1, x, x)
    attention(x, x, x)
    attention.backward(x)
    with pytest.raises(RuntimeError, match="backward보다 forward를 먼저 불러야 합니다"):
        attention.attend_backward(x)


@pytest.mark.parametrize("package", [scratch, concise])
def test_the_function_explains_bad_input(package):
    make = np.ones if package is scratch else torch.ones
    with pytest.raises(ValueError, match=r"q, k, v의 모양은 \(..., T, D\)"):
        package.scaled_dot_product_attention(make((2, 3)), make((4, 2)), make((4, 1)))
    with pytest.raises(ValueError, match="볼 수 있는 자리가 없는 질의"):
        package.scaled_dot_product_attention(
            make((2, 3)), make((4, 3)), make((4, 1)), make((2, 4)) < 0)


# --- planted errors -------------------------------------------------------------------------------

ATTENTION, SCORES = "attention.py", "attention_scores.py"
MUTATIONS = {
    "mask turned": (ATTENTION, "where=~mask", "where=mask"),
    "mask ignored": (ATTENTION, "if mask is not None:", "if False:"),
    "masked to zero score": (ATTENTION, "np.copyto(scores, -np.inf,", "np.copyto(scores, 0,"),
    "softmax over queries": (ATTENTION, "scores /= scores.sum(axis=-1,",
                             "scores /= scores.sum(axis=-2,"),
    "softmax without its maximum in the sum": (ATTENTION, "np.exp(scores, out=scores)",
                                               "np.exp(scores, out=scores)[..., 0] += 1"),
    "function not scaled": (ATTENTION, "(q * q.shape[-1]**-0.5) @", "q @"),
    "function scaled by D": (ATTENTION, "(q * q.shape[-1]**-0.5) @", "(q / q.shape[-1]) @"),
    "softmax' without the mean": (ATTENTION, "dscores -= weights * dscores",
                                  "dscores -= 0 * dscores"),
    "softmax' with the mean once more": (ATTENTION, "dscores -= weights * dscores.sum",
                                         "dscores -= dscores.sum"),
    "dvalue without weights": (ATTENTION, "dvalue = transposed_product(weights,",
                               "dvalue = transposed_product(np.ones_like(weights),"),
    "one query multiplied with itself": (ATTENTION, "return a * b if", "return a * a if"),
    "several queries as if one": (ATTENTION, "a * b if b.shape[1] == 1 else a @ b",
                                  "a[:, :, :1] * b[:, :1]"),
    "earlier attends forgotten": (ATTENTION, "part if total is None else total + part", "part"),
    "later attends forgotten": (ATTENTION, "part if total is None else total + part",
                                "part if total is None else total"),
    "first attend undone first": (ATTENTION, "return self.tape.pop()", "return self.tape.pop(0)"),
    "layer not scaled": (SCORES, "query = query * query.shape[-1]**-0.5", "pass"),
    "dquery not scaled": (SCORES, "dquery *= dquery.shape[-1]**-0.5", "pass"),
    "dkeys halved": (SCORES, "dkeys = transposed_product(dscores, query)",
                     "dkeys = transposed_product(dscores, query / 2)"),
    "dkeys lost": (SCORES, "dkeys = transposed_product(dscores, query)",
                   "dkeys = 0 * self.keys"),
    "bilinear transposed": (SCORES, "return key @ self.weight.T", "return key @ self.weight"),
    "bilinear: dweight transposed": (SCORES, 'self.grads["weight"] += outer(dkeys, self.key)',
                                     'self.grads["weight"] += outer(self.key, dkeys)'),
    "bilinear: dkey transposed": (SCORES, "return dkeys @ self.weight\n",
                                  "return dkeys @ self.weight.T\n"),
    "additive: no tanh'": (SCORES, "* (1 - u * u) *", "*"),
    "additive: tanh' without square": (SCORES, "* (1 - u * u) *", "* (1 - u) *"),
    "additive: score weight forgotten": (SCORES, "(1 - u * u) * self.weight", "(1 - u * u)"),
    "additive: dweight lost": (SCORES, 'self.grads["weight"] += dscores', '_ = dscores'),
    "additive: dW_q lost": (SCORES, 'self.grads["weight_q"] +=', "_ ="),
    "additive: dW_q sees W_q q": (SCORES, "outer(dq, query)", "outer(dq, query[:, ::-1])"),
    "additive: dW_k overwrites": (SCORES, 'self.grads["weight_k"] +=',
                                  'self.grads["weight_k"][:] ='),
    "additive: dkeys over S": (SCORES, "da.sum(axis=1)", "da[:, -1]"),
    "additive: dquery over T": (SCORES, "dq = da.sum(axis=2)", "dq = da[:, :, -1]"),
    "additive: key for query": (SCORES, "return dq @ self.weight_q,", "return dq @ self.weight_k,"),
}


def agrees(package):
    """A package's attentions against torch, all at once and twice over one memory."""
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, *last)) for last in ((4, 5), (6, 5), (6, 3)))
    mask = random_mask(rng, (2, 4, 6))
    expected = F.scaled_dot_product_attention(*map(torch.tensor, (q, k, v, mask)))
    context, _ = package.scaled_dot_product_attention(q, k, v, mask)
    if not np.allclose(context, expected, rtol=0, atol=1e-10):
        return False
    for kind in KINDS:
        ours, theirs = twins(kind, 3, 3, 4, rng, package)
        query, key, value, dcontext = inputs(kind, 2, 4, 5, 3, 3, 2, rng)
        mask = random_mask(rng, (2, 4, 5))
        if max(gaps(ours, theirs, query, key, value, dcontext, mask).values()) > 1e-10:
            return False
        expected = [2 * np.asarray(theirs.state_dict(keep_vars=True)[n].grad) for n in ours.params]
        ours(query, key, value, mask)
        ours.backward(dcontext)                       # added to what is there
        if not all(map(np.allclose, ours.grads.values(), expected)):
            return False
        ours.remember(key, value, random_mask(rng, (2, 5)))
        halves = [slice(0, 1), slice(1, 4)]
        for half in halves:
            ours.attend(query[:, half])
        dquery = [ours.attend_backward(dcontext[:, half]) for half in halves[::-1]]
        found = [np.concatenate(dquery[::-1], axis=1), *ours.remember_backward()]
        ours(query, key, value, ours.mask)
        whole = ours.backward(dcontext)
        if not all(np.allclose(a, b) for a, b in zip(found, whole, strict=True)):
            return False
    return True


test_planted_errors_are_noticed = planting.noticed((scratch, MUTATIONS, agrees))
