"""Every measurement of picture captions, into bench/results/captions.json.

The chapters patterns and attention state them. Each seed draws its own scenes, weights and order of
batches. Two sets are described: new scenes of combinations that were seen, and scenes with a
combination of colour and shape that never was. The learning rate falls along half a cosine; rates
and numbers of epochs were chosen on new scenes of seed 11, which no result uses.

    python bench/captions.py                # all of them
    python bench/captions.py soft           # only this one; the others keep their recorded values
    python bench/captions.py --small        # seconds each, writes nothing: does each still run?
"""

import record

record.one_thread()

from functools import partial

import numpy as np

from rnnbook import captions
from rnnbook.bleu import corpus_bleu
from rnnbook.metrics import exact_match
from rnnbook.scratch.captioner import Captioner
from rnnbook.scratch.optim import Adam
from rnnbook.scratch.visual_attention import VisualCaptioner
from rnnbook.tasks import scenes
from rnnbook.text_pairs import batches

SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
SCENES, TESTED, BATCH, CLIP, EMBED, HIDDEN = 3000, 300, 64, 5.0, 32, 64
LONGEST = 20                                  # words a caption may have
# kind -> (label, learning rate, epochs)
KINDS = {"plain": ("어텐션 없음", 0.001, 100), "soft": ("소프트 어텐션", 0.003, 20),
         "hard": ("하드 어텐션", 0.002, 100)}
SETS = {"new": "본 조합의 새 장면", "unseen": "못 본 조합의 장면"}


class Data:
    """Scenes of one seed: training, new ones of seen combinations, and unseen combinations."""

    def __init__(self, seed, small):
        self.rng = np.random.default_rng(seed)
        count, tested = (40, 10) if small else (SCENES, TESTED)
        made = scenes.pairs(count + tested, tested, rng=self.rng)
        self.train = made.train[:count]
        self.sets = {"new": made.train[count:], "unseen": made.test}
        self.vocab = captions.vocabulary(self.train)
        self.data = captions.encode(self.train, self.vocab)
        self.sizes = *self.data.source.shape[1:], len(self.vocab), EMBED, HIDDEN

    def scores(self, model):
        """{set: (exact match in %, BLEU, nats per word)} of what the model writes."""
        found = {}
        for name, pairs in self.sets.items():
            given = captions.encode(pairs, self.vocab)
            ids = model.describe(given.source, max_steps=LONGEST)
            texts = [captions.decode(row, self.vocab) for row in ids]
            found[name] = *score(texts, pairs), model.evaluate(given)[0]
        return found


def score(written, pairs):
    texts = [text for _, text in pairs]
    return 100 * exact_match(written, texts), corpus_bleu(written, [texts])


def scratch(kind, data):
    if kind == "plain":
        model = Captioner(*data.sizes, rng=data.rng)
    else:
        model = VisualCaptioner(*data.sizes, hard=kind == "hard", rng=data.rng)
    return model, Adam(model.parameters())


def concise(kind, data):
    import torch

    from rnnbook.concise.captioner import Captioner
    from rnnbook.concise.visual_attention import VisualCaptioner

    torch.manual_seed(int(data.rng.integers(2**31)))
    torch.set_num_threads(1)
    if kind == "plain":
        model = Captioner(*data.sizes)
    else:
        model = VisualCaptioner(*data.sizes, hard=kind == "hard", rng=data.rng)
    return model, torch.optim.Adam(model.parameters())


def captioner(kind, build, name, small):
    """Exact match, BLEU and loss on both sets, and the CPU seconds of training, over the seeds.

    The small run leaves out BLEU: a model that learned nothing yet writes what rounding decides.
    """
    label, rate, epochs = KINDS[kind]
    epochs, found, seconds = 2 if small else epochs, [], []
    for seed in SEEDS:
        data = Data(seed, small)
        model, optimizer = build(kind, data)
        chunks = batches(data.data, BATCH, rng=data.rng)
        seconds.append(cpu(record.fit, model, optimizer, chunks, epochs, rate, CLIP)[1])
        found.append(data.scores(model))
        print(f"  {kind} seed {seed}: {found[-1]}, {seconds[-1]:.0f} s", flush=True)
    where, key = f"{label}, {name}, {epochs}에포크", f"{kind}.{build.__name__}"
    results = {f"seconds.{key}": measure(f"학습에 든 CPU 시간, {where}", seconds, 0, "초")}
    for part, what in SETS.items():
        exact, bleu, loss = zip(*(scores[part] for scores in found), strict=True)
        results |= {f"exact.{key}.{part}": measure(f"완전 일치, {what}, {where}", exact, 1, "%"),
                    f"loss.{key}.{part}": measure(f"토큰당 손실, {what}, {where}", loss, 4, "nat")}
        if not small:
            results[f"bleu.{key}.{part}"] = measure(f"BLEU, {what}, {where}", bleu, 1, "")
    return results


def nearest(small):
    """The caption of the training picture with the least squared difference."""
    found = []
    for seed in SEEDS:
        data = Data(seed, small)
        known = data.data.source.reshape(len(data.train), -1)
        sizes, scores = (known * known).sum(axis=1), {}
        for name, pairs in data.sets.items():
            asked = captions.encode(pairs, data.vocab).source.reshape(len(pairs), -1)
            best = (sizes - 2 * asked @ known.T).argmin(axis=1)
            scores[name] = score([data.train[k][1] for k in best], pairs)
        found.append(scores)
    return {f"bleu.nearest.{part}": measure(
        f"BLEU, {what}, 가장 비슷한 학습 그림의 설명", [scores[part][1] for scores in found], 1, "")
        for part, what in SETS.items()}


TITLE = "그림 설명"
EXPERIMENTS = {"nearest": nearest} | {
    kind: partial(captioner, kind, scratch, "NumPy 구현") for kind in KINDS} | {
    f"{kind}_concise": partial(captioner, kind, concise, "PyTorch 구현") for kind in KINDS}


if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
