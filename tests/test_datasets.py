"""The named data sets, on small files of our own and, where CI has them, on the real bytes."""

import dataclasses
import hashlib
import os
import re
import shutil
import sys
import tomllib
from importlib import import_module
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import datasets, formats
from rnnbook.corpora import Translation
from rnnbook.datasets import held_out, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RNNBOOK_SHARED", ROOT.parent / "shared")) / "data"
NSMC = "id\tdocument\tlabel\n1\t\"정말\"\" 좋다\t1\n2\t\t0\n3\t\"닫지 않은 따옴표\t0\n"
CONLLU = """\
# sent_id = 1
# text = 여우가(또) 웃었다.
1-2\t여우가(\t_\t_\t_\t_\t_\t_\t_\t_
1\t여우가\t여우+가\tNOUN\tNNG+JKS\t_\t5\tnsubj\t_\tSpaceAfter=No
2\t(\t(\tPUNCT\tSS\t_\t3\tpunct\t_\tSpaceAfter=No
3\t또\t또\tADV\tMAG\t_\t5\tadvmod\t_\tSpaceAfter=No
4\t)\t)\tPUNCT\tSS\t_\t3\tpunct\t_\t_
4.1\t빈\t_\t_\t_\t_\t_\t_\t_\t_
5\t웃었다\t웃+었+다\tVERB\tVV+EP+EF\t_\t0\troot\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\tSF\t_\t5\tpunct\t_\t_

# sent_id = 2
# text = 눈
1\t눈\t눈\tNOUN\tNNG\t_\t0\troot\t_\t_

"""
BY = "CC-BY 2.0 (France) Attribution: tatoeba.org #{} (kim) & #{} (lee)"
TATOEBA = "".join(f"{a}\t{b}\t{BY.format(2 * k, 2 * k + 1)}\n" for k, (a, b) in enumerate([
    ("A fox?", "여우?"), ("a fox", "여우"), ("A fox.", "여우다."),
    *((f"Fox {k}.", f"여우 {k}마리.") for k in range(40))]))
OWN = {
    "ko_gsd-ud-train.conllu": CONLLU,
    "ko_gsd-ud-dev.conllu": CONLLU.replace("눈", "비"),
    "ko_gsd-ud-test.conllu": CONLLU.replace("눈", "해"),
    "kor.txt": TATOEBA,
    "ratings_train.txt": NSMC,
    "ratings_test.txt": NSMC.replace("좋다", "싫다"),
    "tinyshakespeare.txt": "First Citizen:\nBefore we proceed any further\n" * 20,
    "timemachine.txt": "The Time Traveller was expounding\n" * 20,
}
DOWNLOADED = ("nsmc", "tatoeba", "timemachine", "tinyshakespeare", "ud_korean_gsd")
GENERATED = ("addition", "dates", "numbers", "pronunciation", "scenes")
BUNDLED = ("co2", "stories", "sunspots")
NAMES = sorted([*DOWNLOADED, *GENERATED, *BUNDLED, "emoji"])


def card_of(name):
    return tomllib.loads((datasets.DATA / f"{name}.card.toml").read_text("utf-8"))


def files(name):
    return datasets.sources(card_of(name))


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")


@pytest.fixture(params=["own", *["real"] * SHARED.exists()])
def folder(request, tmp_path, monkeypatch, offline):
    """A folder with every downloaded file, pinned by the cards."""
    if request.param == "real":
        return SHARED
    for name in DOWNLOADED:
        card = (datasets.DATA / f"{name}.card.toml").read_text("utf-8")
        for source in files(name):
            data = OWN[source.file].encode()
            (tmp_path / source.file).write_bytes(data)
            card = card.replace(source.sha256, hashlib.sha256(data).hexdigest())
            card = card.replace(f"size = {source.size:_}", f"size = {len(data)}")
        (tmp_path / f"{name}.card.toml").write_text(card, "utf-8")
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    return tmp_path


def test_unknown_name_lists_the_names():
    with pytest.raises(ValueError, match="'storys'") as error:
        load("storys")
    assert str(error.value).endswith(": " + ", ".join(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_in_the_docstring(name):
    assert f'load("{name}"' in datasets.__doc__


def test_stories_need_no_network(offline):
    stories = load("stories")
    assert stories.kind == "bundled"
    assert stories.card["licence"] == "CC0-1.0"
    assert len(stories.text) == stories.card["characters"] >= 150_000
    assert len(stories.documents) == stories.card["stories"]
    assert "\n\n".join(stories.documents) + "\n" == stories.text
    assert repr(stories).startswith("작은 이야기: 이 패키지에 든 자료(bundled), ")


def test_stories_are_split_by_whole_stories():
    stories = load("stories")
    train = stories.train.strip("\n").split("\n\n")
    valid = stories.valid.strip("\n").split("\n\n")
    assert sorted(train + valid) == sorted(stories.documents)
    assert not set(train) & set(valid)
    assert 0.07 < len(stories.valid) / len(stories.text) < 0.13


def test_split_depends_on_the_title_alone():
    for title, expected in (("여우의 빨간 우산", True), ("바다에 간 허수아비", False)):
        assert held_out(f"{title}\n글") is held_out(f"{title}\n다른 글") is expected


@pytest.mark.parametrize("name", BUNDLED)
def test_changed_bundled_file_is_noticed(name, tmp_path, monkeypatch):
    for path in datasets.DATA.glob(f"{name}.*"):
        shutil.copy(path, tmp_path)
        if path.suffix != ".toml":
            with open(tmp_path / path.name, "ab") as file:
                file.write("덧붙인 줄\n".encode())
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    with pytest.raises(RuntimeError, match=rf"패키지에 든 파일이 바뀌었습니다: .*{name}\."):
        load(name)


def test_sources_are_pinned():
    for name in DOWNLOADED:
        assert card_of(name).keys() == {"title", "author", "licence", "files"}
        for source in files(name):
            assert len(source.sha256) == 64
            assert source.size > 0
            raw = source.url.startswith("https://raw.githubusercontent.com/")
            pinned = any(len(part) == 40 for part in source.url.split("/"))
            assert (raw and pinned) or name == "timemachine"


@pytest.mark.parametrize("name", NAMES)
def test_every_card_says_what_by_whom_and_how_it_may_be_used(name):
    card = card_of(name)
    assert all(card[key] for key in ("title", "author", "licence"))
    assert len({"files", "package", "generator"} & card.keys()) == (name not in BUNDLED)


@pytest.mark.parametrize("name", DOWNLOADED)
def test_pinned_sizes_and_hashes_are_those_of_the_files(name, folder):
    assert files(name)
    for source in files(name):
        data = (folder / source.file).read_bytes()
        assert len(data) == source.size
        assert hashlib.sha256(data).hexdigest() == source.sha256


@pytest.mark.parametrize("name", ["tinyshakespeare", "timemachine"])
def test_english_texts(folder, name):
    (source,) = files(name)
    texts = load(name, cache=folder)
    assert texts.kind == "downloaded"
    assert texts.documents == [texts.text]
    assert texts.text == (folder / source.file).read_text("utf-8")
    assert texts.train + texts.valid == texts.text
    assert len(texts.valid) == pytest.approx(len(texts.text) / 10, abs=1)
    assert "내려받은 자료(downloaded)" in repr(texts)


def test_nsmc(folder, monkeypatch):
    monkeypatch.setenv("RNNBOOK_CACHE", str(folder))
    reviews = load("nsmc")
    # Quotes belong to the text: no row swallows the next. Rows without text are left out.
    for part, file in ((reviews.train, "ratings_train.txt"), (reviews.test, "ratings_test.txt")):
        rows = [row.split("\t") for row in (folder / file).read_text("utf-8").split("\n")[1:-1]]
        assert [(text, str(label)) for text, label in part] == [tuple(r[1:]) for r in rows if r[1]]
        assert 0 < len(part) < len(rows)
        assert any('""' in row.text for row in part)
        assert {row.label for row in part} == {0, 1}
    assert reviews.rows == reviews.train + reviews.test
    assert reviews.text.split("\n") == reviews.documents == [row.text for row in reviews.rows]
    assert f"학습 {len(reviews.train):,}건, 시험 {len(reviews.test):,}건" in repr(reviews)


def test_ud_korean_gsd(folder):
    ud = load("ud_korean_gsd", cache=folder)
    parts = {"train": ud.train, "dev": ud.valid, "test": ud.test}
    for name, part in parts.items():
        text = (folder / f"ko_gsd-ud-{name}.conllu").read_text("utf-8")
        written = re.findall(r"(?m)^# text = (.*)$", text)
        assert ["".join(s.words) for s in part] == [line.replace(" ", "") for line in written]
        assert [tag for s in part for tag in s.tags] == re.findall(
            r"(?m)^\d+\t[^\t]+\t[^\t]+\t([A-Z]+)\t", text)
        assert all(len(s.words) == len(s.tags) > 0 for s in part)
    assert ud.rows == ud.train + ud.valid + ud.test
    sizes = (f"학습 {len(ud.train):,}건, 검증 {len(ud.valid):,}건, 시험 {len(ud.test):,}건")
    assert repr(ud) == f"UD 한국어 GSD 2.7: 내려받은 자료(downloaded), {sizes}"
    if folder == SHARED:
        assert sizes == "학습 4,400건, 검증 950건, 시험 989건"


def test_tatoeba(folder):
    pairs = load("tatoeba", cache=folder)
    lines = (folder / "kor.txt").read_text("utf-8").strip("\n").split("\n")
    assert sorted(map("\t".join, pairs.rows)) == sorted(lines)
    by = r"CC-BY 2\.0 \(France\) Attribution: tatoeba\.org #\d+ \(.+\) & #\d+ \(.+\)"
    assert all(re.fullmatch(by, row.attribution) for row in pairs.rows)
    assert_no_english_sentence_is_on_two_sides(pairs)
    for part in (pairs.valid, pairs.test):
        assert 0.04 < len(part) / len(pairs.rows) < 0.16


def assert_no_english_sentence_is_on_two_sides(pairs):
    seen = [{re.sub(r"\W", "", row.english).lower() for row in part}
            for part in (pairs.train, pairs.valid, pairs.test)]
    assert sum(map(len, seen)) == len(set().union(*seen))


@given(st.lists(st.builds(Translation, *[st.text("aAbB .?", max_size=3)] * 3), max_size=30))
def test_a_pair_stays_on_its_side_whatever_stands_beside_it(pairs):
    parts = formats.split_by_english(pairs)
    assert sorted(chain(*parts.values())) == sorted(pairs)
    for name, part in parts.items():
        for pair in part:
            assert formats.split_by_english([pair])[name] == [pair]


def test_emoji_need_no_network(offline):
    names = load("emoji")
    assert names.kind == "packaged"
    assert repr(names).startswith("이모지의 이름: 다른 패키지에 든 자료(packaged), 학습 1,")
    pairs = {row[:2] for row in names.rows}
    assert {("rainbow", "무지개"), ("1st place medal", "금메달")} <= pairs
    assert len(pairs) == len(names.rows) > 1500
    assert not [row for row in names.rows if ":" in row.english or "_" in row.korean]
    assert not [row for row in names.rows if "피부" in row.korean or row.korean.startswith("깃발")]
    assert all(row.attribution.endswith(" Unicode CLDR") for row in names.rows)
    assert_no_english_sentence_is_on_two_sides(names)


@pytest.mark.parametrize(("name", "said", "low", "high"), [
    ("co2", "마우나로아의 이산화탄소 농도: {}, 526시점(1958-03~2001-12)", 312, 375),
    ("sunspots", "연도별 흑점 수: {}, 309시점(1700~2008)", 0, 191)])
def test_time_series_need_no_network(name, said, low, high, offline):
    found = load(name)
    assert repr(found) == said.format("이 패키지에 든 자료(bundled)")
    assert found.times.shape == found.values.shape == found.filled.shape
    assert len(set(np.diff(found.times))) == 1
    assert low <= found.values.min() <= found.values.max() < high


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "emoji", None)
    with pytest.raises(ModuleNotFoundError, match="pip install emoji로 설치하십시오"):
        load("emoji")


@pytest.mark.parametrize("name", GENERATED)
def test_generated_sets_are_made_by_their_rules(name, offline, rng):
    made = load(name, 90, 10, rng=rng)
    assert made.kind == "generated"
    assert repr(made).endswith(": 규칙으로 만든 자료(generated), 학습 90건, 시험 10건")
    again = import_module(f"rnnbook.tasks.{name}").pairs(90, 10, rng=np.random.default_rng(0))
    np.testing.assert_equal([made.train, made.test], [again.train, again.test])
    assert made.letters == again.letters == "".join(sorted(set(made.letters)))


def test_options_reach_the_generator(rng):
    made = load("numbers", 5, 5, rng=rng, shortest=12, longest=12)
    assert {len(question) for question, _ in made.rows} == {12}


@pytest.mark.parametrize(("name", "given"), [
    ("numbers", {}), ("dates", {"train": 9, "test": 1}), ("addition", {"train": 9, "rng": 0})])
def test_a_generated_set_needs_to_know_how_much_and_by_which_chance(name, given):
    with pytest.raises(TypeError, match=f"'{name}'에는 train, test, rng를 주어야 합니다"):
        load(name, **given)


@pytest.mark.parametrize("given", [{"train": 9}, {"rng": 0}, {"longest": 3}])
def test_what_is_not_generated_takes_no_wishes(given):
    with pytest.raises(TypeError, match="규칙으로 만드는 자료에만 줍니다: 받은 이름 'stories'"):
        load("stories", **given)


def test_data_sets_are_read_only():
    with pytest.raises(dataclasses.FrozenInstanceError):
        load("stories").text = ""
