"""The language of the book: terms, Korean docstrings, stated numbers."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import results
import terms
from pages import Book

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code" / "rnnbook"
HANGUL = re.compile("[가-힣]")
TRANSLATED = re.compile("되어진|되어졌|에 의해 .{1,20}되|하게 될 것입니다|매우 중요합니다")


def test_no_forbidden_terms():
    assert terms.violations() == []


def test_the_glossary_is_fresh():
    assert (ROOT / terms.GLOSSARY).read_text("utf-8") == terms.glossary()


def test_the_table_of_results_is_fresh():
    assert (ROOT / "chapters" / "results.md").read_text("utf-8") == results.page()


@pytest.mark.parametrize("page", Book().pages, ids=lambda page: page.name)
def test_every_stated_number_has_a_record(page):
    assert "{result}" not in results.fill(page.source)


@pytest.mark.parametrize("page", Book().pages, ids=lambda page: page.name)
def test_no_translated_korean(page):
    found = [f"{page.name}.md:{k}: {m[0]}" for k, line in enumerate(page.source.split("\n"), 1)
             if (m := TRANSLATED.search(line))]
    assert found == []


def spoken(path):
    """What a file says to the reader: string literals of code, all but the comments of the rest."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        nodes = [node for node in ast.walk(ast.parse(text)) if not isinstance(node, ast.Expr)]
        values = [child for node in nodes for child in ast.iter_child_nodes(node)]
        return [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return re.split(r"""["`<>\n]""", re.sub(r"(?m)(^|\s)//.*$|\{#.*?#\}", "", text))


INTERFACE = [path for folder in ("_ext", "_static", "_templates", "code/rnnbook/figures")
             for path in sorted((ROOT / folder).rglob("*"))
             if path.suffix in (".py", ".js", ".mjs", ".html") and path.name != "hangul.js"]


@pytest.mark.parametrize("path", INTERFACE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_interface_speaks_politely(path):
    """Sentences end in 니다, 니까 or 십시오 (hangul.js holds the endings themselves)."""
    sentences = [part for text in spoken(path) for part in re.split(r"(?<=[.?])\s", text.strip())]
    assert [s for s in sentences if " " in s and re.search(r"((?<!니)[다까]|요)[.?]?$", s)] == []


def public_objects(path):
    """(line, name, docstring) of the module and of what it makes public."""
    tree = ast.parse(path.read_text("utf-8"))
    yield 1, path.stem, ast.get_docstring(tree)
    stack = [(node, "") for node in tree.body]
    while stack:
        node, prefix = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.lineno, prefix + node.name, ast.get_docstring(node)
            if isinstance(node, ast.ClassDef):
                stack += [(child, f"{node.name}.") for child in node.body]


def korean(doc):
    return bool(doc and HANGUL.search(doc))


@cache
def explained():
    """Names documented somewhere in the package: an override need not repeat its base class."""
    return {name.split(".")[-1] for path in CODE.rglob("*.py") if path.read_text("utf-8").strip()
            for _, name, doc in public_objects(path) if korean(doc)}


@pytest.mark.parametrize("path", sorted(CODE.rglob("*.py")), ids=lambda p: str(p.relative_to(CODE)))
def test_public_objects_have_korean_docstrings(path):
    if not path.read_text("utf-8").strip():
        return
    bare = [f"{path.relative_to(ROOT)}:{line}: {name}" for line, name, doc in public_objects(path)
            if not korean(doc) and name.split(".")[-1] not in explained()]
    assert bare == []
