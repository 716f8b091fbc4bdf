"""What a docstring must say: what it is, shapes, errors, units, and where a model comes from.

The rules are mechanical, so they are modest: an error that is raised is named, an array that comes
in has its shape written, a loss has its unit, a module of scratch/ names its chapter or its source
and a source stands in chapters/references.bib. A method is read together with its class and with
what it overrides, a class of concise/ with its twin.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from functools import cache
from pathlib import Path

import pytest

import rnnbook
from flatten import bibliography

ROOT = Path(__file__).resolve().parents[2]
NAMES = [module.name for module in pkgutil.walk_packages(rnnbook.__path__, "rnnbook.")]
SENTENCE = re.compile(r"(?s)(?=.*[가-힣]).{4,}")
SHAPE = re.compile(r"\((?:\.\.\.|[A-Z][\w*+·-]*)(?:, ?[^()]*)?\)|모양")
ARRAYS = {"x", "y", "dx", "dy", "q", "k", "v", "s", "logits", "dlogits", "targets", "tokens",
          "ids", "scores", "mask", "query", "key", "value", "source", "lengths", "patterns",
          "series", "weights", "h_prev", "da", "counts", "answers", "labels", "images"}
LOSSES = {"loss", "train_step", "evaluate", "cross_entropy", "masked_cross_entropy"}
NO_LOSS = {"rnnbook.sequences.evaluate"}                     # predictions and what came
UNIT = re.compile(r"nat|제곱")
NAME = r"(?:[A-ZÀ-Ž][\w'-]+(?: [A-ZÀ-Ž][\w'-]+)*|[가-힣]+ [가-힣]+)"
CITED = re.compile(rf"({NAME}(?:, {NAME})*(?: & {NAME}| et al\.)?) \((\d{{4}})\)")
OTHER_SOURCE = re.compile("https://|고시 제")                    # a standard, a law


@cache
def public(name):
    """{name: object} of what a module makes public: itself, classes, functions, methods."""
    module = importlib.import_module(name)
    found = {name: module}
    for key, value in vars(module).items():
        if not key.startswith("_") and getattr(value, "__module__", "") == name and callable(value):
            found[f"{name}.{key}"] = value
            if inspect.isclass(value):
                found |= {f"{name}.{key}.{k}": function(v) for k, v in vars(value).items()
                          if function(v) and not k.startswith("_")}
    return found


def function(value):
    """The function behind a method, a class method or a property; else None."""
    value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    value = inspect.unwrap(value) if callable(value) else value
    return value if inspect.isfunction(value) else None


def owner(name):
    """The class whose method this is, or None."""
    module, _, _ = name.rpartition(".")
    parent = next((public(m).get(module) for m in NAMES if module.startswith(m + ".")
                   and module in public(m)), None)
    return parent if inspect.isclass(parent) else None


def family(name, thing):
    """The class itself or the class of a method, and what it inherits from in the package."""
    kind = thing if inspect.isclass(thing) else owner(name)
    return [c for c in kind.__mro__ if c.__module__.startswith("rnnbook")] if kind else []


def twin(name):
    """[(name, object)] of the same name in scratch/, if there is one."""
    other = name.replace("rnnbook.concise.", "rnnbook.scratch.")
    module = ".".join(other.split(".")[:3])
    things = public(module) if other != name and module in NAMES else {}
    return [(other, things[other])] if other in things else []


def own(name, thing):
    """Its docstring, those of the methods it overrides, and the same of its twin."""
    methods = [vars(kind).get(thing.__name__) for kind in family(name, thing)]
    texts = [thing.__doc__, *(method.__doc__ for method in methods if method)]
    return "\n".join(filter(None, [*texts, *(own(*other) for other in twin(name))]))


def read(name, thing):
    """All that a reader finds at an object: its own docstring and those of its classes."""
    texts = [own(name, thing), *(kind.__doc__ for kind in family(name, thing))]
    return "\n".join(filter(None, [*texts, *(read(*other) for other in twin(name))]))


def code(thing, kind):
    """The nodes of this kind in its body; the body of a class is its __init__."""
    body = vars(thing).get("__init__") if inspect.isclass(thing) else thing
    if not inspect.isfunction(body) or body.__code__.co_filename.startswith("<"):
        return []                                            # a dataclass writes its own
    tree = ast.parse(textwrap.dedent(inspect.getsource(body)))
    return [node for node in ast.walk(tree) if isinstance(node, kind)]


def raised(thing):
    """Names of the errors that its body raises."""
    errors = [node.exc for node in code(thing, ast.Raise) if node.exc]
    names = {ast.unparse(error.func if isinstance(error, ast.Call) else error) for error in errors}
    return {name for name in names if name.endswith("Error") and name != "NotImplementedError"}


def checks(thing):
    """Whether it hands an argument to a function that checks it."""
    return any(re.match(r"_?check_", ast.unparse(node.func).split(".")[-1])
               for node in code(thing, ast.Call))


@pytest.mark.parametrize("name", NAMES)
def test_every_public_object_says_in_korean_what_it_is(name):
    assert [n for n, thing in public(name).items() if not SENTENCE.match(own(n, thing))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_error_is_named(name):
    missing = {n: gone for n, thing in public(name).items() if not inspect.ismodule(thing)
               and (gone := {e for e in raised(thing) if e not in read(n, thing)})}
    silent = [n for n, thing in public(name).items() if not inspect.ismodule(thing)
              and checks(thing) and "Error" not in read(n, thing)]
    assert (missing, silent) == ({}, [])


@pytest.mark.parametrize("name", [n for n in NAMES if ".scratch." in n or ".concise." in n])
def test_every_array_has_its_shape(name):
    assert [n for n, thing in public(name).items() if inspect.isfunction(thing)
            and ARRAYS & set(inspect.signature(thing).parameters)
            and not SHAPE.search(read(n, thing))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_loss_has_its_unit(name):
    """`evaluate` gives the loss of the train_step beside it."""
    things, bare = public(name), []
    for n in (n for n in things if n.split(".")[-1] in LOSSES and n not in NO_LOSS):
        beside = re.sub("evaluate$", "train_step", n)
        if not UNIT.search(read(n, things[n]) + read(beside, things.get(beside, things[n]))):
            bare.append(n)
    assert bare == []


@pytest.mark.parametrize("name", [n for n in NAMES if ".scratch." in n])
def test_a_scratch_module_names_its_chapter_or_its_source(name):
    assert re.search("(?m)^(장|출처): .", public(name)[name].__doc__)


@pytest.fixture(scope="module")
def references():
    """Both ways to cite every entry: all family names, or the first of three or more et al."""
    found = set()
    for entry in bibliography(ROOT / "chapters" / "references.bib").values():
        names = [" ".join(map(str, p.rich_last_names)) for p in entry.persons["author"]]
        ways = [" & ".join([", ".join(names[:-1]), names[-1]]) if names[1:] else names[0]]
        ways += [f"{names[0]} et al."] * (len(names) > 2)
        found |= {(way, entry.fields["year"]) for way in ways}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_source_stands_in_the_references(name, references):
    text = Path(public(name)[name].__file__).read_text("utf-8")
    assert [cited for cited in CITED.findall(text) if cited not in references] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_can_be_looked_up(name):
    """A source is an entry of the references, an address or a public notice."""
    sources = re.findall("출처: (.*)", Path(public(name)[name].__file__).read_text("utf-8"))
    assert [s for s in sources if not (CITED.search(s) or OTHER_SOURCE.search(s))] == []


@pytest.mark.parametrize(("source", "cited"), [
    ("Elman (1990)", [("Elman", "1990")]),
    ("Cho et al. (2014), 1절", [("Cho et al.", "2014")]),
    ("Bahdanau, Cho & Bengio (2015), Luong, Pham & Manning (2015)",
     [("Bahdanau, Cho & Bengio", "2015"), ("Luong, Pham & Manning", "2015")]),
    ("추정량은 Luong et al. (2015)의 general", [("Luong et al.", "2015")]),
    ("Tjong Kim Sang & Buchholz (2000)", [("Tjong Kim Sang & Buchholz", "2000")]),
    ("덧셈은 사이토 고키 (2019), 7장", [("사이토 고키", "2019")]),
    ("J. Ba 외, Using fast weights (2016)", []),
])
def test_authors_are_read(source, cited):
    assert CITED.findall(source) == cited


def test_errors_and_checks_are_seen():
    class Door:
        def __init__(self, x):
            if x:
                raise KeyError(x)

        def enter(self, x):
            self._check_size(x)
            raise NotImplementedError

    assert (raised(Door), checks(Door)) == ({"KeyError"}, False)
    assert (raised(Door.enter), checks(Door.enter)) == (set(), True)


@pytest.mark.parametrize(("text", "has"), [
    ("x (N, T, D) -> y", True), ("길이 (N,)", True), ("dy (..., H)", True), ("모양은 같다", True),
    ("상태 (h, c)", False), ("(Cho et al., 2014)", False), ("값을 더한다.", False)])
def test_shapes_are_seen(text, has):
    assert bool(SHAPE.search(text)) == has
