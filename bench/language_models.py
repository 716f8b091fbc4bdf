"""Every measurement the language-model chapter states, into bench/results/language_models.json.

작은 이야기 as syllables, split by story. What there is to choose (k of add-k, the weights of
Jelinek-Mercer, the best order) is chosen on the last tenth of the training part, counted on the
rest; then the whole training part is counted and the held-out stories are measured. No seed can
change that.

    python bench/language_models.py             # about 4 CPU minutes on one core
    python bench/language_models.py smoothing   # only this one
    python bench/language_models.py --small     # seconds, writes nothing
"""

import record

record.one_thread()

import runpy
from pathlib import Path

import numpy as np

from rnnbook.language_models import bits_per_char, random_batches, sequential_batches
from rnnbook.ngram import NGram, interpolation_weights
from rnnbook.scratch import RNNLM, Adam
from rnnbook.smoothing import (
    AbsoluteDiscount,
    JelinekMercer,
    KneserNey,
    Laplace,
    ModifiedKneserNey,
)
from rnnbook.trainer import Trainer

SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
WRITER = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "writer.py"))
ORDERS = range(1, 8)
K = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)


class Stories:
    """작은 이야기 as syllable numbers."""

    def __init__(self, small):
        _, vocab, train, valid = WRITER["stories"]()
        self.size = len(vocab)
        self.train, self.valid = (train[:4000], valid[:1500]) if small else (train, valid)
        cut = len(self.train) * 9 // 10
        self.inner = self.train[:cut], self.train[cut:]

    def bits(self, order, smoothing, train, valid):
        return bits_per_char(NGram(order, self.size, smoothing).fit(train).loss(valid))


# --- each smoothing at each order -----------------------------------------------------------------

def add_k(data, order):
    return Laplace(min(K, key=lambda k: data.bits(order, Laplace(k), *data.inner)))


def interpolated(data, order):
    return JelinekMercer(interpolation_weights(order, data.size, *data.inner))


SMOOTHINGS = {
    "laplace": ("라플라스", lambda data, order: Laplace()),
    "add_k": ("k 더하기", add_k),
    "jelinek_mercer": ("Jelinek–Mercer", interpolated),
    "absolute": ("절대 할인", lambda data, order: AbsoluteDiscount()),
    "kneser_ney": ("Kneser–Ney", lambda data, order: KneserNey()),
    "modified": ("수정 Kneser–Ney", lambda data, order: ModifiedKneserNey()),
}


def smoothing(small):
    """Held-out bits per character of every smoothing at every order, and what was chosen."""
    data, results = Stories(small), {}
    for name, (label, choose) in SMOOTHINGS.items():
        bits, inner = {}, {}
        for order in ORDERS[:3] if small else ORDERS:
            chosen = choose(data, order)
            inner[order] = data.bits(order, chosen, *data.inner)
            bits[order] = data.bits(order, chosen, data.train, data.valid)
            results[f"bpc.{name}.{order}"] = measure(
                f"검증 자료의 글자당 비트, {label}, {order}-그램", [bits[order]], 2, "비트")
            if name == "add_k":
                results[f"k.{order}"] = measure(f"고른 k, {order}-그램", [chosen.k], 3, "")
        best = min(inner, key=inner.get)
        results[f"best.{name}"] = measure(
            f"검증 자료의 글자당 비트, {label}, 고른 n", [bits[best]], 2, "비트")
        results[f"order.{name}"] = measure(f"고른 n, {label}", [best], 0, "")
        results[f"perplexity.{name}"] = measure(
            f"검증 자료의 퍼플렉시티, {label}, 고른 n", [2 ** bits[best]], 1, "")
        if name == "jelinek_mercer":
            for k, weight in enumerate(chosen.weights, start=1):
                results[f"weight.{k}"] = measure(f"{k}-그램의 가중치 λ", [weight], 2, "")
    return results


# --- how the text is cut into batches -------------------------------------------------------------

BATCHES = {
    "carried": ("차례로 읽으며 상태를 넘김", sequential_batches, True),
    "reset": ("차례로 읽되 상태를 넘기지 않음", sequential_batches, False),
    "random": ("무작위로 자름", random_batches, False),
}


def batching(small):
    """One LSTM, the same number of updates; held-out stories read with the state carried."""
    data, results, epochs = Stories(small), {}, 1 if small else 2
    for name, (label, cut, carry) in BATCHES.items():
        bits, seconds = [], []
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            model = RNNLM(data.size, 64, 128, rng=rng)
            model.rnn.fill_bias("f", 1)
            options = {"rng": rng} if cut is random_batches else {}
            trainer = Trainer(model, Adam(model.parameters(), 0.005), clip=1.0)
            _, spent = cpu(trainer.fit, cut(data.train, 8, 32, **options), epochs=epochs,
                           carry_state=carry, progress=False)
            bits.append(WRITER["held_out_bits"](model, data.valid))
            seconds.append(spent)
        results[f"batches.{name}"] = measure(
            f"검증 자료의 글자당 비트, LSTM, {label}, {epochs}에포크", bits, 2, "비트")
        results[f"seconds.{name}"] = measure(
            f"학습에 든 CPU 시간, LSTM, {label}, {epochs}에포크", seconds, 0, "초")
    return results


TITLE = "언어 모형"
EXPERIMENTS = {"smoothing": smoothing, "batching": batching}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
