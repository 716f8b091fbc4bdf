"""The encoder–decoder in both worlds: agreement, gradients, padding, decoding, planted errors."""

import numpy as np
import planting
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook import bridge, decoding
from rnnbook.concise import encoder_decoder as their_parts
from rnnbook.concise import seq2seq as theirs
from rnnbook.scheduled_sampling import draw
from rnnbook.scratch import encoder_decoder as our_parts
from rnnbook.scratch import seq2seq as ours
from rnnbook.scratch.functions import log_softmax
from rnnbook.scratch.optim import Adam
from rnnbook.text_pairs import BOS, EOS, PAD, Batch

SOURCE, TARGET = 9, 8
SCORES = [None, "dot", "scaled", "bilinear", "additive"]


def twins(rng, module=ours, embed_size=3, hidden_size=4, scale=0.7, **options):
    """The same float64 model twice, its weights large enough to matter."""
    sizes = SOURCE, TARGET, embed_size, hidden_size
    a = module.Seq2Seq(*sizes, rng=rng, dtype=np.float64, **options)
    b = theirs.Seq2Seq(*sizes, **options).double()
    with torch.no_grad():
        for value in b.parameters():
            value.copy_(torch.from_numpy(rng.normal(scale=scale, size=value.shape)))
    bridge.copy_weights(b, a)
    return a, b


def random_batch(rng, N=4, S=6, T=5, *, full=False):
    """Random ids; every row ends where it likes, in what it reads and in what it writes."""
    lengths = np.full(N, S) if full else rng.integers(1, S + 1, N)
    source = rng.integers(4, SOURCE, (N, S))
    source[np.arange(S) >= lengths[:, None]] = PAD
    ends = rng.integers(1, T + 1, N)[:, None]
    target = np.concatenate([np.full((N, 1), BOS), rng.integers(4, TARGET, (N, T))], axis=1)
    target[np.arange(T + 1) == ends] = EOS
    target[np.arange(T + 1) > ends] = PAD
    return Batch(source, target, lengths)


def gaps(a, b, batch, **options):
    """The largest differences of a training step: loss and every gradient."""
    loss, state = a.train_step(batch, **options)
    if "rng" in options:
        options["rng"] = np.random.default_rng(7)
    expected, _ = b.train_step(batch, **options)
    assert (state, type(loss)) == (None, float)
    return {"loss": abs(loss - expected)} | {
        name: abs(a.grads[name] - p.grad.numpy()).max() for name, p in b.named_parameters()}


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("peeky", [False, True], ids=["plain", "peeky"])
@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_a_training_step_equals_torch(cell, reverse, peeky, attention, rng):
    a, b = twins(rng, cell=cell, reverse=reverse, peeky=peeky, attention=attention, num_layers=2)
    for full in (False, True):
        found = gaps(a, b, random_batch(rng, full=full))
        assert max(found.values()) < 1e-10, found
    assert list(a.state_dict()) == list(b.state_dict())


@settings(max_examples=40, deadline=None, derandomize=True)
@given(N=st.integers(1, 4), S=st.integers(1, 5), T=st.integers(1, 5), layers=st.integers(1, 3),
       sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)),
       cell=st.sampled_from(["rnn", "gru", "lstm", "peephole", "coupled"]),
       reverse=st.booleans(), peeky=st.booleans(), attention=st.sampled_from(SCORES),
       ratio=st.sampled_from([0.0, 0.5, 1.0]), seed=st.integers(0, 99))
def test_any_shape_agrees_with_torch(N, S, T, layers, sizes, cell, reverse, peeky, attention,
                                     ratio, seed):
    rng = np.random.default_rng(seed)
    a, b = twins(rng, ours, *sizes, cell=cell, num_layers=layers, reverse=reverse, peeky=peeky,
                 attention=attention)
    found = gaps(a, b, random_batch(rng, N, S, T), ratio=ratio, rng=np.random.default_rng(7))
    assert max(found.values()) < 1e-10, found


@pytest.mark.parametrize(("attention", "peeky", "cell"),
                         [(None, False, "lstm"), ("dot", True, "gru"), ("additive", True, "lstm"),
                          ("bilinear", False, "rnn"), ("scaled", False, "lstm")])
def test_gradients_agree_with_central_differences(attention, peeky, cell, rng):
    model, _ = twins(rng, attention=attention, peeky=peeky, cell=cell, num_layers=2, reverse=True)
    batch, eps = random_batch(rng), 1e-5
    model.train_step(batch)
    for name, value in model.params.items():
        grad = model.grads[name].copy()
        some = rng.permutation(value.size)[:12]
        for place in zip(*np.unravel_index(some, value.shape), strict=True):
            keep, sides = value[place], []
            for side in (eps, -eps):
                value[place] = keep + side
                sides.append(model.evaluate(batch)[0])
            value[place] = keep
            assert abs((sides[0] - sides[1]) / (2 * eps) - grad[place]) < 1e-8, (name, place)


def decoder_gaps(module, rng, **options):
    """Decoder alone: logits, weights, state and the gradients of everything that came in."""
    sizes, N, T, S = (TARGET, 3, 4), 3, 5, 6
    a = module.Decoder(*sizes, rng=rng, dtype=np.float64, **options)
    b = their_parts.Decoder(*sizes, **options).double()
    bridge.copy_weights(b, a)
    tokens, mask = rng.integers(TARGET, size=(N, T)), rng.random((N, S)) < 0.6
    mask[:, 0] = True
    state = tuple(rng.normal(size=(a.rnn.num_layers, N, 4)) for _ in range(a.rnn.cell.states))
    outputs, last = rng.normal(size=(N, S, 4)), rng.normal(size=(N, 4))
    tensors = [torch.tensor(part, requires_grad=True) for part in (*state, outputs, last)]
    logits, end, weights = a(tokens, state if len(state) > 1 else state[0], (outputs, mask, last))
    tstate = tuple(tensors[:len(state)])
    expected = b(tokens, tstate if len(state) > 1 else tstate[0],
                 (tensors[-2], torch.tensor(mask), tensors[-1]))
    dlogits = rng.normal(size=logits.shape)
    a.zero_grad()
    dstate, doutputs, dlast = a.backward(dlogits)
    (expected[0] * torch.tensor(dlogits)).sum().backward()
    flat = bridge._arrays
    pairs = [*zip(flat((logits, end, weights)), flat(expected), strict=True),
             *zip(flat((dstate, doutputs, dlast)),
                  [t.grad for t in tensors if t.grad is not None], strict=True),
             *((a.grads[name], p.grad) for name, p in b.named_parameters())]
    return [abs(x - y.detach().numpy()).max() for x, y in pairs]


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("peeky", [False, True], ids=["plain", "peeky"])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_the_decoder_passes_gradients_to_the_encoder(cell, peeky, attention, rng):
    found = decoder_gaps(our_parts, rng, cell=cell, peeky=peeky, attention=attention, num_layers=2)
    assert max(found) < 1e-10


@pytest.mark.parametrize("attention", SCORES)
def test_padding_changes_nothing(attention, rng):
    model, _ = twins(rng, attention=attention, peeky=True, reverse=True, num_layers=2)
    batch = random_batch(rng)
    loss, _ = model.train_step(batch)
    grads = {name: grad.copy() for name, grad in model.grads.items()}
    answers = model.translate(batch.source, batch.lengths, max_steps=7, width=2)
    wide = Batch(np.pad(batch.source, ((0, 0), (0, 3)), constant_values=5),     # any token
                 np.pad(batch.target, ((0, 0), (0, 2)), constant_values=PAD), batch.lengths)
    assert model.train_step(wide)[0] == pytest.approx(loss, abs=1e-12)
    for name, grad in grads.items():
        np.testing.assert_allclose(model.grads[name], grad, atol=1e-12, err_msg=name)
    assert model.translate(wide.source, wide.lengths, max_steps=7, width=2) == answers
    for n, length in enumerate(batch.lengths):                   # and each row alone
        alone = model.translate(batch.source[n:n + 1, :length], max_steps=7, width=2)
        assert alone == answers[n:n + 1]


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_reversal_stays_within_each_length(world, rng):
    plain, turned = (twins(np.random.default_rng(3), reverse=flag)[world] for flag in (False, True))
    batch = random_batch(rng)
    source = batch.source.copy()
    for row, length in zip(source, batch.lengths, strict=True):
        row[:length] = row[:length][::-1]
    a = plain.evaluate(Batch(source, batch.target, batch.lengths))[0]
    assert turned.evaluate(batch)[0] == pytest.approx(a, abs=1e-12)


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_step_by_step_equals_all_at_once(cell, attention, rng):
    model, _ = twins(rng, cell=cell, attention=attention, peeky=True, num_layers=2)
    batch = random_batch(rng)
    logits, _ = model(batch.source, batch.inputs, batch.lengths)
    state, step = model.start(batch.source, batch.lengths)
    for t in range(batch.inputs.shape[1]):
        log_probs, state = step(batch.inputs[:, t], None, state)
        np.testing.assert_allclose(log_probs, log_softmax(logits[:, t]), atol=1e-12)


@pytest.mark.parametrize("attention", [None, "dot"])
def test_the_greedy_answer_is_the_argmax_of_every_step(attention, rng):
    model, _ = twins(rng, attention=attention)
    batch = random_batch(rng, N=8)
    for n, ids in enumerate(model.translate(batch.source, batch.lengths, max_steps=9)):
        length = batch.lengths[n]
        logits, _ = model(batch.source[n:n + 1, :length], [[BOS, *ids]])
        chosen = logits[0].argmax(axis=1).tolist()
        assert chosen[:len(ids)] == ids
        assert len(ids) == 9 or chosen[-1] == EOS


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("attention", SCORES)
def test_translations_equal_torch(attention, width, rng):
    a, b = twins(rng, scale=1.5, attention=attention, peeky=True, reverse=True, num_layers=2)
    batch = random_batch(rng, N=12)
    first, second = (model.translate(batch.source, batch.lengths, max_steps=8, width=width,
                                     alpha=0.7) for model in (a, b))
    assert first == second
    assert all(type(k) is int for ids in first for k in ids)


def test_a_beam_of_every_answer_finds_the_best_of_all(rng):
    model, _ = twins(rng, attention="dot")
    batch = random_batch(rng, N=2)
    ids = model.translate(batch.source, batch.lengths, max_steps=3, width=TARGET**3, alpha=1.0)
    for n in range(2):
        score = {}
        for answer in np.ndindex(TARGET, TARGET, TARGET):
            cut = answer.index(EOS) + 1 if EOS in answer else 3
            length = batch.lengths[n]
            logits, _ = model(batch.source[n:n + 1, :length], [[BOS, *answer[:cut - 1]]])
            steps = log_softmax(logits[0])[np.arange(cut), answer[:cut]]
            score[answer[:cut]] = steps.mean()
        assert decoding.until_eos(list(max(score, key=score.get))) == ids[n]


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_with_ratio_zero_only_the_beginning_is_given(world, rng):
    model = twins(rng)[world]
    batch = random_batch(rng, full=True)
    other = batch._replace(target=batch.target.copy())
    state, step = model.start(batch.source)
    tokens, inputs = batch.inputs[:, 0], [batch.inputs[:, 0]]
    for _ in range(batch.inputs.shape[1] - 1):
        with torch.no_grad():
            log_probs, state = step(tokens, None, state) if world == 0 else (
                log_softmax(model(batch.source, np.stack(inputs, 1))[0][:, -1].numpy()), None)
        tokens = log_probs.argmax(axis=1)
        inputs.append(tokens)
    other.target[:, :-1] = np.stack(inputs, axis=1)
    logits, _ = model(batch.source, other.inputs)
    probs = log_softmax(logits if world == 0 else logits.detach().numpy())
    known = batch.answers >= 0
    wanted = -probs[known][np.arange(known.sum()), batch.answers[known]].mean()
    loss, _ = model.train_step(batch, ratio=0.0, rng=np.random.default_rng(0))
    assert loss == pytest.approx(wanted, abs=1e-12)


def test_coins_are_tossed_alike_and_as_often_as_asked():
    first, second = (draw((200, 50), 0.3, np.random.default_rng(5)) for _ in range(2))
    assert (first == second).all()
    assert abs(first.mean() - 0.3) < 0.02


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_dropout_is_off_while_decoding_and_on_again_after(world, rng):
    model = twins(rng, dropout=0.5, attention="dot", num_layers=2)[world]
    batch = random_batch(rng)
    act = [lambda: model.translate(batch.source, batch.lengths, max_steps=9),
           lambda: model.translate(batch.source, batch.lengths, max_steps=9, width=2),
           lambda: model.evaluate(batch)[0], lambda: model.align(batch).tolist()]
    for each in act:
        assert each() == each()
        assert model.training
    assert len({model.train_step(batch)[0] for _ in range(3)}) > 1


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
def test_the_models_own_tokens_are_chosen_without_dropout(world, rng, monkeypatch):
    model, modes = twins(rng, dropout=0.5)[world], []

    def mix(step, state, inputs, keep):
        modes.append([part.training for part in (model, model.encoder, model.decoder)])
        return inputs

    monkeypatch.setattr((ours, theirs)[world], "mix", mix)
    model.train_step(random_batch(rng), ratio=0.5, rng=rng)
    assert modes == [[False] * 3]
    assert model.training
    assert model.decoder.training


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reversed"])
def test_alignments_are_in_the_written_order(reverse, rng):
    a, b = twins(rng, attention="bilinear", reverse=reverse)
    batch = random_batch(rng)
    weights = a.align(batch)
    assert weights.shape == (*batch.inputs.shape, batch.source.shape[1])
    np.testing.assert_allclose(weights, b.align(batch), atol=1e-12)
    np.testing.assert_allclose(weights.sum(axis=2), 1)
    outside = np.arange(batch.source.shape[1]) >= batch.lengths[:, None]
    assert not weights.swapaxes(1, 2)[outside].any()
    turned = batch.source.copy()
    for row, length in zip(turned, batch.lengths, strict=True):
        row[:length] = row[:length][::-1]
    a.reverse = not reverse
    other = a.align(batch._replace(source=turned))
    for n, length in enumerate(batch.lengths):
        np.testing.assert_allclose(other[n, :, :length][:, ::-1], weights[n, :, :length],
                                   atol=1e-12)


def test_it_learns_to_reverse(rng):
    """Attention on, three tokens: exact after a few hundred updates."""
    model = ours.Seq2Seq(SOURCE, TARGET, 8, 24, attention="scaled", cell="gru", rng=rng)
    source = rng.integers(4, TARGET, (64, 3))
    ends = np.full((64, 1), BOS), np.full((64, 1), EOS)
    batch = Batch(source, np.concatenate([ends[0], source[:, ::-1], ends[1]], axis=1),
                  np.full(64, 3))
    step = Adam(model.parameters(), 0.01)
    for _ in range(150):
        model.train_step(batch)
        step.step()
    assert model.translate(source, max_steps=6) == source[:, ::-1].tolist()


# --- planted errors -------------------------------------------------------------------------------

PARTS = {
    "encoder: lengths ignored": ("self.rnn(x.swapaxes(0, 1), lengths=lengths)",
                                 "self.rnn(x.swapaxes(0, 1))"),
    "encoder: last state's gradient lost": ("self.rnn.backward(dy, dstate)",
                                            "self.rnn.backward(dy)"),
    "encoder: outputs' gradient lost": ("self.rnn.backward(dy, dstate)",
                                        "self.rnn.backward(0 * dy, dstate)"),
    "encoder: time and batch exchanged": ("self.drop.backward(dx.swapaxes(0, 1))",
                                          "self.drop.backward(dx)"),
    "decoder: mask ignored": ("y, outputs, outputs, mask)",
                              "y, outputs, outputs)"),
    "decoder: starts from nothing": ("self.rnn(x.swapaxes(0, 1), state)",
                                     "self.rnn(x.swapaxes(0, 1))"),
    "decoder: context after y": ("parts.insert(0, context", "parts.insert(1, context"),
    "decoder: peeks before the token": ("[x, last], axis=2", "[last, x], axis=2"),
    "decoder: y's part of the head": ("dparts[self.attention is not None]", "dparts[0]"),
    "decoder: query's gradient lost": ("dy + dquery", "dy"),
    "decoder: only the query's gradient": ("dy + dquery", "dquery"),
    "decoder: key's gradient lost": ("dkey + dvalue", "dvalue"),
    "decoder: value's gradient lost": ("dkey + dvalue", "dkey"),
    "decoder: peek at the head, one step": ("dlast = dparts[-1].sum(axis=0)",
                                            "dlast = dparts[-1][0].copy()"),
    "decoder: peek at the input lost": ("dlast += dx[:, :, self.embed_size:].sum(axis=0)", "pass"),
    "decoder: peek at the input, last step": ("dx[:, :, self.embed_size:].sum(axis=0)",
                                              "dx[-1, :, self.embed_size:]"),
    "decoder: embedding from the wrong end": ("dx = dx[:, :, :self.embed_size]",
                                              "dx = dx[:, :, -self.embed_size:]"),
    "decoder: time and batch exchanged": ("self.drop_in.backward(dx))",
                                          "self.drop_in.backward(dx.swapaxes(0, 1)))"),
}
MODEL = {
    "peek at the first layer": ("(outputs, mask, hidden(state)[-1])",
                                "(outputs, mask, hidden(state)[0])"),
    "peek's gradient lost": ("hidden(dstate)[-1] += dlast", "pass"),
    "peek's gradient to the first layer": ("hidden(dstate)[-1] += dlast",
                                           "hidden(dstate)[0] += dlast"),
    "peek at c": ("mask, hidden(state)[-1])", "mask, state[1][-1])"),
    "never reversed": ("read(source, lengths, self.reverse)", "read(source, lengths)"),
    "lengths ignored": ("read(source, lengths, self.reverse)",
                        "read(source, None, self.reverse)"),
    "encoder reads the padding": ("self.encoder(source, lengths)", "self.encoder(source)"),
    "outputs' gradient lost": ("self.encoder.backward(doutputs, dstate)",
                               "self.encoder.backward(0 * doutputs, dstate)"),
    "state's gradient lost": ("self.encoder.backward(doutputs, dstate)",
                              "self.encoder.backward(doutputs, None)"),
    "padding counted": ("loss, dlogits = masked_cross_entropy(logits, batch.answers)",
                        "loss, dlogits = masked_cross_entropy(logits, batch.target[:, 1:])"),
    "gradients pile up": ("        self.zero_grad()\n", ""),
    "always the teacher": ("if ratio != 1:", "if ratio < 0:"),
    "coins turned": ("mix(step, state, inputs, keep)", "mix(step, state, inputs, ~keep)"),
    "beams keep the old state": ("tokens[:, None], pick(state, rows)", "tokens[:, None], state"),
    "one beam for each input": ("state = pick(state, rows)\n", "pass\n"),
    "beams look at other inputs": ("np.arange(len(source)).repeat(width)",
                                   "np.tile(np.arange(len(source)), width)"),
    "scores are not log probabilities": ("return log_softmax(logits[:, 0]), state",
                                         "return logits[:, 0], state"),
    "alignments as read": ("batch.lengths, self.reverse)\n", "batch.lengths, False)\n"),
}


def parts_agree(module):
    """Decoder alone, then the encoder alone, against torch."""
    rng = np.random.default_rng(0)
    options = {"num_layers": 2, "peeky": True, "attention": "dot"}
    if max(decoder_gaps(module, rng, **options)) > 1e-10:
        return False
    a = module.Encoder(SOURCE, 3, 4, rng=rng, dtype=np.float64)
    b = their_parts.Encoder(SOURCE, 3, 4).double()
    bridge.copy_weights(b, a)
    batch = random_batch(rng)
    pair = a(batch.source, batch.lengths), b(batch.source, batch.lengths)
    if any(abs(x - y.detach().numpy()).max() > 1e-10
           for x, y in zip(*map(bridge._arrays, pair), strict=True)):
        return False
    dy, dh, dc = (rng.normal(size=part.shape) for part in bridge._arrays(pair[0]))
    a.backward(dy, (dh, dc))
    sum((x * torch.tensor(d)).sum()
        for x, d in zip(bridge._arrays(pair[1]), (dy, dh, dc), strict=True)).backward()
    return all(abs(a.grads[name] - p.grad.numpy()).max() < 1e-10
               for name, p in b.named_parameters())


def model_agrees(module):
    """Training with and without coins, beams and alignments, against torch."""
    rng = np.random.default_rng(0)
    for attention in ("dot", None):
        a, b = twins(rng, module, scale=1.5, num_layers=2, peeky=True, reverse=True,
                     attention=attention)
        batch = random_batch(rng, N=8)
        coins = {"ratio": 0.6, "rng": np.random.default_rng(7)}
        if max(max(gaps(a, b, batch, **options).values()) for options in ({}, coins)) > 1e-10:
            return False
        many = random_batch(rng, N=40)
        for width in (1, 6):
            answers = [model.translate(many.source, many.lengths, max_steps=8, width=width)
                       for model in (a, b)]
            if answers[0] != answers[1]:
                return False
        if attention and abs(a.align(batch) - b.align(batch)).max() > 1e-10:
            return False
    return True


test_planted_errors_are_noticed = planting.noticed(
    (our_parts, PARTS, parts_agree), (ours, MODEL, model_agrees))


# --- mistakes -------------------------------------------------------------------------------------

GOOD = np.full((2, 3), 5)


@pytest.mark.parametrize("world", [0, 1], ids=["scratch", "concise"])
@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda m: m(np.ones(3, int), GOOD), ValueError,
     r"입력의 모양은 \(N, S\)이고 비어 있지 않아야 합니다: 받은 모양 \(3,\)"),
    (lambda m: m(np.ones((2, 0), int), GOOD), ValueError, r"받은 모양 \(2, 0\)"),
    (lambda m: m(np.ones((2, 3)), GOOD), TypeError, "토큰은 정수여야 합니다: 받은 자료형"),
    (lambda m: m(GOOD + 4, GOOD), ValueError, "토큰은 0 이상 9 미만이어야 합니다: 받은 범위 9~9"),
    (lambda m: m(GOOD, GOOD + 3), ValueError, "토큰은 0 이상 8 미만이어야 합니다: 받은 범위 8~8"),
    (lambda m: m(GOOD, GOOD[:1]), ValueError,
     r"디코더 입력의 모양은 \(2, T\)이고 비어 있지 않아야 합니다: 받은 모양 \(1, 3\)"),
    (lambda m: m(GOOD, GOOD[:, :0]), ValueError, r"받은 모양 \(2, 0\)"),
    (lambda m: m(GOOD, GOOD, [3, 4]), ValueError,
     "길이는 1 이상 3 이하여야 합니다: 받은 범위 3~4"),
    (lambda m: m(GOOD, GOOD, [0, 3]), ValueError, "받은 범위 0~3"),
    (lambda m: m(GOOD, GOOD, [3]), ValueError, r"길이의 모양은 \(2,\)이어야 합니다"),
    (lambda m: m(GOOD, GOOD, [3.0, 2.0]), TypeError, "길이는 정수여야 합니다"),
    (lambda m: m.translate(GOOD, max_steps=0), ValueError,
     "1 이상이어야 합니다: 받은 값 max_steps=0$"),
    (lambda m: m.translate(GOOD, max_steps=5, width=0), ValueError, "width=0"),
    (lambda m: m.translate(GOOD, max_steps=5, width=2, alpha=-1), ValueError,
     "alpha는 0 이상의 유한한 수여야 합니다: 받은 값 -1"),
    (lambda m: m.translate(GOOD, max_steps=5, width=2, alpha=float("nan")), ValueError, "nan"),
    (lambda m: m.train_step(Batch(GOOD, GOOD, [3, 3]), ratio=-0.1), ValueError,
     "ratio는 0과 1 사이여야 합니다: 받은 값 -0.1"),
    (lambda m: m.train_step(Batch(GOOD, GOOD, [3, 3]), ratio=1.5), ValueError, "받은 값 1.5"),
    (lambda m: m.train_step(Batch(GOOD, GOOD, [3, 3]), ratio=float("nan")), ValueError, "값 nan"),
    (lambda m: m.train_step(Batch(GOOD, GOOD, [3, 3]), ratio=0.5), ValueError,
     "ratio가 1보다 작으면 rng가 있어야 합니다"),
    (lambda m: m.train_step(Batch(GOOD, 0 * GOOD + PAD, [3, 3])), ValueError,
     "답이 있는 자리가 하나 이상이어야 합니다"),
    (lambda m: m.align(Batch(GOOD, GOOD, [3, 3])), ValueError, "어텐션이 없는 모형입니다"),
])
def test_mistakes_are_explained_alike_in_both_worlds(call, error, message, world, rng):
    with pytest.raises(error, match=message):
        call(twins(rng)[world])


@pytest.mark.parametrize(("options", "message"), [
    ({"cell": "gate"}, "cell은 rnn, .*lstm, .* 가운데 하나여야 합니다: 받은 값 'gate'"),
    ({"attention": "self"},
     "attention은 dot, scaled, bilinear, additive 가운데 하나여야 합니다: 받은 값 'self'"),
])
def test_unknown_names_are_explained(options, message, rng):
    for build in (lambda: ours.Seq2Seq(9, 8, 3, 4, rng=rng, **options),
                  lambda: theirs.Seq2Seq(9, 8, 3, 4, **options),
                  lambda: our_parts.Decoder(9, 3, 4, rng=rng, **options),
                  lambda: their_parts.Decoder(9, 3, 4, **options)):
        with pytest.raises(ValueError, match=message):
            build()
