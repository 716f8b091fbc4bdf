"""captioner and visual_attention: two worlds, one picture in, many words out; planted errors."""

from importlib import import_module

import numpy as np
import planting
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_agreement import central_difference

from rnnbook import bridge, captions, scratch, text_pairs
from rnnbook.concise import captioner as theirs_captioner
from rnnbook.concise import visual_attention as theirs_visual
from rnnbook.reinforce import Baseline
from rnnbook.scratch import captioner, visual_attention
from rnnbook.tasks import scenes

KINDS = ["plain", "soft", "hard"]
quick = settings(max_examples=15, deadline=None, derandomize=True)


def twins(kind, P, D, V, E, H, seed=0, package=scratch):
    """The same float64 model twice, biases and all random, drawing alike."""
    rng, sizes = np.random.default_rng(seed), (P, D, V, E, H)
    if kind == "plain":
        ours = import_module(f"{package.__name__}.captioner").Captioner(
            *sizes, rng=rng, dtype=np.float64)
        theirs = theirs_captioner.Captioner(*sizes).double()
    else:
        ours = import_module(f"{package.__name__}.visual_attention").VisualCaptioner(
            *sizes, hard=kind == "hard", rng=rng, dtype=np.float64)
        theirs = theirs_visual.VisualCaptioner(*sizes, hard=kind == "hard").double()
    with torch.no_grad():
        for value in theirs.parameters():
            value.copy_(torch.from_numpy(rng.normal(scale=0.5, size=value.shape)))
    bridge.copy_weights(theirs, ours)
    if kind == "hard":
        ours.attention.rng, theirs.attention.rng = (np.random.default_rng(9) for _ in range(2))
    return ours, theirs


def batch(rng, N, T, P, D, V):
    """Captions of random lengths, some as long as there is room."""
    target = rng.integers(4, V, size=(N, T + 1))
    lengths = rng.integers(1, T + 1, size=N)
    lengths[0] = T
    target[:, 0] = text_pairs.BOS
    target[np.arange(N), lengths] = text_pairs.EOS
    target[np.arange(T + 1) > lengths[:, None]] = text_pairs.PAD
    return text_pairs.Batch(rng.normal(size=(N, P, D)), target, np.full(N, P))


def difference(ours, theirs, data, steps=2):
    """Worst difference of logits, losses and gradients, over updates that move the baseline."""
    worst = 0.0
    for _ in range(steps):
        a, b = ours.train_step(data)[0], theirs.train_step(data)[0]
        worst = max(worst, abs(a - b), *(
            float(abs(ours.grads[name] - p.grad.numpy()).max())
            for name, p in theirs.named_parameters()))
    ours.eval()
    theirs.eval()
    a = ours(data.source, data.inputs)
    b = theirs(torch.tensor(data.source), data.inputs).detach().numpy()
    ours.train()
    theirs.train()
    losses = ours.evaluate(data)[0] - theirs.evaluate(data)[0]
    return max(worst, float(abs(a - b).max()), abs(losses))


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(sizes=st.tuples(*[st.integers(1, high) for high in (4, 5, 4, 3, 3, 3)]),
       seed=st.integers(0, 2**32 - 1))
def test_everything_agrees_with_autograd(kind, sizes, seed):
    N, T, P, D, E, H = sizes
    data = batch(np.random.default_rng(seed), N, T, P, D, 9)
    ours, theirs = twins(kind, P, D, 9, E, H, seed)
    assert difference(ours, theirs, data) < 1e-10


@pytest.mark.parametrize("kind", ["plain", "soft"])
def test_gradients_agree_with_central_differences(kind, rng):
    ours, _ = twins(kind, 3, 2, 8, 3, 2)
    data = batch(rng, 2, 3, 3, 2, 8)
    ours.train_step(data)
    grads = {name: grad.copy() for name, grad in ours.grads.items()}
    for name, grad in grads.items():
        numeric = central_difference(lambda: ours.evaluate(data)[0], ours.params[name])
        assert np.linalg.norm(numeric - grad) <= 1e-6 * max(1e-3, np.linalg.norm(grad)), name


@pytest.mark.parametrize("kind", KINDS)
def test_weights_travel_without_renaming(kind):
    ours, theirs = twins(kind, 4, 3, 9, 2, 3)
    assert set(ours.state_dict()) == set(theirs.state_dict())


@pytest.mark.parametrize("kind", KINDS)
def test_padding_changes_nothing(kind, rng):
    """One caption alone, and the same in a batch beside longer ones."""
    ours, _ = twins(kind, 4, 3, 9, 2, 3)
    ours.eval()
    data = batch(rng, 3, 5, 4, 3, 9)
    data.target[1, 3:] = [text_pairs.EOS, text_pairs.PAD, text_pairs.PAD]
    alone = text_pairs.trim(data, [1])
    whole, part = (ours(d.source, d.inputs) for d in (data, alone))
    assert alone.inputs.shape == (1, 3)
    np.testing.assert_allclose(whole[1:2, :3], part, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_both_worlds_write_the_same_caption_word_by_word(kind, rng):
    ours, theirs = twins(kind, 4, 3, 9, 2, 3)
    x = rng.normal(size=(5, 4, 3))
    written = ours.describe(x, max_steps=6)
    assert written == theirs.describe(x, max_steps=6)
    assert {len(ids) for ids in written} <= set(range(7))
    ours.eval()
    for image, ids in zip(x, written, strict=True):      # the same as reading all of it at once
        read = [text_pairs.BOS, *ids]
        best = ours(image[None], np.array([read])).argmax(axis=2)[0].tolist()
        assert best[:len(ids)] == ids
        assert len(ids) == 6 or best[len(ids)] == text_pairs.EOS


@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_alignments_are_probabilities_over_patches(kind, rng):
    ours, theirs = twins(kind, 4, 3, 9, 2, 3)
    data = batch(rng, 3, 5, 4, 3, 9)
    weights = ours.align(data)
    assert weights.shape == (3, 5, 4)
    np.testing.assert_allclose(weights.sum(axis=2), 1)
    np.testing.assert_allclose(theirs.align(data), weights, atol=1e-10)


def test_hard_attention_estimates_the_gradient_of_the_expected_loss(rng):
    """Two words, two patches: every pair of draws, weighed, against autograd of the expectation."""
    ours, theirs = twins("hard", 2, 3, 6, 2, 2)
    data = batch(rng, 1, 2, 2, 3, 6)
    total, whole = 0.0, 0.0
    theirs.zero_grad()
    for first in range(2):
        for second in range(2):
            ours.baseline = Baseline()
            ours.attention.rng = Fixed([first, second])
            theirs.attention.rng = Fixed([first, second])
            logits = theirs(data.source, data.inputs)
            log_p = torch.cat(theirs.attention.log_probs, dim=1).sum()
            loss = theirs_captioner.masked_cross_entropy(logits, data.answers)
            whole = whole + log_p.exp() * loss
            ours.train_step(data)
            p = log_p.exp().item()
            total += p * np.concatenate([g.ravel() for g in ours.grads.values()])
    whole.backward()
    named = dict(theirs.named_parameters())
    expected = np.concatenate([named[name].grad.numpy().ravel() for name in ours.grads])
    np.testing.assert_allclose(total, expected, atol=1e-10)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_the_baseline_is_of_captions_whatever_the_size_of_the_batch(world, rng):
    """Otherwise the last, smaller batch of an epoch would be judged by another measure."""
    data = batch(rng, 1, 3, 2, 3, 6)
    found = []
    for copies in (1, 5):
        model = twins("hard", 2, 3, 6, 2, 2)[world]
        model.attention.rng = Fixed([0] * 3)
        model.train_step(text_pairs.Batch(*(np.repeat(part, copies, axis=0) for part in data)))
        found.append(model.baseline.sums[0] / model.baseline.sums[1])
    np.testing.assert_allclose(*found)


class Fixed:
    """A generator under which `draw` picks what it is told, of two positions."""

    def __init__(self, picks):
        self.picks = iter(picks)

    def random(self, shape):
        return np.full(shape, 1 - 1e-12 if next(self.picks) else 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_a_handful_of_captions(kind):
    rng = np.random.default_rng(0)
    made = scenes.pairs(6, 1, rng=rng)
    vocab = captions.vocabulary(made.train)
    data = captions.encode(made.train, vocab)
    sizes = 16, 192, len(vocab), 16, 32
    if kind == "plain":
        model = captioner.Captioner(*sizes, rng=rng)
    else:
        model = visual_attention.VisualCaptioner(*sizes, hard=kind == "hard", rng=rng)
    optimizer = scratch.Adam(model.parameters(), 0.01)
    for _ in range(120):
        model.train_step(data)
        model.clip_grad_norm(5.0)
        optimizer.step()
    written = [captions.decode(ids, vocab) for ids in model.describe(data.source, max_steps=20)]
    right = sum(a == text for a, (_, text) in zip(written, made.train, strict=True))
    assert right >= 5


# --- captions ------------------------------------------------------------------------------------

def test_a_batch_of_captions_reads_back(rng):
    made = scenes.pairs(20, 5, rng=rng)
    vocab = captions.vocabulary(made.train)
    data = captions.encode(made.train, vocab)
    assert data.source.shape == (20, 16, 192)
    assert data.source.dtype == np.float32
    assert (data.lengths == 16).all()
    white = captions.encode([(np.ones((32, 32, 3), np.float32), "별이")], vocab).source
    assert (white == 0).all()
    black = captions.encode([(np.zeros((32, 32, 3), np.float32), "별이")], vocab).source
    assert (black == 4).all()
    for row, (_, text) in zip(data.target.tolist(), made.train, strict=True):
        words = [k for k in row if k not in (text_pairs.BOS, text_pairs.EOS, text_pairs.PAD)]
        assert captions.decode(words, vocab) == text
        assert row[0] == text_pairs.BOS
        assert row[len(words) + 1] == text_pairs.EOS


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize(("shape", "given"), [((2, 3, 3), r"\(2, 3, 3\)"), ((2, 4, 5), ""),
                                              ((4, 3), r"\(4, 3\)"), ((0, 4, 3), "")])
def test_wrong_patches_are_explained(world, shape, given):
    model = twins("plain", 4, 3, 9, 2, 3)[world]
    message = r"조각의 모양은 \(N, 4, 3\)이고 비어 있지 않아야 합니다: 받은 모양 " + given
    with pytest.raises(ValueError, match=message):
        model.describe(np.ones(shape), max_steps=3)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_wrong_tokens_are_explained(world):
    model, x = twins("soft", 4, 3, 9, 2, 3)[world], np.ones((2, 4, 3))
    with pytest.raises(ValueError, match=r"디코더 입력의 모양은 \(2, T\)이고 비어 있지 않아야"):
        model(x, np.ones((3, 2), int))
    with pytest.raises(ValueError, match="토큰은 0 이상 9 미만이어야 합니다"):
        model(x, np.full((2, 2), 9))
    with pytest.raises(ValueError, match="1 이상이어야 합니다: 받은 값 max_steps=0"):
        model.describe(x, max_steps=0)


# --- planted errors -------------------------------------------------------------------------------

CAPTIONER, VISUAL = "captioner.py", "visual_attention.py"
MUTATIONS = {
    "encoder: no tanh'": (CAPTIONER, "da = df * (1 - self.f * self.f)", "da = df"),
    "encoder: tanh' without square": (CAPTIONER, "df * (1 - self.f * self.f)",
                                      "df * (1 - self.f)"),
    "encoder: one position's gradient for all": (CAPTIONER, "da.sum(axis=0)",
                                                 "da.sum(axis=(0, 1))"),
    "encoder: position's gradient overwritten": (CAPTIONER, '["position"] +=', '["position"][:] ='),
    "encoder: position left out": (CAPTIONER, "self.linear(x) + self.position", "self.linear(x)"),
    "start: no tanh": (CAPTIONER, "np.tanh(self.start(f.", "(self.start(f."),
    "start: h and c exchanged": (CAPTIONER, "np.split(self.first[None], 2, axis=2)",
                                 "np.split(self.first[None], 2, axis=2)[::-1]"),
    "start: tanh' forgotten": (CAPTIONER, "ds *= 1 - self.first * self.first", "pass"),
    "start: other gradients of the features lost": (CAPTIONER, "reshape(shape) + df",
                                                    "reshape(shape)"),
    "start: dh and dc exchanged": (CAPTIONER, "np.concatenate(dstate, axis=2)[0]",
                                   "np.concatenate(dstate[::-1], axis=2)[0]"),
    "embedding's gradient lost": (CAPTIONER, "self.embedding.backward(dx)", "pass"),
    "picture's gradient lost": (CAPTIONER, "self.read_backward(dstate)", "pass"),
    "words written from the state before": (CAPTIONER, "dy = self.head.backward(dlogits)",
                                            "dy = np.roll(self.head.backward(dlogits), 1, 1)"),
    "visual: keys' gradient lost": (VISUAL, "dstate, dkey + dvalue", "dstate, dvalue"),
    "visual: values' gradient lost": (VISUAL, "dstate, dkey + dvalue", "dstate, dkey"),
    "visual: query is the cell state": (VISUAL, "query = state[0]", "query = state[1]"),
    "visual: context not fed": (VISUAL, "[x[:, t:t + 1], context]", "[x[:, t:t + 1], 0 * context]"),
    "visual: context not written": (VISUAL, "ys.append(np.concatenate([y, context]",
                                    "ys.append(np.concatenate([y, 0 * context]"),
    "visual: word one step late": (VISUAL, "[x[:, t:t + 1], context]",
                                   "[x[:, t - 1:t or None], context]"),
    "visual: context's gradient only from the words": (VISUAL, " + dx[:, :, -H:]", ""),
    "visual: context's gradient only from the LSTM": (VISUAL, "dy[:, now, H:] + dx", "dx"),
    "visual: query's gradient lost": (VISUAL, "dh + dquery.swapaxes(0, 1), dc", "dh, dc"),
    "visual: query's gradient to c": (VISUAL, "dh + dquery.swapaxes(0, 1), dc",
                                      "dh, dc + dquery.swapaxes(0, 1)"),
    "visual: future forgotten": (VISUAL, "dy[:, now, :H], dstate)", "dy[:, now, :H])"),
    "visual: dx not turned back": (VISUAL, "dxs[::-1]", "dxs"),
    "visual: tapes from the front": (VISUAL, "self.tapes.pop()", "self.tapes.pop(0)"),
    "hard: only this word's loss": (VISUAL, "remaining(each)", "each"),
    "hard: losses not shared out": (VISUAL, "self.advantage /= known.sum()", "pass"),
    "hard: padding counted": (VISUAL, "remaining(each), known)", "remaining(each))"),
    "hard: advantage of the next step": (VISUAL, "self.advantage[:, now]",
                                         "np.roll(self.advantage, 1, 1)[:, now]"),
}


def agrees(package):
    data = batch(np.random.default_rng(4), 3, 4, 3, 2, 9)
    for kind in KINDS:
        ours, theirs = twins(kind, 3, 2, 9, 3, 4, package=package)
        if not difference(ours, theirs, data) < 1e-10:
            return False
        once = {name: grad.copy() for name, grad in ours.grads.items()}
        if kind != "hard":                                # gradients are added to
            zero_grad, ours.zero_grad = ours.zero_grad, lambda: None
            ours.train_step(data)
            ours.zero_grad = zero_grad
            if not all(np.allclose(ours.grads[name], 2 * grad) for name, grad in once.items()):
                return False
    return True


test_planted_errors_are_noticed = planting.noticed((scratch, MUTATIONS, agrees))
