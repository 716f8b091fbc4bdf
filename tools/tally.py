"""Add up the pytest reports of `make test` into one closing line, and time the notebooks."""

import os
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

PAGE_SECONDS = 90                                 # 60, with room for the cells of another page


def read(path):
    """(counts, seconds by notebook) of one JUnit report."""
    counts, pages = defaultdict(int), defaultdict(float)
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        for key in ("tests", "failures", "errors", "skipped"):
            counts[key] += int(suite.get(key, 0))
        counts["seconds"] += float(suite.get("time", 0))
        for case in suite.iter("testcase"):
            if ".ipynb" in case.get("classname", ""):
                pages[case.get("classname")] += float(case.get("time", 0))
    return counts, pages


def main(status, *paths):
    """Status: exit code of make over all parts, those without a report included."""
    total, slow = defaultdict(float), []
    for path in map(Path, paths):
        if not path.exists():
            print(f"{path.stem:10s} did not run")
            continue
        counts, pages = read(path)
        passed = counts["tests"] - counts["failures"] - counts["errors"] - counts["skipped"]
        print(f"{path.stem:10s} {passed:5.0f} passed {counts['seconds']:8.1f}s")
        for key in counts:
            total[key] += counts[key]
        total["passed"] += passed
        for page, seconds in sorted(pages.items(), key=lambda item: -item[1]):
            print(f"  {seconds:6.1f}s {page}")
            if seconds > PAGE_SECONDS:
                slow.append(f"{page}: {seconds:.0f} s, at most {PAGE_SECONDS}")
    print(*slow, sep="\n", file=sys.stderr)
    if os.getloadavg()[2] > 2 * os.cpu_count():
        slow = []                                 # others use this machine: the clock says nothing
    if int(status) and not total["failures"] + total["errors"]:
        total["errors"] = 1
    words = [f"{int(total[key])} {word}" for key, word in
             (("failures", "failed"), ("passed", "passed"), ("skipped", "skipped"),
              ("errors", "errors")) if total[key]]
    print(f"==== {', '.join(words)} in {total['seconds']:.2f}s ====")
    return int(bool(int(status) or slow or not total["passed"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
