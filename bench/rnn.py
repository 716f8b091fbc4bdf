"""The Time Machine at the setting of Dive into Deep Learning, into bench/results/rnn.json.

Characters, V = 28; the first 10,000 windows of 32 for training, the next 5,000 for validation,
batches of 1,024 windows, H = 32, one layer on one-hot inputs, gradients clipped to norm 1.

The learning rate and how long to train were fixed before the measured runs, on a seed that is not
among them (`choice`): the rate whose lowest validation loss in 32 epochs is lowest on the average
of the three cells, and the first epoch that comes within 0.005 nats of that lowest. So the choice
has seen the validation windows; the 5,000 windows after them are measured too, and no choice saw
those. The book's code runs beside ours (d2l_models.py), with its own rates and epochs.

    python bench/rnn.py                 # about 8 CPU minutes on one core
    python bench/rnn.py --small         # seconds, writes nothing
"""

import record

record.one_thread()

import re
from functools import partial

import numpy as np
import torch

import d2l_models
from rnnbook import concise as torch_models
from rnnbook import datasets
from rnnbook.language_models import Batches, perplexity
from rnnbook.scratch.optim import Adam
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.text import Vocab
from rnnbook.trainer import Trainer

SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
STEPS, HIDDEN, CLIP = 32, 32, 1.0
CELLS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
SLACK = 0.005                                                       # nats
RATES = (0.01, 0.02, 0.03)
RATE, EPOCHS = 0.02, {"rnn": 18, "lstm": 17, "gru": 11}             # Adam: ours, of `choice`
D2L = {"rnn": (1.0, 100), "lstm": (4.0, 50), "gru": (4.0, 50)}      # SGD: the book's


class Windows:
    """Every window of the text that starts in a range; x and y are one token apart."""

    def __init__(self, small):
        text = letters(small)
        self.vocab = Vocab(list(text))
        self.ids = np.array(self.vocab.encode(list(text)))
        self.batch = 64 if small else 1024
        first, last = (100, 150) if small else (10_000, 15_000)
        self.train, self.valid = (0, first), (first, last)
        self.later = last + STEPS, last + STEPS + (last - first)

    def batches(self, part, rng=None):
        """Batches of (x, y), each (N, T), in a new random order every time if there is an rng."""
        starts = np.arange(*part)

        def make():
            order = starts if rng is None else rng.permutation(starts)
            for k in range(0, len(order), self.batch):
                window = order[k:k + self.batch, None] + np.arange(STEPS)
                yield self.ids[window], self.ids[window + 1]

        return Batches(make, -(-len(starts) // self.batch))

    def perplexity(self, model, part):
        total = sum(model.evaluate(batch)[0] * len(batch[0]) for batch in self.batches(part))
        return perplexity(total / (part[1] - part[0]))


def letters(small):
    """The Time Machine in lower case, every run of other characters one space."""
    if small:
        rng = np.random.default_rng(0)
        return "".join(rng.choice(["the ", "time ", "of ", "traveller "], size=100))
    text = datasets.load("timemachine", cache=record.cache()).text
    return re.sub("[^A-Za-z]+", " ", text).lower()


def ours(data, cell, seed):
    rng = np.random.default_rng(seed)
    model = RNNLM(len(data.vocab), None, HIDDEN, cell=cell, rng=rng)
    return model, Adam(model.parameters(), RATE), EPOCHS[cell]


def ours_in_torch(data, cell, seed):
    torch.manual_seed(seed)
    model = torch_models.RNNLM(len(data.vocab), None, HIDDEN, cell=cell)
    return model, torch.optim.Adam(model.parameters(), RATE), EPOCHS[cell]


def the_book(data, cell, seed):
    torch.manual_seed(seed)
    model = d2l_models.LanguageModel(len(data.vocab), HIDDEN, cell)
    rate, epochs = D2L[cell]
    return model, torch.optim.SGD(model.parameters(), rate), epochs


KINDS = {"scratch": ("NumPy 구현", ours), "concise": ("PyTorch 구현", ours_in_torch),
         "d2l": ("D2L의 코드", the_book)}


def perplexities(cell, small):
    """Perplexities, and CPU seconds of training: who is compared runs in turn, seed by seed."""
    data, results, runs = Windows(small), {}, {kind: [] for kind in KINDS}
    for seed in SEEDS:
        for kind, (_, build) in KINDS.items():
            model, optimizer, epochs = build(data, cell, seed)
            batches = data.batches(data.train, np.random.default_rng(seed))
            seconds = cpu(Trainer(model, optimizer, clip=CLIP).fit, batches,
                          epochs=2 if small else epochs, progress=False)[1]
            runs[kind].append([data.perplexity(model, data.valid),
                               data.perplexity(model, data.later), seconds, epochs])
            print(f"  seed {seed} {kind}: {runs[kind][-1]}", flush=True)
    for kind, (label, _) in KINDS.items():
        valid, later, seconds, epochs = zip(*runs[kind], strict=True)
        where = f"{CELLS[cell]}, {label}, {epochs[0]}에포크"
        for key, what, column, digits, unit in (
                ("valid", "검증 퍼플렉시티", valid, 2, ""),
                ("later", "검증 자료 뒤의 창 5,000개에서 잰 퍼플렉시티", later, 2, ""),
                ("seconds", "학습에 든 CPU 시간", seconds, 1, "초")):
            results[f"{key}.{kind}.{cell}"] = measure(
                f"『타임머신』, {what}, {where}", column, digits, unit)
    return results


def choice(small):
    """The rate, and how long to train: see the head of this file."""
    data, results = Windows(small), {}
    for rate in RATES:
        for cell, name in CELLS.items():
            model = ours(data, cell, 0)[0]
            history = Trainer(model, Adam(model.parameters(), rate), clip=CLIP).fit(
                data.batches(data.train, np.random.default_rng(0)), data.batches(data.valid),
                epochs=2 if small else 32, progress=False)
            loss, where = np.array(history.valid), f"학습률 {rate}, 시드 0, {name}"
            results[f"choice.perplexity.{cell}.{rate}"] = measure(
                f"『타임머신』, 가장 낮은 검증 퍼플렉시티, {where}",
                [perplexity(loss.min())], 2, "")
            results[f"choice.epoch.{cell}.{rate}"] = measure(
                f"검증 손실이 가장 낮은 값에 처음으로 {SLACK} nat 안까지 다가간 에포크, {where}",
                [1 + np.argmax(loss <= loss.min() + SLACK)], 0, "")
    return results


TITLE = "순환 신경망"
EXPERIMENTS = {"choice": choice} | {cell: partial(perplexities, cell) for cell in CELLS}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
