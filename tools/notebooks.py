"""Notebooks from pages: `notebooks.py build` writes them, `notebooks.py check` refuses stale ones.

A notebook is derived from its page alone; only cells tagged `nbval-check-output` keep an output,
text only. `build` executes a page when such an output is missing or older than the code above it.
"""

import argparse
import hashlib
import json
import re
import sys

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from flatten import flatten
from pages import ROOT, Book, BookError
from results import fill
from student import strip_solutions

CHECKED, SKIPPED = "nbval-check-output", "nbval-skip"
LIMIT = 60_000                                    # bytes of a committed notebook
CELL_SECONDS = 120
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
INSTALL = """\
# Colab에서 열었을 때만 rnnbook을 설치합니다. 내 컴퓨터에서는 아무 일도 하지 않습니다.
import sys

if "google.colab" in sys.modules:
    {action}"""
WITH_ADDRESS = '%pip install --quiet "rnnbook[widgets] @ git+{address}"'
WITHOUT_ADDRESS = ('print("저장소 주소가 아직 정해지지 않았습니다. 책의 설치 안내를 따라 rnnbook을 '
                   '설치하십시오.")')


class NotebookError(Exception):
    """A notebook that is not what its page says."""


def derive(page, book):
    """The page's notebook, without outputs."""
    try:
        source = strip_solutions(fill(page.source, book.root))
    except (ValueError, KeyError) as error:
        raise BookError(page.path, 1, error) from error
    read = jupytext.reads(source, fmt="md:myst")
    address, _ = book.repository
    action = WITH_ADDRESS.format(address=address) if address else WITHOUT_ADDRESS
    cells = [nbformat.v4.new_code_cell(INSTALL.format(action=action),
                                       metadata={"tags": [SKIPPED]})]
    line = 1
    for cell in read.cells:
        line = position(source, cell.source, line)
        if cell.cell_type == "code":
            cells.append(nbformat.v4.new_code_cell(cell.source, metadata=dict(cell.metadata)))
        elif text := flatten(cell.source, page, book, line):
            cells.append(nbformat.v4.new_markdown_cell(text))
    name(cells)
    for count, cell in enumerate((c for c in cells if c.cell_type == "code"), 1):
        cell.execution_count = count              # nbval compares nothing in a cell without one
    return nbformat.v4.new_notebook(cells=cells, metadata=KERNEL)


def position(source, text, line):
    """The line of the source where a cell's text starts (for messages only)."""
    offset = sum(len(one) + 1 for one in source.split("\n")[:line - 1])
    found = source.find(text, offset)
    return line if found < 0 else source.count("\n", 0, found) + 1


def name(cells):
    """Give each cell an id made from its content, so that it changes only when the cell does."""
    seen = {}
    for cell in cells:
        content = f"{cell.cell_type}\n{cell.source}\n{json.dumps(cell.metadata, sort_keys=True)}"
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def tags(cell):
    return cell.metadata.get("tags", ())


def outputs_by_code(notebook):
    """{ids of a checked cell and of all code before it: its outputs}."""
    code, found = (), {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code += (cell.id,)
            if CHECKED in tags(cell):
                found[code] = cell.outputs
    return found


def keep(derived, stored):
    """Carry stored outputs over; return whether all that are wanted were there."""
    known, complete, code = outputs_by_code(stored), True, ()
    for cell in derived.cells:
        if cell.cell_type == "code":
            code += (cell.id,)
            if CHECKED in tags(cell):
                cell.outputs = known.get(code, [])
                complete = complete and bool(cell.outputs)
    return complete


def execute(notebook, page):
    """Run the cells in their folder and keep the checked cells' outputs."""
    run = nbformat.reads(nbformat.writes(notebook), as_version=4)
    run.cells = [c for c in run.cells if c.cell_type == "code" and SKIPPED not in tags(c)]
    NotebookClient(run, timeout=CELL_SECONDS, kernel_name="python3",
                   resources={"metadata": {"path": str(page.path.parent)}}).execute()
    fresh = {cell.id: cell.outputs for cell in run.cells}
    for cell in notebook.cells:
        if CHECKED in tags(cell):
            cell.outputs = merged([text_only(o, page, cell) for o in fresh[cell.id]])
            if not cell.outputs:
                raise NotebookError(f"{page.notebook}: checked cell prints nothing: {head(cell)}")
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count


def merged(outputs):
    """Join neighbouring pieces of stdout: where a stream is cut is a matter of timing."""
    joined = []
    for output in outputs:
        if joined and output.output_type == joined[-1].output_type == "stream":
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def text_only(output, page, cell):
    """Refuse what nbval cannot compare everywhere: errors, pictures, stderr."""
    kinds = {output.get("name", output.output_type), *output.get("data", ())}
    if kinds - {"stdout", "execute_result", "display_data", "text/plain"}:
        raise NotebookError(f"{page.notebook}: a checked cell may only give text: {head(cell)}")
    if "metadata" in output:
        output.metadata = {}
    return output


def head(cell):
    return "".join(cell.source).strip().split("\n")[0]


def executables(book):
    return [page for page in book.pages if page.executable]


def build(book, *, force=False):
    """Write every notebook whose page changed, remove orphans; return what went wrong."""
    complaints = []
    for page in executables(book):
        try:
            build_page(page, book, force=force)
        except (BookError, NotebookError) as error:
            complaints.append(str(error))
        except CellExecutionError as error:
            complaints.append(f"{page.name}.md: {error}")
    for path in orphans(book):
        path.unlink()
        print(f"removed {path.relative_to(book.root)}")
    return complaints


def build_page(page, book, *, force):
    notebook = derive(page, book)
    stored = page.notebook.exists() and nbformat.read(page.notebook, as_version=4)
    fresh = bool(stored) and keep(notebook, stored) and not force
    if not fresh and any(CHECKED in tags(cell) for cell in notebook.cells):
        print(f"running {page.name}.md", flush=True)
        execute(notebook, page)
    text = dump(notebook)
    if not stored or text != page.notebook.read_text(encoding="utf-8"):
        page.notebook.write_text(text, encoding="utf-8")
        print(f"wrote {page.name}.ipynb", flush=True)


def dump(notebook):
    nbformat.validate(notebook)
    return nbformat.writes(notebook, indent=1).rstrip("\n") + "\n"


def orphans(book):
    wanted = {page.notebook.resolve() for page in executables(book)}
    found = (book.root / "chapters").rglob("*.ipynb")
    return sorted(p for p in found if p.resolve() not in wanted
                  and ".ipynb_checkpoints" not in p.parts)


def check(book):
    """Complaints about notebooks that differ from their pages in anything but outputs."""
    complaints = [f"{p.relative_to(book.root)}: belongs to no page" for p in orphans(book)]
    for page in executables(book):
        try:
            complaints += check_page(page, book)
        except (BookError, NotebookError) as error:
            complaints.append(str(error))
    return complaints


def check_page(page, book):
    derived, where = derive(page, book), f"{page.name}.ipynb"
    if not page.notebook.exists():
        return [f"{where}: missing; run `make notebooks`"]
    text = page.notebook.read_text(encoding="utf-8")
    stored, complaints = nbformat.reads(text, as_version=4), []
    if not keep(derived, stored):
        complaints.append(f"{where}: a checked cell has no output for the code as it stands")
    for cell in stored.cells:
        for output in cell.get("outputs", ()):
            if CHECKED not in tags(cell) or set(output.get("data", ())) - {"text/plain"}:
                complaints.append(f"{where}: an output that must not be stored: {head(cell)}")
    if dump(derived) != text and not complaints:
        complaints.append(f"{where}: not derived from {page.path.name} as it stands: "
                          f"{first_difference(derived, stored)}")
    if len(text.encode()) > LIMIT:
        complaints.append(f"{where}: {len(text.encode())} bytes, at most {LIMIT}")
    return complaints


def first_difference(derived, stored):
    for a, b in zip(derived.cells, stored.cells, strict=False):
        if a != b:
            return f"cell {b.get('id')}: {head(a)!r}"
    return f"{len(derived.cells)} cells expected, {len(stored.cells)} found"


def set_address(book, url):
    """Write the repository's address into _config.yml (publish time, once per fork)."""
    path = book.root / "_config.yml"
    text, count = re.subn(r"(?m)^(\s+url\s*:).*$", rf"\g<1> {url}", path.read_text(), count=1)
    if not count:
        raise NotebookError("_config.yml has no 'url:' line under 'repository:'")
    path.write_text(text, encoding="utf-8")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["build", "check", "address"])
    parser.add_argument("url", nargs="?", help="for 'address': https://github.com/owner/name")
    parser.add_argument("--root", default=ROOT, help="the book's folder")
    parser.add_argument("--force", action="store_true", help="execute every page anew")
    given = parser.parse_args(argv)
    if given.action == "address":
        set_address(Book(given.root), given.url)
    book = Book(given.root)
    complaints = check(book) if given.action == "check" else build(book, force=given.force)
    print(*complaints, sep="\n", file=sys.stderr)
    print(f"notebooks: {len(complaints)} complaints")
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
