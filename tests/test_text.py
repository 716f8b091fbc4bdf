"""Tokenizers round-trip, vocabularies are deterministic, bad input is refused in Korean."""

import json
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.text import JamoTokenizer, SyllableTokenizer, Vocab, WordTokenizer

SYLLABLES = "".join(chr(c) for c in range(0xAC00, 0xD7A4))


def test_all_11172_syllables_survive_the_jamo_round_trip():
    tokenizer = JamoTokenizer()
    assert len(SYLLABLES) == 11172
    tokens = tokenizer.split(SYLLABLES)
    assert tokenizer.join(tokens) == SYLLABLES
    assert len(set(tokens)) == 19 + 21 + 27
    for syllable in SYLLABLES:
        assert len(tokenizer.split(syllable)) in (2, 3)


def test_jamo_tells_final_consonants_from_single_letters():
    tokenizer = JamoTokenizer()
    assert tokenizer.split("각") != tokenizer.split("가ㄱ")
    assert tokenizer.join(tokenizer.split("각 가ㄱ ㅋㅋ ㅠ")) == "각 가ㄱ ㅋㅋ ㅠ"
    assert len(tokenizer.split("한글")) == 6


@given(st.text(min_size=1))
def test_any_text_round_trips_up_to_nfc(text):
    for tokenizer in (SyllableTokenizer(), JamoTokenizer()):
        joined = tokenizer.join(tokenizer.split(text))
        assert joined == unicodedata.normalize("NFC", text)


def test_syllables_of_decomposed_text_are_whole():
    assert SyllableTokenizer().split(unicodedata.normalize("NFD", "여우야")) == ["여", "우", "야"]


@pytest.mark.parametrize(
    "text", ["나는 간다.", "한 줄\n또 한 줄", "제목\n\n“안녕?” 하고 말했다.\n"]
)
def test_words_round_trip(text):
    tokenizer = WordTokenizer()
    assert tokenizer.join(tokenizer.split(text)) == text


def test_words_are_eojeol_and_newlines():
    assert WordTokenizer().split("나는  학교에\n간다.") == ["나는", "학교에", "\n", "간다."]


@pytest.mark.parametrize("tokenizer", [SyllableTokenizer(), JamoTokenizer(), WordTokenizer()])
def test_bad_text_is_refused(tokenizer):
    with pytest.raises(ValueError, match="글이 비었습니다"):
        tokenizer.split("")
    with pytest.raises(TypeError, match=r"문자열\(str\)이어야 합니다: 받은 자료형 bytes"):
        tokenizer.split("글".encode())


def test_vocab_orders_by_count_then_code():
    vocab = Vocab("나가나다가나")
    assert vocab.tokens == ["<unk>", "나", "가", "다"]
    assert len(vocab) == 4
    assert vocab.encode("가나다") == [2, 1, 3]
    assert vocab.decode([2, 1, 3]) == ["가", "나", "다"]
    assert "가" in vocab
    assert "라" not in vocab


def test_vocab_replaces_unknown_and_rare_tokens():
    vocab = Vocab("가가나", min_count=2)
    assert vocab.tokens == ["<unk>", "가"]
    assert vocab.encode("가나라") == [1, 0, 0]
    assert Vocab("가나", min_count=2).tokens == ["<unk>"]


def test_vocab_without_unk_names_the_unknown_token():
    vocab = Vocab("가나", unk=None)
    assert vocab.encode("나가") == [1, 0]
    with pytest.raises(ValueError, match="어휘에 없는 토큰입니다: '라'"):
        vocab.encode("가라")


@given(st.text(min_size=1))
def test_vocab_round_trips(text):
    vocab = Vocab(text, unk=None)
    assert "".join(vocab.decode(vocab.encode(text))) == text
    saved = json.loads(json.dumps(vocab.to_dict()))
    assert Vocab.from_dict(saved).encode(text) == vocab.encode(text)


def test_a_saved_vocab_shares_nothing_with_the_vocab():
    vocab = Vocab("가나")
    saved = vocab.to_dict()
    loaded = Vocab.from_dict(saved)
    saved["tokens"].append("다")
    assert vocab.tokens == loaded.tokens == ["<unk>", "가", "나"]


def test_the_name_of_the_unknown_token_may_stand_in_the_text():
    vocab = Vocab(["<unk>", "가", "<unk>", "나", "가"])
    assert vocab.tokens == ["<unk>", "가", "나"]
    assert vocab.encode(["<unk>", "나", "다"]) == [0, 2, 0]
    assert Vocab.from_dict(vocab.to_dict()).tokens == vocab.tokens


def test_vocab_refuses_bad_input():
    with pytest.raises(ValueError, match="토큰이 없습니다"):
        Vocab([])
    with pytest.raises(ValueError, match=r"min_count번 이상 나온 토큰이 .*값 5, .*횟수 2"):
        Vocab("aab", min_count=5, unk=None)
    vocab = Vocab("가")
    with pytest.raises(TypeError, match="받은 자료형 int"):
        vocab.encode(3)
    for bad in (-1, 2):
        with pytest.raises(ValueError, match=f"0 이상 2 미만이어야 합니다: 받은 번호 {bad}"):
            vocab.decode([bad])
    with pytest.raises(ValueError, match=r"달라야 .* 2개 가운데 1가지, .* unk None"):
        Vocab.from_dict({"tokens": ["가", "가"], "unk": None})
    with pytest.raises(ValueError, match=r"맨 앞이어야 .* 맨 앞 \['가'\], unk '<unk>'"):
        Vocab.from_dict({"tokens": ["가", "<unk>"], "unk": "<unk>"})


def test_light_modules_stay_light():
    """These load neither world, and the network only when it is used."""
    code = (
        "import sys\n"
        "from rnnbook import text, datasets, download, language_models, ngram, trainer\n"
        "bad = {'torch', 'matplotlib', 'tqdm', 'urllib.request', 'ssl', 'rnnbook.scratch',"
        " 'rnnbook.concise', 'rnnbook.bridge'} & set(sys.modules)\n"
        "sys.exit(f'{bad}' if bad else 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
