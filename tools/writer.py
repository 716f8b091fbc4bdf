"""Train the model of the live writer and put it in one small file.

    python tools/writer.py train                     # the shipped model, data/writer.rnn
    python tools/writer.py train --small --out FILE  # seconds, a bad writer: does it still run?
    python tools/writer.py show [FILE]               # provenance and three generations

Trained on the training part of 작은 이야기; the held-out part is only measured.  The file holds
6-bit integers and float32 scales (rnnbook/pretrained.py), about 0.6 MB.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from rnnbook import datasets, pretrained
from rnnbook.language_models import bits_per_char, sequential_batches
from rnnbook.scratch.optim import Adam
from rnnbook.scratch.rnnlm import RNNLM
from rnnbook.text import SyllableTokenizer, Vocab
from rnnbook.trainer import Trainer

SIZES = {"embed_size": 128, "hidden_size": 256}
DROPOUT = 0.5
PHASES = [(8, 0.005), (3, 0.0015), (1, 0.0004)]      # (epochs, learning rate of Adam)
BATCH, STEPS, CLIP = 8, 32, 1.0
SMALL = {"embed_size": 24, "hidden_size": 32}
SMALL_PHASES = [(1, 0.01)]
SMALL_TEXT = 6000
SEED = 1
UNITS = 24                                           # rows of the writer's gate strips
OPENINGS = ("옛날 어느 마을에", "아침이 되자 아이는", "“할머니,")


def stories():
    data, tokenize = datasets.load("stories"), SyllableTokenizer().split
    vocab = Vocab(tokenize(data.train))
    train, valid = (np.array(vocab.encode(tokenize(text))) for text in (data.train, data.valid))
    return data.card, vocab, train, valid


def build(vocab, sizes, seed):
    rng = np.random.default_rng(seed)
    model = RNNLM(len(vocab), **sizes, dropout=DROPOUT, rng=rng)
    model.rnn.fill_bias("f", 1)
    model.embedding.weight *= model.embedding.weight.dtype.type(0.1)
    return model


def held_out_bits(model, valid):
    """Bits per character with the state carried through the whole text."""
    total, count, state = 0.0, 0, None
    for x, y in sequential_batches(valid, 4, 128):
        loss, state = model.evaluate((x, y), state)
        total, count = total + loss * y.size, count + y.size
    return bits_per_char(total / count)


def spread_units(model, ids):
    """Units for the strips: evenly spread over all of them, from long memory to short."""
    order = np.argsort(-pretrained.trace(model, ids)["f"].mean(axis=0), kind="stable")
    places = np.linspace(0, len(order) - 1, min(UNITS, len(order))).round().astype(int)
    return [int(unit) for unit in order[places]]


def train(out, *, small=False, phases=None, seed=SEED, command=""):
    card, vocab, train_ids, valid = stories()
    sizes, phases = (SMALL, phases or SMALL_PHASES) if small else (SIZES, phases or PHASES)
    model = build(vocab, sizes, seed)
    batches = sequential_batches(train_ids[:SMALL_TEXT] if small else train_ids, BATCH, STEPS)
    start = time.process_time()
    for epochs, lr in phases:
        trainer = Trainer(model, Adam(model.parameters(), lr), clip=CLIP)
        for _ in range(epochs):
            history = trainer.fit(batches, epochs=1, carry_state=True, progress=False)
            print(f"lr {lr:g}: {history.train[-1]:.3f} nats, "
                  f"held out {held_out_bits(model, valid):.3f} bits", flush=True)
    about = {
        "command": command, "corpus": card["title"], "corpus_sha256": card["sha256"], "seed": seed,
        "phases": phases, "dropout": DROPOUT, "batch": [BATCH, STEPS],
        "cpu_minutes": round((time.process_time() - start) / 60, 1),
        "units": spread_units(model, valid[:4000]),
    }
    exact = held_out_bits(model, valid)
    rounded = held_out_bits(pretrained.unpack(pretrained.pack(model, vocab, about))[0], valid)
    about["held_out_bits"] = round(rounded, 3)
    pretrained.save(out, model, vocab, about)
    print(f"{out}: {Path(out).stat().st_size:,} bytes; held out {exact:.3f} bits, "
          f"{rounded:.3f} after rounding to {2 * pretrained.LEVELS + 1} levels")
    return model, vocab


def show(path):
    model, vocab = pretrained.load(path)
    for key, value in pretrained.about(path).items():
        print(f"{key}: {value}")
    for seed, opening in enumerate(OPENINGS, start=1):
        ids = vocab.encode(list("\n" + opening))
        new = model.generate(ids, 160, temperature=0.7, rng=np.random.default_rng(seed))
        print(f"\n[{opening}]" + "".join(vocab.decode(new)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    parts = verbs.add_parser("train")
    parts.add_argument("--out", type=Path, default=pretrained.SHIPPED)
    parts.add_argument("--small", action="store_true")
    parts.add_argument("--epochs", type=int, help="epochs of the first phase, for a trial run")
    parts.add_argument("--seed", type=int, default=SEED)
    verbs.add_parser("show").add_argument("file", type=Path, nargs="?")
    options = parser.parse_args()
    if options.verb == "show":
        show(options.file)
        return
    phases = None
    if options.epochs:
        base = SMALL_PHASES if options.small else PHASES
        phases = [(options.epochs, base[0][1]), *base[1:]]
    words = [f"--epochs {options.epochs}"] * bool(options.epochs) + ["--small"] * options.small
    words += [f"--seed {options.seed}"] * (options.seed != SEED)
    train(options.out, small=options.small, phases=phases, seed=options.seed,
          command=" ".join(["python tools/writer.py train", *words]))


if __name__ == "__main__":
    main()
