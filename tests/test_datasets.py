"""The named data sets. Third-party bytes are read from RNNBOOK_SHARED or ../shared, as in CI."""

import dataclasses
import hashlib
import os
import shutil
from pathlib import Path

import pytest

from rnnbook import datasets
from rnnbook.datasets import held_out, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RNNBOOK_SHARED", ROOT.parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason=f"no real data at {SHARED}")


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")


def test_unknown_name_lists_the_names():
    with pytest.raises(ValueError, match="'storys'") as error:
        load("storys")
    for name in ("stories", "nsmc", "tinyshakespeare", "timemachine"):
        assert name in str(error.value)


def test_stories_need_no_network(offline):
    stories = load("stories")
    assert stories.kind == "bundled"
    assert stories.card["licence"] == "CC0-1.0"
    assert len(stories.text) == stories.card["characters"] >= 150_000
    assert len(stories.documents) == stories.card["stories"]
    assert "\n\n".join(stories.documents) + "\n" == stories.text
    assert repr(stories).startswith("작은 이야기: 꾸러미에 든 글(bundled), ")


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
    with pytest.raises(RuntimeError, match="꾸러미에 든 글이 바뀌었습니다"):
        load("stories")


def test_sources_are_pinned():
    for name, sources in datasets.SOURCES.items():
        assert datasets.CARDS[name].keys() == {"title", "author", "licence"}
        for source in sources:
            assert len(source.sha256) == 64
            assert source.size > 0
            raw = source.url.startswith("https://raw.githubusercontent.com/")
            pinned = any(len(part) == 40 for part in source.url.split("/"))
            assert (raw and pinned) or name == "timemachine"


@needs_shared
def test_pinned_sizes_and_hashes_are_those_of_the_real_files(offline):
    for source in (s for sources in datasets.SOURCES.values() for s in sources):
        data = (SHARED / source.file).read_bytes()
        assert len(data) == source.size
        assert hashlib.sha256(data).hexdigest() == source.sha256


@needs_shared
@pytest.mark.parametrize(
    ("name", "length"), [("tinyshakespeare", 1_115_394), ("timemachine", 178_979)]
)
def test_english_texts(offline, name, length):
    texts = load(name, cache=SHARED)
    assert texts.kind == "downloaded"
    assert len(texts.text) == length
    assert texts.train + texts.valid == texts.text
    assert len(texts.valid) == pytest.approx(length / 10, abs=1)
    assert "내려받은 글(downloaded)" in repr(texts)


@needs_shared
def test_nsmc(offline, monkeypatch):
    monkeypatch.setenv("RNNBOOK_CACHE", str(SHARED))
    reviews = load("nsmc")
    assert (len(reviews.train), len(reviews.test)) == (149_995, 49_997)  # 5 + 3 empty ones left out
    assert len(reviews.rows) == len(reviews.documents) == 199_992
    assert all(row.text and row.label in (0, 1) for row in reviews.rows)
    # Quotes belong to the text: doubled ones stay, and no row swallows the next.
    assert sum('""' in row.text for row in reviews.train) > 0
    raw = (SHARED / "ratings_test.txt").read_text("utf-8").split("\n")[1:]
    kept = [line.split("\t")[1] for line in raw if line and line.split("\t")[1]]
    assert [row.text for row in reviews.test] == kept
    assert reviews.text.count("\n") == len(reviews.rows) - 1
    assert "학습 149,995건, 시험 49,997건" in repr(reviews)


def test_data_sets_are_read_only():
    with pytest.raises(dataclasses.FrozenInstanceError):
        load("stories").text = ""
