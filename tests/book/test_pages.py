"""Every page: vocabulary, alt text, checked cells, skeleton, notebooks, budgets."""

import ast
import re
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import notebooks
from flatten import INLINE_CODE, Flattener, strip_html_class
from pages import ROOT, Book, BookError
from results import fill
from rnnbook.exercises import find, grade
from student import solved

BOOK = Book()
EXECUTABLE = [page for page in BOOK.pages if page.executable]
CONTENT = [page for page in BOOK.pages if page.path.parent.name != "chapters"]
SITE_ONLY = {"bibliography", "glossary", "tableofcontents"}      # on pages that are no notebook
FENCED = re.compile(r"```python\n(.*?)```", re.DOTALL)
MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\(")
CHECKED = notebooks.CHECKED


def id_of(page):
    return page.name.removeprefix("chapters/")


def code_cells(page):
    """(line, tags, source) of every code cell of the source."""
    for block in page.walk():
        if block.kind == "directive" and block.info == "code-cell":
            tags = block.options.get("tags") or []
            tags = re.findall(r"[\w-]+", tags) if isinstance(tags, str) else tags
            yield block.line, tags, block.body


@pytest.mark.parametrize("page", BOOK.pages, ids=id_of)
def test_only_the_books_vocabulary(page):
    """Every construct can be flattened, also on the pages that never become notebooks."""
    flattener = Flattener(page, BOOK)
    for block in page.blocks:
        if block.kind == "directive" and block.info in ("code-cell", *SITE_ONLY):
            assert block.info == "code-cell" or not page.executable, f"{page.name}:{block.line}"
        elif block.kind == "directive":
            flattener.directive(block)
        elif block.kind == "text":
            flattener.prose(replace(block, lines=fill(block.body).split("\n")))


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_no_myst_is_left_in_the_notebook(page):
    for cell in notebooks.derive(page, BOOK).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            assert "htmlClass" not in text
            assert not re.search(r"^\s*(```\{|:::)", text, re.MULTILINE)
            assert not [m[0] for m in INLINE_CODE.finditer(text) if m["role"]]


@pytest.mark.parametrize("page", BOOK.pages, ids=id_of)
def test_every_image_has_alt_text(page):
    for block in page.walk():
        where = f"{page.name}.md:{block.line}"
        if block.kind == "directive" and block.info in ("figure", "image"):
            assert len(block.options.get("alt", "")) >= 10, f"{where}: say what to see"
        if block.kind == "directive" and block.options.get("figure"):
            assert block.options.get("alt") or Flattener(page, BOOK).described(
                block.options["figure"], block.line), where
        if block.kind == "text":
            assert all(MARKDOWN_IMAGE.findall(block.body)), f"{where}: image without alt text"


@pytest.mark.parametrize("page", BOOK.pages, ids=id_of)
def test_a_page_with_code_is_a_notebook_and_the_other_way_round(page):
    assert page.executable == bool(list(code_cells(page)))
    assert page.notebook.exists() == page.executable


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_every_notebook_has_a_checked_cell(page):
    assert [line for line, tags, _ in code_cells(page) if CHECKED in tags]


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_every_agreement_is_checked(page):
    loose = [f"{page.name}.md:{line}" for line, tags, code in code_cells(page)
             if re.search(r"\bagree\(|['\"]일치['\"]", code) and CHECKED not in tags]
    assert loose == []


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_cells_that_need_torch_are_not_live(page):
    needs = re.compile(r"^\s*((import|from) (torch|matplotlib)"
                       r"|from rnnbook(\.| import .*)(concise|bridge|plots))", re.MULTILINE)
    bad = [f"{page.name}.md:{line}" for line, tags, code in code_cells(page)
           if "live" in tags and needs.search(code)]
    assert bad == []


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_cells_import_only_what_chapters_may(page):
    known = {"numpy", "torch", "rnnbook", "matplotlib", "ipywidgets", "IPython"}
    for line, _, code in code_cells(page):
        for node in ast.walk(ast.parse(code)):
            names = ([a.name for a in node.names] if isinstance(node, ast.Import) else
                     [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            for top in {name.split(".")[0] for name in names}:
                assert top in known or not is_third_party(top), f"{page.name}.md:{line}: {top}"


def is_third_party(name):
    return name not in sys.stdlib_module_names


@pytest.mark.parametrize("page", CONTENT, ids=id_of)
def test_the_skeleton_of_a_page(page):
    """배울 것, 필요한 것, 정리, 다음: exercises need no 정리."""
    wanted = ["배울 것", "필요한 것", "다음"] + ["정리"] * (page.path.stem != "exercises")
    titles = re.findall(r"(?m)^(?:#+ |```\{admonition\} )(.*)$", page.source)
    assert [w for w in wanted if not any(title.startswith(w) for title in titles)] == []


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_every_tag_is_known(page):
    known = {"live", CHECKED, "exercise", "nbval-skip", "hide-input", "remove-input",
             "remove-output", "hide-output", "nbval-ignore-output", "nbval-raises-exception"}
    assert {tag for _, tags, _ in code_cells(page) for tag in tags} <= known


def test_quiz_ids_are_unique():
    ids = [block.argument for page in BOOK.pages for block in page.walk()
           if block.kind == "directive" and block.info == "quiz"]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", [p for p in CONTENT if p.path.stem == "exercises"], ids=id_of)
def test_exercises_meet_the_house_rules(page):
    """Enough quizzes and graded exercises; each stub matches its spec, each solution passes."""
    quizzes = [b for b in page.walk() if b.kind == "directive" and b.info == "quiz"]
    cells = [b for b in page.walk() if b.kind == "directive" and b.info == "code-cell"
             and "exercise" in b.options]
    assert len(quizzes) >= 6
    assert len(cells) >= 5
    shared = "\n".join(code for _, tags, code in code_cells(page) if "exercise" not in tags)
    for cell in cells:
        told = cell.options["exercise"]
        exercise = find(told["id"])
        assert told["points"] == exercise.points
        assert told["fn"] == exercise.parts[0].fn
        assert f'check("{exercise.id}", {", ".join(p.fn for p in exercise.parts)})' in cell.body
        space = {}
        exec(shared + "\n" + solved(cell.body), space)
        result = grade(exercise, *(space[part.fn] for part in exercise.parts), seeds=range(10))
        assert result.passed, (exercise.id, result)
        assert notebooks.strip_solutions(cell.body) != cell.body
        above = page.source[:page.source.index(f"id: {exercise.id},")]
        heading = re.findall(r"(?m)^#+ .*$", above)[-1]
        assert f"{exercise.title} (코드, {duration(exercise.minutes)})" in heading


def duration(minutes):
    return f"{minutes}분" if minutes < 60 else "1시간" if minutes < 120 else "두세 시간"


# -- notebooks and budgets -------------------------------------------------------------------------

def test_notebooks_are_fresh():
    assert notebooks.check(BOOK) == []


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_a_notebook_is_small_valid_and_without_pictures(page):
    text = page.notebook.read_text("utf-8")
    assert len(text.encode()) <= notebooks.LIMIT
    assert "image/png" not in text
    assert "data:image" not in text
    assert "BEGIN SOLUTION" not in text
    nbformat.validate(nbformat.reads(text, as_version=4))


@pytest.mark.parametrize("page", EXECUTABLE, ids=id_of)
def test_code_fits_the_column(page):
    """At the book's width a line of 68 columns is seen whole; Hangul takes two."""
    wide = []
    for cell in notebooks.derive(page, BOOK).cells:
        if "nbval-skip" in cell.metadata.get("tags", []):    # the install cell is not on the site
            continue
        blocks = [cell.source] if cell.cell_type == "code" else FENCED.findall(cell.source)
        wide += [line for block in blocks for line in block.split("\n") if columns(line) > 68]
    assert wide == []


def columns(line):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def test_package_data_is_small():
    data = Path(ROOT, "code", "rnnbook", "data")
    assert sum(p.stat().st_size for p in data.rglob("*") if p.is_file()) <= 2_000_000


def test_no_pickled_files():
    suffixes = {".pkl", ".pickle", ".pt", ".pth", ".joblib", ".npy"}
    assert [p for tree in ("code", "chapters", "bench", "tests", "img")
            for p in (ROOT / tree).rglob("*") if p.suffix in suffixes] == []


def test_stripping_html_class_is_complete():
    assert strip_html_class(r"\htmlClass{sym-f}{f_{t}}") == "f_{t}"


def test_a_foreign_construct_is_refused():
    with pytest.raises(BookError):
        Flattener(BOOK.pages[0], BOOK).text(["```{mermaid}", "```"])
