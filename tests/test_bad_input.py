"""Bad input at the public doors: each is met by a Korean error that says what was wanted and given.

What the tests of the modules check already (NaN spins, wrong BIO tags, impossible dates …) is not
repeated here. A door is the call a reader writes; the error must not come from deep inside.
"""

import re

import matplotlib as mpl
import numpy as np
import pytest
import torch

from rnnbook import bridge, concise, datasets, pretrained, scratch
from rnnbook.bleu import corpus_bleu
from rnnbook.bpe import BPETokenizer
from rnnbook.exercises import check, find
from rnnbook.language_models import random_batches, sequential_batches
from rnnbook.metrics import accuracy, exact_match, spans
from rnnbook.ngram import NGram
from rnnbook.spectra import ngram_counts, zipf_fit
from rnnbook.tasks import adding, dates, numbers, pronunciation, recall, syllables
from rnnbook.text import JamoTokenizer, SyllableTokenizer, Vocab, WordTokenizer
from rnnbook.trainer import Trainer
from rnnbook.utf8 import ByteTokenizer

mpl.use("agg")
from rnnbook import plots

RNG = np.random.default_rng(0)
SINE = np.sin(np.arange(20.0))


def lm(**options):
    return scratch.RNNLM(5, 3, 4, rng=RNG, **options)


def gru(*sizes, **options):
    return scratch.GRU(*(sizes or (2, 3)), **({"rng": RNG} | options))


CASES = {
    # text, utf8, bpe
    "join: a token is no string": (
        lambda: SyllableTokenizer().join([1, 2]), TypeError, "문자열.*받은 것 1, 자료형 int"),
    "join: nothing to join": (
        lambda: JamoTokenizer().join(None), TypeError, "토큰은 문자열.*자료형 NoneType"),
    "join: one number": (lambda: WordTokenizer().join(3), TypeError, "받은 것 3, 자료형 int"),
    "join: bytes as numbers": (lambda: ByteTokenizer().join([72]), TypeError, "받은 것 72"),
    "join: pieces as ids": (lambda: BPETokenizer().join([7]), TypeError, "받은 것 7"),
    "vocab: a number": (lambda: Vocab(5), TypeError, "토큰은 문자열이어야 합니다: 받은 것 5"),
    "vocab: mixed tokens": (lambda: Vocab(["가", 1]), TypeError, "받은 것 1, 자료형 int"),
    "encode: rows of tokens": (
        lambda: Vocab("가나").encode([["가"], ["나"]]), TypeError, r"것 \['가'\], 자료형 list"),
    "decode: one number": (
        lambda: Vocab("가나").decode(1), TypeError, "번호는 정수의 리스트여야 합니다: 받은 것 1"),
    "decode: fractions": (lambda: Vocab("가나").decode([0.7]), TypeError, r"받은 것 \[0.7\]"),
    "vocab: an incomplete dict": (
        lambda: Vocab.from_dict({"tokens": []}), ValueError, r"tokens, unk.*받은 것 \['tokens'\]"),
    "bpe: an incomplete dict": (
        lambda: BPETokenizer.from_dict({}), ValueError, r"unit, merges, tokens.*받은 것 \[\]"),
    "bpe: no dict": (lambda: BPETokenizer.from_dict(None), ValueError, "받은 것 NoneType"),
    "bpe: a size in words": (
        lambda: BPETokenizer().fit("가나다", "백"), TypeError, "정수여야 합니다.*vocab_size='백'"),
    # n-grams, batches, spectra
    "ngram: half an order": (lambda: NGram(2.5, 9), TypeError, "정수여야.* order=2.5"),
    "ngram: fitted on letters": (lambda: NGram(2, 9).fit(["가"]), TypeError, "1차원 정수 배열"),
    "ngram: an unknown context": (
        lambda: NGram(2, 3).fit([0, 1]).probabilities([3]), ValueError, "0 이상 3 미만.*3~3"),
    "batches: half a row": (
        lambda: sequential_batches(range(20), 1.5, 2), TypeError, "정수여야.*batch_size=1.5"),
    "batches: no steps": (
        lambda: sequential_batches(range(20), 2, 0), ValueError, "1 이상.*num_steps=0"),
    "batches: letters": (lambda: sequential_batches("가나다", 1, 1), TypeError, "정수 배열이어야"),
    "batches: no rng": (
        lambda: random_batches(range(20), 2, 3, rng=None), TypeError, "rng는 .*NoneType"),
    "batches: a seed for an rng": (
        lambda: random_batches(range(20), 2, 3, rng=7), TypeError, "default_rng.*받은 자료형 int"),
    "spectra: half an n": (lambda: ngram_counts("가나다", 1.5), TypeError, "정수.*받은 값 n=1.5"),
    "spectra: no counts": (lambda: zipf_fit([]), TypeError, r"1차원 정수 배열.*받은 모양 \(0,\)"),
    # metrics, bleu
    "accuracy: rows of unlike length": (
        lambda: accuracy([[1], [1, 2]], [[1], [1, 2]]), ValueError, "길이가 다른 시퀀스"),
    "exact match: nothing": (lambda: exact_match(None, []), TypeError, "자료형 NoneType, list"),
    "spans: a number": (lambda: spans(5), TypeError, "표지의 리스트를 주어야 합니다: 받은 것 5"),
    "spans: a string": (lambda: spans("OO"), TypeError, "받은 것 'OO'"),
    "bleu: nothing": (lambda: corpus_bleu(None, None), TypeError, "받은 자료형 NoneType, NoneType"),
    "bleu: half an order": (
        lambda: corpus_bleu(["가"], [["가"]], max_order=2.5), ValueError, "정수.*받은 값 2.5"),
    # sampling, through both language models
    **{f"generate: {why} ({world})": (
        lambda call=call, model=model: call(model()), error, message)
       for why, call, error, message in [
           ("one id", lambda m: m.generate(1, 3, rng=RNG), TypeError, "번호의 리스트.*받은 것 1"),
           ("half a step", lambda m: m.generate([1], 2.5, rng=RNG), ValueError, "정수.*값 2.5"),
           ("warm", lambda m: m.generate([1], 3, temperature="높게", rng=RNG), ValueError, "높게"),
           ("half of k", lambda m: m.generate([1], 3, top_k=1.5, rng=RNG), TypeError, "top_k=1.5"),
           ("a seed", lambda m: m.generate([1], 3, rng=5), TypeError, "rng는 .*받은 자료형 int"),
           ("an unknown id", lambda m: m.generate([9], 3, rng=RNG), ValueError, "0 이상 5 미만")]
       for world, model in (("scratch", lm), ("concise", lambda: concise.RNNLM(5, 3, 4)))},
    # layers and their sizes
    "layer: no input": (lambda: gru(0, 3), ValueError, "1 이상.*받은 값 input_size=0$"),
    "layer: no hidden units": (lambda: gru(2, 0), ValueError, "1 이상.*hidden_size=0"),
    "layer: half a unit": (lambda: gru(2, 2.5), TypeError, "정수여야 .* 값 hidden_size=2.5$"),
    "layer: no layers": (lambda: gru(2, 3, 0), ValueError, "1 이상이어야.*num_layers=0"),
    "layer: no rng": (lambda: gru(rng=None), TypeError, "rng는 .*받은 자료형 NoneType"),
    "layer: words": (lambda: gru()([["가"]]), TypeError, "실수 배열이어야 합니다: 받은 자료형 <U1"),
    "layer: nothing": (lambda: gru()(None), TypeError, "실수 배열.*받은 자료형 object"),
    "concise layer: no input": (lambda: concise.GRU(0, 3), ValueError, "1 이상.*input_size=0"),
    "concise layer: no units": (lambda: concise.LSTM(2, 0), ValueError, "1 이상.*hidden_size=0"),
    "concise layer: no layers": (
        lambda: concise.PeepholeLSTM(2, 3, 0), ValueError, "1 이상.*num_layers=0"),
    "concise cell: half a unit": (lambda: concise.RNNCell(2, 2.5), TypeError, "hidden_size=2.5"),
    "linear: no input": (
        lambda: scratch.Linear(0, 3, rng=RNG), ValueError, "1 이상.*받은 값 in_features=0$"),
    "embedding: no tokens": (
        lambda: scratch.Embedding(0, 3, rng=RNG), ValueError, "1 이상.*num_embeddings=0"),
    "embedding: a seed": (lambda: scratch.Embedding(4, 3, rng=1), TypeError, "받은 자료형 int"),
    "language model: no vocabulary": (
        lambda: scratch.RNNLM(0, 3, 4, rng=RNG), ValueError, "1 이상.*num_embeddings=0"),
    # losses and optimisers
    "loss: nothing to average": (
        lambda: scratch.cross_entropy(np.zeros((0, 3)), np.zeros(0, int)), ValueError,
        r"비어 있지 않은 실수.*받은 모양 \(0, 3\)"),
    "concise loss: nothing to average": (
        lambda: concise.cross_entropy(torch.zeros(0, 3), torch.zeros(0, dtype=int)), ValueError,
        r"비었습니다: 받은 모양 \(0, 3\)"),
    "loss: whole numbers": (
        lambda: scratch.cross_entropy([[1, 2]], [0]), ValueError, "실수.*자료형 int64"),
    "optimiser: a rate in words": (
        lambda: scratch.SGD([], "0.1"), ValueError, "학습률은 양수여야 합니다: 받은 값 '0.1'"),
    "optimiser: a beta of one": (
        lambda: scratch.Adam([], betas=(1.0, 0.9)), ValueError, r"0 이상 1 미만.*\(1.0, 0.9\)"),
    "optimiser: a negative eps": (lambda: scratch.Adam([], eps=-1), ValueError, "eps는 0 이상.*-1"),
    # bridge, trainer
    "bridge: the other way round": (
        lambda: bridge.copy_weights(gru(), concise.GRU(2, 3)), TypeError, "차례로 주어야 합니다"),
    "bridge: a wrong input": (
        lambda: bridge.agree(gru(), concise.GRU(2, 3), np.zeros((1, 4, 5))), ValueError,
        r"마지막 축은 2이어야 합니다: 받은 모양 \(1, 4, 5\)"),
    "trainer: a limit of zero": (
        lambda: Trainer(lm(), None, clip=0), ValueError, "0보다 커야 합니다: 받은 값 0"),
    "trainer: a limit in words": (lambda: Trainer(lm(), None, clip="1"), ValueError, "값 '1'"),
    "trainer: half an epoch": (
        lambda: Trainer(lm(), None).fit([], epochs=1.5), TypeError, "정수여야.*epochs=1.5"),
    "trainer: a number of batches": (
        lambda: Trainer(lm(), None).fit(5, epochs=1), TypeError,
        "^train_batches는 배치를 차례로.*받은 것 5"),
    "trainer: a number of validation batches": (
        lambda: Trainer(lm(), None).fit([], 5, epochs=1), TypeError,
        "^valid_batches는 배치를 차례로.*받은 것 5"),
    # hopfield
    "hopfield: capacity without an rng": (
        lambda: scratch.hopfield.capacity(9, [2], rng=None), TypeError, "rng는 .*NoneType"),
    # tasks
    "numbers: half a pair": (
        lambda: numbers.pairs(1.5, 1, rng=RNG), TypeError, "정수여야 합니다: 받은 값 train=1.5"),
    "numbers: no rng": (lambda: numbers.pairs(9, 1, rng=None), TypeError, "받은 자료형 NoneType"),
    "dates: written from text": (
        lambda: dates.written("2024"), TypeError, "datetime.date를 주어야 합니다: 받은 자료형 str"),
    "dates: more than there are": (
        lambda: dates.pairs(73_049, 1, rng=RNG), ValueError, "개뿐입니다: 요청한 수 73,050개"),
    "pronunciation: a number": (
        lambda: pronunciation.explain(3), TypeError, "문자열.*받은 자료형 int"),
    "pronunciation: too few words": (
        lambda: pronunciation.pairs(1, 1, rng=RNG, words=["가"]), ValueError, "1개뿐입니다"),
    "adding: a seed": (lambda: adding.adding(2, 5, rng=0), TypeError, "rng는 .*받은 자료형 int"),
    "copying: half a delay": (
        lambda: recall.copying(2, 2.5, rng=RNG), TypeError, "정수여야 합니다: .*delay=2.5"),
    "recall: no rng": (lambda: recall.recall(2, 3, rng=None), TypeError, "받은 자료형 NoneType"),
    "syllables: a Latin letter": (
        lambda: syllables.syllables("가a"), ValueError, "한글 음절이 아닙니다: 받은 글자 'a'"),
    # data sets, shipped model, exercises
    "load: a number": (lambda: datasets.load(3), ValueError, "모르는 자료 이름입니다: 3"),
    "load: a seed for an rng": (
        lambda: datasets.load("numbers", 5, 5, rng=3), TypeError, "rng는 .*받은 자료형 int"),
    "load: sizes in words": (
        lambda: datasets.load("dates", "많이", 5, rng=RNG), TypeError, "받은 값 train='많이'$"),
    "pretrained: no such file": (
        lambda: pretrained.load("없는 파일.rnn"), FileNotFoundError, "없습니다: 없는 파일.rnn"),
    "exercises: no such chapter": (lambda: check("없음/문제"), KeyError, "'없음' 장에는 문제가"),
    "exercises: no such id": (lambda: find("lstm/없음"), KeyError, "'lstm/없음' 문제가 없습니다"),
    # plots
    "plot: a list of histories": (
        lambda: plots.losses([1]), TypeError, "histories 자리.*dict.*받은 자료형 list"),
    "plot: norms without names": (
        lambda: plots.gradient_norms(SINE), TypeError, "norms 자리.*받은 자료형 ndarray"),
    "plot: counts without names": (
        lambda: plots.rank_frequencies([3, 2]), TypeError, "counts 자리.*받은 자료형 list"),
    "plot: bars without names": (lambda: plots.bars([1]), TypeError, "values 자리.*dict"),
    "plot: errors of other names": (
        lambda: plots.bars({"가": 1}, errors={"나": 1}), ValueError, r"\['가'\], \['나'\]"),
    "plot: no such unit": (
        lambda: plots.states(np.zeros((2, 3)), "가나", units=[3]), ValueError, r"받은 번호 \[3\]"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_met_with_a_korean_error(case):
    call, error, message = CASES[case]
    with pytest.raises(error, match=f"(?s){message}") as caught:
        call()
    assert caught.type is error                            # not a subclass from deep inside
    assert re.search("[가-힣]{2}.*[가-힣]{2}", str(caught.value))


def test_there_are_enough_cases():
    assert len(CASES) >= 40
