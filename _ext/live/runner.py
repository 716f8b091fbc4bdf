"""쪽의 코드 칸을 브라우저의 파이썬에서 실행하고, 결과와 오류를 우리말로 돌려준다.

Pyodide 안에서 돌지만 Pyodide를 모른다. `emit(종류, 글)` 하나로 바깥에 말하므로
보통 파이썬에서도 검사한다.
"""

import ast
import io
import linecache
import pprint
import re
import sys
import time
import traceback

CELL = re.compile(r"<코드 칸 (\d+)>")
OUTPUT_LIMIT = 200_000  # 글자. 끝없이 찍는 코드가 쪽을 얼리지 않게 한다.

# (오류, 파이썬의 말, 우리말). 파이썬의 말은 정규식이고, 우리말의 {0}은 그 첫 묶음이다.
LEADS = [
    ("NameError", r"name '(.+?)' is not defined. Did you mean: '(.+?)'\?",
     "정의되지 않은 이름입니다: {0} (혹시 {1}?)"),
    ("NameError", r"name '(.+?)' is not defined", "정의되지 않은 이름입니다: {0}"),
    ("UnboundLocalError", r"cannot access local variable '(.+?)'",
     "함수 안에서 값을 넣기 전에 변수를 썼습니다: {0}"),
    ("ZeroDivisionError", r"", "0으로 나누었습니다"),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
     "축 {1}의 크기는 {2}인데 첨자가 {0}입니다"),
    ("IndexError", r"too many indices for array: array is (\d+)-dimensional, but (\d+)",
     "배열은 {0}차원인데 첨자를 {1}개 썼습니다"),
    ("IndexError", r"", "첨자가 범위를 벗어났습니다"),
    ("KeyError", r"(.+)", "사전에 없는 키입니다: {0}"),
    ("AttributeError", r"(?:module )?'(.+?)' (?:object )?has no attribute '(.+?)'",
     "{0}에는 {1} 속성이 없습니다"),
    ("ModuleNotFoundError", r"No module named '(.+?)'",
     "브라우저의 파이썬에는 {0} 모듈이 없습니다. Colab이나 내 컴퓨터에서 실행하십시오"),
    ("ImportError", r"cannot import name '(.+?)' from '(.+?)'",
     "{1}에서 가져올 수 없는 이름입니다: {0}"),
    ("TypeError", r"(\S+\(\)) missing \d+ required .*?arguments?: (.+)",
     "{0}에 꼭 필요한 인자가 빠졌습니다: {1}"),
    ("TypeError", r"(\S+\(\)) takes (.+?) positional arguments? but (\d+) (?:was|were) given",
     "{0}에 인자를 너무 많이 넘겼습니다: {1}개를 받는데 {2}개"),
    ("TypeError", r"(\S+\(\)) got an unexpected keyword argument '(.+?)'",
     "{0}에는 {1} 인자가 없습니다"),
    ("TypeError", r"unsupported operand type\(s\) for (\S+): '(.+?)' and '(.+?)'",
     "자료형 {1}, {2} 사이에서는 {0} 연산을 할 수 없습니다"),
    ("TypeError", r"'(.+?)' object is not callable", "{0} 값은 함수처럼 호출할 수 없습니다"),
    ("TypeError", r"(?:cannot unpack non-iterable (.+?) object|'(.+?)' object is not iterable)",
     "여러 값이 들어 있지 않아 하나씩 꺼낼 수 없습니다"),
    ("TypeError", r"'(.+?)' object is not subscriptable", "{0} 값에는 [ ]를 쓸 수 없습니다"),
    ("TypeError", r"", "값의 자료형이 맞지 않습니다"),
    ("ValueError", r"operands could not be broadcast together with shapes (.+)",
     "모양이 맞지 않아 계산할 수 없습니다: {0}"),
    ("ValueError", r"matmul: .*\(size (\d+) is different from (\d+)\)",
     "행렬곱에서 맞닿는 두 축의 크기가 다릅니다: {1}, {0}"),
    ("ValueError", r"shapes (\(.*?\)) and (\(.*?\)) not aligned",
     "행렬곱에서 맞닿는 두 축의 크기가 다릅니다: {0}, {1}"),
    ("ValueError", r"cannot reshape array of size (\d+) into shape (.+)",
     "원소 {0}개로는 {1} 모양을 만들 수 없습니다"),
    ("ValueError", r"not enough values to unpack \(expected (.+?), got (\d+)\)",
     "변수는 {0}개인데 값은 {1}개뿐입니다"),
    ("ValueError", r"too many values to unpack \(expected (\d+)",
     "변수는 {0}개인데 값이 더 많습니다"),
    ("ValueError", r"could not convert string to (?:float|int): (.+)",
     "수로 바꿀 수 없는 문자열입니다: {0}"),
    ("ValueError", r"invalid literal for int\(\) with base \d+: (.+)",
     "정수로 바꿀 수 없는 문자열입니다: {0}"),
    ("ValueError", r"The truth value of an array",
     "배열 하나를 참이나 거짓으로 볼 수 없습니다. any()나 all()을 쓰십시오"),
    ("ValueError", r"", "값이 알맞지 않습니다"),
    ("AssertionError", r"", "assert로 확인한 조건이 거짓입니다"),
    ("NotImplementedError", r"", "아직 채우지 않은 부분이 있습니다"),
    ("RecursionError", r"", "함수가 자기 자신을 끝없이 호출했습니다"),
    ("MemoryError", r"", "브라우저가 쓸 수 있는 메모리를 넘었습니다"),
    ("OverflowError", r"", "수가 너무 커서 나타낼 수 없습니다"),
    ("FileNotFoundError", r"", "브라우저의 파이썬에는 그런 파일이 없습니다"),
    ("IndentationError", r"expected an indented block", "들여쓴 줄이 있어야 합니다"),
    ("IndentationError", r"unexpected indent", "들여쓰기가 필요 없는 줄입니다"),
    ("IndentationError", r"unindent does not match", "들여쓰기가 바깥 줄과 맞지 않습니다"),
    ("TabError", r"", "탭과 빈칸을 섞어 들여썼습니다"),
    ("SyntaxError", r"expected ':'", "줄 끝에 콜론(:)이 빠졌습니다"),
    ("SyntaxError", r"'(.)' was never closed", "닫지 않은 괄호입니다: {0}"),
    ("SyntaxError", r"unmatched '(.)'", "짝이 없는 괄호입니다: {0}"),
    ("SyntaxError", r"unterminated (?:f-)?(?:triple-quoted )?(?:f-)?string literal",
     "따옴표를 닫지 않았습니다"),
    ("SyntaxError", r"invalid character '(.)'", "코드에 쓸 수 없는 글자입니다: {0}"),
    ("SyntaxError", r"Perhaps you forgot a comma", "쉼표가 빠진 듯합니다"),
    ("SyntaxError", r"Maybe you meant '=='", "비교라면 = 대신 == 를 쓰십시오"),
    ("SyntaxError", r"", "파이썬 문법에 맞지 않습니다"),
]


def lead(error):
    """오류를 한 문장의 우리말로 옮긴다. 책의 코드가 이미 우리말로 말했으면 그 말을 그대로 쓴다."""
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    if re.search("[가-힣]", message) and not isinstance(error, (NameError, KeyError, SyntaxError)):
        return message
    for name, pattern, korean in LEADS:
        if name == type(error).__name__ and (found := re.search(pattern, message)):
            return korean.format(*(group or "" for group in found.groups()))
    return "코드가 오류로 멈추었습니다"


def place(error):
    """(코드 칸, 줄): 오류가 난 곳에 가장 가까운, 독자가 고칠 수 있는 줄."""
    if isinstance(error, SyntaxError) and error.filename and CELL.fullmatch(error.filename):
        return error.filename[1:-1], error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if CELL.fullmatch(frame.filename)]
    return (frames[-1].filename[1:-1], frames[-1].lineno) if frames else ("", 0)


def explain(error):
    """우리말 첫 줄과, 코드 칸의 줄만 남긴 파이썬의 오류 글."""
    cell, line = place(error)
    report = traceback.TracebackException.from_exception(error)
    report.stack = traceback.StackSummary.from_list(
        [frame for frame in report.stack if CELL.fullmatch(frame.filename)])
    where = f"{cell}의 {line}번째 줄: " if line else ""
    return f"{where}{lead(error)}", "".join(report.format(chain=False)).rstrip()


class Stream(io.TextIOBase):
    """print가 쓴 글을 줄마다 내보낸다. 너무 잦으면 모아서, 너무 많으면 끊고 알린다."""

    def __init__(self, kind, emit):
        self.kind, self.emit = kind, emit
        self.reset()

    def reset(self):
        self.pending, self.length, self.burst, self.last = [], 0, 100.0, time.monotonic()

    def writable(self):
        return True

    def write(self, text):
        if self.length < OUTPUT_LIMIT:
            self.length += len(text)
            self.pending.append(text)
            if self.length >= OUTPUT_LIMIT:
                self.pending.append("\n… 출력이 너무 길어 여기까지만 보입니다.\n")
                self.flush()
            elif "\n" in text or "\r" in text:
                self.perhaps_flush()
        return len(text)

    def perhaps_flush(self):
        """1초에 100번까지는 곧바로 내보내고, 그보다 잦으면 모은다."""
        now = time.monotonic()
        self.burst = min(100.0, self.burst + 100 * (now - self.last))
        self.last = now
        if self.burst >= 1:
            self.burst -= 1
            self.flush()

    def flush(self):
        if self.pending:
            text, self.pending = "".join(self.pending), []
            self.emit(self.kind, text)


class Session:
    """코드 칸들이 이름을 함께 쓰는 한 판. run은 성공하면 True를 돌려준다."""

    def __init__(self, emit):
        self.emit = emit
        self.out, self.err = Stream("stdout", emit), Stream("stderr", emit)
        self.names = {"__name__": "__main__", "display": self.display, "input": no_input}

    def display(self, *values):
        for value in values:
            self.out.flush()
            self.emit(*rendered(value))

    def run(self, source, number):
        name = f"<코드 칸 {number}>"
        lines = f"{source}\n".splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.out, self.err
        self.out.reset(), self.err.reset()
        try:
            value = self.evaluate(source, name)
            if value is not None:
                self.names["_"] = value
                self.display(value)
            return True
        except BaseException as error:
            self.out.flush()
            self.emit("error", "\n".join(explain(error)))
            return False
        finally:
            self.out.flush(), self.err.flush()
            sys.stdout, sys.stderr = before

    def evaluate(self, source, name):
        """코드 칸을 실행하고 마지막 식의 값을 돌려준다. 세미콜론으로 끝나면 None."""
        tree = ast.parse(source, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), self.names)
        return eval(compile(last, name, "eval"), self.names) if last else None


def no_input(prompt=""):
    raise RuntimeError("브라우저에서는 input()을 쓸 수 없습니다. 값을 코드에 직접 적으십시오")


def rendered(value):
    """노트북과 같은 차례로 보일 꼴을 고른다: html, svg, 글."""
    bundle = getattr(value, "_repr_mimebundle_", None)
    data = bundle() if bundle and not isinstance(value, type) else {}
    data = data[0] if isinstance(data, tuple) else data
    for kind, mime in (("html", "text/html"), ("html", "image/svg+xml")):
        method = getattr(value, "_repr_html_" if mime == "text/html" else "_repr_svg_", None)
        markup = (data or {}).get(mime) or (
            method() if method and not isinstance(value, type) else None)
        if markup:
            return kind, markup
    return "result", plain(value)


def plain(value):
    """IPython처럼 긴 묶음은 여러 줄로 나눈 repr."""
    text = repr(value)
    if isinstance(value, (list, tuple, dict, set)) and len(text) > 79:
        return pprint.pformat(value, width=79, sort_dicts=False)
    return text
