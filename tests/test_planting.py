"""Errors can be planted, leave nothing behind, and ten of them grow in each module of scratch."""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import planting
import pytest

from rnnbook import scratch
from rnnbook.scratch import functions

SCRATCH = Path(scratch.__file__).parent
HERE = Path(__file__).parent
CHANGE = SCRATCH / "functions.py", "y += 0.5", "y += 0.25"


def test_a_copy_is_changed_in_one_place_and_leaves_nothing_behind():
    with planting.planted(scratch, *CHANGE) as copy:
        assert copy.sigmoid(0.0) == 0.25
        assert copy.LSTM is not scratch.LSTM
        assert copy.LSTM.__module__ == "planted.lstm"
    assert scratch.sigmoid(0.0) == 0.5
    assert [name for name in sys.modules if name.startswith("planted")] == []
    with planting.planted(functions) as copy:
        assert copy.sigmoid(0.0) == 0.5


@pytest.mark.parametrize(("old", "times"), [("this stands nowhere", 0), ("return", 2)])
def test_an_error_that_does_not_stand_once_cannot_be_planted(old, times):
    path = SCRATCH / "rnn_variants.py"
    with (pytest.raises(AssertionError, match=f"{times} × '{old}' in rnn_variants.py"),
          planting.planted(scratch, path, old, "")):
        pass


@pytest.mark.parametrize(("check", "change", "error"), [
    (lambda module: False, (), AssertionError),
    (lambda module: module.sigmoid("x"), (), TypeError),
    (lambda module: True, CHANGE, AssertionError),
    (lambda module: nowhere, CHANGE, NameError),           # noqa: F821
], ids=["wrong without an error", "breaks without an error", "not noticed", "badly written"])
def test_the_test_of_a_table_can_fail(check, change, error):
    with pytest.raises(error):
        planting.noticed()(functions, check, change)


def test_ten_errors_for_each_module():
    for path in HERE.glob("test_*.py"):
        if "planting.noticed(" in path.read_text("utf-8"):
            import_module(path.stem)
    count = Counter(path for path, *_ in planting.ERRORS)
    modules = set(SCRATCH.glob("*.py")) - {SCRATCH / "__init__.py"}
    assert {path.name: count[path] for path in modules if count[path] < 10} == {}
