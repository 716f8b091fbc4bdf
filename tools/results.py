"""Stated numbers: pages name a measurement, the recorded measurement supplies the digits.

    {result}`lstm.bpc.scratch`          2.41                         the mean over seeds
    {result}`lstm.bpc.scratch:range`    2.40~2.43                    smallest and largest run
    {result}`lstm.bpc.scratch:full`     2.41 (2.40~2.43, 시드 3개)
    {result}`lstm.bpc.scratch:runs`     2.40 / 2.41 / 2.43           every run

`lstm` is the file bench/results/lstm.json, `bpc.scratch` a key in its "results". What no seed can
change is recorded as one run and shown without a range. The text is filled in when a source is
read, alike for the site (Sphinx `source-read`) and for the notebook, so that no page holds a digit
that was typed by hand. `results.py build` writes the table chapters/results.md.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROLE = re.compile(r"\{result\}`(?P<stem>[\w-]+)\.(?P<key>[\w.-]+)(?::(?P<form>\w+))?`")
# the order of the book's chapters, those still to be written (not yet in _toc.yml) included
ORDER = ["sequences", "text", "language_models", "hopfield", "rnn", "bptt", "lstm", "gru", "deep",
         "patterns", "captions", "seq2seq", "attention", "speed"]
ABOUT = {"title", "command", "machine", "date", "cpu_minutes"}
ENTRY = {"what", "runs", "digits", "unit"}
PAGE = """\
# 측정 결과

본문에 나오는 측정값입니다. 시드를 바꾸어 세 번 측정하고 평균과 범위(가장 작은 값~가장 큰 값)를
적었습니다. 시드와 상관없는 값과 시드 하나로만 측정한 값은 범위 칸에 ‘–’를 적었습니다.
과제를 풀지 못한 시드가 있으면 평균을 내지 않고 범위 칸에 시드마다 값을 적었으며,
풀지 못한 시드의 값은 ‘–’로 적었습니다.
적힌 명령을 실행하면 다시 측정할 수 있습니다. 아직 싣지 않은 장의 값도 있습니다.
"""


def load(root=ROOT):
    """{stem: record} of bench/results/*.json, validated, the results of all experiments in one."""
    records = {}
    for path in sorted((Path(root) / "bench" / "results").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if "results" in record:                   # other files there belong to the benchmarks
            record["results"] = {key: entry for found in record["results"].values()
                                 for key, entry in found.items()}
            records[path.stem] = validate(record, path.name)
    return records


def validate(record, name):
    if missing := ABOUT - record.get("about", {}).keys():
        raise ValueError(f"{name}: 'about' lacks {sorted(missing)}")
    for key, entry in record["results"].items():
        if entry.keys() != ENTRY:
            raise ValueError(f"{name}: {key} must have exactly {sorted(ENTRY)}")
        if (count := len(entry["runs"])) not in (1, 3):
            raise ValueError(f"{name}: {key} has {count} runs: three are needed, "
                             "or one of what no seed can change")
    return record


def show(entry, form=None):
    """An entry as text: mean, :range, :full or :runs. A run of null did not get there."""
    runs, seeds = entry["runs"], len(entry["runs"])
    if form == "runs":
        return " / ".join("–" if value is None else text(value, entry) for value in runs)
    if None in runs:
        return "–"
    mean, low, high = (text(value, entry) for value in (sum(runs) / seeds, min(runs), max(runs)))
    span = f"{low}~{high}" if seeds > 1 else "–"
    full = f"{mean} ({span}, 시드 {seeds}개)" if seeds > 1 else mean
    return {None: mean, "range": span, "full": full}[form]


def text(value, entry):
    return f"{value:,.{entry['digits']}f}".replace("-", "−")


def fill(text, root=ROOT):
    """Put the digits where a page names a measurement."""
    records = load(root) if ROLE.search(text) else {}

    def one(match):
        try:
            return show(records[match["stem"]]["results"][match["key"]], match["form"])
        except KeyError as error:
            raise KeyError(f"no recorded result for {match[0]}") from error

    return ROLE.sub(one, text)


def title(stem, record, root):
    """The chapter's title, linked; where the chapter is not written yet, the record's own."""
    chapter = Path(root) / "chapters" / stem / "index.md"
    if chapter.exists():
        return f"[{heading(chapter)}]({stem}/index.md)"
    return record["about"]["title"]


def place(stem):
    """Where a record stands on the page; a stem that ORDER does not know comes last."""
    return (ORDER.index(stem) if stem in ORDER else len(ORDER)), stem


def heading(path):
    return re.search(r"(?m)^# (.+)$", path.read_text(encoding="utf-8"))[1]


def page(root=ROOT):
    """Markdown of chapters/results.md."""
    parts = [PAGE]
    for stem, record in sorted(load(root).items(), key=lambda item: place(item[0])):
        about = record["about"]
        parts.append(f"## {title(stem, record, root)}\n\n"
                     f"- 명령: `{about['command']}`\n- 환경: {about['machine']}\n"
                     f"- 측정한 날: {about['date']}, CPU 시간 {about['cpu_minutes']:.1f}분\n\n"
                     "| 측정한 값 | 평균 | 범위 |\n|---|---|---|")
        parts[-1] += "".join(map(row, record["results"].values())) + "\n"
    return "\n".join(parts)


def row(entry):
    """A line of the table; the unit stands in the first column that has figures."""
    unit = entry["unit"]
    if unit.isalpha() and unit.isascii():                  # 1.26 ppm, but 87.8%, 2.1초
        unit = f"\N{NO-BREAK SPACE}{unit}"
    mean, span = show(entry) + unit, show(entry, "range")
    if None in entry["runs"]:
        mean, span = "–", show(entry, "runs") + unit
    return f"\n| {entry['what']} | {mean} | {span} |"


def setup(app):
    """Sphinx hook; _config.yml: `local_extensions: {results: tools}`."""
    def on_source_read(app, docname, source):
        source[0] = fill(source[0])

    app.connect("source-read", on_source_read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("action", choices=["build", "check"])
    parser.add_argument("--root", default=ROOT, type=Path)
    given = parser.parse_args(argv)
    path, text = given.root / "chapters" / "results.md", page(given.root)
    if given.action == "build":
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        print("chapters/results.md is stale; run `python tools/results.py build`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
