"""Live cells in a real Chromium: what a reader does, and what the network may do to them."""

import functools
import gzip
import http.server
import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
EXT = ROOT / "_ext"
WAIT = 90_000

CONFIG = f"""
title: 시험
exclude_patterns: ["**.ipynb"]
execute: {{execute_notebooks: force}}
repository: {{url: "https://github.com/someone/rnnbook", branch: main}}
sphinx:
  local_extensions: {{repository: {EXT}, live_cells: {EXT}}}
  config: {{language: ko}}
"""

HEADER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3, language: python}
---
"""

PAGE = HEADER + """# 코드 칸

```{code-cell}
:tags: [live]
import numpy as np
rng = np.random.default_rng(0)
```

```{code-cell}
:tags: [live]
a = rng.normal(size=(2, 3))
print("모양", a.shape)
a.round(3)
```

```{code-cell}
:tags: [live]
from rnnbook import scratch
layer = scratch.LSTM(3, 4, rng=np.random.default_rng(1))
y, state = layer(np.ones((1, 2, 3), dtype=np.float32))
y.round(3)
```

```{code-cell}
import torch
torch.ones(2)
```

```{code-cell}
:tags: [live, exercise, raises-exception]
raise NotImplementedError
```

```{code-cell}
:tags: [live]
from rnnbook import datasets
from rnnbook.exercises import check

print(len(datasets.load("stories").documents) > 100)
check("lstm/cell-update", lambda a, c_prev: c_prev)
```

```{code-cell}
:tags: [live]
class Picture:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<b class='drawn'>그림</b><script>window.drawn = 1</script>"}
Picture()
```
"""

PLAIN = HEADER + """# 그냥 쪽

```{code-cell}
1 + 1
```
"""


class Server(http.server.ThreadingHTTPServer):
    """Serves as GitHub Pages does (gzip), and can be told to tamper with a file or to vanish."""

    daemon_threads = True

    def __init__(self, folder):
        self.tampered, self.down, self.sent, self.zipped = None, False, 0, {}
        handler = functools.partial(Handler, directory=str(folder))
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        server, path = self.server, Path(self.translate_path(self.path))
        if server.down:
            self.connection.close()
            return
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        if server.tampered and server.tampered in path.name:
            data = data[:-1] + bytes([data[-1] ^ 1])
        zips = path.suffix in {".js", ".css", ".html", ".json", ".wasm", ".py"}
        if zips:
            data = server.zipped.setdefault((path, data[:64]), gzip.compress(data, 6))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        if zips:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)
        server.sent += len(data)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small book with nothing in it but live cells."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "_config.yml").write_text(CONFIG, "utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: live\nchapters: [{file: plain}]\n")
    (folder / "live.md").write_text(PAGE, "utf-8")
    (folder / "plain.md").write_text(PLAIN, "utf-8")
    (folder / "live.ipynb").write_text("{}")
    tool = Path(sys.executable).with_name("jupyter-book")
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    built = subprocess.run([tool, "build", folder], capture_output=True, text=True, timeout=300,
                           env={**os.environ, "PATH": path})
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-4000:]
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def server(book):
    server = Server(book)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fresh(browser, server):
    """A page nobody has run anything on, with an empty cache."""
    server.tampered, server.down = None, False
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/live.html")
    yield page
    context.close()


@pytest.fixture(scope="module")
def running(browser, server):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/live.html")
    yield page
    context.close()


@pytest.fixture
def page(running, server):
    """One page whose Python stays up between tests; its cells are put back as printed."""
    server.tampered, server.down = None, False
    for button in running.get_by_role("button", name="처음으로", exact=True).all():
        if button.is_visible():
            button.click()
    return running


class Cell:
    """One live cell as the reader sees it; numbered from 1, as on the page."""

    def __init__(self, page, number):
        self.page, self.root = page, page.locator(".live-cell").nth(number - 1)
        self.status = self.root.locator(".live-status")
        self.output = self.root.locator(".live-output")
        self.field = self.root.locator("textarea")

    def press(self, label):
        self.root.get_by_role("button", name=label, exact=True).click()

    def run(self, outcome="실행했습니다"):
        self.press("실행")
        expect(self.status).to_contain_text(outcome, timeout=WAIT)
        return self

    def write(self, code):
        if not self.field.count():
            self.press("편집")
        self.field.fill(code)
        return self


def test_runs_and_prints_what_the_page_prints(page):
    """Earlier cells run first; the exercise stub between them is not forced on the reader."""
    cell = Cell(page, 2)
    printed = cell.root.locator(".cell_output:not(.live-output)")
    static = "\n".join(printed.locator("pre").all_inner_texts())
    cell.run()
    live = "\n".join(cell.output.locator("pre").all_inner_texts())
    assert live.split() == static.split()
    assert "모양 (2, 3)" in live
    expect(printed.first).to_be_hidden()
    expect(Cell(page, 1).status).to_contain_text("실행했습니다")

    lstm = Cell(page, 3)
    static = lstm.root.locator(".cell_output:not(.live-output) pre").all_inner_texts()
    lstm.run()
    assert "\n".join(lstm.output.locator("pre").all_inner_texts()) == "\n".join(static).rstrip("\n")

    more = Cell(page, 5)  # needs a file of the package that travels on its own, and the self-check
    static = more.root.locator(".cell_output:not(.live-output) pre").all_inner_texts()
    more.run()
    assert more.output.inner_text().split() == "\n".join(static).split()
    assert "오답: 셀 상태 갱신" in more.output.inner_text()

    figure = Cell(page, 6).run()
    expect(figure.output.locator("b.drawn")).to_have_text("그림")
    assert page.evaluate("window.drawn") == 1
    expect(Cell(page, 4).status).to_have_text("")


def test_an_exercise_stub_says_that_it_is_not_filled_in(page):
    cell = Cell(page, 4).run(outcome="오류")
    expect(cell.output).to_contain_text("코드 칸 4의 1번째 줄: 아직 채우지 않은 부분이 있습니다")


def test_edit_run_error_and_reset(page):
    cell = Cell(page, 2).run()
    cell.write("b = a.sum()\nfor i in range(2):\n    print(i)\nb.shape, undefined_name")
    cell.run(outcome="오류")
    expect(cell.output).to_contain_text("코드 칸 2의 4번째 줄: 정의되지 않은 이름입니다: undef")
    expect(cell.output).to_contain_text("NameError: name 'undefined_name' is not defined")
    assert "runner.py" not in cell.output.inner_text()
    assert cell.output.locator("pre").first.inner_text() == "0\n1\n"

    blocked = Cell(page, 3).run(outcome="오류가 나 실행하지 못했습니다")
    expect(blocked.status).to_contain_text("코드 칸 2")

    cell.write("quiet = 1").run()
    expect(cell.root.locator(".cell_output:not(.live-output)").first).to_be_hidden()
    expect(cell.output).to_be_hidden()
    cell.write("40 + 2").run()
    assert cell.output.inner_text().strip() == "42"
    cell.press("처음으로")
    expect(cell.field).to_have_count(0)
    expect(cell.output).to_be_hidden()
    expect(cell.root.locator(".cell_output:not(.live-output)").first).to_be_visible()
    cell.run()
    expect(cell.output).to_contain_text("모양 (2, 3)")


def test_an_endless_loop_stops_at_once(page):
    first = Cell(page, 1).run()
    cell = Cell(page, 2).write("print('돈다', flush=True)\nwhile True: pass")
    cell.press("실행")
    expect(cell.output).to_contain_text("돈다", timeout=WAIT)
    time.sleep(0.5)
    began = time.monotonic()
    cell.press("중단")
    expect(cell.status).to_contain_text("변수가 모두 사라졌으니")
    assert time.monotonic() - began < 2
    cell.press("처음으로")
    cell.run()  # runs the first cell again in the fresh Python
    expect(first.status).to_contain_text("실행했습니다")
    expect(cell.output).to_contain_text("모양 (2, 3)")


def test_a_flood_of_prints_leaves_the_page_alive(page):
    cell = Cell(page, 1).write("i = 0\nwhile True:\n    i += 1\n    print(i)")
    cell.press("실행")
    expect(cell.output).to_contain_text("출력이 너무 길어 여기까지만 보입니다", timeout=WAIT)
    cell.press("중단")
    expect(cell.status).to_contain_text("중단했습니다")


def test_what_is_typed_survives_a_reload(fresh):
    Cell(fresh, 1).write("import numpy as np\nrng = np.random.default_rng(7)  # 고침")
    fresh.reload()
    cell = Cell(fresh, 1)
    assert "고침" in cell.field.input_value()
    expect(Cell(fresh, 2).field).to_have_count(0)
    cell.press("처음으로")
    fresh.reload()
    expect(Cell(fresh, 1).field).to_have_count(0)


def test_the_keyboard_enters_and_leaves_the_editor(page):
    cell = Cell(page, 1)
    cell.press("편집")
    expect(cell.field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("if True:")
    page.keyboard.press("Enter")
    page.keyboard.type("x = 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    page.keyboard.type("print(x)")
    assert cell.field.input_value() == "if True:\n    x = 1\n    print(x)"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(cell.field).not_to_be_focused()
    cell.field.focus()
    cell.field.evaluate("""field => field.dispatchEvent(new KeyboardEvent("keydown",
        {key: "Enter", shiftKey: true, isComposing: true, bubbles: true, cancelable: true}))""")
    expect(cell.status).to_have_text("고친 코드입니다")  # a syllable in the making runs nothing
    page.keyboard.press("Shift+Enter")
    expect(cell.status).to_contain_text("실행했습니다", timeout=WAIT)
    assert cell.output.inner_text().strip() == "1"


def test_a_tampered_data_file_is_refused_and_said_so(fresh, server):
    server.tampered = "stories.txt"
    cell = Cell(fresh, 5).run(outcome="파이썬을 실행하지 않았습니다")
    expect(cell.output).to_contain_text("stories.txt")


@pytest.mark.parametrize("wheel", ["numpy-", "rnnbook-"])
def test_a_tampered_wheel_is_refused_and_said_so(fresh, server, wheel):
    server.tampered = wheel
    cell = Cell(fresh, 1).run(outcome="파이썬을 실행하지 않았습니다")
    expect(cell.output).to_contain_text("sha256 불일치")
    expect(cell.output).to_contain_text(wheel)
    expect(Cell(fresh, 2).output).to_be_hidden()


def test_no_network_is_said_so_and_a_later_try_succeeds(fresh, server):
    server.down = True
    cell = Cell(fresh, 2).run(outcome="파이썬을 불러오지 못했습니다")
    expect(cell.output).to_contain_text("네트워크에 연결할 수 없어")
    server.down = False
    cell.run()
    expect(cell.output).to_contain_text("모양 (2, 3)")


def test_a_network_lost_halfway_is_said_so(fresh, server):
    fresh.on("response", lambda reply: setattr(server, "down", True)
            if reply.url.endswith("config.json") else None)
    cell = Cell(fresh, 1).run(outcome="파이썬을 불러오지 못했습니다")
    expect(cell.output).to_contain_text("네트워크에 연결할 수 없어")


def test_seconds_and_megabytes(browser, server, capsys):
    """Stated, not judged: they are this machine's."""
    server.tampered, server.down = None, False
    context = browser.new_context()
    page = context.new_page()
    lines, requests = [], []
    page.on("request", lambda request: requests.append(request.url))
    for visit in ("cold", "warm"):
        page.goto(f"{server.address}/live.html")
        server.sent, began = 0, time.monotonic()
        Cell(page, 2).run()
        lines.append(f"{visit}: {time.monotonic() - began:.1f} s, {server.sent / 1e6:.1f} MB")
    context.close()
    with capsys.disabled():
        print("\n  live cells, first NumPy result:", "; ".join(lines))
    assert all(url.startswith((server.address, "data:", "blob:")) for url in requests
               if "jsdelivr" not in url and "cdnjs" not in url)


def test_without_javascript_the_page_is_as_printed(browser, server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/live.html")
    expect(page.locator(".live-bar")).to_have_count(0)
    expect(page.get_by_text("모양 (2, 3)")).to_be_visible()
    context.close()


def test_links_only_where_they_belong(book):
    live, plain = ((book / f"{name}.html").read_text("utf-8") for name in ("live", "plain"))
    assert "live/live.js" in live
    assert "_static/live" not in plain
    assert live.count("colab.research.google.com") == 1
    assert "github/someone/rnnbook/blob/main/live.ipynb" in live
    assert live.index(">torch<") < live.index("colab.research")


def test_the_lock_names_only_what_the_page_needs(book):
    config = json.loads((book / "_static" / "live" / "config.json").read_text())
    packages = config["lock"]["packages"]
    assert set(packages) == {"numpy", "rnnbook"}
    for entry in packages.values():
        assert len(entry["sha256"]) == 64
    wheel = book / "_static" / "live" / packages["rnnbook"]["file_name"]
    names = subprocess.run([sys.executable, "-m", "zipfile", "-l", wheel], capture_output=True,
                           text=True, check=True).stdout
    assert "rnnbook/scratch/lstm.py" in names
    assert "concise" not in names
    assert ".ttf" not in names


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_numpy_wheel_is_accepted_by_hash_only(tmp_path, monkeypatch):
    numpy_wheel = load(EXT / "numpy_wheel.py")
    false = tmp_path / "false.whl"
    false.write_bytes(b"not the wheel")
    monkeypatch.setenv("RNNBOOK_NUMPY_WHEEL", str(false))
    monkeypatch.setenv("RNNBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")
    monkeypatch.setattr(numpy_wheel, "ROOT", tmp_path / "elsewhere")
    said = []
    assert numpy_wheel.find(say=said.append) is None
    assert "wrong sha256" in said[0]
    monkeypatch.delenv("RNNBOOK_OFFLINE")
    monkeypatch.setattr(numpy_wheel, "from_cdn", lambda: b"also not the wheel")
    monkeypatch.setattr(numpy_wheel, "from_pypi", lambda: b"nor this")
    assert numpy_wheel.find() is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(("code", "said"), [
    ("x = y", "코드 칸 1의 1번째 줄: 정의되지 않은 이름입니다: y"),
    ("\nfor i in range(3)\n    pass", "코드 칸 1의 2번째 줄: 줄 끝에 콜론(:)이 빠졌습니다"),
    ("import numpy as np\nnp.ones(3) @ np.ones(4)", "맞닿는 두 축의 크기가 다릅니다: 3, 4"),
    ("import numpy as np\nnp.ones(3) + np.ones(4)", "모양이 맞지 않아 계산할 수 없습니다: (3,)"),
    ("[1][3]", "첨자가 범위를 벗어났습니다"),
    ("1 / 0", "0으로 나누었습니다"),
    ("f = lambda x: x\nf()", "꼭 필요한 인자가 빠졌습니다: 'x'"),
    ("import no_such_module", "브라우저의 파이썬에는 no_such_module 모듈이 없습니다"),
    ("raise ValueError('온도는 0 이상이어야 합니다: 받은 값 -1')", "1번째 줄: 온도는 0 이상이어야"),
    ("input()", "input()을 쓸 수 없습니다"),
    ("(1", "닫지 않은 괄호입니다: ("),
])
def test_errors_speak_korean_and_name_the_line(code, said):
    heard = []
    session = load(EXT / "live" / "runner.py").Session(lambda *message: heard.append(message))
    assert session.run(code, 1) is False
    kind, text = heard[-1]
    assert kind == "error"
    assert said in text
    assert "runner.py" not in text


def test_a_result_is_shown_once_and_a_semicolon_silences_it():
    heard = []
    session = load(EXT / "live" / "runner.py").Session(lambda *message: heard.append(message))
    assert session.run("x = 3; x", 1)
    assert session.run("x;", 2)
    assert session.run("display(x + 1)", 3)
    assert heard == [("result", "3"), ("result", "4")]
