"""Stated numbers come from records, and records are complete."""

import json

import pytest

import results

ABOUT = {"title": "LSTM", "command": "python bench/lstm.py", "machine": "기계",
         "date": "2026-11-21", "cpu_minutes": 12.0}
ENTRY = {"what": "글자당 비트", "runs": [2.4, 2.5, 2.45], "digits": 2, "unit": "비트"}


@pytest.fixture
def root(tmp_path):
    (tmp_path / "bench" / "results").mkdir(parents=True)
    (tmp_path / "chapters").mkdir()
    record(tmp_path, {"about": ABOUT, "results": {
        "bpc": {"bpc.scratch": ENTRY},
        "low": {"low": ENTRY | {"runs": [-1, -2, -3], "digits": 0}}}})
    return tmp_path


def record(root, value):
    (root / "bench" / "results" / "lstm.json").write_text(json.dumps(value))


def test_fill_puts_the_digits_in(root):
    text = ("{result}`lstm.bpc.scratch`, {result}`lstm.bpc.scratch:range`, "
            "{result}`lstm.bpc.scratch:full`, {result}`lstm.low:range`, {result}`lstm.low:runs`")
    assert results.fill(text, root) == ("2.45, 2.40~2.50, 2.45 (2.40~2.50, 시드 3개), −3~−1, "
                                        "−1 / −2 / −3")


@pytest.mark.parametrize("role", ["{result}`lstm.nothing`", "{result}`gru.bpc.scratch`",
                                  "{result}`lstm.bpc.scratch:median`"])
def test_a_number_without_a_record_is_refused(root, role):
    with pytest.raises(KeyError, match="no recorded result"):
        results.fill(role, root)


@pytest.mark.parametrize(("value", "message"), [
    ({"about": {}, "results": {}}, "'about' lacks"),
    ({"about": ABOUT, "results": {"e": {"a": {"runs": [1, 2, 3]}}}}, "exactly"),
    ({"about": ABOUT, "results": {"e": {"a": ENTRY | {"runs": [1, 2]}}}}, "2 runs: three"),
    ({"about": ABOUT, "results": {"e": {"a": ENTRY | {"runs": []}}}}, "0 runs"),
])
def test_incomplete_records_are_refused(root, value, message):
    record(root, value)
    with pytest.raises(ValueError, match=message):
        results.load(root)


def test_one_run_is_enough_for_what_no_seed_can_change(root):
    record(root, {"about": ABOUT, "results": {"sizes": {
        "n": {"what": "매개변수", "runs": [99328], "digits": 0, "unit": ""}}}})
    role = "{result}`lstm.n`"
    text = f"{role}, {role[:-1]}:full`, {role[:-1]}:runs`, {role[:-1]}:range`"
    assert results.fill(text, root) == "99,328, 99,328, 99,328, –"
    assert "| 매개변수 | 99,328 | – |" in results.page(root)


def test_a_run_that_did_not_get_there_is_shown_and_spoils_the_mean(root):
    record(root, {"about": ABOUT, "results": {"batches": {
        "n": {"what": "배치", "runs": [185, None, 204], "digits": 0, "unit": "개"}}}})
    role = "{result}`lstm.n`"
    text = f"{role}, {role[:-1]}:full`, {role[:-1]}:runs`, {role[:-1]}:range`"
    assert results.fill(text, root) == "–, –, 185 / – / 204, –"
    assert "| 배치 | – | 185 / – / 204개 |" in results.page(root)


def test_a_record_is_headed_by_its_chapter_or_else_by_its_own_title(root):
    assert "\n## LSTM\n" in results.page(root)
    (root / "chapters" / "lstm").mkdir()
    (root / "chapters" / "lstm" / "index.md").write_text("# LSTM: 지우고 더하는 기억\n")
    assert "\n## [LSTM: 지우고 더하는 기억](lstm/index.md)\n" in results.page(root)


def test_the_table_must_be_fresh(root, capsys):
    command = ["--root", str(root)]
    assert results.main(["check", *command]) == 1
    assert results.main(["build", *command]) == 0
    assert results.main(["check", *command]) == 0
    assert "| 2.45비트 | 2.40~2.50 |" in (root / "chapters" / "results.md").read_text()
    record(root, {"about": ABOUT, "results": {
        "bpc": {"bpc.scratch": ENTRY | {"runs": [1, 1, 1]}}}})
    assert results.main(["check", *command]) == 1
    assert "stale" in capsys.readouterr().err


def test_records_stand_in_the_order_of_the_book(root):
    for stem in ("zebra", "attention", "sequences"):
        (root / "bench" / "results" / f"{stem}.json").write_text(json.dumps(
            {"about": ABOUT | {"title": stem}, "results": {"e": {"n": ENTRY}}}))
    found = [line[3:] for line in results.page(root).splitlines() if line.startswith("## ")]
    assert found == ["sequences", "LSTM", "attention", "zebra"]
