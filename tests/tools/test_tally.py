"""The closing line of `make test`."""

import pytest

import tally

REPORT = """<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}" errors="0"
  skipped="1" time="2.5"><testcase classname="{name}" name="Cell 0" time="{time}"/></testsuite>
</testsuites>"""


def closing(capsys):
    return capsys.readouterr().out.strip().split("\n")[-1]


@pytest.mark.parametrize(("failures", "time", "code"), [(0, 1, 0), (1, 1, 1), (0, 1000, 1)])
def test_the_reports_add_up(tmp_path, capsys, monkeypatch, failures, time, code):
    monkeypatch.setattr(tally.os, "getloadavg", lambda: (0, 0, 0))
    paths = []
    for name in ("unit", "notebooks"):
        paths.append(tmp_path / f"{name}.xml")
        paths[-1].write_text(REPORT.format(
            tests=10, failures=failures, time=time, name="chapters/lstm/index.ipynb"))
    assert tally.main(failures, *paths) == code
    last = closing(capsys)
    failed = f"{2 * failures} failed, " if failures else ""
    assert last == f"==== {failed}{18 - 2 * failures} passed, 2 skipped in 5.00s ===="


def test_a_part_without_a_report_fails_too(tmp_path, capsys):
    path = tmp_path / "unit.xml"
    path.write_text(REPORT.format(tests=3, failures=0, time=1, name="a"))
    assert tally.main("2", path) == 1
    assert closing(capsys) == "==== 2 passed, 1 skipped, 1 errors in 2.50s ===="
    assert tally.main("0", tmp_path / "missing.xml") == 1
