"""Every recorded experiment still gives, on a small budget, what it gave when it was recorded."""

import json
import runpy
from pathlib import Path

import pytest

import record

BENCH = Path(__file__).resolve().parents[2] / "bench"
RECORDED = {path.stem: json.loads(path.read_text("utf-8"))
            for path in sorted((BENCH / "results").glob("*.json"))}
CASES = [(stem, name) for stem, kept in RECORDED.items() for name in kept["small"]]


@pytest.fixture
def experiments(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")                    # the scripts set them: put back after
    return lambda stem: runpy.run_path(str(BENCH / f"{stem}.py"))["EXPERIMENTS"]


def near(runs, entry):
    """Equal up to the rounding of another CPU: 1 %, or one in the last digit shown."""
    return all((a is None) == (b is None)
               and (a is None or a == pytest.approx(b, rel=0.01, abs=10 ** -entry["digits"]))
               for a, b in zip(runs, entry["runs"], strict=True))


@pytest.mark.parametrize(("stem", "name"), CASES, ids=lambda part: part)
def test_the_small_run_gives_what_was_recorded(stem, name, experiments):
    new, old = experiments(stem)[name](True), RECORDED[stem]["small"][name]
    assert record.steady(new).keys() == old.keys()
    stale = {key: new[key]["runs"] for key in old if not near(old[key], new[key])}
    assert stale == {}, f"run `python bench/{stem}.py {name}` again"


@pytest.mark.parametrize("stem", RECORDED)
def test_every_experiment_is_recorded_and_nothing_else(stem, experiments):
    names = experiments(stem).keys()
    assert RECORDED[stem]["small"].keys() == RECORDED[stem]["about"]["minutes"].keys() == names


# --- record.py itself -----------------------------------------------------------------------------

def tries(small):
    runs = [0.1, 0.2, None] if small else [1, 2, 3]
    return {"a": record.measure("값", runs, 2, "개"), "t": record.measure("시간", [5], 0, "초")}


def other(small):
    return {"b": record.measure("다른 값", [1 if small else 7], 0, "")}


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "RESULTS", tmp_path / "results")

    def run(*argv):
        record.main("bench/rnn.py", "순환 신경망", {"tries": tries, "other": other}, argv)
        path = tmp_path / "results" / "rnn.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    return run


def keys(kept):
    return {name: list(found) for name, found in kept["results"].items()}


def test_a_record_says_what_how_and_when(written):
    kept = written()
    assert kept["about"].keys() == {"title", "command", "date", "machine", "cpu_minutes", "minutes"}
    assert kept["about"]["command"] == "python bench/rnn.py"
    assert kept["results"]["tries"]["a"] == {
        "what": "값", "runs": [1, 2, 3], "digits": 2, "unit": "개"}
    assert kept["small"] == {"tries": {"a": [0.1, 0.2, None]}, "other": {"b": [1]}}


def test_one_experiment_keeps_the_others_and_all_start_anew(written, tmp_path):
    first = written("tries")
    assert keys(first) == {"tries": ["a", "t"]}
    assert keys(written("other")) == {"tries": ["a", "t"], "other": ["b"]}
    path = tmp_path / "results" / "rnn.json"
    first["results"] = {"gone": {}, "tries": {"stale": first["results"]["tries"]["a"]}}
    path.write_text(json.dumps(first))
    assert keys(written("tries")) == {"gone": [], "tries": ["a", "t"]}
    assert keys(written()) == {"tries": ["a", "t"], "other": ["b"]}


def test_the_small_run_shows_and_writes_nothing(written, capsys):
    assert written("--small") is None
    assert "a: [0.1, 0.2, None] 개" in capsys.readouterr().out


@pytest.mark.parametrize(("old", "new", "same"), [
    ([1.0, 2.0], [1.004, 2.01], True), ([1.0, 2.0], [1.0, 2.3], False),
    ([None, 1.0], [None, 1.0], True), ([None, 1.0], [3.0, 1.0], False),
])
def test_what_counts_as_the_same(old, new, same):
    assert near(old, record.measure("값", new, 1, "")) == same
