"""Gradients along time and what they decide: into bench/results/bptt.json.

`gradient`: how large the gradient is that reaches an input, by distance, at initialisation.
`rnn`, `irnn`, `gru`, `lstm`: the adding problem (Hochreiter & Schmidhuber 1997) at T = 50 and 200.
Every batch is drawn afresh; a run has solved it when the mean squared error of its last 100 batches
is below 0.01 (always answering 1 gives 0.167), and None says that 5,000 updates were not enough.
The rate of each cell was chosen beforehand, on seed 0 at T = 50: of 0.001, 0.003 and 0.01 the one
that solved it first. The plain RNN solved it with none of them, and has the one that ended nearest
(0.103).

    python bench/bptt.py                # about 5 CPU minutes on one core
    python bench/bptt.py gradient       # only this one
    python bench/bptt.py --small        # seconds, writes nothing
"""

import record

record.one_thread()

from functools import partial

import numpy as np

from reach import LENGTH, reach
from rnnbook.scratch.gru import GRU
from rnnbook.scratch.layers import Linear
from rnnbook.scratch.lstm import LSTM
from rnnbook.scratch.optim import Adam
from rnnbook.scratch.rnn import RNN
from rnnbook.scratch.rnn_variants import ReluRNN
from rnnbook.tasks.adding import adding

SEEDS, measure = record.SEEDS, record.measure
CELLS = {"rnn": (RNN, "RNN"), "irnn": (ReluRNN, "항등 행렬에서 시작한 ReLU RNN"),
         "gru": (GRU, "GRU"), "lstm": (LSTM, "LSTM(망각 편향 1)")}
DISTANCES = (1, 2, 5, 10, 20, 50, 100, 200)
LENGTHS = (50, 200)
RATES = {"rnn": 0.003, "irnn": 0.001, "gru": 0.01, "lstm": 0.01}
UPDATES, SOLVED, RECENT, BATCH, HIDDEN = 5000, 0.01, 100, 32, 32


def build(cell, input_size, hidden_size, rng, dtype=np.float32):
    layer = CELLS[cell][0](input_size, hidden_size, rng=rng, dtype=dtype)
    if cell == "lstm":
        layer.fill_bias("f", 1)
    if cell == "irnn":                          # Le, Jaitly & Hinton (2015)
        layer.params["weight_hh_l0"][:] = np.eye(hidden_size)
        layer.params["weight_ih_l0"][:] = rng.normal(size=(hidden_size, input_size)) * 0.001
        layer.params["bias_ih_l0"][:] = layer.params["bias_hh_l0"][:] = 0
    return layer


def gradient(small):
    """The exponent of ten, relative to the nearest input."""
    results, hidden = {}, 8 if small else 64
    for cell, (_, name) in CELLS.items():
        runs = []
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            layer = build(cell, 16, hidden, rng, np.float64)
            runs.append(reach(layer, rng.normal(size=(8, LENGTH, 16)), DISTANCES, rng))
        for k in DISTANCES:
            results[f"gradient.{cell}.{k}"] = measure(
                f"{k}시점 앞의 입력에 닿는 기울기의 크기(10의 지수), {name}",
                [np.log10(run[k]) for run in runs], 1, "")
    return results


def solve(cell, length, seed, updates, rate):
    """(updates until the adding problem is solved or None, error of the last batches)."""
    rng = np.random.default_rng(seed)
    layer = build(cell, 2, HIDDEN, rng)
    head = Linear(HIDDEN, 1, rng=rng)
    adam, losses = Adam(layer.parameters() + head.parameters(), rate), []
    for step in range(updates):
        x, target = adding(BATCH, length, rng=rng)
        for part in (layer, head):
            part.zero_grad()
        y, _ = layer(x)
        error = head(y[:, -1]) - target
        losses.append(float(np.mean(error * error)))
        recent = np.mean(losses[-RECENT:])
        if step >= RECENT and recent < SOLVED:
            return step + 1, recent
        dy = np.zeros_like(y)
        dy[:, -1] = head.backward(2 * error / BATCH)
        layer.backward(dy)
        for part in (layer, head):
            part.clip_grad_norm(1.0)
        adam.step()
    return None, recent


def adding_problem(cell, small):
    results, updates, name = {}, 20 if small else UPDATES, CELLS[cell][1]
    for length in (10,) if small else LENGTHS:
        runs = [solve(cell, length, seed, updates, RATES[cell]) for seed in SEEDS]
        steps, errors = zip(*runs, strict=True)
        results[f"adding.{cell}.{length}"] = measure(
            f"길이 {length}인 덧셈 문제를 풀 때까지 갱신한 횟수({updates:,}번까지), {name}",
            steps, 0, "번")
        results[f"error.{cell}.{length}"] = measure(
            f"길이 {length}인 덧셈 문제에서 끝낼 때의 평균 제곱 오차, {name}", errors, 3, "")
    return results


TITLE = "시간 펼침 역전파"
EXPERIMENTS = {"gradient": gradient} | {cell: partial(adding_problem, cell) for cell in CELLS}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
