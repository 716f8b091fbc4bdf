"""Solutions out, stubs in."""

import pytest

from student import solved, strip_solutions

CELL = """\
def f(x):
    \"\"\"문서\"\"\"
    ### BEGIN SOLUTION
    y = x + 1

    return y
    ### END SOLUTION


def g(x):
    ### BEGIN SOLUTION
    return x
    ### END SOLUTION
"""


def test_strip_leaves_a_stub_that_runs():
    text = strip_solutions(CELL)
    space = {}
    exec(text, space)
    assert text.count("NotImplementedError") == 2
    assert "return" not in text
    with pytest.raises(NotImplementedError, match="여기에 답을"):
        space["f"](1)


def test_solved_leaves_code_that_runs():
    space = {}
    exec(solved(CELL), space)
    assert (space["f"](1), space["g"](1)) == (2, 1)
    assert "SOLUTION" not in solved(CELL)


@pytest.mark.parametrize("broken", [
    CELL.replace("    ### END SOLUTION\n", "", 1).replace("    ### END SOLUTION\n", ""),
    CELL.replace("### BEGIN SOLUTION", "### BEGIN", 1),
    "### END SOLUTION\n",
])
def test_unpaired_markers_are_refused(broken):
    with pytest.raises(ValueError, match="unpaired"):
        strip_solutions(broken)


def test_text_without_solutions_is_untouched():
    assert strip_solutions("글\n") == solved("글\n") == "글\n"
