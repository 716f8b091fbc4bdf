"""No solution reaches the reader: not in a page, not in the search index, not in a wheel."""

import os
import re
import runpy
import zipfile
from html import unescape
from pathlib import Path

import pytest

from pages import ROOT, Book
from student import SOLUTION

SITE = Path(os.environ.get("RNNBOOK_SITE", ROOT / "_build" / "html"))
CODE = ROOT / "code" / "rnnbook"
TEXT = {".html", ".js", ".mjs", ".json", ".txt", ".md", ".ipynb", ".py", ".xml"}


def squeeze(text):
    """Without tags and white space, so that highlighting and wrapping hide nothing."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", text)))


def solutions():
    """Bodies of answers, from the pages and from the answer bank, squeezed."""
    for page in Book().pages:
        yield from (squeeze(match[2]) for match in SOLUTION.finditer(page.source))
    for path in sorted((ROOT / "tests" / "exercises").glob("*.py")):
        for sources in runpy.run_path(str(path))["RIGHT"].values():
            for source in sources:
                yield from (squeeze(body) for body in re.split(r"\ndef .*:\n", source)[1:])


def texts():
    """(name, squeezed text) of everything the site serves, wheels unpacked."""
    for path in sorted(SITE.rglob("*")):
        name = str(path.relative_to(SITE))
        if path.suffix == ".whl" and "rnnbook" in path.name:
            with zipfile.ZipFile(path) as wheel:
                yield from ((f"{name}:{inner}", squeeze(wheel.read(inner).decode("utf-8")))
                            for inner in wheel.namelist() if Path(inner).suffix == ".py")
        elif path.suffix in TEXT and path.stat().st_size < 5_000_000:
            yield name, squeeze(path.read_text("utf-8", errors="ignore"))


@pytest.fixture(scope="module")
def served(site):
    return dict(texts())


def test_no_solution_is_served(served):
    answers = {answer for answer in solutions() if len(answer) > 30}
    assert len(answers) >= 15
    found = [(name, answer) for name, text in served.items()
             for answer in answers if answer in text]
    assert found == []


def test_no_marker_is_served(served):
    assert [name for name, text in served.items() if "###BEGINSOLUTION" in text] == []


def test_the_stub_is_served(served):
    """The test above would also pass on a site without exercises."""
    for page in Book().pages:
        if SOLUTION.search(page.source):
            assert "여기에답을쓰십시오" in served[f"{page.name}.html"]


def test_no_sources_are_copied(site):
    assert not list(SITE.rglob("*.md.txt"))
    assert not [p for p in SITE.rglob("*") if p.suffix in (".md", ".ipynb")]
