"""The tests of the backward code can fail: each planted error is caught.

One compact test of agreement looks at the whole of rnnbook.scratch.
"""

import numpy as np
import planting
import torch

from rnnbook import bridge, concise, scratch

MUTATIONS = {
    "lstm: c only through h": ("lstm.py", "dc = dc + dh * o * (1 - tanh_c * tanh_c)",
                               "dc = dh * o * (1 - tanh_c * tanh_c)"),
    "lstm: c only straight": ("lstm.py", "dc = dc + dh * o * (1 - tanh_c * tanh_c)",
                              "dc = dc + 0"),
    "lstm: tanh' without square": ("lstm.py", "dc = dc + dh * o * (1 - tanh_c * tanh_c)",
                                   "dc = dc + dh * o * (1 - tanh_c)"),
    "lstm: i and g exchanged": ("lstm.py", "np.multiply(dc * g, i * (1 - i), out=di)",
                                "np.multiply(dc * i, i * (1 - i), out=di)"),
    "lstm: f sees the wrong state": ("lstm.py", "np.multiply(dc * c, f * (1 - f), out=df)",
                                     "np.multiply(dc * tanh_c, f * (1 - f), out=df)"),
    "lstm: σ' for the candidate": ("lstm.py", "np.multiply(dc * i, 1 - g * g, out=dg)",
                                   "np.multiply(dc * i, g * (1 - g), out=dg)"),
    "lstm: o without tanh c": ("lstm.py", "np.multiply(dh * tanh_c, o * (1 - o), out=do)",
                               "np.multiply(dh, o * (1 - o), out=do)"),
    "lstm: straight path without f": ("lstm.py", "return self.recur_backward(da), dc * f",
                                      "return self.recur_backward(da), dc"),
    "lstm: no way back through h": ("lstm.py", "return self.recur_backward(da), dc * f",
                                    "return 0 * dh, dc * f"),
    "gru: b_hn lost": ("gru.py", "m = b[2] + self.bias_hh[-self.hidden_size:]",
                                   "m = b[2]"),
    "gru: b_hn twice": ("gru.py", "a[:, 2] -= self.bias_hh[-self.hidden_size:]", "pass"),
    "gru: z and 1 - z exchanged": (
        "gru.py", "np.add(n, z * d, out=h_next)   #", "np.subtract(h, z * d, out=h_next)   #"),
    "gru: r multiplies the input too": ("gru.py", "n = np.tanh(a[2] + r * m)",
                                        "n = np.tanh(r * (a[2] + m))"),
    "gru: z' without 1 - z": ("gru.py", "np.multiply(new * z, d, out=dz)\n        np.multiply(dn",
                              "np.multiply(kept, d, out=dz)\n        np.multiply(dn"),
    "gru: z sees only the candidate": (
        "gru.py", "np.multiply(new * z, d, out=dz)\n        np.multiply(dn",
        "np.multiply(new * z, -n, out=dz)\n        np.multiply(dn"),
    "gru: candidate takes the whole": ("gru.py", "new = dh - kept  ", "new = dh  "),
    "gru: tanh' without square": (
        "gru.py", "np.multiply(new, 1 - n * n, out=dn)\n        np.multiply(new * z, d, out=dz)\n"
        "        np.multiply(dn", "np.multiply(new, 1 - n, out=dn)\n"
        "        np.multiply(new * z, d, out=dz)\n        np.multiply(dn"),
    "gru: m without r": ("gru.py", "np.multiply(dn, r, out=dm)", "dm[:] = dn"),
    "gru: r sees d for m": ("gru.py", "np.multiply(dm * m, 1 - r, out=dr)",
                            "np.multiply(dm * d, 1 - r, out=dr)"),
    "gru: r' squared": ("gru.py", "np.multiply(dm * m, 1 - r, out=dr)",
                        "np.multiply(dm * m, r * (1 - r), out=dr)"),
    "gru: nothing goes straight": ("gru.py", "(kept + self.recur", "(self.recur"),
    "gru: straight path without z": ("gru.py", "(kept + self.recur", "(dh + self.recur"),
    "gru: input side through W_hh": ("gru.py", "(kept + self.recur_backward(da[:, :-H])",
                                     "(kept + self.recur_backward(da[:, H:])"),
    "gru: rows of W_hh not rolled": (
        "gru.py", "w = np.roll(self.weight_hh, self.hidden_size, axis=0)", "w = self.weight_hh"),
    "gru: gradient of W_hh not rolled back": ("gru.py", "np.roll(dw, -H, axis=0)", "dw"),
    "gru: gradient of b_hh not rolled back": ("gru.py", "np.roll(db[:-H], -H)", "db[:-H]"),
    "gru: one gradient for both biases": ("gru.py", "+= np.roll(db[:-H], -H)", "+= db[H:]"),
    "gru: W_ih from the side of h": ("gru.py", "+= to_x.T @",
                                     "+= to_h.T @"),
    "cho: r after the product": ("gru.py", "n = np.tanh(a[2] + self.recur_n(r * h))",
                                 "n = np.tanh(a[2] + r * self.recur_n(h))"),
    "cho: r sees no state": ("gru.py", "dr[:] = drh * h * r * (1 - r)",
                             "dr[:] = drh * r * (1 - r)"),
    "cho: way back without r": ("gru.py", "kept + drh * r + self", "kept + drh + self"),
    "cho: no way back through the candidate": ("gru.py", "kept + drh * r + self", "kept + self"),
    "cho: W_hn from h": ("gru.py", "dn.T @ (r * h - h)", "0"),
    "cho: W_hn twice": ("gru.py", "dn.T @ (r * h - h)", "dn.T @ (r * h)"),
    "cho: z without n": ("gru.py", "np.multiply(new * z, d, out=dz)\n        drh",
                         "np.multiply(new * z, h, out=dz)\n        drh"),
    "relu: slope one everywhere": ("rnn_variants.py", "return h > 0", "return h * 0 + 1"),
    "relu: slope on the other side": ("rnn_variants.py", "return h > 0", "return h <= 0"),
    "relu: tanh's slope": ("rnn_variants.py", "return h > 0", "return 1 - h * h"),
    "rnn: sign of h²": ("rnn.py", "return 1 - h * h", "return 1 + h * h"),
    "rnn: slope of the previous state": ("bptt.py", "cell.slopes(hs[1:], steps)",
                                         "cell.slopes(hs[:-1], steps)"),
    "rnn: no way back through h": ("rnn.py", "return (self.recur_backward(da),)",
                                   "return (0 * dh,)"),
    "bptt: forgets the output": ("bptt.py", "dh = dstate[0] + dy[t]", "dh = dstate[0]"),
    "bptt: forgets the future": ("bptt.py", "dh = dstate[0] + dy[t]", "dh = dy[t] + 0"),
    "bptt: walks forward": ("bptt.py", "for t in reversed(range(T))", "for t in range(T)"),
    "bptt: off by one": ("bptt.py", "steps[t], da[t])", "steps[t - 1], da[t])"),
    "projection: weight_hh from h_t": ("bptt.py", "(xs, hs[:-1], da)", "(xs, hs[1:], da)"),
    "projection: one bias only": ("rnn.py", 'self.grads["bias_hh"] += db\n', "pass\n"),
    "projection: overwrites": ("rnn.py", 'self.grads["weight_hh"] += rows.T',
                               'self.grads["weight_hh"][:] = rows.T'),
    "projection: dx scaled": ("rnn.py", "(rows @ self.weight_ih).reshape",
                              "(2 * rows @ self.weight_ih).reshape"),
    "layer: reverse direction not turned": ("recurrent.py",
                                            "dx if dx is None else dx[turn]", "dx"),
    "layer: directions exchanged": ("recurrent.py", "dy[turn][..., way * H:(way + 1) * H]",
                                    "dy[turn][..., H - way * H:2 * H - way * H]"),
    "layer: one direction's dx lost": ("recurrent.py", "else dxs[0] + dxs[1]", "else dxs[0]"),
    "layer: last state's gradient lost": ("recurrent.py", "part, ends[k], self.tapes[k])",
                                          "part, None, self.tapes[k])"),
    "lengths: ignored": ("recurrent.py", "if lengths is not None:", "if False:"),
    "lengths: reversed with the padding": (
        "recurrent.py", "back = reversed_steps(lengths, shape[1])", "pass"),
    "lengths: alive one step longer": ("lengths.py", "lengths > start)", "lengths >= start)"),
    "lengths: gone one step early": ("lengths.py", "lengths > start)",
                                     "lengths > start + 1)"),
    "lengths: first state forgotten": ("lengths.py", "unroll(cell, x[rows, span], before)",
                                       "unroll(cell, x[rows, span])"),
    "lengths: state not carried over": ("lengths.py", "part[rows] = new           #",
                                        "part[rows] = new * (stop == T)  #"),
    "lengths: only h carried over": ("lengths.py", "zip(state, now, strict=True)",
                                     "zip(state[:1], now, strict=False)"),
    "lengths: pieces walked forward": ("lengths.py", "in reversed(tapes)", "in tapes"),
    "lengths: last state's gradient lost": ("lengths.py", "cell, out, after, tape)",
                                            "cell, out, None, tape)"),
    "lengths: gradient not carried back": (
        "lengths.py", "zip(dstate, before, strict=True):\n            part[rows] = new",
        "zip(dstate, before, strict=True):\n            part[rows] = new * (span.start == 0)"),
    "lengths: input not turned": ("recurrent.py", "run(self.cells[k], x[turn],",
                                  "run(self.cells[k], x,"),
    "lengths: output not turned": ("recurrent.py", "ys.append(y[turn])", "ys.append(y)"),
    "lengths: dx lost": ("lengths.py", "dx[rows, span] = into", "pass"),
    "lengths: output in the padding": ("lengths.py", "y = np.zeros(", "y = np.ones("),
    "lengths: gradient in the padding": ("lengths.py", "dx = np.zeros(", "dx = np.ones("),
    "truncation: weight ignored": ("truncation.py", "float(keep[start])", "1.0"),
    "truncation: weight of another step": ("truncation.py", "float(keep[start])",
                                           "float(keep[stop - 1])"),
    "truncation: cuts only": ("truncation.py", "keep != 1", "keep == 0"),
    "truncation: one step late": ("truncation.py", "*cuts.tolist()", "*(cuts + 1).tolist()"),
    "truncation: states of the first piece": ("truncation.py", "hs[start:stop + 1]",
                                              "hs[:stop - start + 1]"),
    "truncation: values of the first piece": ("truncation.py", "steps[span]",
                                              "steps[:stop - start]"),
    "truncation: inputs of the first piece": ("truncation.py", "= xs[span]",
                                              "= xs[:stop - start]"),
    "truncation: outputs of the first piece": ("truncation.py", "dy[:, span]",
                                               "dy[:, :stop - start]"),
    "truncation: only h is weighted": ("truncation.py", "tuple(weight * part for part in dstate)",
                                       "weight * dstate[0], *dstate[1:]"),
    "truncation: pieces walked forward": ("truncation.py", "reversed(list(pairwise(edges)))",
                                          "pairwise(edges)"),
    "truncation: nothing from the future": ("truncation.py", "out, dstate, piece)",
                                            "out, None, piece)"),
    "truncation: dx in the order of the walk": ("truncation.py", "dxs.insert(0, dx)",
                                                "dxs.append(dx)"),
    "flow: output forgotten": ("gradient_flow.py", "dstate[0] + dy[:, t]", "dstate[0] + 0"),
    "flow: output counted twice": ("gradient_flow.py", "cell, zero, dstate",
                                   "cell, dy[:, t:t + 1], dstate"),
    "flow: states of the first step": ("gradient_flow.py", "hs[t:t + 2]", "hs[:2]"),
    "flow: values of the first step": ("gradient_flow.py", "steps[t:t + 1]", "steps[:1]"),
    "flow: inputs of the first step": ("gradient_flow.py", "= xs[t:t + 1]", "= xs[:1]"),
    "flow: walks forward": ("gradient_flow.py", "reversed(range(len(xs)))", "range(len(xs))"),
    "flow: order of the walk": ("gradient_flow.py", "found.insert(0, dstate)\n        step",
                                "found.append(dstate)\n        step"),
    "flow: rows exchanged": ("gradient_flow.py", "np.split(eye,", "np.split(eye[::-1],"),
    "flow: first state ignored": ("gradient_flow.py", "x[copies], starts)", "x[copies])"),
    "flow: c before h": ("gradient_flow.py", "np.concatenate(found,",
                         "np.concatenate(found[::-1],"),
    "flow: looking leaves gradients": ("gradient_flow.py", "copy.deepcopy(cell)", "cell"),
    "flow: norms from the start": ("gradient_flow.py", "mean(axis=1)[::-1]", "mean(axis=1)"),
    "flow: norms added up": ("gradient_flow.py", "mean(axis=1)", "sum(axis=1)"),
    "loss: answer not subtracted": ("functions.py", "flat[right] -= 1 / count", "pass"),
    "loss: sum instead of mean": ("functions.py", "(1 / (total * count))", "(1 / total)"),
    "linear: bias gradient lost": ("layers.py", "self.djoint += self.x.T.dot(dy)",
                                   "self.djoint[:-1] += self.x.T.dot(dy)[:-1]"),
    "embedding: repeated ids lost": (
        "fast.py", 'np.add.at(table.ravel(order="K"), places.ravel(), rows.ravel())',
        'table.ravel(order="K")[places.ravel()] += rows.ravel()'),
    "dropout: mask forgotten": ("layers.py", "dy if self.mask is None else dy * self.mask", "dy"),
}


def agrees(package):
    """Layers, language models and dropout of a package against torch or against themselves."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    for name in ("RNN", "LSTM", "GRU", "ChoGRU", "ReluRNN"):
        ours = getattr(package, name)(3, 4, 2, bidirectional=True, rng=rng, dtype=np.float64)
        theirs = getattr(concise, name)(3, 4, 2, bidirectional=True).double()
        bridge.copy_weights(theirs, ours)
        parts = tuple(rng.normal(size=(4, 2, 4)) for _ in range(ours.cell.states))
        state = parts if len(parts) > 1 else parts[0]
        for options in ({}, {"lengths": [4, 1]}):
            x = rng.normal(size=(2, 5, 3))
            if not close(bridge.pairs(ours, theirs, x, state, **options)):
                return False
    for embed_size, vocab_size in [(None, 7), (3, 150)]:
        ours = package.RNNLM(vocab_size, embed_size, 4, rng=rng, dtype=np.float64)
        theirs = concise.RNNLM(vocab_size, embed_size, 4).double()
        bridge.copy_weights(theirs, ours)
        tokens = rng.integers(5, size=(3, 6)), rng.integers(5, size=(3, 6))
        theirs.train_step(tokens)
        for _ in range(2):                            # twice: gradients are zeroed in between
            ours.train_step(tokens)
            if not close((k, ours.grads[k], p.grad.numpy()) for k, p in theirs.named_parameters()):
                return False
        layer = ours.rnn                              # and without zeroing: added up
        y, _ = layer(rng.normal(size=(2, 3, layer.input_size)))
        layer.zero_grad()
        layer.backward(np.ones_like(y))
        once = {k: g.copy() for k, g in layer.grads.items()}
        layer.backward(np.ones_like(y))
        if not close((k, g, 2 * once[k]) for k, g in layer.grads.items()):
            return False
    drop, x = package.Dropout(0.5, rng=rng), rng.normal(size=(4, 5))
    y, dy = drop(x), rng.normal(size=(4, 5))
    return close([("dropout", (y * dy).sum(), (x * drop.backward(dy)).sum())]) and flows(package)


def flows(package):
    """Truncated backward, Jacobians, gradients of every state and their norms."""
    rng, keep = np.random.default_rng(0), np.array([1, 0.5, 0, 2, 1, 1])
    ours = package.LSTMCell(3, 4, rng=rng, dtype=np.float64)
    theirs = concise.LSTMCell(3, 4).double()
    bridge.copy_weights(theirs, ours)
    x, dy = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 6, 4))
    start, dlast = rng.normal(size=(2, 2, 2, 4))
    tx, *tstart = (torch.tensor(a, requires_grad=True) for a in (x, *start))
    ty, tlast = concise.unroll_truncated(theirs, tx, tuple(tstart), keep)
    torch.autograd.backward([ty, *tlast], [torch.tensor(a) for a in (dy, *dlast)])
    _, _, tape = package.unroll(ours, x, tuple(start))
    dx, dstart = package.truncated_backward(ours, dy, tuple(dlast), tape, keep)
    pairs = [(0, a, b.grad.numpy()) for a, b in zip((dx, *dstart), (tx, *tstart), strict=True)]
    cut = {key: grad.copy() for key, grad in ours.grads.items()}
    pairs += [(0, cut[key], value.grad.numpy()) for key, value in theirs.named_parameters()]

    first = tuple(part[:1] for part in start)
    found = package.jacobians(ours, x[0], first)
    pairs += [(0, found, concise.jacobians(theirs, torch.tensor(x[0]), tuple(
        torch.tensor(part) for part in first)).numpy())]
    pairs += [(0, ours.grads[key].copy(), cut[key]) for key in cut]    # looking has left none

    ours.zero_grad()
    dh, dc = package.state_gradients(ours, dy, tuple(dlast), tape)
    once = {key: grad.copy() for key, grad in ours.grads.items()}
    ours.zero_grad()
    _, dstart = package.unroll_backward(ours, dy, tuple(dlast), tape)
    pairs += [(0, once[key], grad) for key, grad in ours.grads.items()]
    pairs += [(0, dh[0], dstart[0]), (0, dc[0], dstart[1]), (0, dh[6], dlast[0] + dy[:, 5])]
    norms = np.hypot(np.linalg.norm(dh, axis=2), np.linalg.norm(dc, axis=2))
    pairs += [(0, package.norms_by_distance((dh, dc))[1], (norms[5, 0] + norms[5, 1]) / 2)]
    return close(pairs)


def close(pairs):
    return all(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-10)
               for _, a, b in pairs)


test_planted_errors_are_noticed = planting.noticed((scratch, MUTATIONS, agrees))
