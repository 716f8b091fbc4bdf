"""The corpus keeps its own rules, and its card says what is in it."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("corpus", ROOT / "tools" / "corpus.py")
corpus = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpus)

STORY = "여우의 빨간 우산\n“비가 온다.”\n여우가 웃었다.\n"
OTHER = "곰의 하루\n곰은 잤다. 오래, 아주 오래 잤다.\n"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def test_card_is_what_the_tool_measures():
    numbers = corpus.measure(corpus.TEXT.read_bytes())
    assert corpus.CARD.read_text("utf-8") == corpus.write_card(numbers)
    card = tomllib.loads(corpus.CARD.read_text("utf-8"))
    assert {key: card[key] for key in numbers} == numbers


def test_corpus_is_large_clean_and_without_near_copies():
    text = corpus.TEXT.read_text("utf-8")
    numbers = corpus.measure(text.encode())
    assert numbers["characters"] >= 150_000
    assert numbers["highest_overlap"] <= corpus.OVERLAP_BOUND
    assert corpus.normalise(text).rstrip("\n") == text.rstrip("\n")
    assert corpus.offences(text, "stories.txt") == []
    stories = text.strip("\n").split("\n\n")
    assert corpus.arrange(stories) == stories
    assert len({s.split("\n")[0] for s in stories}) == len(stories)


def test_assembling_the_result_again_changes_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", stories=corpus.TEXT.read_text("utf-8"))
    out = tmp_path / "out.txt"
    assert corpus.main(["assemble", str(tmp_path / "in"), "--out", str(out)]) == 0
    assert out.read_bytes() == corpus.TEXT.read_bytes()


def test_order_does_not_depend_on_the_sources(tmp_path):
    results = []
    for number, files in enumerate([{"a": STORY, "b": OTHER}, {"a": OTHER + "\n\n" + STORY}]):
        folder = tmp_path / str(number)
        folder.mkdir()
        out = tmp_path / f"{number}.txt"
        assert corpus.main(["assemble", str(write(folder, **files)), "--out", str(out)]) == 0
        results.append(out.read_bytes())
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (STORY + "OK라고 했다.\n", "a.txt:4: not allowed: 'K' 'O'"),
        (STORY + '그는 "응" 했다.\n', "a.txt:4: not allowed: '\"'"),
        (STORY + "“닫지 않은 말.\n", "a.txt:4: a quotation is not closed"),
        (STORY + "열지 않은 말.”\n", "a.txt:4: ” closes nothing"),
        (STORY + "\n제목만 있는 이야기\n", "a story of one line: '제목만 있는 이야기'"),
        (STORY + "\n" + STORY, "the title '여우의 빨간 우산' also stands in"),
    ],
)
def test_offences_are_named_with_file_and_line(tmp_path, capsys, text, reason):
    out = tmp_path / "out.txt"
    folder = write(tmp_path, a=text)
    assert corpus.main(["assemble", str(folder), "--out", str(out)]) == 1
    assert reason in capsys.readouterr().err
    assert not out.exists()


def test_overlap_of_a_copy_is_one():
    long = "가나다라마바사아자차카타파하"
    pairs = corpus.overlaps([f"하나\n{long}", f"둘\n{long}", "셋\n전혀 다른 글이 여기에 있다"])
    share, *titles = pairs[0]
    assert share > 0.7
    assert set(titles) == {"하나", "둘"}
    assert len(pairs) == 1
