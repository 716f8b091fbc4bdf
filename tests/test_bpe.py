"""BPE against a slow oracle; any text comes back; the same text gives the same tokens."""

import json
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import datasets
from rnnbook.bpe import UNITS, BPETokenizer, merge
from rnnbook.text import Vocab
from rnnbook.utf8 import ByteTokenizer

SYLLABLES = "".join(chr(c) for c in range(0xAC00, 0xD7A4))
STORY = datasets.load("stories").text[:20_000]
FITTED = {unit: BPETokenizer(unit).fit(STORY, 1500) for unit in UNITS}
units = pytest.mark.parametrize("unit", UNITS)
SMALL = st.text(alphabet="ab가각 \n", min_size=1, max_size=60)


def nfc(text):
    return unicodedata.normalize("NFC", text)


def words_of(unit, text):
    """Units grouped into words, each with the blank before it: written without a regex."""
    words = []
    for piece in UNITS[unit]().split(text):
        if not words or piece in " \n" or words[-1] == ["\n"]:
            words.append([])
        words[-1].append(piece)
    return words


def slow_bpe(unit, text, vocab_size):
    """Sennrich's algorithm by counting everything again at every merge."""
    words = words_of(unit, text)
    units = [chr(b) for b in range(256)] if unit == "byte" else sorted(set().union(*words))
    tokens, merges = list(units), []
    while len(tokens) < vocab_size:
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts or max(counts.values()) < 2:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        words = [merge(word, best) for word in words]
        merges.append(best)
        tokens.append("".join(best))
    return tokens, merges


@units
@given(text=SMALL, extra=st.integers(0, 20))
def test_the_fast_count_is_the_slow_count(unit, text, extra):
    start = 256 if unit == "byte" else len(set(UNITS[unit]().split(text)))
    tokens, merges = slow_bpe(unit, text, start + extra)
    tokenizer = BPETokenizer(unit).fit(text, start + extra)
    assert tokenizer.tokens == tokens
    assert list(tokenizer.ranks) == merges
    assert list(tokenizer.ranks.values()) == list(range(len(merges)))
    assert len(set(tokens)) == len(tokens)  # no string is made of two different pairs


@units
@given(text=st.text(min_size=1))
def test_any_text_round_trips_up_to_nfc(unit, text):
    tokenizer = FITTED[unit]
    assert tokenizer.join(tokenizer.split(text)) == nfc(text)
    assert BPETokenizer(unit).join(BPETokenizer(unit).split(text)) == nfc(text)


@units
def test_all_11172_syllables_round_trip(unit):
    for text in (" ".join(SYLLABLES), unicodedata.normalize("NFD", "\n".join(SYLLABLES))):
        assert FITTED[unit].join(FITTED[unit].split(text)) == nfc(text)


@given(st.text(min_size=1))
def test_bytes_know_every_text(text):
    vocab = Vocab(FITTED["byte"].tokens, unk=None)
    ids = vocab.encode(FITTED["byte"].split(text))
    assert FITTED["byte"].join(vocab.decode(ids)) == nfc(text)
    assert ByteTokenizer().split(text) == [chr(b) for b in nfc(text).encode()]


@units
@given(text=SMALL)
def test_splitting_applies_the_oldest_merge_first(unit, text):
    tokenizer = FITTED[unit]
    expected = []
    for word in words_of(unit, text):
        while True:
            pairs = set(pairwise(word))
            known = [pair for pair in tokenizer.ranks if pair in pairs]
            if not known:
                break
            word = merge(word, known[0])
        expected += word
    assert tokenizer.split(text) == expected


@units
def test_pieces_stay_inside_words_and_known_text_is_made_of_known_tokens(unit):
    tokenizer = FITTED[unit]
    pieces = tokenizer.split(STORY)
    assert set(pieces) <= set(tokenizer.tokens)
    assert len(tokenizer.tokens) == len(set(tokenizer.tokens)) == 1500
    assert all(" " not in p[1:] and (p == "\n" or "\n" not in p) for p in tokenizer.tokens)
    sizes = [len(BPETokenizer(unit).fit(STORY, v).split(STORY)) for v in (900, 1200)]
    assert len(UNITS[unit]().split(STORY)) > sizes[0] > sizes[1] > len(pieces)


def test_frequent_words_become_one_token():
    tokenizer = BPETokenizer().fit("여우가 간다. 여우가 온다. 여우가 잔다.", 100)
    assert tokenizer.tokens[9:] == ["다.", "여우", "여우가", " 여우가"]  # the oldest first
    assert tokenizer.split("여우가 여우가 여우는") == ["여우가", " 여우가", " ", "여우", "는"]
    assert tokenizer.split("강아지") == ["강", "아", "지"]


def test_no_more_tokens_than_asked_and_none_from_pairs_seen_once():
    assert BPETokenizer().fit("가나가나", 2).ranks == {}
    assert BPETokenizer().fit("가나가나", 3).tokens == ["가", "나", "가나"]
    assert BPETokenizer().fit("가나다라", 99).ranks == {}


@units
def test_the_order_of_lines_does_not_matter(unit):
    lines = STORY[:5000].split("\n")
    size = 600
    forward, backward = (
        BPETokenizer(unit).fit("\n".join(order), size) for order in (lines, lines[::-1])
    )
    assert forward.to_dict() == backward.to_dict()


@units
def test_saving_and_loading(unit):
    tokenizer = FITTED[unit]
    loaded = BPETokenizer.from_dict(json.loads(json.dumps(tokenizer.to_dict())))
    assert loaded.to_dict() == tokenizer.to_dict()
    assert loaded.split(STORY) == tokenizer.split(STORY)
    loaded.to_dict()["tokens"].clear()
    assert loaded.tokens == tokenizer.tokens


def test_broken_bytes_become_replacement_letters():
    assert ByteTokenizer().join(ByteTokenizer().split("한글")[:-1]) == "한\ufffd"


def saved(**change):
    return {"unit": "syllable", "tokens": ["가", "나", "가나"], "merges": [["가", "나"]]} | change


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: BPETokenizer("morpheme"), ValueError, "syllable, jamo, byte .* 받은 값 'morpheme'"),
    (lambda: BPETokenizer().fit("가나다", 2), ValueError, "3 이상이어야 합니다: 받은 값 2"),
    (lambda: BPETokenizer("byte").fit("가", 255), ValueError, "256 이상이어야 .* 받은 값 255"),
    (lambda: BPETokenizer().fit("", 10), ValueError, "글이 비었습니다"),
    (lambda: BPETokenizer().fit(["가"], 10), TypeError, "받은 자료형 list"),
    (lambda: BPETokenizer("jamo").split(""), ValueError, "글이 비었습니다"),
    (lambda: BPETokenizer("byte").split(b"a"), TypeError, "받은 자료형 bytes"),
    (lambda: ByteTokenizer().split("가\ud800"), ValueError, r"적을 수 없는 글자입니다: '\\ud800'"),
    (lambda: ByteTokenizer().join(["가"]), ValueError, "바이트를 나타내는 토큰이 아닙니다: '가'"),
    (lambda: BPETokenizer.from_dict(saved(unit="x")), ValueError, "받은 값 'x'"),
    (lambda: BPETokenizer.from_dict(saved(tokens=["가", "나", "가나", "가"])), ValueError,
     "두 번 있으면 .* 토큰 4개 가운데 3가지, 쌍 1개 가운데 1가지"),
    (lambda: BPETokenizer.from_dict(saved(merges=[["가", "나"]] * 2)), ValueError,
     "두 번 있으면 .* 토큰 3개 가운데 3가지, 쌍 2개 가운데 1가지"),
    (lambda: BPETokenizer.from_dict(saved(tokens=["가", "나"])), ValueError,
     "모두 tokens에 있어야 합니다: 받은 쌍 '가', '나'"),
])
def test_bad_input_is_refused_in_korean(call, error, message):
    BPETokenizer.from_dict(saved())
    with pytest.raises(error, match=message):
        call()
