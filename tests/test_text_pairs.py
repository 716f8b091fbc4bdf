"""Pairs of texts as numbered, padded batches; what the encoder is given to read."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import text_pairs
from rnnbook.batching import NO_ANSWER
from rnnbook.seq2seq_inputs import arrange, read
from rnnbook.tasks import addition, dates, numbers, pronunciation
from rnnbook.text import JamoTokenizer, WordTokenizer
from rnnbook.text_pairs import BOS, EOS, PAD, UNK, Batch, batches, encode, vocabularies

PAIRS = [("12", "십이"), ("5", "오"), ("120", "백이십"), ("2", "이")]


def test_special_tokens_have_the_same_numbers_everywhere():
    for vocab in vocabularies(PAIRS):
        assert vocab.tokens[:4] == ["<unk>", "<pad>", "<bos>", "<eos>"]
        assert [UNK, PAD, BOS, EOS] == [0, 1, 2, 3]
        assert vocab.encode(["<bos>", "모르는 토큰"]) == [BOS, UNK]
    source, target = vocabularies(PAIRS)
    assert source.tokens[4:] == ["2", "1", "0", "5"]
    assert target.tokens[4:] == ["이", "십", "백", "오"]
    assert vocabularies(PAIRS, min_count=2)[1].tokens[4:] == ["이", "십"]


def test_a_batch_by_hand():
    source, target = vocabularies(PAIRS)
    batch = encode(PAIRS[:2], source, target)
    two, one, five = source.encode("215")
    assert batch.source.tolist() == [[one, two], [five, PAD]]
    assert batch.lengths.tolist() == [2, 1]
    ten, i, o = target.encode("십이오")
    assert batch.target.tolist() == [[BOS, ten, i, EOS], [BOS, o, EOS, PAD]]
    assert batch.inputs.tolist() == [[BOS, ten, i], [BOS, o, EOS]]
    assert batch.answers.tolist() == [[ten, i, EOS], [o, EOS, NO_ANSWER]]


def test_unknown_letters_become_unk_and_empty_inputs_are_refused():
    source, target = vocabularies(PAIRS)
    assert encode([("97", "구")], source, target).source.tolist() == [[UNK, UNK]]
    assert encode([("1", "")], source, target).target.tolist() == [[BOS, EOS]]
    with pytest.raises(ValueError, match="비어 있지 않은 시퀀스가 하나 이상이어야 합니다"):
        encode([("", "영")], source, target)


@pytest.mark.parametrize("task", [numbers, dates, addition, pronunciation])
def test_every_task_goes_there_and_back(task):
    made = task.pairs(200, 20, rng=np.random.default_rng(0))
    vocabs = vocabularies(made.train)
    data = encode(made.train, *vocabs)
    for (question, answer), source, target, length in zip(made.train, *data, strict=True):
        assert "".join(vocabs[0].decode(source[:length])) == question
        assert (source[length:] == PAD).all()
        end = target.tolist().index(EOS)
        assert "".join(vocabs[1].decode(target[1:end])) == answer


def test_tokens_may_be_words_or_jamo():
    english, korean = WordTokenizer(), JamoTokenizer()
    pairs = [(english.split(a), korean.split(b)) for a, b in [("Go away", "가"), ("Hi", "안녕")]]
    vocabs = vocabularies(pairs)
    data = encode(pairs, *vocabs)
    assert data.lengths.tolist() == [2, 1]
    assert korean.join(vocabs[1].decode(data.target[1, 1:-1])) == "안녕"


@given(st.integers(1, 30), st.integers(1, 12), st.one_of(st.none(), st.integers(0, 9)),
       st.booleans())
def test_batches_hold_every_pair_once_with_no_needless_padding(count, size, seed, similar):
    pairs = [("1" * (1 + k % 5), "이" * (k % 7)) for k in range(count)]
    vocabs = vocabularies([*pairs, ("1", "이")])
    data = encode(pairs, *vocabs)
    rng = None if seed is None else np.random.default_rng(seed)
    parts = batches(data, size, rng=rng, similar=similar)
    assert len(parts) == -(-count // size)
    for _ in range(2):
        seen = []
        for batch in parts:
            assert batch.source.shape[1] == batch.lengths.max()
            assert (batch.target[:, -1] != PAD).any()
            assert len(batch.source) == len(batch.target) == len(batch.lengths) <= size
            seen += zip(batch.lengths.tolist(), (batch.target != PAD).sum(1).tolist(), strict=True)
        wanted = [(len(a), len(b) + 2) for a, b in pairs]
        assert sorted(seen) == sorted(wanted)
        if rng is None:
            assert seen == (sorted(wanted, key=lambda pair: pair[0]) if similar else wanted)


def test_similar_lengths_come_together_and_the_short_are_not_always_first():
    data = encode(PAIRS * 25, *vocabularies(PAIRS))
    parts = batches(data, 10, rng=np.random.default_rng(0), similar=True)
    spans = [(batch.lengths.min(), batch.lengths.max()) for batch in parts]
    assert sum(low != high for low, high in spans) <= 2
    assert spans != sorted(spans)


def test_the_order_changes_with_every_round_and_follows_the_seed():
    data = encode([(str(k), "이") for k in range(10, 99)], *vocabularies(
        [(str(k), "이") for k in range(10, 99)]))

    def rounds(seed):
        parts = batches(data, 8, rng=np.random.default_rng(seed))
        return [[batch.source.tolist() for batch in parts] for _ in range(2)]

    assert rounds(1) == rounds(1)
    assert rounds(1)[0] != rounds(1)[1]
    assert rounds(1)[0] != rounds(2)[0]


def test_what_the_encoder_reads():
    source = np.array([[4, 5, 6], [7, 8, PAD]])
    given, lengths, mask = read(source, [3, 2])
    assert given.tolist() == source.tolist()
    assert lengths.tolist() == [3, 2]
    assert mask.tolist() == [[True, True, True], [True, True, False]]
    assert read(source, [3, 2], True)[0].tolist() == [[6, 5, 4], [8, 7, PAD]]
    assert [part is None for part in read(source)] == [False, True, True]
    assert [part is None for part in read(source, [3, 3])] == [False, True, True]
    weights = np.arange(12.0).reshape(2, 2, 3)
    assert arrange(weights, [3, 2], True)[0].tolist() == [[2, 1, 0], [5, 4, 3]]
    assert arrange(weights, [3, 2], True)[1].tolist() == [[7, 6, 8], [10, 9, 11]]


def test_mistakes_are_explained():
    data = encode(PAIRS, *vocabularies(PAIRS))
    with pytest.raises(ValueError, match="1 이상이어야 합니다: 받은 값 batch_size=0"):
        batches(data, 0)
    with pytest.raises(ValueError, match="어휘를 만들 토큰이 없습니다"):
        text_pairs.vocabulary([])
    assert isinstance(data, Batch)
    assert {*chain(*data.source.tolist())} <= set(range(8))
