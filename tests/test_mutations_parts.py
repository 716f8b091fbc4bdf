"""Planted errors in the parts: functions, layers, optimisers, cells, the language model …

Each module has a check that compares it with torch. test_mutations plants errors into the package
as a whole, and the tests of the larger models have tables of their own.
"""

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import planting
import pytest
import torch
from test_mutations import close
from torch.nn import functional as F

from rnnbook import bridge, concise, scratch


def same(a, b):
    b = b.detach().numpy() if isinstance(b, torch.Tensor) else np.asarray(b)
    return np.shape(a) == b.shape and np.allclose(a, b, rtol=0, atol=1e-10)


# --- checks ---------------------------------------------------------------------------------------

def functions(m):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 7))
    big = np.array([[1000.0, 0.0, -1000.0], [-1000.0, 0.0, 1000.0]])
    with np.errstate(all="ignore"):
        for array in (x, big):
            t = torch.tensor(array)
            if not (same(m.sigmoid(array), t.sigmoid()) and same(m.softmax(array), t.softmax(-1))
                    and same(m.log_softmax(array), t.log_softmax(-1))):
                return False
        wide = 5 * rng.normal(size=(300, 700))             # several blocks
        layouts = (x, x.swapaxes(0, 1).copy().swapaxes(0, 1), wide, 800 * wide, x + 900, x - 900)
        for logits in layouts:
            targets = rng.integers(logits.shape[-1], size=logits.shape[:-1])
            t = torch.tensor(logits, requires_grad=True)
            loss = F.cross_entropy(t.flatten(0, -2), torch.tensor(targets).flatten())
            loss.backward()
            before = logits.copy()
            found, grad = m.cross_entropy(logits, targets)
            if not (same(found, loss) and same(grad, t.grad) and same(logits, before)):
                return False
            m.cross_entropy(before, targets, in_place=True)
            if not same(before, t.grad):
                return False
    return True


def layers(m):
    rng = np.random.default_rng(0)
    linear, twin = m.Linear(3, 5, rng=rng, dtype=np.float64), concise.Linear(3, 5).double()
    bridge.copy_weights(twin, linear)
    for size in (4, 2):                                    # twice: added up, another batch
        x, dy = rng.normal(size=(size, 6, 3)), rng.normal(size=(size, 6, 5))
        t = torch.tensor(x, requires_grad=True)
        ty = twin(t)
        ty.backward(torch.tensor(dy))
        if not (same(linear(x), ty) and same(linear.backward(dy), t.grad)):
            return False
    table, twin_table = m.Embedding(4, 3, rng=rng, dtype=np.float64), concise.Embedding(4, 3)
    bridge.copy_weights(twin_table.double(), table)
    ids, dy = np.array([[0, 2, 2], [3, 1, 2]]), rng.normal(size=(2, 3, 3))
    ty = twin_table(torch.tensor(ids))
    ty.backward(torch.tensor(dy))
    out = table(ids)
    table.backward(dy)
    pairs = [(0, linear.grads["weight"], twin.weight.grad.numpy()),
             (0, linear.grads["bias"], twin.bias.grad.numpy()), (0, out, ty.detach().numpy()),
             (0, table.grads["weight"], twin_table.weight.grad.numpy())]
    drop, x = m.Dropout(0.8, rng=rng), np.ones((100, 100))
    y, dy = drop(x), drop.backward(x)
    kept = y != 0
    pairs += [(0, y[kept], np.full(kept.sum(), 5.0)), (0, dy, y)]
    drop.eval()
    pairs += [(0, drop(x), x), (0, drop.backward(x), x)]
    return close(pairs) and abs(kept.mean() - 0.2) < 0.02


def optim(m):
    rng = np.random.default_rng(0)
    for name, options in [("SGD", {"lr": 0.3}), ("Adam", {"lr": 0.1, "eps": 1e-2}),
                          ("Adam", {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-2})]:
        arrays = [(rng.normal(size=shape), np.zeros(shape)) for shape in [(300, 400), (5,)]]
        twins = [torch.tensor(p, requires_grad=True) for p, _ in arrays]
        ours, theirs = getattr(m, name)(arrays, **options), getattr(concise, name)(twins, **options)
        for _ in range(3):
            for (_, g), t in zip(arrays, twins, strict=True):
                g[:] = rng.normal(size=g.shape)
                t.grad = torch.tensor(g)
            ours.step()
            theirs.step()
        if not all(same(p, t) for (p, _), t in zip(arrays, twins, strict=True)):
            return False
    return True


def fast(m):
    rng = np.random.default_rng(0)
    for shape in [(1000, 700), (7, 3), (5, 1 << 17)]:
        rows = [k for part in m.blocks(np.empty(shape, bool)) for k in range(shape[0])[part]]
        if rows != list(range(shape[0])):
            return False
    for size, count in [(5, 3), (100, 200), (200, 300)]:
        ids, rows = rng.integers(size, size=count), rng.normal(size=(count, 3))
        expected = np.ones((size, 3))
        np.add.at(expected, ids, rows)
        for table in (np.ones((size, 3)), np.ones((3, size)).T):
            m.add_rows(table, ids, rows)
            if not same(table, expected):
                return False
    for lead in ((), (3,)):
        for rows, limit in [(1, 10**6), (4, 10**6), (4, 4 * 6 * 13), (4, 4 * 6 * 20)]:
            matrix, x = rng.normal(size=(*lead, 6, 52)), rng.normal(size=(rows, 6))
            product, out = m.times(matrix, rows, limit=limit), np.empty((*lead, rows, 52))
            product(x, out)
            if not (same(product(x), x @ matrix) and same(out, x @ matrix)):
                return False
    return True


def module(m):
    def layer():
        one = m.Module()
        one.param("weight", np.array([3.0, 4.0]))
        two = m.Module()
        two.adopt(one, "inner.", "_l0")
        two.param("bias", np.array([12.0]))
        return one, two

    one, two = layer()
    pairs = [(0, sorted(two.params) == sorted(two.grads) == ["bias", "inner.weight_l0"], True),
             (0, two.params["inner.weight_l0"] is one.weight, True),
             (0, len(two.parameters()), 2)]
    for (_, grad), value in zip(two.parameters(), ([3.0, 4.0], [12.0]), strict=True):
        grad[:] = value
    pairs += [(0, one.grads["weight"].copy(), [3.0, 4.0]), (0, two.clip_grad_norm(26), 13.0),
              (0, two.grads["bias"].copy(), [12.0]), (0, two.clip_grad_norm(6.5), 13.0)]
    half = np.concatenate([one.grads["weight"], two.grads["bias"]])
    pairs += [(0, np.allclose(half, [1.5, 2, 6], atol=1e-5), True)]
    two.clip_grad_value(1.75)
    pairs += [(0, np.allclose(one.grads["weight"], [1.5, 1.75], atol=1e-5), True),
              (0, two.grads["bias"].copy(), [1.75])]
    saved = two.state_dict()
    one.weight[:] = 0
    pairs += [(0, saved["inner.weight_l0"], [3.0, 4.0])]
    two.load_state_dict(saved)
    two.zero_grad()
    pairs += [(0, one.weight, [3.0, 4.0]), (0, one.grads["weight"], [0.0, 0.0]),
              (0, two.grads["bias"], [0.0])]
    for wrong in ({}, saved | {"more": 1}, saved | {"inner.weight_l0": np.zeros(1)}):
        with pytest.raises((KeyError, ValueError)):
            two.load_state_dict(wrong)
    with two.evaluating():
        pairs += [(0, two.training or one.training, False)]
    pairs += [(0, two.training and one.training, True)]
    two.eval()
    with two.evaluating():
        pass
    return close([*pairs, (0, two.training or one.training, False)])


def checks(m):
    cell = SimpleNamespace(states=2, weight_hh=np.zeros(1))
    h = np.zeros((1, 2, 3))
    wrong = [
        lambda: m.check_ids([0.0], 3), lambda: m.check_ids([3], 3), lambda: m.check_ids([-1], 3),
        lambda: m.check_input(np.zeros((1, 2, 2), bool), 2, float),
        lambda: m.check_input(np.zeros((0, 2, 2)), 2, float),
        lambda: m.check_input(np.zeros((2, 2)), 2, float),
        lambda: m.check_input(np.zeros((1, 2, 3)), 2, float),
        lambda: m.check_input(np.zeros((1, 1, 2, 2)), 2, float),
        lambda: m.check_input(np.full((1, 2), 2), 2, float),
        lambda: m.check_state(h, cell, h.shape),
        lambda: m.check_state((h, h[:, :1]), cell, h.shape),
    ]
    for call in wrong:
        with pytest.raises((TypeError, ValueError)):
            call()
    found = m.check_input(np.ones((1, 2, 3), np.float32), 3, np.float64)
    ids, starts = m.check_input([[0, 2]], 3, np.float64), m.check_state((h, h + 1), cell, h.shape)
    return (found.dtype == np.float64 and ids.tolist() == [[0, 2]] and starts[1].max() == 1
            and m.check_state(None, cell, h.shape) is None)


def layer(*names):
    """A check that compares layers of these names with torch: floats, ids, lengths, states."""
    def check(m):
        rng = np.random.default_rng(0)
        torch.manual_seed(0)
        for name in names:
            ours = getattr(m, name)(3, 4, 2, bidirectional=True, rng=rng, dtype=np.float64)
            theirs = getattr(concise, name)(3, 4, 2, bidirectional=True).double()
            bridge.copy_weights(theirs, ours)
            parts = tuple(rng.normal(size=(4, 2, 4)) for _ in range(ours.cell.states))
            state, x = parts if len(parts) > 1 else parts[0], rng.normal(size=(2, 5, 3))
            ids = rng.integers(3, size=(2, 5))
            if not (close(bridge.pairs(ours, theirs, x, state))
                    and close(bridge.pairs(ours, theirs, x, state, lengths=[4, 1]))
                    and same(ours(ids)[0], theirs(F.one_hot(torch.tensor(ids), 3).double())[0])):
                return False
            cell, twin = ours.cells[0], getattr(concise, f"{name}Cell")(3, 4).double()
            bridge.copy_weights(twin, cell)
            start = tuple(part[0] for part in parts)
            if not close(bridge.pairs(cell, twin, x[:, 0], start if len(start) > 1 else start[0])):
                return False
        return True
    return check


def recurrent(m):
    """The layer of the mutant with the cells of the package."""
    kinds = {name: type(name, (m.Recurrent,), {"cell": getattr(scratch, f"{name}Cell")})
             for name in ("RNN", "LSTM")}
    return layer(*kinds)(SimpleNamespace(**kinds))


def bptt(m):
    rng = np.random.default_rng(0)
    ours, theirs = scratch.LSTMCell(3, 4, rng=rng, dtype=np.float64), concise.LSTMCell(3, 4)
    bridge.copy_weights(theirs.double(), ours)
    x, dy = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    starts, ends = rng.normal(size=(2, 2, 2, 4))
    tx, *now = tstarts = [torch.tensor(a, requires_grad=True) for a in (x, *starts)]
    outs = []
    for t in range(5):
        now = theirs(tx[:, t], tuple(now))
        outs.append(now[0])
    ty = torch.stack(outs, dim=1)
    torch.autograd.backward([ty, *now], [torch.tensor(a) for a in (dy, *ends)])
    y, last, tape = m.unroll(ours, x, tuple(starts))
    dx, dstarts = m.unroll_backward(ours, dy, tuple(ends), tape)
    wanted = {name: p.grad.clone() for name, p in theirs.named_parameters()}
    alone = m.unroll(ours, x)[0], m.unroll(ours, x, ours.initial_state(2))[0]
    return (same(y, ty) and all(map(same, last, now)) and same(*alone)
            and all(same(a, b.grad) for a, b in zip((dx, *dstarts), tstarts, strict=True))
            and all(same(ours.grads[name], grad) for name, grad in wanted.items()))


def rnnlm(m):
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    for embed_size in (3, None):
        ours = m.RNNLM(7, embed_size, 4, num_layers=2, rng=rng, dtype=np.float64)
        theirs = concise.RNNLM(7, embed_size, 4, num_layers=2).double()
        for p in theirs.parameters():
            p.data *= 4                                    # what it has read shall tell
        bridge.copy_weights(theirs, ours)
        batch, state = rng.integers(7, size=(2, 3, 5)), tuple(rng.normal(size=(2, 2, 3, 4)))
        tstate = tuple(map(torch.tensor, state))
        for _ in range(2):                                 # gradients start from zero each time
            loss, last = ours.train_step(batch, state)
            wanted, tlast = theirs.train_step(torch.tensor(batch), tstate)
            if not (same(loss, wanted) and all(map(same, last, tlast)) and all(
                    same(ours.grads[k], p.grad) for k, p in theirs.named_parameters())):
                return False
        held = ours.evaluate(batch, state)[0], theirs.evaluate(torch.tensor(batch), tstate)[0]
        if not same(*held):
            return False
        for options in ({"temperature": 0}, {"temperature": 2.0, "top_k": 3}):
            texts = [model.generate([1, 2, 3], 12, rng=np.random.default_rng(1), **options)
                     for model in (ours, theirs)]
            if texts[0] != texts[1]:
                return False
    noisy = m.RNNLM(7, 3, 4, dropout=0.5, rng=rng, dtype=np.float64)
    sure = [noisy.evaluate(batch)[0] for _ in range(2)]
    unsure = [noisy.train_step(batch)[0] for _ in range(2)]
    return (sure[0] == sure[1] and unsure[0] != unsure[1] and noisy.training
            and noisy.generate([1], 9, temperature=0) == noisy.generate([1], 9, temperature=0))


# --- planted errors -------------------------------------------------------------------------------

FUNCTIONS = {
    "sigmoid without the half": ("np.tanh(0.5 * x)", "np.tanh(x)"),
    "sigmoid from -1 to 1": ("y *= 0.5 ", "pass "),
    "sigmoid around zero": ("y += 0.5", "pass"),
    "softmax overflows": ("e = np.exp(x - x.max(axis=-1, keepdims=True))", "e = np.exp(x)"),
    "softmax over rows": ("e / e.sum(axis=-1, keepdims=True)", "e / e.sum(axis=0, keepdims=True)"),
    "log softmax without log": ("np.log(np.exp(x).sum(axis=-1, keepdims=True))",
                                "np.exp(x).sum(axis=-1, keepdims=True)"),
    "loss writes over the logits": ('logits if in_place else logits.copy(order="K")', "logits"),
    "loss never in place": ("logits if in_place else", ""),
    "loss overflows": ("p -= np.maximum.reduce(p, axis=1, keepdims=True)", "pass"),
    "loss underflows": ("np.minimum.reduce(p, axis=None) > -50", "1"),
    "loss overflows above": ("np.maximum.reduce(p, axis=None) < 50", "True"),
    "loss without the answer's score": ("np.log(total) - score", "np.log(total)"),
    "answers of the first block": ("answers[part]", "answers[:len(p)]"),
    "answers not turned": ("= dlogits.swapaxes(0, 1), targets.swapaxes(0, 1)",
                           "= dlogits.swapaxes(0, 1), targets"),
    "gradient not turned back": ("dlogits.swapaxes(0, 1) if time_first else dlogits", "dlogits"),
    "total instead of mean": ("return loss / len(rows)", "return loss"),
}
LAYERS = {
    "linear: no bias": ("self.x.dot(self.joint)", "self.x[:, :-1].dot(self.joint[:-1])"),
    "linear: another batch size": ("or len(self.x) != x.size // size:", ":"),
    "linear: bias times zero": ("np.ones((x.size // size", "np.zeros((x.size // size"),
    "linear: gradient overwritten": ("self.djoint += self.x", "self.djoint[:] = self.x"),
    "linear: dx through the bias": ("dy.dot(self.weight)", "dy.dot(self.joint[1:].T)"),
    "linear: bias in the first column": ('"bias": joint[-1]', '"bias": joint[0]'),
    "embedding: the row before": ("self.weight[self.ids]", "self.weight[self.ids - 1]"),
    "embedding: rows out of order": ("self.ids.reshape(-1),", "self.ids.reshape(-1)[::-1],"),
    "embedding: no gradient": ('add_rows(self.grads["weight"]', 'add_rows(self.weight.copy()'),
    "dropout: kept for dropped": (">= self.p", "< self.p"),
    "dropout: not scaled": ("1 / (1 - self.p)", "1"),
    "dropout: also in evaluation": ("self.training and self.p", "self.p"),
    "dropout: another mask backward": ("dy * self.mask", "dy * self.mask[::-1]"),
    "dropout: a stale mask": ("        self.mask = None\n        if not", "        if not"),
}
OPTIM = {
    "sgd uphill": ("p -= self.lr * g", "p += self.lr * g"),
    "sgd without a rate": ("p -= self.lr * g", "p -= g"),
    "adam: first mean not corrected": ("self.lr / (1 - b1**self.steps)", "self.lr"),
    "adam: second mean not corrected": ("(1 - b2**self.steps) ** -0.5", "1"),
    "adam: corrected the wrong way": ("** -0.5", "** 0.5"),
    "adam: weight of the mean": ("m += (1 - b1) *", "m += b1 *"),
    "adam: mean of g for g squared": ("(g * g - v)", "(g - v)"),
    "adam: a step behind": ("self.steps += 1", "self.steps += self.steps > 1"),
    "adam: gradient for its mean": ("rate * m /", "rate * g /"),
    "adam: eps under the root": ("(scale * np.sqrt(v) + self.eps)",
                                 "(scale * np.sqrt(v + self.eps))"),
    "adam: betas exchanged": ("b1, b2 = self.betas", "b2, b1 = self.betas"),
    "only the first block": ("for k in blocks(p)", "for k in blocks(p)[:1]"),
}
FAST = {
    "blocks: the first is missing": ("range(0, len(array), step)", "range(step, len(array), step)"),
    "blocks: overlapping": ("slice(k, k + step)", "slice(k, k + step + 1)"),
    "rows: of the id before": ("[:, None] == ids)", "[:, None] == ids - 1)"),
    "rows: overwritten": ("table += (np.arange", "table[:] = (np.arange"),
    "rows: transposed": ("ids * down", "ids * across"),
    "rows: as if in C order": ("np.arange(0, across * rows.shape[1], across)",
                               "np.arange(rows.shape[1])"),
    "rows: repeated ids lost": (
        'np.add.at(table.ravel(order="K"), places.ravel(), rows.ravel())',
        'table.ravel(order="K")[places.ravel()] += rows.ravel()'),
    "product: columns reversed": ("M // w, w).swapaxes(-3, -2))\n\n",
                                  "M // w, w).swapaxes(-3, -2)[..., ::-1])\n\n"),
    "product: tiles exchanged": ("np.matmul(x, tiles,", "np.matmul(x, tiles[..., ::-1, :, :],"),
    "product: tiles that do not fit": ("M % w == 0 and ", ""),
    "product: out forgotten": ("x.dot(whole, out)", "x.dot(whole)"),
    "product: out forgotten, tiled": ("if out is None else out\n", "\n"),
}
MODULE = {
    "parameters copied": ("self.params[prefix + name + suffix] = module.params[name]",
                          "self.params[prefix + name + suffix] = module.params[name].copy()"),
    "gradients copied": ("self.grads[prefix + name + suffix] = module.grads[name]",
                         "self.grads[prefix + name + suffix] = module.grads[name].copy()"),
    "adopted without its suffix": ("self.grads[prefix + name + suffix] =",
                                   "self.grads[prefix + name] ="),
    "adopted arrays forgotten": ("self.held += module.held", "pass"),
    "adopted module forgotten": ("self.children.append(module)", "pass"),
    "saved without a copy": ("value.copy() for name", "value for name"),
    "names may be missing": ("if state.keys() != self.params.keys():",
                             "if not state.keys() <= self.params.keys():"),
    "wrong shapes are loaded": ("if np.shape(value) != self.params[name].shape:", "if False:"),
    "loaded beside the parameters": ("np.copyto(self.params[name], value)",
                                     "self.params[name] = value"),
    "gradients stay": ("grad.fill(0)", "pass"),
    "norm without a root": ("math.sqrt(sum(", "(sum("),
    "always clipped": ("if norm > max_norm:", "if True:"),
    "norm after clipping": ("return norm", "return min(norm, max_norm)"),
    "clipped from above only": ("np.clip(grad, -max_value, max_value",
                                "np.clip(-grad, -max_value, max_value"),
    "children stay in training": ("child.train(mode)", "pass"),
    "evaluation lasts": ("self.train(before)", "pass"),
    "always back to training": ("self.train(before)", "self.train()"),
}
CHECKS = {
    "fractions are ids": ('raise TypeError(f"{what}은 정수여야', 'str(f"{what}은 정수여야'),
    "ids may be the size": ("axis=None) >= size:", "axis=None) > size:"),
    "negative ids": ("natural = ids.view(np.uintp)", "natural = ids"),
    "booleans are input": ('not in "fiu"', 'not in "fiub"'),
    "empty input": ("not x.size or (", "("),
    "any number of axes": ("x.ndim != 3 and not (", "x.ndim != 3 and False and ("),
    "any width": ("if x.shape[-1] != size:", "if False:"),
    "ids not checked": ("return check_ids(x, size)", "return x"),
    "dtype kept": ("x.astype(dtype, copy=False)", "x"),
    "any number of states": ("if len(parts) != cell.states:", "if False:"),
    "any shape of state": ("if np.shape(part) != shape:", "if False:"),
    "first state only": ("for part in parts)", "for part in parts[:1])"),
}
VARIANTS = {
    "peephole: i sees no cell": ("sigmoid(i + c * self.weight_ci)", "sigmoid(i)"),
    "peephole: f through i's": ("f + c * self.weight_cf", "f + c * self.weight_ci"),
    "peephole: o sees the old cell": ("o + c_next * self", "o + c * self"),
    "peephole: no way back through o": (" + do * self.weight_co\n", "\n"),
    "peephole: weight of o from the old cell": ('("co", do, c_next)', '("co", do, c)'),
    "peephole: only the last step": ('self.grads[f"weight_{name}"] +=',
                                     'self.grads[f"weight_{name}"][:] ='),
    "peephole: straight back only": (" + di * self.weight_ci + df * self.weight_cf", ""),
    "peephole: i and f exchanged": ("di * self.weight_ci + df * self.weight_cf",
                                    "df * self.weight_ci + di * self.weight_cf"),
    "coupled: i opens with f": ("f * c + (1 - f) * g", "f * c + f * g"),
    "coupled: f without the candidate": ("dc * (c - g) * f", "dc * c * f"),
    "coupled: f turned": ("dc * (c - g) * f", "dc * (g - c) * f"),
    "coupled: candidate through f": ("dc * (1 - f) * (1 - g * g)", "dc * f * (1 - g * g)"),
}
RELU = {
    "smaller of the two": ("np.maximum(", "np.minimum("),
    "no memory": ("a + self.recur(h)", "a"),
    "no input": ("a + self.recur(h)", "self.recur(h)"),
    "absolute value": ("np.maximum(a + self.recur(h), 0, out=h_next)",
                       "np.abs(a + self.recur(h), out=h_next)"),
    "floor of one": ("self.recur(h), 0, out", "self.recur(h), 1, out"),
    "the state before": ("return (h_next,), None", "return (h,), None"),
    "slope at zero": ("return h > 0", "return h >= 0"),
    "slope h": ("return h > 0", "return h"),
    "slope from one on": ("return h > 0", "return h > 1"),
    "another cell": ("cell = ReluRNNCell", "cell = RNNCell"),
}
RNN = {
    "one bias": ("(self.bias_ih + self.bias_hh)", "(self.bias_ih + self.bias_ih)"),
    "no bias": ("a += b\n", "pass\n"),
    "ids without bias": ("(w + b).take", "w.take"),
    "no input": ("h_next += a ", "h_next += 0 * a "),
    "no tanh": ("np.tanh(h_next, h_next)", "h_next"),
    "W_hh not turned": ("self.weight_hh.T if G == 1", "self.weight_hh if G == 1"),
    "W_hh turned backward": ("times(self.weight_hh, batch_size)",
                             "times(self.weight_hh.T, batch_size)"),
    "one buffer for every shape": ("if self.spare.shape != shape:", "if not self.spare.size:"),
    "slope of the sum": ("np.multiply(dh, slope, da)", "da[:] = dh"),
    "W_ih overwritten": ('self.grads["weight_ih"] += rows', 'self.grads["weight_ih"][:] = rows'),
}
LSTM = {
    "forget gate closed": ("f * c + i * g ", "i * g "),
    "i and f exchanged": ("f * c + i * g ", "i * c + f * g "),
    "candidate through σ": ("g = np.tanh(g)", "g = sigmoid(g)"),
    "c leaves without tanh": ("h_next[:] = o * tanh_c", "h_next[:] = o * c_next"),
    "c does not leave": ("return (h_next, c_next)", "return (h_next, c)"),
    "gates in another order": ("i, f, g, o = a +", "i, f, o, g = a +"),
}
RECURRENT = {
    "state for another cell": ("starts[k])", "starts[k - 1])"),
    "directions exchanged": ("np.concatenate(ys, axis=2)", "np.concatenate(ys[::-1], axis=2)"),
    "one direction's output twice": ("np.concatenate(ys, axis=2)",
                                     "np.concatenate([ys[0], ys[0]], axis=2)"),
    "layers walked forward": ("in reversed(range(self.num_layers))", "in range(self.num_layers)"),
}
BPTT = {
    "first state forgotten": ("hs[0] = state[0]", "hs[0] = 0"),
    "every step the same input": ("cell.step(a[t]", "cell.step(a[0]"),
    "outputs a step late": ("return hs[1:].swapaxes(0, 1)", "return hs[:-1].swapaxes(0, 1)"),
    "state of the start": ("swapaxes(0, 1), state, (xs", "swapaxes(0, 1), None, (xs"),
    "last state's gradient ignored": ("if dstate is None else dstate", "if True else dstate"),
    "c not carried back": ("dstate = dh, *dstate[1:]", "dstate = dh, 0 * dh"),
    "dx time first": ("dx.swapaxes(0, 1), dstate", "dx, dstate"),
}
RNNLM = {
    "state ignored": ("self.rnn(x.swapaxes(0, 1), state)", "self.rnn(x.swapaxes(0, 1))"),
    "gradients pile up": ("        self.zero_grad()\n", ""),
    "no gradients": ("        self.backward(dlogits)\n", ""),
    "time reversed backward": ("self.rnn.backward(dy.swapaxes(0, 1))",
                               "self.rnn.backward(dy.swapaxes(0, 1)[:, ::-1])"),
    "embedding does not learn": ("self.embedding.backward(self.drop_in.backward(",
                                 "(self.drop_in.backward("),
    "evaluates with dropout": (
        "with self.evaluating():\n            logits, state = self(tokens, state)\n        return",
        "if True:\n            logits, state = self(tokens, state)\n        return"),
    "first token instead of the last": ("logits[0, -1]", "logits[0, 0]"),
    "only the newest token": ("new += tokens", "new = tokens"),
    "prompt cut to its end": ("list(ids), []", "list(ids)[-1:], []"),
    "state not carried on": ("logits, state = self([tokens], state)",
                             "logits, _ = self([tokens], state)"),
    "any token may be drawn": ("choose(last, temperature, top_k, rng)",
                               "choose(last, temperature, None, rng)"),
    "one layer only": ("hidden_size, num_layers, dropout", "hidden_size, 1, dropout"),
}
PARTS = {
    "functions": (FUNCTIONS, functions), "layers": (LAYERS, layers), "optim": (OPTIM, optim),
    "fast": (FAST, fast), "module": (MODULE, module), "checks": (CHECKS, checks),
    "lstm_variants": (VARIANTS, layer("PeepholeLSTM", "CoupledLSTM")),
    "rnn_variants": (RELU, layer("ReluRNN")), "rnn": (RNN, layer("RNN")),
    "lstm": (LSTM, layer("LSTM")), "recurrent": (RECURRENT, recurrent), "bptt": (BPTT, bptt),
    "rnnlm": (RNNLM, rnnlm),
}


test_planted_errors_are_noticed = planting.noticed(
    *((import_module(f"rnnbook.scratch.{name}"), *part) for name, part in PARTS.items()))
