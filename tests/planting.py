"""Errors planted into copies of the source: a check that cannot fail is none.

A table names errors, each a (file, old, new): a piece of text that stands exactly once in a file
beside the module, and what replaces it. Where all are in the module itself, (old, new) is enough.
A check is a function of the copy, a module or a package, that tells whether it is right.
"""

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

NAME = "planted"
ERRORS = set()                                             # (path, old, new) of every table
# What a wrong copy may do instead of answering; a NameError is a badly written error.
BREAKS = (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError,
          Warning, pytest.fail.Exception)


def noticed(*tables):
    """The test of (module, errors, check)s: the unchanged copy passes, one with an error fails."""
    cases = {}
    for module, errors, check in tables:
        own, label = Path(module.__file__), module.__name__.rpartition(".")[2]
        cases[f"{label}: unchanged"] = module, check, ()
        for name, (*file, old, new) in errors.items():
            change = own.with_name(*file or [own.name]), old, new
            cases[f"{label}: {name}"] = module, check, change
            ERRORS.add(change)

    @pytest.mark.parametrize(("module", "check", "change"), cases.values(), ids=cases)
    def test(module, check, change):
        with planted(module, *change) as copy:
            try:
                passed = check(copy)
            except BREAKS:
                if not change:
                    raise
                passed = False
        assert passed == (not change)
    return test


@contextmanager
def planted(module, path=None, old="", new=""):
    """A fresh copy of a module and of what it imports beside it, one piece of one file replaced."""
    package = import_module(module.__package__)
    source = Path(package.__file__)
    with TemporaryDirectory() as folder:
        if path:
            text = path.read_text("utf-8")
            assert text.count(old) == 1, f"{text.count(old)} × {old!r} in {path.name}"
            Path(folder, path.name).write_text(text.replace(old, new), "utf-8")
        places = [folder, str(source.parent)]              # what is changed comes first
        spec = spec_from_file_location(NAME, source, submodule_search_locations=places)
        copy = sys.modules[NAME] = module_from_spec(spec)
        try:
            if module is package:
                spec.loader.exec_module(copy)
            yield import_module(module.__name__.replace(package.__name__, NAME, 1))
        finally:
            for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
                del sys.modules[name]
