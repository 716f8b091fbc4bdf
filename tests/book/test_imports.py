"""Who may import whom (design §6.1), read from the sources and seen in a fresh process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "code" / "rnnbook"
MODULES = sorted(CODE.rglob("*.py"))
NEUTRAL = {"arguments", "trainer", "text", "datasets", "corpora", "formats", "download",
           "sequences", "forecast_errors", "language_models", "ngram", "smoothing", "series",
           "baselines", "progress", "sampling", "gates", "cuts", "associative_memory", "shapes",
           "reinforce", "metrics", "bleu", "bpe", "utf8", "spectra", "batching", "features",
           "conllu", "text_pairs", "decoding", "scheduled_sampling", "seq2seq_inputs", "states"}
# Stand-alone scripts: they reach the serving tool beside them and read Sphinx's own pickles.
EXCUSED = {"bench/search.py": {"pickle", "sys.path edit"}, "bench/lighthouse.py": {"sys.path edit"}}
NO_TORCH = ["rnnbook", "rnnbook.scratch", "rnnbook.text", "rnnbook.trainer", "rnnbook.datasets",
            "rnnbook.language_models", "rnnbook.exercises.lstm"]


def imported(tree, package):
    """Full names of everything a module imports; relative ones resolved against its package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


def imports(path):
    package = ["rnnbook", *path.parent.relative_to(CODE).parts]
    return set(imported(ast.parse(path.read_text("utf-8")), package))


def reaches(names, *targets):
    return sorted(n for n in names for t in targets if n == t or n.startswith(t + "."))


def forbidden(path):
    """Packages that the module must not import."""
    where = path.relative_to(CODE).parts
    worlds = ["rnnbook.scratch", "rnnbook.concise", "rnnbook.bridge"]
    if where[0] == "scratch":
        return ["torch", "matplotlib", "rnnbook.concise", "rnnbook.bridge", "rnnbook.plots"]
    if where[0] == "concise":
        return ["rnnbook.scratch", "rnnbook.bridge", "rnnbook.plots", "matplotlib"]
    if path.stem in NEUTRAL or where[0] == "tasks":
        return ["torch", *worlds]
    if path == CODE / "__init__.py":
        return ["numpy", "torch", *worlds]
    if path.stem == "bridge":
        return []
    return ["torch", "rnnbook.concise", "rnnbook.bridge"]     # exercises, figures, plots, widgets


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(CODE)))
def test_imports_keep_the_worlds_apart(path):
    assert reaches(imports(path), *forbidden(path)) == []


def test_the_reader_of_imports_sees_relative_ones():
    tree = ast.parse("from ..concise import lstm\nfrom . import rnn\nimport torch.nn")
    names = set(imported(tree, ["rnnbook", "scratch"]))
    assert {"rnnbook.concise", "rnnbook.concise.lstm", "rnnbook.scratch.rnn", "torch.nn"} <= names
    assert reaches(names, "torch", "rnnbook.concise") != []


@pytest.mark.parametrize("module", NO_TORCH)
def test_importing_it_does_not_load_torch(module):
    code = (f"import sys, {module}; heavy = {{'torch', 'matplotlib', 'rnnbook.bridge'}}; "
            "print(sorted(heavy & set(sys.modules)))")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_package_itself_imports_nothing_heavy():
    code = "import sys, rnnbook; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_no_star_imports_no_path_edits_no_pickles_no_silenced_warnings():
    bad = []
    for tree in ("code", "tests", "tools", "bench", "img", "_ext"):
        for path in (ROOT / tree).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                where = str(path.relative_to(ROOT))
                if (why := offence(node)) and why not in EXCUSED.get(where, ()):
                    bad.append(f"{where}:{node.lineno}: {why}")
    assert bad == []


def offence(node):
    if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
        return "import *"
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
        return "pickle" if {"pickle", "joblib", "dill", "shelve"} & set(names) else None
    if isinstance(node, ast.Call):
        text = ast.unparse(node)
        if text.startswith(("sys.path.", "site.addsitedir")):
            return "sys.path edit"
        pickled = any(ast.unparse(k) == "allow_pickle=True" for k in node.keywords)
        if pickled or text.startswith(("torch.save(", "torch.load(")):
            return "pickle"
        if text in ("warnings.filterwarnings('ignore')", "warnings.simplefilter('ignore')"):
            return "silenced warnings"
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return "sys.path edit" if "sys.path" in map(ast.unparse, targets) else None
    return None


@pytest.mark.parametrize(("source", "why"), [
    ("from numpy import *", "import *"),
    ("sys.path.insert(0, 'code')", "sys.path edit"),
    ("sys.path += ['code']", "sys.path edit"),
    ("import pickle", "pickle"),
    ("np.load(f, allow_pickle=True)", "pickle"),
    ("warnings.filterwarnings('ignore')", "silenced warnings"),
])
def test_each_offence_is_seen(source, why):
    assert why in [offence(node) for node in ast.walk(ast.parse(source)) if offence(node)]
