"""연습문제: 문제마다 명세가 하나 있고, 풀이는 코드로 채점한다.

    from rnnbook.exercises import check
    check("lstm/cell-update", cell_update)
"""

import difflib
from importlib import import_module

from .engine import Exercise, Part, Result, grade

__all__ = ["Exercise", "Part", "Result", "check", "find", "grade", "specification", "verdict"]


def specification(stem):
    """장 하나의 문제들: {id: Exercise}. 문제가 없는 장이면 KeyError."""
    try:
        module = import_module(f"{__name__}.{stem}")
    except ModuleNotFoundError as error:
        raise KeyError(f"'{stem}' 장에는 문제가 없습니다") from error
    return {exercise.id: exercise for exercise in module.EXERCISES}


def find(exercise_id):
    """문제 하나를 id("장/이름")로 찾는다. 없으면 KeyError."""
    exercises = specification(exercise_id.partition("/")[0])
    if exercise_id not in exercises:
        near = difflib.get_close_matches(exercise_id, exercises, 1)
        question = f": '{near[0]}'입니까?" if near else ""
        raise KeyError(f"'{exercise_id}' 문제가 없습니다{question}")
    return exercises[exercise_id]


def check(exercise_id, *functions):
    """풀이를 채점하고 결과를 한국어로 출력한다. 답은 알려 주지 않는다.

    모르는 문제이면 KeyError, 함수의 수가 다르면 TypeError.
    """
    exercise = find(exercise_id)
    if len(functions) != len(exercise.parts):
        names = ", ".join(part.fn for part in exercise.parts)
        raise TypeError(f"함수 {len(exercise.parts)}개({names})를 넘겨야 합니다: "
                        f"받은 개수 {len(functions)}")
    print(verdict(grade(exercise, *functions)))


def verdict(result):
    """채점 결과를 독자에게 보일 글로 옮긴다."""
    exercise = result.exercise
    if result.passed:
        return (f"통과: {exercise.title} ({exercise.points}점)\n"
                f"  입력 {result.cases}벌에서 모두 맞았습니다.")
    if result.kind == "empty":
        return f"미완성: {exercise.title}\n  {result.what}\n  힌트: {result.hint}"
    return (f"오답: {exercise.title}\n  {result.what}\n  입력: {result.where}\n"
            f"  힌트: {result.hint}")
