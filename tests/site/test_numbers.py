"""Figures, tables and equations bear the same numbers in the notebooks as on the site."""

import os
import re
from pathlib import Path

import pytest

from pages import ROOT, Book, labelled

SITE = Path(os.environ.get("RNNBOOK_SITE", ROOT / "_build" / "html"))
BOOK = Book()
CAPTIONED = ("figure", "table", "code-block")


def on_site(page):
    html = (SITE / f"{page.name}.html").read_text("utf-8")
    captions = re.findall(r'class="caption-number">\s*([^<]+?)\s*<', html)
    equations = re.findall(r'class="eqno">\s*\((\d[\d.]*)\)', html)
    return sorted(captions), sorted(equations)


def in_notebook(page):
    own = [label for label in numbered() if label[0] == page]
    captions = [BOOK.number_formats[kind] % number for _, kind, number in own if kind in CAPTIONED]
    return sorted(captions), sorted(number for _, kind, number in own if kind == "equation")


def numbered():
    """(page, kind, number) of everything numbered, labelled or not."""
    counts = {}
    for page in BOOK.pages:
        for _, kind, _, _ in labelled(page):
            if kind in (*CAPTIONED, "equation"):
                key = kind, page.number[:1]
                counts[key] = counts.get(key, 0) + 1
                yield page, kind, ".".join(map(str, (*page.number[:1], counts[key])))


@pytest.mark.parametrize("page", BOOK.pages, ids=lambda page: page.name)
def test_the_numbers_are_the_sites(page, site):
    assert in_notebook(page) == on_site(page)
