"""The closing line of `make test`."""

import pytest

import tally

REPORT = """<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}" errors="0"
  skipped="1" time="2.5"><testcase classname="{name}" name="Cell 0" time="{time}"/></testsuite>
</testsuites>"""


@pytest.mark.parametrize(("failures", "time", "code"), [(0, 1, 0), (1, 1, 1), (0, 1000, 1)])
def test_the_reports_add_up(tmp_path, capsys, failures, time, code):
    paths = []
    for name in ("unit", "notebooks"):
        paths.append(tmp_path / f"{name}.xml")
        paths[-1].write_text(REPORT.format(
            tests=10, failures=failures, time=time, name="chapters/lstm/index.ipynb"))
    assert tally.main(paths) == code
    last = capsys.readouterr().out.strip().split("\n")[-1]
    failed = f"{2 * failures} failed, " if failures else ""
    assert last == f"==== {failed}{18 - 2 * failures} passed, 2 skipped in 5.00s ===="


def test_a_missing_report_fails(tmp_path):
    with pytest.raises(FileNotFoundError):
        tally.main([tmp_path / "site.xml"])
