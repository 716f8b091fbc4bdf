"""The tests of the pattern models can fail: each error planted in a copy is caught."""

import numpy as np
import planting
from test_patterns import MODELS, batch_of, gaps, twins

from rnnbook import scratch

MUTATIONS = {
    "pool: last off by one": ("pooling.py", "np.repeat(lengths - 1, H",
                              "np.repeat(lengths - 2, H"),
    "pool: last of the padding": ("pooling.py", "np.repeat(lengths - 1, H, axis=2)",
                                  "np.full((N, 1, H), T - 1)"),
    "pool: the way back read at its beginning": ("pooling.py", "last[..., H // 2:] = 0", "pass"),
    "pool: the halves exchanged": ("pooling.py", "last[..., H // 2:] = 0",
                                   "last[..., :H // 2] = 0"),
    "pool: mean over the padding": ("pooling.py", "weights = inside / lengths",
                                    "weights = inside / T"),
    "pool: mean with the padding": ("pooling.py", "weights = inside / lengths",
                                    "weights = (steps >= 0) / lengths"),
    "pool: sum for mean": ("pooling.py", "weights = inside / lengths", "weights = inside * 1.0"),
    "pool: one step too many": ("pooling.py", "inside = steps < lengths",
                                "inside = steps <= lengths"),
    "pool: one step too few": ("pooling.py", "inside = steps < lengths",
                               "inside = steps < np.maximum(lengths - 1, 1)"),
    "pool: max of the padding": ("pooling.py", "np.where(inside, y, -np.inf)", "y"),
    "pool: zero in the padding": ("pooling.py", "np.where(inside, y, -np.inf)",
                                  "np.where(inside, y, 0)"),
    "pool: min for max": ("pooling.py", "np.where(inside, y, -np.inf).argmax(axis=1)",
                          "np.where(inside, y, np.inf).argmin(axis=1)"),
    "pool: gradient to every step": ("pooling.py", "dy[:, None] * self.weights",
                                     "dy[:, None] * (self.weights > -1)"),
    "labeller: the first token only": ("labeller.py", "x.sum(axis=2)", "x[:, :, 0]"),
    "labeller: mean of the tokens": ("labeller.py", "x.sum(axis=2)", "x.mean(axis=2)"),
    "labeller: gradient to one token": (
        "labeller.py", "dx = np.broadcast_to(dx[:, :, None], shape)",
        "dx = np.eye(1, shape[2])[0, :, None] * dx[:, :, None]"),
    "labeller: gradient shared out": ("labeller.py", "np.broadcast_to(dx[:, :, None], shape)",
                                      "np.broadcast_to(dx[:, :, None] / shape[2], shape)"),
    "labeller: mask ignored": ("labeller.py", "known = answers != NO_ANSWER",
                               "answers = np.maximum(answers, 0); known = answers >= 0"),
    "labeller: answer 0 taken for none": ("labeller.py", "known = answers != NO_ANSWER",
                                          "known = answers > 0; known.flat[0] = True"),
    "labeller: gradients not zeroed": ("labeller.py", "        self.zero_grad()\n", ""),
    "labeller: lengths lost": ("labeller.py", "logits = self(tokens, lengths)\n        loss",
                               "logits = self(tokens)\n        loss"),
    "labeller: gradient where no answer is": ("labeller.py", "dlogits[known] = rows",
                                              "dlogits[:] = 1; dlogits[known] = rows"),
    "labeller: gradients of other answers": ("labeller.py", "dlogits[known] = rows",
                                             "dlogits[known] = rows[::-1]"),
    "labeller: no way back": ("labeller.py", "        self.backward(dlogits)\n", ""),
    "patterns: rnn without lengths": ("patterns.py", "self.rnn(x, lengths=lengths)[0]",
                                      "self.rnn(x)[0]"),
    "patterns: pool without lengths": (
        "patterns.py", "self.pool(self.read(tokens, lengths), lengths)",
        "self.pool(self.read(tokens, lengths))"),
    "patterns: bag without lengths": ("patterns.py", "self.pool(x, lengths)", "self.pool(x)"),
    "patterns: pool takes one way": ("patterns.py",
                                     "Pool(pool, bidirectional=bidirectional)", "Pool(pool)"),
    "patterns: embedding of the reader not trained": (
        "patterns.py", "dx, _ = self.rnn.backward(dy)\n        self.embedding.backward(",
        "dx, _ = self.rnn.backward(dy)\n        (lambda x: x)("),
    "patterns: embedding of the bag not trained": (
        "patterns.py", "head.backward(dlogits))\n        self.embedding.backward(",
        "head.backward(dlogits))\n        (lambda x: x)("),
    "patterns: bag keeps the largest": ("patterns.py", 'Pool("mean")', 'Pool("max")'),
    "patterns: head does not reach the bag": (
        "patterns.py", "self.pool.backward(self.head.backward(dlogits))",
        "self.pool.backward(0 * self.head.backward(dlogits))"),
    "patterns: gradient doubled behind the pool": (
        "patterns.py", "self.read_backward(self.pool.backward(dy))",
        "self.read_backward(2 * self.pool.backward(dy))"),
    "patterns: tagger without lengths": (
        "patterns.py", "y = self.read(tokens, lengths)\n        return self.head",
        "y = self.read(tokens)\n        return self.head"),
    "patterns: tagger's gradient turned": ("patterns.py", "self.read_backward(dy)",
                                           "self.read_backward(dy[:, ::-1])"),
}


def agrees(package):
    """Every model of a package, twice without a pause, against its twin."""
    rng = np.random.default_rng(3)
    for model in MODELS:
        for both, places in ((True, 3), (False, None)):
            ours, theirs = twins(model, rng, package=package, bidirectional=both)
            for _ in range(2):
                batch = batch_of(rng, model, [3, 5, 1], places)
                if max(gaps(ours, theirs, batch).values()) > 1e-10:
                    return False
    return True


test_planted_errors_are_noticed = planting.noticed((scratch, MUTATIONS, agrees))
