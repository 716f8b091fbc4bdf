"""The named data sets, on small files of our own and, where CI has them, on the real bytes."""

import dataclasses
import hashlib
import os
import shutil
import tomllib
from pathlib import Path

import pytest

from rnnbook import datasets
from rnnbook.datasets import held_out, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RNNBOOK_SHARED", ROOT.parent / "shared")) / "data"
NSMC = "id\tdocument\tlabel\n1\t\"정말\"\" 좋다\t1\n2\t\t0\n3\t\"닫지 않은 따옴표\t0\n"
OWN = {
    "ratings_train.txt": NSMC,
    "ratings_test.txt": NSMC.replace("좋다", "싫다"),
    "tinyshakespeare.txt": "First Citizen:\nBefore we proceed any further\n" * 20,
    "timemachine.txt": "The Time Traveller was expounding\n" * 20,
}
DOWNLOADED = ("nsmc", "timemachine", "tinyshakespeare")


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
    assert str(error.value).endswith(": nsmc, stories, timemachine, tinyshakespeare")


def test_stories_need_no_network(offline):
    stories = load("stories")
    assert stories.kind == "bundled"
    assert stories.card["licence"] == "CC0-1.0"
    assert len(stories.text) == stories.card["characters"] >= 150_000
    assert len(stories.documents) == stories.card["stories"]
    assert "\n\n".join(stories.documents) + "\n" == stories.text
    assert repr(stories).startswith("작은 이야기: 패키지에 든 글(bundled), ")


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


def test_changed_bundled_file_is_noticed(tmp_path, monkeypatch):
    for name in ("stories.txt", "stories.card.toml"):
        shutil.copy(datasets.DATA / name, tmp_path)
    with open(tmp_path / "stories.txt", "ab") as file:
        file.write("덧붙인 줄\n".encode())
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    with pytest.raises(RuntimeError, match="패키지에 든 글이 바뀌었습니다"):
        load("stories")


def test_sources_are_pinned():
    for name in DOWNLOADED:
        assert card_of(name).keys() == {"title", "author", "licence", "files"}
        for source in files(name):
            assert len(source.sha256) == 64
            assert source.size > 0
            raw = source.url.startswith("https://raw.githubusercontent.com/")
            pinned = any(len(part) == 40 for part in source.url.split("/"))
            assert (raw and pinned) or name == "timemachine"


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
    assert "내려받은 글(downloaded)" in repr(texts)


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


def test_data_sets_are_read_only():
    with pytest.raises(dataclasses.FrozenInstanceError):
        load("stories").text = ""
