"""Every measurement the LSTM chapter states, into bench/results/lstm.json.

Three seeds each; what no seed can change (n-grams, sizes) is measured once.

    python bench/lstm.py                    # all of them (about 40 CPU minutes on one core)
    python bench/lstm.py recall gates       # only these; the others keep their recorded values
    python bench/lstm.py --small            # seconds each, writes nothing: does each still run?
"""

import record

record.one_thread()

import runpy
from pathlib import Path

import numpy as np

from reach import LENGTH, reach
from rnnbook import datasets, pretrained
from rnnbook.language_models import bits_per_char, sequential_batches
from rnnbook.ngram import NGram
from rnnbook.scratch.functions import cross_entropy
from rnnbook.scratch.layers import Linear
from rnnbook.scratch.lstm import LSTM
from rnnbook.scratch.optim import Adam
from rnnbook.scratch.rnn import RNN
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.trainer import Trainer

SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
CELLS = {"rnn": RNN, "lstm": LSTM}


# The model of the chapter is the live writer's: one recipe, in tools/writer.py.
RECIPE = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "writer.py"))
held_out_bits = RECIPE["held_out_bits"]


class Stories:
    """작은 이야기 as syllable numbers, split by story."""

    def __init__(self, small):
        _, self.vocab, self.train, self.valid = RECIPE["stories"]()
        self.valid_text = datasets.load("stories").valid
        if small:
            self.train, self.valid = self.train[:4000], self.valid[:1500]
            self.valid_text = self.valid_text[:1500]


def fit(model, adam, data, phases):
    """Small batches: on a text this short the number of updates counts more than their noise."""
    batches = sequential_batches(data.train, RECIPE["BATCH"], RECIPE["STEPS"])
    for epochs, lr in phases:
        Trainer(model, adam(model.parameters(), lr), clip=RECIPE["CLIP"]).fit(
            batches, epochs=epochs, carry_state=True, progress=False)
    return model


# --- the chapter's model: scratch, concise, n-gram ------------------------------------------------

def scratch_model(seed, data, phases):
    return fit(RECIPE["build"](data.vocab, RECIPE["SIZES"], seed), Adam, data, phases)


def concise_model(seed, data, phases):
    import torch

    from rnnbook.concise.rnnlm import RNNLM as ConciseLM

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model = ConciseLM(len(data.vocab), **RECIPE["SIZES"], dropout=RECIPE["DROPOUT"])
    model.rnn.fill_bias("f", 1)
    with torch.no_grad():
        model.embedding.weight *= 0.1
    return fit(model, torch.optim.Adam, data, phases)


def ngrams(data):
    orders = {}
    for order in range(1, 8):
        model = NGram(order, len(data.vocab)).fit(data.train)
        orders[order] = bits_per_char(model.loss(data.valid))
    best = min(orders, key=orders.get)
    results = {f"ngram.{n}": measure(f"검증 자료의 글자당 비트, {n}-그램", [bits], 2, "비트")
               for n, bits in orders.items()}
    results["ngram.best"] = measure(
        "검증 자료의 글자당 비트, 가장 좋은 n-그램", [orders[best]], 2, "비트")
    results["ngram.order"] = measure("가장 좋은 n-그램의 n", [best], 0, "")
    return results


def language_model(small, name, build, label):
    """Held-out bits per character and CPU minutes of the chapter's model, over the seeds."""
    data, bits, minutes, models = Stories(small), [], [], []
    for seed in SEEDS:
        model, seconds = cpu(build, seed, data, [(1, 0.005)] if small else RECIPE["PHASES"])
        models.append(model)
        minutes.append(seconds / 60)
        bits.append(held_out_bits(models[-1], data.valid))
        print(f"  {name} seed {seed}: {bits[-1]:.3f} bits, {minutes[-1]:.1f} CPU min", flush=True)
    label += f", {sum(epochs for epochs, _ in RECIPE['PHASES'])}에포크"
    return models, data, {
        f"bpc.{name}": measure(f"검증 자료의 글자당 비트, {label}", bits, 2, "비트"),
        f"minutes.{name}": measure(f"학습에 든 CPU 시간, {label}", minutes, 1, "분")}


def scratch(small):
    """The scratch model, the n-grams beside it, and what its cells and gradients do."""
    models, data, results = language_model(small, "scratch", scratch_model, "NumPy 구현")
    return results | ngrams(data) | units(models, data) | reach_trained(models, data)


def concise(small):
    return language_model(small, "concise", concise_model, "PyTorch 구현")[2]


# --- what single cells learned --------------------------------------------------------------------

def features(text):
    """Facts about each character that one cell might track."""
    inside, depth, since = [], 0, []
    for char in text:
        depth = 1 if char == "“" else 0 if char in "”\n" else depth
        inside.append(depth)
        since.append(0 if char in ".?!\n" or not since else since[-1] + 1)
    return np.array(inside, float), np.array(since, float)


def auc(score, label):
    """The chance that a character inside scores above one outside (ties count half)."""
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    n1 = label.sum()
    return (ranks[label == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * (len(label) - n1))


def units(models, data):
    """Choose the best cell on one half of the held-out text, report it on the other half."""
    text = data.valid_text[:200 if len(data.valid) < 2000 else 12000]
    ids, half = data.valid[:len(text)], len(text) // 2
    inside, since = features(text)
    names = {"quote": "따옴표 안팎을 가르는 셀 상태 성분의 AUC, 학습한 모형",
             "length": "문장 안의 자리와 셀 상태 성분의 상관계수, 학습한 모형",
             "quote_untrained": "따옴표 안팎을 가르는 셀 상태 성분의 AUC, 학습하지 않은 모형"}
    runs = {name: [] for name in names}
    for seed, model in zip(SEEDS, models, strict=True):
        fresh = RECIPE["build"](data.vocab, RECIPE["SIZES"], seed)
        for name, source in (("quote", model), ("quote_untrained", fresh)):
            c = pretrained.trace(source, ids)["c"]
            scores = [auc(c[:half, k], inside[:half]) for k in range(c.shape[1])]
            k = int(np.argmax(np.abs(np.array(scores) - 0.5)))
            value = auc(c[half:, k], inside[half:])
            runs[name].append(value if scores[k] > 0.5 else 1 - value)
            if name == "quote":
                corr = [abs(np.corrcoef(column, since[:half])[0, 1]) for column in c[:half].T]
                j = int(np.argmax(corr))
                runs["length"].append(abs(np.corrcoef(c[half:, j], since[half:])[0, 1]))
                print(f"  seed {seed}: quote unit {k} {runs['quote'][-1]:.3f}, length unit {j}")
    return {f"units.{name}": measure(what, runs[name], 2, "") for name, what in names.items()}


# --- how far the gradient reaches -----------------------------------------------------------------

DISTANCES = (10, 50, 100, 200)


def gradient(small):
    """At initialisation: RNN, and LSTM with forget biases 0, 1, 3. Records the exponent of ten."""
    results, hidden = {}, 8 if small else 64
    for name, label in (("rnn", "RNN"), ("lstm0", "LSTM(망각 편향 0)"),
                        ("lstm1", "LSTM(망각 편향 1)"), ("lstm3", "LSTM(망각 편향 3)")):
        runs = []
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            layer = CELLS[name.rstrip("013")](16, hidden, rng=rng, dtype=np.float64)
            if name != "rnn":
                layer.fill_bias("f", int(name[-1]))
            runs.append(reach(layer, rng.normal(size=(8, LENGTH, 16)), DISTANCES, rng))
        for k in DISTANCES:
            results[f"gradient.{name}.{k}"] = measure(
                f"{k}시점 앞의 입력에 닿는 기울기의 크기(10의 지수), {label}",
                [np.log10(r[k]) for r in runs], 1, "")
    return results


def reach_trained(models, data):
    """The same in the trained language model, on held-out text."""
    ids = data.valid[:min(8, len(data.valid) // LENGTH) * LENGTH].reshape(-1, LENGTH)
    results, runs = {}, []
    for seed, model in zip(SEEDS, models, strict=True):
        model.eval()
        runs.append(reach(model.rnn, model.embedding(ids), DISTANCES, np.random.default_rng(seed)))
    for k in DISTANCES:
        results[f"gradient.trained.{k}"] = measure(
            f"{k}시점 앞의 입력에 닿는 기울기의 크기(10의 지수), 학습한 LSTM",
            [np.log10(r[k]) for r in runs], 1, "")
    return results


# --- recall: the first symbol must be named after T steps of noise --------------------------------

SYMBOLS = 8


def recall_run(cell, bias, length, seed, steps):
    """Batches read until 100 in a row are answered right to 99 %; None if that never happens."""
    rng = np.random.default_rng(seed)
    layer = CELLS[cell](2 * SYMBOLS, 32, rng=rng)
    if cell == "lstm":
        layer.fill_bias("f", bias)
    head = Linear(32, SYMBOLS, rng=rng)
    optimizer, recent = Adam(layer.parameters() + head.parameters(), 0.005), []
    for step in range(steps):
        tokens = rng.integers(SYMBOLS, 2 * SYMBOLS, size=(64, length))
        tokens[:, 0] = rng.integers(SYMBOLS, size=64)       # what must be remembered
        for part in (layer, head):
            part.zero_grad()
        y, _ = layer(tokens)
        logits = head(y[:, -1])
        _, dlogits = cross_entropy(logits, tokens[:, 0])
        recent.append((logits.argmax(axis=1) == tokens[:, 0]).mean())
        if np.mean(recent[-100:]) > 0.99 and step >= 100:
            return step + 1
        dy = np.zeros_like(y)
        dy[:, -1] = head.backward(dlogits)
        layer.backward(dy)
        for part in (layer, head):
            part.clip_grad_norm(1.0)
        optimizer.step()
    return None


def recall(small):
    results, steps = {}, 30 if small else 1000
    for length in (10,) if small else (20, 50, 100):
        for name, cell, bias in (("rnn", "rnn", None), ("lstm0", "lstm", 0), ("lstm1", "lstm", 1),
                                 ("lstm3", "lstm", 3), ("lstm5", "lstm", 5)):
            runs = [recall_run(cell, bias, length, seed, steps) for seed in SEEDS]
            label = "RNN" if cell == "rnn" else f"LSTM(망각 편향 {bias})"
            results[f"recall.{name}.{length}"] = measure(
                f"길이 {length}에서 첫 기호를 맞힐 때까지 읽은 배치({steps:,}개까지), {label}",
                runs, 0, "개")
            print(f"  {name} T={length}: {runs}", flush=True)
    return results


# --- gates held, variants -------------------------------------------------------------------------

ABLATIONS = {
    "full": "LSTM",
    "f1": "LSTM(망각 게이트를 연 채로)", "f0": "LSTM(망각 게이트를 닫은 채로)",
    "i1": "LSTM(입력 게이트를 연 채로)", "i0": "LSTM(입력 게이트를 닫은 채로)",
    "o1": "LSTM(출력 게이트를 연 채로)", "o0": "LSTM(출력 게이트를 닫은 채로)",
    "peephole": "LSTM(엿보기 연결)", "coupled": "LSTM(결합 게이트)", "rnn": "기본 RNN",
}


def gates(small):
    """Each gate held open or shut, and the variants, on the stories at equal width and budget."""
    data, results, epochs = Stories(small), {}, 1 if small else 2
    for name, label in ABLATIONS.items():
        runs, seconds = [], []
        for seed in SEEDS:
            cell = name if name in ("peephole", "coupled", "rnn") else "lstm"
            model = RNNLM(len(data.vocab), 64, 128, cell=cell, rng=np.random.default_rng(seed))
            if cell != "rnn":
                model.rnn.fill_bias("f", 1)
            if cell == "lstm" and name != "full":
                model.rnn.hold(name[0], int(name[1]))
            seconds.append(cpu(fit, model, Adam, data, [(epochs, 0.005)])[1])
            runs.append(held_out_bits(model, data.valid))
        size = sum(value.size for value in model.rnn.params.values())
        results[f"gates.{name}"] = measure(
            f"검증 자료의 글자당 비트, {label}, {epochs}에포크", runs, 2, "비트")
        results[f"size.{name}"] = measure(f"순환층의 매개변수 수, {label}", [size], 0, "개")
        results[f"seconds.{name}"] = measure(
            f"학습에 든 CPU 시간, {label}, {epochs}에포크", seconds, 0, "초")
        print(f"  {name}: {np.round(runs, 3)} bits, {np.round(seconds, 1)} s", flush=True)
    return results


# --- who closes the quotation mark ----------------------------------------------------------------

def paired(text):
    """The share of quotation marks that open and close properly within their paragraph."""
    good = total = 0
    for line in text.split("\n"):
        opened = False
        for char in line:
            if char == "“":
                total, opened = total + 1, True
            elif char == "”":
                good, total, opened = good + opened, total + (not opened), False
    return 100 * good / max(1, total)


def quotes(small):
    """What the shipped model and the best n-gram write by themselves, at temperature 1."""
    data, length, order = Stories(small), 200 if small else 6000, 5
    model, vocab = pretrained.load()
    ngram = NGram(order, len(data.vocab)).fit(data.train)
    runs = {"lstm": [], "ngram": []}
    for seed in SEEDS:
        rng, ids = np.random.default_rng(seed), list(data.valid[:order])
        new = model.generate(vocab.encode(["\n"]), length, rng=rng)
        runs["lstm"].append(paired("".join(vocab.decode(new))))
        for _ in range(length):
            p = ngram.probabilities(ids[1 - order:])
            ids.append(int(rng.choice(len(p), p=p / p.sum())))
        runs["ngram"].append(paired("".join(data.vocab.decode(ids[order:]))))
        print(f"  seed {seed}: LSTM {runs['lstm'][-1]:.1f} %, n-gram {runs['ngram'][-1]:.1f} %")
    return {f"quotes.{name}": measure(f"스스로 쓴 글에서 바르게 여닫은 따옴표의 비율, {label}",
                                      runs[name], 0, "%")
            for name, label in (("lstm", "LSTM"), ("ngram", f"{order}-그램"))}


TITLE = "LSTM"
EXPERIMENTS = {"gradient": gradient, "recall": recall, "gates": gates,
               "scratch": scratch, "concise": concise, "quotes": quotes}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
