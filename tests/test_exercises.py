"""Every exercise accepts right answers however written, and refuses wrong ones, on many inputs."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from rnnbook.exercises import check, find, grade, specification, verdict
from rnnbook.exercises.compare import compare, numerical_gradient

HERE = Path(__file__).parent
SEEDS = range(12)
STEMS = [path.stem for path in sorted((HERE / "exercises").glob("*.py"))]
BANK = {stem: runpy.run_path(str(HERE / "exercises" / f"{stem}.py")) for stem in STEMS}
RIGHT = [(id, k) for stem in STEMS for id, sources in BANK[stem]["RIGHT"].items()
         for k in range(len(sources))]
WRONG = [(id, k) for stem in STEMS for id, edits in BANK[stem]["WRONG"].items()
         for k in range(len(edits))]


def functions(exercise_id, source):
    stem = exercise_id.split("/")[0]
    space = {}
    exec(compile(BANK[stem]["HEAD"] + source, "<answer>", "exec"), space)
    return [space[part.fn] for part in find(exercise_id).parts]


def answer(exercise_id, k=0):
    return BANK[exercise_id.split("/")[0]]["RIGHT"][exercise_id][k]


def mutant(exercise_id, k):
    old, new = BANK[exercise_id.split("/")[0]]["WRONG"][exercise_id][k]
    source = answer(exercise_id)
    assert old in source
    return source.replace(old, new)


@pytest.mark.parametrize(("exercise_id", "k"), RIGHT)
def test_right_answers_pass(exercise_id, k):
    result = grade(find(exercise_id), *functions(exercise_id, answer(exercise_id, k)), seeds=SEEDS)
    assert result.passed, verdict(result)


@pytest.mark.parametrize(("exercise_id", "k"), WRONG)
def test_wrong_answers_fail(exercise_id, k):
    result = grade(find(exercise_id), *functions(exercise_id, mutant(exercise_id, k)), seeds=SEEDS)
    assert not result.passed
    assert result.hint
    assert result.what


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_has_answers_and_mutants(stem):
    ids = specification(stem).keys()
    assert ids == BANK[stem]["RIGHT"].keys() == BANK[stem]["WRONG"].keys()
    assert all(len(sources) >= 2 for sources in BANK[stem]["RIGHT"].values())
    assert all(len(edits) >= 4 for edits in BANK[stem]["WRONG"].values())


def wrong_result(exercise_id, old, new):
    source = answer(exercise_id)
    assert old in source
    return grade(find(exercise_id), *functions(exercise_id, source.replace(old, new)))


@pytest.mark.parametrize(("exercise_id", "old", "new", "kind", "hint"), [
    ("lstm/cell-update", "i, f, g, o = np", "f, i, g, o = np", "value", "망각 게이트의 자리"),
    ("lstm/cell-update", "i, f, g, o = np", "i, f, o, g = np", "value", "후보 g와 출력 게이트 o"),
    ("lstm/cell-update", "return sigmoid(f)", "c_prev *= sigmoid(f); return 1", "mutated", "+="),
    ("lstm/cell-update", "return ", "c = ", "empty", "함수의 내용"),
    ("lstm/cell-update", "np.tanh(g)", "g * np.inf", "nan", "오버플로"),
    ("lstm/cell-update", "axis=1", "axis=7", "error", "모양을 출력해"),
    ("lstm/cell-update", "(a, c_prev)", "(a)", "signature", "인자"),
    ("lstm/step", "* np.tanh(c), c", "* np.tanh(c)", "count", "return"),
    ("lstm/step", "sigmoid(o) * np.tanh(c), c", "c, sigmoid(o) * np.tanh(c)", "order", "순서"),
    ("lstm/step", " + b_hh", "", "value", "b_hh"),
    ("lstm/parameter-count", "hidden_size + 2)", "hidden_size + 1)", "value", "편향을 하나만"),
    ("lstm/parameter-count", "return total", "return float(total)", "type", "정수"),
    ("lstm/gradient-path", "return path", "return path * f", "value", "한 시점 밀렸"),
    ("lstm/forget-bias", "f / (1 - f)", "(1 - f) / f", "value", "부호"),
    ("lstm/chunks", ", state)\n", ")\n", "value", "다음 토막의 첫 상태"),
    ("lstm/lengths", ":length", ":", "value", "채운 값"),
    ("lstm/step-backward", "dc = dc + dh", "dc = dh", "value", "다음 시점의 셀 상태"),
    ("lstm/step-backward", "i * (1 - i)", "i", "value", "활성화 함수의 미분"),
    ("lstm/step-backward", "dc * f\n", "dc\n", "value", "c_prev에는 무엇이"),
    ("lstm/step-backward", "return da,", "return da[0],", "shape", "모양이 같습니다"),
])
def test_the_hint_fits_the_mistake(exercise_id, old, new, kind, hint):
    result = wrong_result(exercise_id, old, new)
    assert (result.kind, hint in result.hint) == (kind, True), verdict(result)


def test_values_in_another_order_are_told_the_right_one():
    result = wrong_result("lstm/step", "sigmoid(o) * np.tanh(c), c", "c, sigmoid(o) * np.tanh(c)")
    assert result.what == "lstm_step: 값은 맞지만 순서가 다릅니다: 돌려줄 순서 h, c"


def test_an_error_names_the_readers_line():
    result = wrong_result("lstm/cell-update", "np.split(a, 4, axis=1)", "np.split(a, 4, axis=5)")
    line = (BANK["lstm"]["HEAD"] + answer("lstm/cell-update")).split("\n").index(
        "    i, f, g, o = np.split(a, 4, axis=1)") + 1
    assert f"{line}번째 줄에서 IndexError" in result.what


def test_a_stub_is_called_empty_not_wrong(capsys):
    def cell_update(a, c_prev):
        raise NotImplementedError("여기에 답을 쓰십시오")

    check("lstm/cell-update", cell_update)
    said = capsys.readouterr().out
    assert said.startswith("미완성: 셀 상태 갱신\n  cell_update: 아직 비어")


def test_a_pass_says_points_and_cases(capsys):
    check("lstm/cell-update", *functions("lstm/cell-update", answer("lstm/cell-update")))
    said = capsys.readouterr().out
    assert said == "통과: 셀 상태 갱신 (5점)\n  입력 8벌에서 모두 맞았습니다.\n"


@pytest.mark.parametrize("stem", STEMS)
def test_no_verdict_tells_the_solution(stem):
    for exercise_id, exercise in specification(stem).items():
        lines = {line.strip().removeprefix("return ") for source in BANK[stem]["RIGHT"][exercise_id]
                 for line in source.split("\n") if len(line.strip()) > 12}
        said = [h for part in exercise.parts for h in (*part.hints.values(), *part.confusions)]
        assert not [(line, s) for line in lines for s in said if line in s]


def test_grading_prints_nothing_and_can_be_repeated(capsys):
    """The seam for the instructor's grader: a Result, the same for the same seeds."""
    answers = functions("lstm/step", answer("lstm/step"))
    assert grade(find("lstm/step"), *answers) == grade(find("lstm/step"), *answers)
    assert capsys.readouterr().out == ""


def test_unknown_ids_and_bad_calls_are_explained():
    with pytest.raises(KeyError, match="lstm/cell-update"):
        find("lstm/cell-updat")
    with pytest.raises(KeyError, match="문제가 없습니다"):
        find("nothing/at-all")
    with pytest.raises(TypeError, match="함수 2개"):
        check("lstm/projection", print)


def test_points_follow_the_result():
    passed = grade(find("lstm/chunks"), *functions("lstm/chunks", answer("lstm/chunks")))
    failed = wrong_result("lstm/chunks", ", state)\n", ")\n")
    assert (passed.points, failed.points) == (passed.exercise.points, 0)


# -- the comparator ------------------------------------------------------------------------------

def test_compare_is_exact_in_shape_and_kind():
    want = np.arange(6.0).reshape(2, 3)
    assert compare(want, want) is None
    assert compare(want.tolist(), want) is None
    assert compare(want.T, want)[0] == "shape"
    assert compare(want[None], want)[0] == "shape"
    assert compare(want * np.nan, want) == ("nan", "값에 NaN이 있습니다.")
    assert compare(want + np.inf, want) == ("nan", "값에 무한대가 있습니다.")
    assert compare("글", want)[0] == "type"
    assert compare([[1], [2, 3]], want)[0] == "type"
    assert compare(want + 1j, want)[0] == "type"
    assert compare(True, 1)[0] == "type"
    assert compare(np.int64(3), 3) is None


def test_compare_is_norm_wise_with_an_absolute_term():
    want = np.ones(1000)
    assert compare(want + 1e-10, want) is None
    assert compare(want + 1e-8, want)[0] == "value"
    assert compare(want + 1e-5, want, dtype="float32") is None
    assert compare(want + 1e-3, want, dtype="float32")[0] == "value"
    assert compare(np.full(3, 1e-13), np.zeros(3)) is None       # zero has no relative error
    one_off = want.copy()
    one_off[7] += 1e-6
    assert compare(one_off, want)[0] == "value"


def test_numerical_gradient_of_a_known_function():
    x = np.random.default_rng(0).normal(size=(3, 2))
    np.testing.assert_allclose(numerical_gradient(lambda v: (v**3).sum(), x), 3 * x**2, rtol=1e-6)
