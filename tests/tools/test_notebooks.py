"""The notebook pipeline on a tiny book: what it writes, and everything that must make it fail."""

import json
import shutil
import subprocess
import sys
import types
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

import notebooks
from pages import Book

ROOT = Path(__file__).resolve().parents[2]
TOC = """\
format: jb-book
root: chapters/index
parts:
  - caption: 장
    chapters:
      - file: chapters/lstm/index
"""
HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
PAGE = HEADER + """\
# LSTM

앞의 글입니다.

```{code-cell} ipython3
x = 1 + 1
```

```{code-cell} ipython3
:tags: [nbval-check-output, live]
import sys

print("하나")
sys.stdout.flush()
print("둘", x)
```

뒤의 글입니다.

```{code-cell} ipython3
---
tags: [exercise]
exercise: {id: lstm/step, fn: step, points: 5}
---
def step(x):
    ### BEGIN SOLUTION
    secret = x
    return secret
    ### END SOLUTION
```
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("book")
    (root / "chapters" / "lstm").mkdir(parents=True)
    (root / "_toc.yml").write_text(TOC)
    (root / "_config.yml").write_text("title: 책\nrepository:\n  url: \"\"\n  branch: main\n")
    (root / "chapters" / "index.md").write_text("# 책\n\n코드가 없는 쪽.\n")
    (root / "chapters" / "lstm" / "index.md").write_text(PAGE)
    notebooks.build(Book(root))
    return root


@pytest.fixture
def book(built, tmp_path):
    """A fresh copy of the built tiny book."""
    shutil.copytree(built, tmp_path / "book")
    return tmp_path / "book"


def source(book):
    return book / "chapters" / "lstm" / "index.md"


def notebook(book):
    return book / "chapters" / "lstm" / "index.ipynb"


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def complaints(book):
    return notebooks.check(Book(book))


def nbval(book, *options):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax",
         "--nbval-current-env", *options, "chapters"], cwd=book, capture_output=True, text=True)


def checked(book):
    cells = nbformat.read(notebook(book), as_version=4).cells
    return next(cell for cell in cells if notebooks.CHECKED in notebooks.tags(cell))


# -- what is written -----------------------------------------------------------------------------

def test_a_built_book_passes_check_and_nbval(book):
    assert complaints(book) == []
    run = nbval(book)
    assert run.returncode == 0, run.stdout


def test_only_checked_cells_keep_outputs_and_only_stdout(book):
    cells = nbformat.read(notebook(book), as_version=4).cells
    kept = [cell for cell in cells if cell.get("outputs")]
    assert kept == [checked(book)]
    assert [o.text for o in kept[0].outputs] == ["하나\n둘 2\n"]      # the two pieces joined


def test_every_code_cell_is_numbered(book):
    cells = nbformat.read(notebook(book), as_version=4).cells
    counts = [cell.execution_count for cell in cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_pages_without_code_have_no_notebook(book):
    assert not (book / "chapters" / "index.ipynb").exists()


def test_solutions_are_stripped(book):
    text = notebook(book).read_text()
    assert "secret" not in text
    assert "SOLUTION" not in text
    assert "여기에 답을 쓰십시오" in text


def test_building_again_changes_nothing(book):
    before = notebook(book).read_bytes()
    notebooks.build(Book(book))
    assert notebook(book).read_bytes() == before
    notebooks.build(Book(book), force=True)
    assert notebook(book).read_bytes() == before


def test_ids_follow_content(book):
    before = [cell.id for cell in nbformat.read(notebook(book), as_version=4).cells]
    edit(source(book), "앞의 글입니다.", "고친 글입니다.")
    notebooks.build(Book(book))
    after = [cell.id for cell in nbformat.read(notebook(book), as_version=4).cells]
    assert len(set(after)) == len(after)
    assert [a == b for a, b in zip(before, after, strict=True)].count(False) == 1


def test_prose_can_change_without_executing(book, monkeypatch):
    edit(source(book), "뒤의 글입니다.", "고친 글입니다.")
    monkeypatch.setattr(notebooks, "execute", None)
    notebooks.build(Book(book))
    assert complaints(book) == []
    assert checked(book).outputs


def test_code_above_a_checked_cell_makes_its_output_stale(book):
    edit(source(book), "x = 1 + 1", "x = 1 + 2")
    notebooks.build(Book(book))
    assert checked(book).outputs[0].text == "하나\n둘 3\n"


# -- the Colab cell ------------------------------------------------------------------------------

def first_cell(book):
    cell = notebooks.derive(Book(book).page("chapters/lstm/index"), Book(book)).cells[0]
    assert notebooks.tags(cell) == [notebooks.SKIPPED]
    return TransformerManager().transform_cell(cell.source)


def run_first_cell(book):
    shell = types.SimpleNamespace(calls=[])
    shell.run_line_magic = lambda *call: shell.calls.append(call)
    exec(first_cell(book), {"get_ipython": lambda: shell})
    return shell.calls


def test_the_first_cell_does_nothing_outside_colab(book, capsys):
    notebooks.set_address(Book(book), "https://github.com/someone/rnnbook")
    assert run_first_cell(book) == []
    assert capsys.readouterr().out == ""


def test_the_first_cell_installs_in_colab(book, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    notebooks.set_address(Book(book), "https://github.com/someone/rnnbook")
    [(magic, line)] = run_first_cell(book)
    assert magic == "pip"
    assert "git+https://github.com/someone/rnnbook" in line


def test_without_an_address_the_first_cell_explains(book, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    assert run_first_cell(book) == []
    assert "저장소 주소가 아직" in capsys.readouterr().out


# -- acceptance: each of these must fail ---------------------------------------------------------

def test_an_altered_output_fails(book):
    edit(notebook(book), "둘 2", "둘 3")
    run = nbval(book)
    assert run.returncode == 1
    assert "1 failed" in run.stdout


def test_an_edited_page_without_regeneration_fails(book):
    edit(source(book), "뒤의 글입니다.", "고친 글입니다.")
    assert "not derived" in complaints(book)[0]


def test_edited_code_without_regeneration_fails(book):
    edit(source(book), "x = 1 + 1", "x = 1 + 2")
    assert "no output for the code as it stands" in complaints(book)[0]


def test_a_deleted_notebook_fails(book):
    notebook(book).unlink()
    assert "missing" in complaints(book)[0]


def test_a_notebook_without_page_fails(book):
    shutil.copy(notebook(book), notebook(book).with_name("stray.ipynb"))
    assert "belongs to no page" in complaints(book)[0]
    notebooks.build(Book(book))
    assert complaints(book) == []


def test_a_checked_cell_without_output_fails(book):
    data = json.loads(notebook(book).read_text())
    for cell in data["cells"]:
        cell["outputs"] = [] if "outputs" in cell else None
    data["cells"] = [{k: v for k, v in c.items() if v is not None} for c in data["cells"]]
    notebook(book).write_text(json.dumps(data))
    assert "no output" in complaints(book)[0]


def test_a_notebook_edited_by_hand_fails(book):
    edit(notebook(book), "앞의 글입니다.", "손으로 고친 글입니다.")
    assert "not derived" in complaints(book)[0]


def test_an_unnumbered_cell_fails(book):
    """nbval compares nothing in a cell whose execution_count is null."""
    data = json.loads(notebook(book).read_text())
    for cell in data["cells"]:
        if "execution_count" in cell:
            cell["execution_count"] = None
    notebook(book).write_text(json.dumps(data))
    assert complaints(book)


def test_a_stored_image_fails(book):
    data = nbformat.read(notebook(book), as_version=4)
    picture = nbformat.v4.new_output("display_data", {"image/png": "aGVsbG8="})
    data.cells[-1].outputs = [picture]
    nbformat.write(data, notebook(book))
    assert "must not be stored" in complaints(book)[0]


def test_too_large_a_notebook_fails(book):
    edit(source(book), "뒤의 글입니다.", "긴 글. " * 10_000)
    notebooks.build(Book(book))
    assert "at most 60000" in complaints(book)[0]


@pytest.mark.parametrize(("code", "message"), [
    ("pass", "prints nothing"),
    ("1 / 0", "ZeroDivisionError"),
    ("from IPython.display import HTML\nHTML('<b>굵게</b>')", "only give text"),
    ("print('경고', file=sys.stderr)", "only give text"),
])
def test_a_checked_cell_must_print_text_only(book, code, message):
    edit(source(book), "x = 1 + 1", "x = 1 + 3")
    edit(source(book), 'print("하나")', "if False: print()")
    edit(source(book), 'print("둘", x)', code)
    before = notebook(book).read_bytes()
    assert message in notebooks.build(Book(book))[0]
    assert notebook(book).read_bytes() == before


def test_a_hanging_cell_fails(book):
    edit(notebook(book), "x = 1 + 1", "while True: x = 1")
    run = nbval(book, "--nbval-cell-timeout", "2")
    assert run.returncode == 1


def test_the_command_line_speaks_by_its_exit_code(book, capsys):
    assert notebooks.main(["check", "--root", str(book)]) == 0
    notebook(book).unlink()
    assert notebooks.main(["check", "--root", str(book)]) == 1
    assert "index.ipynb: missing" in capsys.readouterr().err


def test_make_runs_all_of_this():
    makefile = (ROOT / "Makefile").read_text()
    assert "notebooks.py check" in makefile
    assert "--nbval-cell-timeout" in makefile
    assert (ROOT / ".ci" / "run").read_text().strip().endswith("exec make test")
