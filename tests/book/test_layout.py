"""One stem, four places; names that say what a file is; nothing where it does not belong."""

import re
from pathlib import Path

import pytest

from pages import Book

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code" / "rnnbook"
STEMS = sorted(p.name for p in (ROOT / "chapters").iterdir() if (p / "index.md").exists())
MODELS = [stem for stem in STEMS if (ROOT / "chapters" / stem / "scratch.md").exists()]
FORBIDDEN = {"utils", "helpers", "common", "misc"}
TREES = ("chapters", "code", "img", "tests", "tools", "bench", "_ext")


def files():
    for tree in TREES:
        for path in sorted((ROOT / tree).rglob("*")):
            hidden = any(p.startswith(".") or p == "__pycache__" or p.endswith(".egg-info")
                         for p in path.relative_to(ROOT).parts)
            if not hidden and "node_modules" not in path.parts:
                yield path


def test_there_is_a_chapter():
    assert "lstm" in MODELS


@pytest.mark.parametrize("stem", MODELS)
def test_a_model_chapter_stands_in_four_places(stem):
    wanted = [ROOT / "chapters" / stem / "concise.md", ROOT / "chapters" / stem / "exercises.md",
              CODE / "scratch" / f"{stem}.py", CODE / "concise" / f"{stem}.py",
              ROOT / "tests" / f"test_{stem}.py"]
    assert [p for p in wanted if not p.exists()] == []


def test_concise_mirrors_scratch():
    scratch = {p.name for p in (CODE / "scratch").glob("*.py")}
    concise = {p.name for p in (CODE / "concise").glob("*.py")}
    assert concise <= scratch


def test_every_module_has_its_test():
    """A test file of its own, or one that names it."""
    words = " ".join(p.read_text("utf-8") for p in (ROOT / "tests").glob("**/test_*.py"))
    modules = [p for p in CODE.rglob("*.py") if p.stem != "__init__"]
    assert [str(p.relative_to(CODE)) for p in modules
            if not re.search(rf"\b{p.stem}\b", words)] == []


def test_exercise_specs_are_named_after_chapters():
    machinery = {"__init__", "engine", "compare"}
    assert {p.stem for p in (CODE / "exercises").glob("*.py")} - machinery <= set(STEMS)


def test_file_names_carry_no_ordinals_and_no_grab_bags():
    bad = [str(p.relative_to(ROOT)) for p in files()
           if re.match(r"^(\d+[-_.]|ch(apter)?\d)", p.name) or p.stem in FORBIDDEN]
    assert bad == []


def test_code_is_a_source_root_not_a_package():
    assert not (ROOT / "code" / "__init__.py").exists()
    assert not list((ROOT / "code").rglob("test_*.py"))


def test_every_diagram_has_its_source():
    drawn = {p.stem for p in (ROOT / "img").glob("*.svg")}
    sources = {p.stem for p in (ROOT / "img" / "src").glob("*.py")}
    assert drawn <= sources


def test_only_listed_kinds_of_files_are_committed_under_chapters():
    suffixes = {p.suffix for p in (ROOT / "chapters").rglob("*")
                if p.is_file() and not any(x.startswith(".") for x in p.parts)}
    assert suffixes <= {".md", ".ipynb", ".bib"}


def test_every_page_is_in_the_table_of_contents_once():
    pages = [page.path for page in Book().pages]
    assert len(set(pages)) == len(pages)
    assert sorted(pages) == Book().sources


def test_the_readme_names_the_two_commands_and_ci_runs_the_second():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make serve" in readme
    assert "make test" in readme
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("exec make test")
    assert "run: make test" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def test_sources_are_not_copied_into_the_site():
    """Copies under `_sources/` would carry the solutions."""
    config = Book().config["sphinx"]
    assert config["config"]["html_copy_source"] is False
    assert {"student", "results"} <= config["local_extensions"].keys()
