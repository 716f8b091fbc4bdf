"""채점: 문제의 명세와 함수를 받아 결과를 돌려준다. 아무것도 출력하지 않는다.

명세(`Exercise`)는 장마다 `exercises/<장>.py`에 있다. 독자의 자가 채점(`check`)과 강사의 채점이
모두 `grade`가 돌려주는 `Result` 하나에서 나온다.
"""

import copy
import inspect
import itertools
import linecache
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from .compare import compare_all, flat

SEEDS = range(5)
HINTS = {
    "empty": "함수의 내용을 채운 뒤 다시 실행하십시오.",
    "signature": "문제에 적힌 인자의 이름과 순서를 그대로 쓰십시오.",
    "error": "오류가 난 줄에서 쓰는 배열의 모양을 출력해 보십시오.",
    "mutated": "`+=`나 `x[:] = …`는 받은 배열을 바꿉니다. 새 배열을 만들어 쓰십시오.",
    "count": "`return`에 적은 값의 개수와 순서를 확인하십시오.",
    "order": "`return`에 적은 순서를 바꾸어 보십시오.",
    "type": "돌려주는 값의 자료형을 출력해 보십시오.",
    "shape": "배치 N, 시점 T, 은닉 H가 각각 어느 축인지 적어 보십시오.",
    "nan": "0으로 나누거나 로그에 0을 넣거나 지수 함수가 오버플로하는 곳을 찾아보십시오.",
    "value": "작은 값을 넣고 손으로 계산한 값과 비교해 보십시오.",
}


@dataclass(frozen=True)
class Part:
    """함수 하나의 명세.

    fn 함수 이름, inputs(rng) -> 인자들, reference(*인자) -> 바른 값, outputs 돌려줄 값의 이름들,
    edges {이름: inputs와 같은 꼴}, hints {종류나 돌려줄 값의 이름: 힌트},
    confusions {힌트: 흔히 하는 틀린 계산}, rtol 바른 값이 중앙 차분일 때의 상대 오차
    """

    fn: str
    inputs: Callable
    reference: Callable
    outputs: tuple
    edges: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)
    confusions: dict = field(default_factory=dict)
    rtol: float | None = None

    @property
    def arguments(self):
        """인자의 이름들."""
        return tuple(inspect.signature(self.reference).parameters)


@dataclass(frozen=True)
class Exercise:
    """문제 하나. page는 배우는 페이지, minutes는 걸리는 시간(분)."""

    id: str
    title: str
    points: int
    minutes: int
    page: str
    parts: tuple


@dataclass(frozen=True)
class Result:
    """채점 결과. 통과하지 못했으면 kind(종류), what(무엇), where(어디서), hint(힌트)가 있다."""

    exercise: Exercise
    passed: bool
    cases: int
    kind: str = ""
    what: str = ""
    where: str = ""
    hint: str = ""

    @property
    def points(self):
        """얻은 점수."""
        return self.exercise.points if self.passed else 0


def grade(exercise, *functions, seeds=SEEDS):
    """문제를 채점한다: 무작위 입력과 특별한 경우를 모두 통과해야 한다."""
    done = 0
    for part, fn in zip(exercise.parts, functions, strict=True):
        for where, args in _cases(part, seeds):
            if failure := _try(part, fn, args):
                kind, what, *own = failure
                hint = own[0] if own else part.hints.get(kind, HINTS[kind])
                where = f"{where}: {_shapes(part, args)}"
                return Result(exercise, False, done, kind, f"{part.fn}: {what}", where, hint)
            done += 1
    return Result(exercise, True, done)


def _cases(part, seeds):
    for seed in seeds:
        args = part.inputs(np.random.default_rng(seed))
        yield f"무작위 입력 {seed}", args
    for name, edge in part.edges.items():
        yield f"특별한 경우 ‘{name}’", edge(np.random.default_rng(0))
    args = part.inputs(np.random.default_rng(0))
    yield "float32 입력", _map(lambda a: a.astype(np.float32) if a.dtype == np.float64 else a, args)


def _try(part, fn, args):
    """입력 한 벌로 채점한다. 통과하면 None, 아니면 (종류, 설명) 또는 (종류, 설명, 힌트)."""
    if not callable(fn):
        return "type", f"함수를 넘겨야 합니다: 받은 것 {type(fn).__name__}"
    if not _accepts(fn, len(args)):
        return "signature", f"인자를 {len(args)}개({', '.join(part.arguments)}) 받아야 합니다."
    given = copy.deepcopy(args)
    try:
        with np.errstate(all="ignore"):
            got = fn(*given)
    except NotImplementedError:
        return "empty", "아직 비어 있습니다."
    except Exception as error:
        return "error", _explain(error, fn)
    if got is None or got is Ellipsis:
        return "empty", "돌려준 값이 없습니다. `return`을 썼습니까?"
    if not _same_arrays(given, args):
        return "mutated", "받은 배열의 값을 바꾸었습니다."
    return _judge(part, got, args)


def _judge(part, got, args):
    single = any(a.dtype == np.float32 for a in _arrays(args))
    options = {"dtype": "float32" if single else "float64", "rtol": part.rtol}
    exact = _map(lambda a: a.astype(np.float64) if a.dtype == np.float32 else a, args)
    want = part.reference(*copy.deepcopy(exact))
    trouble = compare_all(got, want, part.outputs, **options)
    if trouble is None or trouble[0] in ("count", "type", "nan"):
        return trouble and trouble[:2]
    for shuffled in itertools.permutations(flat(got)):
        if compare_all(shuffled, want, part.outputs, **options) is None:
            return "order", f"값은 맞지만 순서가 다릅니다: 돌려줄 순서 {', '.join(part.outputs)}"
    for hint, wrong in part.confusions.items():
        if compare_all(got, wrong(*copy.deepcopy(exact)), part.outputs, **options) is None:
            return *trouble[:2], hint
    kind, what, name = trouble
    own = kind == "value" and name in part.hints
    return (kind, what, part.hints[name]) if own else (kind, what)


def _explain(error, fn):
    """오류가 난 줄: 독자의 함수 안에서 가장 깊은 줄을 찾는다."""
    home, line, trace = getattr(fn, "__code__", None), None, error.__traceback__
    while trace:
        if home and trace.tb_frame.f_code.co_filename == home.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = linecache.getline(home.co_filename, line).strip() if line else ""
    place = f"{line}번째 줄" + (f" `{text}`" if text else "") + "에서 " if line else ""
    return f"{place}{type(error).__name__}: {error}"


def _accepts(fn, count):
    try:
        inspect.signature(fn).bind(*range(count))
    except TypeError:
        return False
    except ValueError:                            # 서명을 알 수 없는 함수는 호출해 보아야 안다
        return True
    return True


def _map(change, value):
    if isinstance(value, np.ndarray):
        return change(value)
    return tuple(_map(change, v) for v in value) if isinstance(value, tuple) else value


def _arrays(value):
    if isinstance(value, np.ndarray):
        return [value]
    return [a for v in value for a in _arrays(v)] if isinstance(value, (tuple, list)) else []


def _same_arrays(a, b):
    pairs = zip(_arrays(a), _arrays(b), strict=True)
    return all(np.array_equal(x, y, equal_nan=True) for x, y in pairs)


def _shapes(part, args):
    shown = []
    for name, value in zip(part.arguments, args, strict=True):
        inside = ", ".join(str(a.shape) for a in _arrays(value))
        shown.append(f"{name} {inside}" if inside else f"{name} = {_plain(value)}")
    return ", ".join(shown)


def _plain(value):
    return value if isinstance(value, (int, float, str, type(None))) else type(value).__name__
