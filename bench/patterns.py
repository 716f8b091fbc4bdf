"""Every measurement of the chapter `patterns`, into bench/results/patterns.json.

    python bench/patterns.py                # all of them (about 30 CPU minutes on one core)
    python bench/patterns.py spacing upos   # only these; the others keep their recorded values
    python bench/patterns.py --small        # seconds each, writes nothing: does each still run?

Every choice below (features, sizes, rates, rounds) was made on held-out parts of the training
data, while the learning rate still fell along a line; now it falls along half a cosine, as in the
other chapters (record.fit), with the same rates and rounds. The small runs read 작은 이야기 only.
"""

import record

record.one_thread()

from collections import Counter
from itertools import chain, pairwise

import numpy as np

from rnnbook import datasets
from rnnbook.batching import bucketed_batches
from rnnbook.features import affixes, encode, ngrams, shorten
from rnnbook.metrics import accuracy, boundary_f1
from rnnbook.scratch import patterns
from rnnbook.scratch.optim import Adam
from rnnbook.text import Vocab

TITLE = "입출력 유형"
SEEDS, measure, cpu = record.SEEDS, record.measure, record.cpu
CLIP = 5.0
SMALL = 0.03, 3, 32             # like the other schedules: learning rate, rounds, batch size


def trained(world, name, sizes, options, data, schedule, *, seed, small):
    """A model of one world, trained on data = (sequences, answers).

    The small runs compute in float64: another CPU's rounding must not show in their scores.
    """
    rng = np.random.default_rng(seed)
    if world == "scratch":
        model = getattr(patterns, name)(*sizes, **options, rng=rng,
                                        dtype=np.float64 if small else np.float32)
        optimizer = Adam(small_start(model).parameters())
    else:
        model, optimizer = twin(name, sizes, options, seed, small)
    rate, rounds, batch_size = SMALL if small else schedule
    record.fit(model, optimizer, bucketed_batches(*data, batch_size, rng=rng), rounds, rate, CLIP)
    return model


def twin(name, sizes, options, seed, small):
    import torch

    from rnnbook.concise import patterns as concise

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    model = small_start(getattr(concise, name)(*sizes, **options))
    model = model.double() if small else model
    return model, torch.optim.Adam(model.parameters())


def small_start(model):
    """Embeddings a tenth as large: sums of several begin near 0."""
    state = model.state_dict()
    state["embedding.weight"] = state["embedding.weight"] * 0.1
    model.load_state_dict(state)
    return model


def seeds(*args, **kwargs):
    """(the models of all seeds, the CPU minutes of each)."""
    models, seconds = zip(*(cpu(trained, *args, seed=seed, **kwargs) for seed in SEEDS),
                          strict=True)
    return models, [s / 60 for s in seconds]


def predictions(model, sequences):
    """What the model answers, in the order of the sequences."""
    found = [None] * len(sequences)
    for tokens, places, lengths in bucketed_batches(sequences, range(len(sequences)), 500):
        answers = model.predict(tokens, lengths)
        for place, answer, length in zip(places, answers, lengths, strict=True):
            found[place] = answer[:length] if answer.ndim else answer
    return found


# --- one answer for a sequence: NSMC --------------------------------------------------------------

HELD_OUT = 5000         # of the training reviews: the choices were made on these


class Reviews:
    """Train, valid and test as (texts, labels); small: which lines of the stories are speech?"""

    def __init__(self, small):
        if small:
            lines = [line for line in datasets.load("stories").train.split("\n") if line]
            rows = [(line.strip("“”"), int(line[0] == "“")) for line in lines[:1400]]
            train, test, held_out = rows[:1000], rows[1000:], 400
        else:
            data, held_out = datasets.load("nsmc", cache=record.cache()), HELD_OUT
            train, test = data.train, data.test
        order = np.random.default_rng(0).permutation(len(train))
        train = [train[i] for i in order]
        self.texts, self.labels = {}, {}
        for name, part in (("valid", train[:held_out]), ("train", train[held_out:]),
                           ("test", test)):
            self.texts[name] = [shorten(" ".join(text.split())) for text, _ in part]
            self.labels[name] = np.array([label for _, label in part])
        seen = {text for text, _ in train}
        self.new = np.array([text not in seen for text, _ in test])

    def encoded(self, split, min_count):
        """(sequences of every part, vocabulary size); split turns a text into rows of tokens."""
        rows = chain.from_iterable(map(split, self.texts["train"]))
        vocab = Vocab(chain.from_iterable(rows), min_count=min_count)
        return {name: [encode(split(text), vocab) for text in texts]
                for name, texts in self.texts.items()}, len(vocab)


def words(text):
    return [[word] for word in text.split()]


def trigrams(text):
    return ngrams(text, 3)


INPUTS = {"words": (words, 2), "ngrams": (trigrams, 20)}       # the least count of a token
BAG = {"dropout": 0.5}
BAG_SCHEDULE = 0.004, 3, 256
LSTM = {"cell": "lstm", "bidirectional": True, "pool": "max", "dropout": 0.5}
LSTM_SCHEDULE = 0.003, 2, 128


def judged(models, reviews, sequences, minutes, key, label):
    """Accuracy on test, on the test reviews that are not in train, on valid; CPU minutes."""
    runs = {"test": [], "new": [], "valid": []}
    for model in models:
        right = np.array(predictions(model, sequences["test"])) == reviews.labels["test"]
        runs["test"].append(100 * right.mean())
        runs["new"].append(100 * right[reviews.new].mean())
        right = np.array(predictions(model, sequences["valid"])) == reviews.labels["valid"]
        runs["valid"].append(100 * right.mean())
    what = {"test": "시험 자료의 정확도", "new": "학습 자료에 없는 시험 자료의 정확도",
            "valid": "검증 자료의 정확도"}
    return {**{f"nsmc.{key}.{part}": measure(f"영화평 감성 분류: {what[part]}, {label}",
                                             runs[part], 2, "%") for part in runs},
            f"nsmc.{key}.minutes": measure(
                f"영화평 감성 분류: 학습에 든 CPU 시간, {label}", minutes, 1, "분")}


def bags(small):
    """Bags of words and of n-grams."""
    reviews, results = Reviews(small), {}
    for key, label in (("words", "어절 가방"), ("ngrams", "n-그램 가방")):
        (sequences, size), ready = cpu(reviews.encoded, *INPUTS[key])
        models, minutes = seeds("scratch", "BagClassifier", (size, 32, 2), BAG,
                                (sequences["train"], reviews.labels["train"]), BAG_SCHEDULE,
                                small=small)
        minutes = [ready / 60 + m for m in minutes]
        results |= judged(models, reviews, sequences, minutes, key, label)
    return results


def recurrent(small, world="scratch", key="lstm", label="양방향 LSTM, NumPy 구현"):
    """The same n-grams read in their order."""
    reviews = Reviews(small)
    (sequences, size), ready = cpu(reviews.encoded, *INPUTS["ngrams"])
    models, minutes = seeds(world, "SequenceClassifier", (size, 64, 64, 2), LSTM,
                            (sequences["train"], reviews.labels["train"]), LSTM_SCHEDULE,
                            small=small)
    return judged(models, reviews, sequences, [ready / 60 + m for m in minutes], key, label)


def concise(small):
    return recurrent(small, "concise", "concise", "양방향 LSTM, PyTorch 구현")


# --- one answer for every token: spaces -----------------------------------------------------------

TAGGER = {"bidirectional": True, "dropout": 0.5}
SPACING_SCHEDULE = 0.005, 8, 32


class Spaces:
    """Lines without their spaces; the answer is 1 where a space followed."""

    def __init__(self, text):
        self.lines, self.answers = [], []
        for line in text.split("\n"):
            if line := line.strip():
                letters = line.replace(" ", "")
                ends = np.cumsum([len(word) for word in line.split()])[:-1]
                answer = np.zeros(len(letters), int)
                answer[ends - 1] = 1
                self.lines.append(letters)
                self.answers.append(answer)


def space_baseline(train, test):
    """What is more frequent after this letter and before that one; else after this letter."""
    counts = Counter()
    for line, answer in zip(train.lines, train.answers, strict=True):
        for (a, b), space in zip(pairwise(line + "\n"), answer, strict=True):
            for context in (a + b, a):
                counts[context] += 1 if space else -1
    return [np.array([int((counts[a + b] or counts[a]) > 0) for a, b in pairwise(line + "\n")])
            for line in test.lines]


def spacing(small):
    """작은 이야기: where do the spaces go?"""
    data = datasets.load("stories")
    train, test = Spaces(data.train), Spaces(data.valid)
    if small:
        train.lines, train.answers = train.lines[:300], train.answers[:300]
        test.lines, test.answers = test.lines[:100], test.answers[:100]
    vocab = Vocab(chain.from_iterable(chain.from_iterable(map(trigrams, train.lines))),
                  min_count=2)
    sequences, unseen = ([encode(trigrams(line), vocab) for line in part.lines]
                         for part in (train, test))

    models, minutes = seeds("scratch", "SequenceTagger", (len(vocab), 64, 64, 2), TAGGER,
                            (sequences, train.answers), SPACING_SCHEDULE, small=small)
    target = np.concatenate(test.answers)

    def score(answers):
        return boundary_f1(np.concatenate(answers), target)

    scores = {"baseline": [score(space_baseline(train, test))],
              "tagger": [score(predictions(model, unseen)) for model in models]}
    labels = {"baseline": "앞뒤 글자로 정하는 기준선", "tagger": "양방향 LSTM"}
    results = {f"spacing.{key}.{part}": measure(f"띄어쓰기 복원: 빈칸의 {name}, {labels[key]}",
                                                [100 * getattr(s, part) for s in scores[key]],
                                                1, "%")
               for key in scores
               for part, name in (("f1", "F1"), ("precision", "정밀도"), ("recall", "재현율"))}
    return results | {"spacing.minutes": measure(
        "띄어쓰기 복원: 학습에 든 CPU 시간", minutes, 1, "분")}


# --- one answer for every token: parts of speech --------------------------------------------------

UPOS_SCHEDULE = 0.004, 8, 32


def tagged(small):
    """(train, test) sentences; small: is the word the last of its line?"""
    if not small:
        data = datasets.load("ud_korean_gsd", cache=record.cache())
        return data.train, data.test
    lines = [line.split() for line in datasets.load("stories").train.split("\n") if line]
    rows = [(line, ["안"] * (len(line) - 1) + ["끝"]) for line in lines[:400]]
    return rows[:300], rows[300:]


def tag_baseline(train, test):
    """The most frequent tag of a word; of all words, for one never seen."""
    counts = {}
    for words_, tags in train:
        for word, tag in zip(words_, tags, strict=True):
            counts.setdefault(word, Counter())[tag] += 1
    usual = sum(counts.values(), Counter()).most_common(1)[0][0]
    best = {word: tally.most_common(1)[0][0] for word, tally in counts.items()}
    return [[best.get(word, usual) for word in words_] for words_, _ in test]


def pieces(words_):
    return [affixes(word, 3) for word in words_]


def upos(small):
    """UD Korean-GSD: the part of speech of every 어절."""
    train, test = tagged(small)
    names = Vocab(list(chain.from_iterable(tags for _, tags in train)), unk=None)
    rows = [pieces(words_) for words_, _ in train]
    vocab = Vocab(chain.from_iterable(chain.from_iterable(rows)), min_count=2)
    data = [encode(row, vocab) for row in rows], [names.encode(tags) for _, tags in train]
    unseen = [encode(pieces(words_), vocab) for words_, _ in test]
    target = list(chain.from_iterable(tags for _, tags in test))
    known = {word for words_, _ in train for word in words_}
    new = np.array([word not in known for words_, _ in test for word in words_])

    def scored(runs, key, label):
        runs = [list(chain.from_iterable(tags)) for tags in runs]
        return {f"upos.{key}": measure(f"품사 태깅: 정확도, {label}",
                                       [100 * accuracy(tags, target) for tags in runs], 1, "%"),
                f"upos.{key}.new": measure(
                    f"품사 태깅: 학습 자료에 없는 낱말의 정확도, {label}",
                    [100 * accuracy(tags, target, new) for tags in runs], 1, "%")}

    results = scored([tag_baseline(train, test)], "baseline", "낱말마다 가장 잦은 품사")
    for world, label in (("scratch", "양방향 LSTM, NumPy 구현"),
                         ("concise", "양방향 LSTM, PyTorch 구현")):
        models, minutes = seeds(world, "SequenceTagger", (len(vocab), 128, 128, len(names)),
                                TAGGER, data, UPOS_SCHEDULE, small=small)
        found = [map(names.decode, predictions(model, unseen)) for model in models]
        results |= scored(found, world, label)
        results[f"upos.{world}.minutes"] = measure(
            f"품사 태깅: 학습에 든 CPU 시간, {label}", minutes, 1, "분")
    # not measured here: CoNLL 2018 shared task, ko_gsd, UPOS from raw text, system UDPipe Future
    # (quoted in github.com/Orange-OpenSource/UDParse, doc/conll18_UPOS.md)
    results["upos.published"] = measure(
        "품사 태깅: 발표된 F1, UDPipe 2 시제품(Straka, 2018), "
        "미리 학습한 단어 벡터와 양방향 LSTM, 토큰 나누기까지 포함, UD 2.2", [96.13], 1, "%")
    return results


EXPERIMENTS = {"bags": bags, "recurrent": recurrent, "concise": concise,
               "spacing": spacing, "upos": upos}

if __name__ == "__main__":
    record.main(__file__, TITLE, EXPERIMENTS)
