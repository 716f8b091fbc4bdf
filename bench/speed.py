"""Speed of the scratch package against torch.nn, the code of D2L and its own matrix products.

    python bench/speed.py              # every case
    python bench/speed.py b/lstm gen   # cases whose name contains one of the words
    python bench/speed.py --rounds 5
    python bench/speed.py --record     # three runs of every case, for the results page

One thread. CPU time (the machine may be shared). Every round times each contender once, one after
the other, and the ratio is taken inside the round; the table shows min / median / max of those.
A step is embedding or one-hot, forward, loss, backward and SGD. torch.nn
has no cell of Cho's GRU, with peepholes or with coupled gates: there our PyTorch implementation, a
loop over time, stands in. "Ceiling" is the matrix products of that step and nothing else, in NumPy,
on preallocated contiguous arrays. "D2L" is the scratch code of Dive into Deep Learning
(d2l_models.py): one layer, a loop over time, torch's autograd.
"""

import argparse
import math
import statistics
import sys
import time

import record

record.one_thread()

import numpy as np
import torch
from torch.nn import functional as F

import d2l_models
from rnnbook import bridge, concise, scratch

GATES = {"rnn": 1, "relu": 1, "gru": 3, "lstm": 4}
VARIANTS = {"cho": 3, "peephole": 4, "coupled": 3}      # no torch.nn: our twin, a loop over time
SIZES = {   # V, E, H, N, T, layers
    "a": (28, None, 32, 1024, 32, 1),
    "b": (2000, 128, 256, 32, 35, 1),
    "c": (10000, 100, 100, 20, 35, 1),
    "batch1": (65, None, 100, 1, 25, 1),
    "H650x2": (10000, 650, 650, 20, 35, 2),
}
# case -> (bar against torch.nn, bar against the ceiling)
BARS = {
    **{f"{size}/{cell}": (1.0, share) if cell in GATES else (None, None)
       for size, share in {"a": 0.55, "b": 0.75, "c": 0.75}.items()
       for cell in [*GATES, *VARIANTS]},
    "batch1/rnn": (5.0, None), "H650x2/lstm": (1.0, None),
    "generate/rnn": (1.0, None), "generate/gru": (1.0, None), "generate/lstm": (1.0, None),
    "attention/decoder": (1.0, None), "attention/self": (1.0, None), "attention/step": (1.0, None),
}
ATTENTIONS = {   # N, T, S, D: dates at their setting, a sequence on itself, one query at a time
    "decoder": (128, 10, 29, 256), "self": (32, 64, 64, 64), "step": (64, 1, 29, 128),
}


def models(cell, V, E, H, layers):
    """The same weights twice."""
    ours = scratch.RNNLM(V, E, H, cell=cell, num_layers=layers, rng=np.random.default_rng(0))
    torch.manual_seed(0)
    theirs = concise.RNNLM(V, E, H, cell=cell, num_layers=layers)
    bridge.copy_weights(theirs, ours)
    return ours, theirs


def products(cell, V, E, H, N, T, layers):
    """The matrix products of one training step, and nothing else."""
    G, rows, rng = (GATES | VARIANTS)[cell], N * T, np.random.default_rng(0)

    def array(*shape):
        return rng.standard_normal(shape, dtype=np.float32)

    sizes = [E or V] + [H] * (layers - 1)
    x = [array(rows, D) for D in sizes]
    w_ih, w_hh = [array(D, G * H) for D in sizes], array(H, G * H)
    w_back = np.ascontiguousarray(w_hh.T)
    h, da, w_out, dlogits = array(rows, H), array(rows, G * H), array(H, V), array(rows, V)
    out = {(m, n): np.empty((m, n), np.float32) for m, n in [
        (rows, G * H), (N, G * H), (N, H), (H, G * H), (rows, V), (H, V), (rows, H),
        *((D, G * H) for D in sizes), *((rows, D) for D in sizes)]}

    def dot(a, b):
        np.dot(a, b, out=out[len(a), b.shape[1]])

    def run():
        for k in range(layers):
            dot(x[k], w_ih[k])
            for t in range(T):
                dot(h[t * N:(t + 1) * N], w_hh)
            for t in range(T):
                dot(da[t * N:(t + 1) * N], w_back)
            dot(h.T, da)
            dot(x[k].T, da)
            if E or k:
                dot(da, w_ih[k].T)
        dot(h, w_out)
        dot(h.T, dlogits)
        dot(dlogits, w_out.T)
    return run


def training(cell, V, E, H, N, T, layers):
    """Contenders of one training step."""
    ours, theirs = models(cell, V, E, H, layers)
    sgd = scratch.SGD(ours.parameters(), 0.01)
    torch_sgd = torch.optim.SGD(theirs.parameters(), 0.01)
    rng = np.random.default_rng(1)
    x, y = rng.integers(V, size=(2, N, T))
    tx, ty = torch.tensor(x), torch.tensor(y)

    def numpy_step():
        ours.train_step((x, y))
        sgd.step()

    def torch_step():               # plain torch.nn, without the book's input checks
        torch_sgd.zero_grad()
        vectors = theirs.embedding(tx) if E else F.one_hot(tx, V).float()
        logits = theirs.head(theirs.rnn(vectors)[0])
        F.cross_entropy(logits.flatten(0, 1), ty.flatten()).backward()
        torch_sgd.step()
    contenders = {"scratch": numpy_step, "torch": torch_step,
                  "ceiling": products(cell, V, E, H, N, T, layers)}
    if layers == 1 and cell in d2l_models.STEPS:
        peer = d2l_models.LanguageModel(V, H, cell, E)
        peer_sgd = torch.optim.SGD(peer.parameters(), 0.01)

        def peer_step():
            peer.train_step((tx, ty))
            peer_sgd.step()
        contenders["d2l"] = peer_step
    return contenders


def generation(cell):
    """Contenders of writing 200 characters, one at a time."""
    ours, theirs = models(cell, 65, 64, 256, 1)
    rng = np.random.default_rng(0)

    @torch.no_grad()
    def torch_generate():           # plain torch.nn, without the book's input checks
        token, state = torch.zeros(1, 1, dtype=torch.int64), None
        for _ in range(200):
            y, state = theirs.rnn(theirs.embedding(token), state)
            token = torch.multinomial(theirs.head(y)[0].softmax(dim=1), 1)

    return {"scratch": lambda: ours.generate([0], 200, rng=rng), "torch": torch_generate}


def attention(N, T, S, D):
    """Contenders of scaled dot-product attention, forward and backward.

    Ours gives the weights too. torch gets the layout (N, 1, T, D) in which it is fastest.
    """
    rng, ours = np.random.default_rng(0), scratch.DotProductAttention(scaled=True)
    query, key, value, dcontext = (rng.standard_normal((N, length, D), dtype=np.float32)
                                   for length in (T, S, S, T))
    tensors = [torch.tensor(x[:, None], requires_grad=True) for x in (query, key, value)]
    tdcontext = torch.tensor(dcontext[:, None])

    def numpy_attention():
        ours(query, key, value)
        ours.backward(dcontext)

    def torch_attention():
        for tensor in tensors:
            tensor.grad = None
        F.scaled_dot_product_attention(*tensors).backward(tdcontext)

    return {"scratch": numpy_attention, "torch": torch_attention}


def measure(contenders, rounds):
    """CPU seconds: {name: [one per round]}. Short runs are repeated to last ≥ 20 ms a round.

    Where every contender is done in 5 ms, the rounds are cheap and scatter more: 5 times as many.
    """
    repeats = {}
    for name, run in contenders.items():
        run()
        start = time.process_time()
        run()
        repeats[name] = max(1, round(0.02 / max(time.process_time() - start, 1e-6)))
    seconds = {name: [] for name in contenders}
    rounds *= 5 if min(repeats.values()) >= 4 else 1
    for k in range(rounds):
        order = list(contenders)
        for name in order[k % len(order):] + order[:k % len(order)]:
            start = time.process_time()
            for _ in range(repeats[name]):
                contenders[name]()
            seconds[name].append((time.process_time() - start) / repeats[name])
    return seconds


def seconds(case, rounds):
    """{contender: CPU seconds, one per round} of a case of BARS."""
    size, cell = case.split("/")
    if size == "attention":
        contenders = attention(*ATTENTIONS[cell])
    elif size == "generate":
        contenders = generation(cell)
    else:
        contenders = training(cell, *SIZES[size])
    return measure(contenders, rounds)


def label(case):
    """A case in the words of the results page."""
    size, cell = case.split("/")
    if size == "attention":
        return "어텐션, N={}, T={}, S={}, D={}".format(*ATTENTIONS[cell])
    if size == "generate":
        return f"{cell.upper()}, 한 글자씩 200글자 쓰기"
    V, E, H, N, T, layers = SIZES[size]
    words = f"E={E}" if E else "원-핫"
    return f"{cell.upper()}, V={V}, {words}, H={H}, N={N}, T={T}, {layers}층"


def speed(small):
    """For the results page: how many times as fast as torch.nn, each run the median of 9 rounds."""
    found = {}
    for case in ["batch1/rnn"] if small else BARS:
        runs = [seconds(case, 3 if small else 9) for _ in record.SEEDS]
        ours = case.split("/")[1] in VARIANTS
        for key, whom in {"torch": "우리 PyTorch 구현" if ours else "torch.nn",
                          "d2l": "D2L의 코드"}.items():
            if key in runs[0]:
                ratios = [spread(s[key], s["scratch"])[1] for s in runs]
                found[f"{key}.{case.replace('/', '.')}"] = record.measure(
                    f"NumPy 구현이 {whom}보다 몇 배 빠른가, {label(case)}", ratios, 2, "배")
    return found


TITLE, EXPERIMENTS = "빠르기", {"speed": speed}


def spread(top, bottom):
    ratios = [a / b for a, b in zip(top, bottom, strict=True)]
    return min(ratios), statistics.median(ratios), max(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="only cases whose name contains one of these")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--record", action="store_true", help="into bench/results/speed.json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.record:
        return record.main(__file__, TITLE, EXPERIMENTS, [], flags=" --record")
    print(f"numpy {np.__version__}, torch {torch.__version__}, one thread, CPU time, "
          f"{options.rounds} rounds, min/median/max of ratios inside a round\n")
    print("| case | scratch ms | torch.nn ms | torch / scratch | bar | ceiling / scratch | bar "
          "| D2L / scratch | |")
    print("|---|---|---|---|---|---|---|---|---|")
    failed = 0
    for case, (bar, ceiling_bar) in BARS.items():
        if options.words and not any(word in case for word in options.words):
            continue
        s = seconds(case, options.rounds)
        ms = {name: 1e3 * statistics.median(values) for name, values in s.items()}
        cells, below = [], False
        for name, least in ("torch", bar), ("ceiling", ceiling_bar), ("d2l", None):
            low, middle, high = spread(s[name], s["scratch"]) if name in s else 3 * [math.nan]
            cells += [f"{low:.2f} / **{middle:.2f}** / {high:.2f}" if name in s else "",
                      f"≥ {least}" if least else ""]
            below |= least is not None and not middle >= least
        print(f"| {case} | {ms['scratch']:.2f} | {ms['torch']:.2f} | {' | '.join(cells[:-1])} "
              f"| {'BELOW' if below else 'ok'} |", flush=True)
        failed += below
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
