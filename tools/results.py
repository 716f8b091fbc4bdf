"""Stated numbers: pages name a measurement, the recorded measurement supplies the digits.

    {result}`lstm.bpc.scratch`          2.41                         the mean over seeds
    {result}`lstm.bpc.scratch:range`    2.40~2.43                    smallest and largest run
    {result}`lstm.bpc.scratch:full`     2.41 (2.40~2.43, 시드 3개)

`lstm` is the file bench/results/lstm.json, `bpc.scratch` a key in its "results". The text is filled
in when a source is read, alike for the site (Sphinx `source-read`) and for the notebook, so that no
page holds a digit that was typed by hand. `results.py build` writes the table chapters/results.md.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROLE = re.compile(r"\{result\}`(?P<stem>[\w-]+)\.(?P<key>[\w.-]+)(?::(?P<form>\w+))?`")
ABOUT = {"command", "machine", "date", "cpu_minutes"}
ENTRY = {"what", "runs", "digits", "unit"}
PAGE = """\
# 측정 결과

본문에 나오는 측정값과 그 출처입니다. 값은 시드를 바꾸어 되풀이한 평균이고,
범위는 가장 작은 값과 가장 큰 값입니다. 기록마다 적힌 명령으로 다시 잴 수 있습니다.
"""


def load(root=ROOT):
    """{stem: record} of bench/results/*.json, each validated."""
    records = {}
    for path in sorted((Path(root) / "bench" / "results").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        if "results" in record:                   # other files there belong to the benchmarks
            records[path.stem] = validate(record, path.name)
    return records


def validate(record, name):
    if missing := ABOUT - record.get("about", {}).keys():
        raise ValueError(f"{name}: 'about' lacks {sorted(missing)}")
    for key, entry in record["results"].items():
        if entry.keys() != ENTRY:
            raise ValueError(f"{name}: {key} must have exactly {sorted(ENTRY)}")
        if len(entry["runs"]) < 3 and entry["unit"] != "개":     # counts need no seeds
            raise ValueError(f"{name}: {key} has {len(entry['runs'])} runs, at least 3 are needed")
    return record


def show(entry, form=None):
    """An entry as text: mean, :range or :full."""
    runs, digits = entry["runs"], entry["digits"]
    mean, low, high = (f"{value:,.{digits}f}".replace("-", "−")
                       for value in (sum(runs) / len(runs), min(runs), max(runs)))
    span = f"{low}~{high}"
    forms = {None: mean, "range": span, "full": f"{mean} ({span}, 시드 {len(runs)}개)"}
    return forms[form]


def fill(text, root=ROOT):
    """Put the digits where a page names a measurement."""
    records = load(root) if ROLE.search(text) else {}

    def one(match):
        try:
            return show(records[match["stem"]]["results"][match["key"]], match["form"])
        except KeyError as error:
            raise KeyError(f"no recorded result for {match[0]}") from error

    return ROLE.sub(one, text)


def title(stem, root):
    """The chapter's title, linked; the stem where the record is no chapter's."""
    chapter = Path(root) / "chapters" / stem / "index.md"
    return f"[{heading(chapter)}]({stem}/index.md)" if chapter.exists() else f"`{stem}`"


def heading(path):
    return re.search(r"(?m)^# (.+)$", path.read_text(encoding="utf-8"))[1]


def page(root=ROOT):
    """Markdown of chapters/results.md."""
    parts = [PAGE]
    for stem, record in load(root).items():
        about = record["about"]
        parts.append(f"## {title(stem, root)}\n\n"
                     f"- 명령: `{about['command']}`\n- 기계: {about['machine']}\n"
                     f"- 잰 날: {about['date']}, CPU 시간 {about['cpu_minutes']:.1f}분\n\n"
                     "| 무엇 | 평균 | 범위 | 시드 | 단위 |\n|---|---|---|---|---|")
        for entry in record["results"].values():
            parts[-1] += (f"\n| {entry['what']} | {show(entry)} | "
                          f"{show(entry, 'range')} | {len(entry['runs'])} | {entry['unit']} |")
        parts[-1] += "\n"
    return "\n".join(parts)


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
