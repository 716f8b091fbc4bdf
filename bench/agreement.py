"""Worst difference between the NumPy and the PyTorch implementation of every layer and model.

    PYTHONPATH=tests python bench/agreement.py              # 200 random cases a row, three minutes
    PYTHONPATH=tests python bench/agreement.py --cases 1000

float64; random shapes from 1 up, weights, biases, states and lengths. What is compared is what the
tests compare (their own functions are called): outputs, states, loss, and the gradients of inputs,
states and every parameter. The exit status is 1 if a difference reaches 1e-10.
"""

import argparse
import sys

import numpy as np
import test_attention
import test_captioner
import test_forecast
import test_lengths
import test_patterns
import test_seq2seq

from rnnbook import bridge, concise, scratch

ATOL = 1e-10


def worst(found):
    return max(float(abs(a - b).max()) for _, a, b in found)


def layer(name, ways):
    def case(rng):
        N, T, layers = rng.integers(1, [5, 8, 4])
        sizes = rng.integers(1, 6, 2).tolist()
        ours, theirs = test_lengths.twins(name, int(layers), ways == 2, *sizes, rng)
        state = test_lengths.random_state(ours, N, rng) if rng.random() < 0.5 else None
        x = rng.normal(size=(N, T, sizes[0]))
        options = {"lengths": rng.integers(1, T + 1, N)} if rng.random() < 0.5 else {}
        return worst(bridge.pairs(ours, theirs, x, state, **options))
    return case


def language_model(cell):
    def case(rng):
        V, E, H, layers = (int(k) for k in rng.integers(1, [9, 5, 6, 4]))
        E = E if rng.random() < 0.5 else None
        ours = scratch.RNNLM(V, E, H, cell=cell, num_layers=layers, rng=rng, dtype=np.float64)
        theirs = concise.RNNLM(V, E, H, cell=cell, num_layers=layers).double()
        bridge.copy_weights(theirs, ours)
        return worst(bridge.pairs(ours, theirs, rng.integers(V, size=rng.integers(1, 7, 2))))
    return case


def forecaster(kind):
    def case(rng):
        N, T, lags, hidden, layers = (int(k) for k in rng.integers(1, [5, 10, 6, 6, 3]))
        ours, theirs = test_forecast.twins(kind, rng, hidden, lags=lags, num_layers=layers)
        return worst(bridge.pairs(ours, theirs, rng.normal(size=(N, max(T, lags)))))
    return case


def attention(kind):
    def case(rng):
        N, T, S, Hq, Hk, Hv, A = (int(k) for k in rng.integers(1, [5, 5, 7, 5, 5, 5, 5]))
        mask = test_attention.random_mask(rng, (N, T, S)) if rng.random() < 0.5 else None
        twins = test_attention.twins(kind, Hq, Hk, A, rng)
        arrays = test_attention.inputs(kind, N, T, S, Hq, Hk, Hv, rng)
        return max(test_attention.gaps(*twins, *arrays, mask).values())
    return case


def labeller(model):
    def case(rng):
        E, H, layers = (int(k) for k in rng.integers(1, [5, 5, 3]))
        twins = test_patterns.twins(model, rng, (E, H), num_layers=layers,
                                    cell=str(rng.choice(list(scratch.rnnlm.CELLS))),
                                    bidirectional=rng.random() < 0.5)
        lengths = rng.integers(1, 7, rng.integers(1, 5))
        return max(test_patterns.gaps(*twins, test_patterns.batch_of(rng, model, lengths)).values())
    return case


def seq2seq(score):
    def case(rng):
        E, H, layers, N, S, T = (int(k) for k in rng.integers(1, [5, 5, 4, 5, 6, 6]))
        a, b = test_seq2seq.twins(
            rng, embed_size=E, hidden_size=H, cell=str(rng.choice(["rnn", "gru", "lstm"])),
            num_layers=layers, reverse=rng.random() < 0.5, peeky=rng.random() < 0.5,
            attention=score)
        return max(test_seq2seq.gaps(a, b, test_seq2seq.random_batch(rng, N, S, T)).values())
    return case


def captioner(kind):
    def case(rng):
        N, T, P, D, E, H = (int(k) for k in rng.integers(1, [5, 6, 5, 4, 4, 4]))
        data = test_captioner.batch(rng, N, T, P, D, 9)
        return test_captioner.difference(*test_captioner.twins(kind, P, D, 9, E, H), data)
    return case


CASES = {
    **{f"{name}{', both ways' * (ways - 1)}": layer(name, ways)
       for name in test_lengths.NAMES for ways in (1, 2)},
    **{f"RNNLM, {cell}": language_model(cell) for cell in scratch.rnnlm.CELLS},
    **{f"forecaster, {kind}": forecaster(kind) for kind in test_forecast.KINDS},
    **{f"attention, {kind}": attention(kind) for kind in test_attention.KINDS},
    **{name: labeller(name) for name in test_patterns.MODELS},
    **{f"captioner, {kind}": captioner(kind) for kind in test_captioner.KINDS},
    **{f"Seq2Seq, {score or 'no attention'}": seq2seq(score) for score in test_seq2seq.SCORES},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=200, help="random cases a row")
    count, failed = parser.parse_args().cases, 0
    print(f"{count} random cases a row, float64\n\n| layer or model | worst difference |")
    print("|---|---|")
    for name, case in CASES.items():
        gap = max(case(np.random.default_rng(seed)) for seed in range(count))
        failed += not gap < ATOL
        print(f"| {name} | {gap:.1e}{'' if gap < ATOL else ' TOO LARGE'} |", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
