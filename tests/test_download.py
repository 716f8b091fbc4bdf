"""The download branches, against a real HTTP server on 127.0.0.1; nothing is mocked.

`test_each_guard_is_needed` removes the guards of download.py one by one from a copy of the
package and checks that the test which claims to protect it then fails.
"""

import hashlib
import http.server
import os
import select
import shutil
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from rnnbook import datasets, download
from rnnbook.download import DownloadError, Source, fetch

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("RNNBOOK_SHARED", ROOT.parent / "shared")) / "data"


def payload():
    """The real timemachine bytes where CI has them, else bytes of our own."""
    card = tomllib.loads((datasets.DATA / "timemachine.card.toml").read_text("utf-8"))
    (source,) = datasets.sources(card)
    if (SHARED / source.file).exists():
        return source, (SHARED / source.file).read_bytes()
    data = b"".join(b"%d\n" % (i * i) for i in range(20_000))
    return Source("numbers.txt", source.url, hashlib.sha256(data).hexdigest(), len(data)), data


SOURCE, DATA = payload()


class Server(http.server.ThreadingHTTPServer):
    """Serves DATA; `mode` says how it misbehaves, `ranges` records what was asked for."""

    mode, cut = "whole", 50_000

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges = []


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.ranges.append(wanted)
        if server.mode == "missing":
            self.send_error(404)
            return
        data = DATA
        if server.mode == "wrong":
            data = data[:1000] + bytes([data[1000] ^ 1]) + data[1001:]
        if server.mode == "login page":
            data = b"<html>please log in</html>"
        start = 0
        if wanted and server.mode != "no range":
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        body = data[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if server.mode == "cut":
            body = body[: server.cut]
        if server.mode == "cut once":
            server.mode, body = "whole", body[: server.cut]
        if server.mode == "stall":
            self.wfile.write(body[:100])
            hung_up, _, _ = select.select([self.connection], [], [], 4)
            if hung_up:
                return
            body = body[100:]  # whoever waits long enough gets the rest
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch):
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("RNNBOOK_MIRROR", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("RNNBOOK_OFFLINE", raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_download_fills_the_cache(server, tmp_path):
    path = fetch(SOURCE, tmp_path / "new" / "folder")
    assert path.read_bytes() == DATA
    assert names(path.parent) == [SOURCE.file]


def test_cache_hit_asks_nothing(server, tmp_path, monkeypatch):
    fetch(SOURCE, tmp_path)
    asked = len(server.ranges)
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert len(server.ranges) == asked == 1


def test_cache_hit_in_a_read_only_folder(server, tmp_path):
    (tmp_path / SOURCE.file).write_bytes(DATA)
    tmp_path.chmod(0o555)
    os.utime(tmp_path, (0, 0))
    try:
        assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    finally:
        tmp_path.chmod(0o755)
    assert tmp_path.stat().st_mtime == 0  # root may write anywhere, so look that nobody has
    assert server.ranges == []


def test_offline_flag_forbids_the_network(server, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")
    with pytest.raises(DownloadError, match=r"캐시에 파일이 없습니다(.|\n)*RNNBOOK_OFFLINE"):
        fetch(SOURCE, tmp_path)
    assert server.ranges == []
    assert names(tmp_path) == []


def test_offline_flag_of_zero_is_off(server, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBOOK_OFFLINE", "0")
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA


def test_wrong_hash_never_reaches_the_cache(server, tmp_path):
    server.mode = "wrong"
    with pytest.raises(DownloadError, match=r"해시\(SHA-256\)가 다릅니다") as error:
        fetch(SOURCE, tmp_path)
    assert SOURCE.sha256 in str(error.value)
    assert names(tmp_path) == []


def test_login_page_is_refused(server, tmp_path):
    server.mode = "login page"
    with pytest.raises(DownloadError, match=r"크기가 다릅니다(.|\n)*무선망"):
        fetch(SOURCE, tmp_path)
    assert names(tmp_path) == []
    assert len(server.ranges) == 1


def test_interrupted_download_resumes_by_itself(server, tmp_path):
    server.mode = "cut once"
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert server.ranges == [None, f"bytes={server.cut}-"]
    assert names(tmp_path) == [SOURCE.file]


def test_interrupted_download_resumes_at_the_next_call(server, tmp_path):
    server.mode, server.cut = "cut", 10_000
    with pytest.raises(DownloadError, match=r"끊겼습니다(.|\n)*이어서 받습니다"):
        fetch(SOURCE, tmp_path)
    assert names(tmp_path) == [SOURCE.file + ".part"]  # an unfinished file never has the real name
    kept = (tmp_path / (SOURCE.file + ".part")).read_bytes()
    assert kept == DATA[: len(kept)]
    assert len(kept) > 0
    server.mode = "whole"
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert server.ranges[-1] == f"bytes={len(kept)}-"


def test_server_without_ranges_starts_over(server, tmp_path):
    (tmp_path / (SOURCE.file + ".part")).write_bytes(DATA[:777])
    server.mode = "no range"
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert server.ranges == ["bytes=777-"]


def test_spoilt_part_is_thrown_away(server, tmp_path):
    (tmp_path / (SOURCE.file + ".part")).write_bytes(b"x" * 777)
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert server.ranges == ["bytes=777-", None]


def test_stalled_server_is_given_up(server, tmp_path, monkeypatch):
    server.mode = "stall"
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    with pytest.raises(DownloadError, match="끊겼습니다"):
        fetch(SOURCE, tmp_path)
    assert len(server.ranges) == download.TRIES
    assert names(tmp_path) == [SOURCE.file + ".part"]


def test_corrupt_cache_is_noticed_and_replaced(server, tmp_path, capsys):
    (tmp_path / SOURCE.file).write_bytes(DATA[:-1] + b"!")
    assert fetch(SOURCE, tmp_path).read_bytes() == DATA
    assert "캐시 파일이 망가졌습니다" in capsys.readouterr().err


def test_corrupt_cache_offline_is_refused(server, tmp_path, monkeypatch):
    (tmp_path / SOURCE.file).write_bytes(DATA[:-1])
    monkeypatch.setenv("RNNBOOK_OFFLINE", "1")
    with pytest.raises(DownloadError, match=r"캐시 파일이 망가졌습니다(.|\n)*RNNBOOK_OFFLINE"):
        fetch(SOURCE, tmp_path)
    assert names(tmp_path) == [SOURCE.file]  # not thrown away before there is a new one


def test_no_network(server, tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBOOK_MIRROR", "http://127.0.0.1:9/")  # the discard port: nobody listens
    with pytest.raises(DownloadError, match="인터넷 연결을 확인"):
        fetch(SOURCE, tmp_path)
    assert names(tmp_path) == []


def test_missing_file_on_the_server(server, tmp_path):
    server.mode = "missing"
    with pytest.raises(DownloadError, match="HTTP 404"):
        fetch(SOURCE, tmp_path)


def test_cache_that_cannot_be_written(server, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DownloadError, match=r"캐시 폴더에 쓸 수 없습니다(.|\n)*RNNBOOK_CACHE"):
        fetch(SOURCE, tmp_path / "file" / "cache")


def test_browser_says_where_to_go_instead(server, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(DownloadError, match=r"이 페이지 안에서 내려받을 수 없습니다.*Colab"):
        fetch(SOURCE, tmp_path)
    assert server.ranges == []
    assert names(tmp_path) == []


def test_cache_folder_order(monkeypatch, tmp_path):
    monkeypatch.delenv("RNNBOOK_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert download.cache_folder() == tmp_path / ".cache" / "rnnbook"
    monkeypatch.setenv("RNNBOOK_CACHE", str(tmp_path / "env"))
    assert download.cache_folder() == tmp_path / "env"
    assert download.cache_folder(tmp_path / "argument") == tmp_path / "argument"


def test_progress_without_tqdm(server, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)  # what Python does where tqdm is absent
    fetch(SOURCE, tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        f"캐시에 파일이 없습니다: {tmp_path / SOURCE.file}",
        f"{SOURCE.size:,}바이트를 내려받습니다.",
    ]


def test_progress_with_tqdm(server, tmp_path, capsys):
    fetch(SOURCE, tmp_path)
    assert f"{SOURCE.file}: 100%" in capsys.readouterr().err


GUARDS = {  # guard: (its code, the code without it, the test that must then fail)
    "cache hit": ("    if path.exists() and not broken:", "    if False:", "test_cache_hit_asks"),
    "offline": (
        'if os.environ.get("RNNBOOK_OFFLINE", "0") not in ("", "0"):',
        "if False:",
        "test_offline_flag_forbids",
    ),
    "hash": ("    if got == source.sha256:", "    if True:", "test_wrong_hash"),
    "size": (
        "if size != source.size:",
        "if False:",
        "test_login_page",
    ),
    "corrupt cache": (
        "broken = path.exists() and sha256(path) != source.sha256",
        "broken = False",
        "test_corrupt_cache",
    ),
    "atomic rename": (
        'part = path.with_name(path.name + ".part")',
        "part = path",
        "test_interrupted_download_resumes_at_the_next_call",
    ),
    "resume": (
        'headers = {"Range": f"bytes={have}-"} if have else {}',
        "headers = {}",
        "test_interrupted_download_resumes",
    ),
    "retry": ("TRIES = 3", "TRIES = 1", "test_interrupted_download_resumes_by_itself"),
    "unfinished": (
        "    if have < source.size:\n        raise",
        "    if False:\n        raise",
        "test_interrupted_download_resumes_at_the_next_call",
    ),
    "server without ranges": (
        "if response.status != 206:",
        "if False:",
        "test_server_without_ranges",
    ),
    "spoilt part": ("    if kept:", "    if False:", "test_spoilt_part"),
    "time limit": ("timeout=TIMEOUT", "timeout=60", "test_stalled_server"),
    "network error": ("except URLError as error:", "except KeyError as error:", "test_no_network"),
    "server error": (
        "except HTTPError as error:",
        "except KeyError as error:",
        "test_missing_file",
    ),
    "unwritable cache": (
        "    except OSError as error:\n        raise",
        "    except KeyError as error:\n        raise",
        "test_cache_that_cannot",
    ),
    "browser": ('if sys.platform == "emscripten":', "if False:", "test_browser_says"),
    "no empty part": (
        "    finally:\n        if part",
        "    finally:\n        if 0 and part",
        "test_no_network",
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_is_needed(guard, tmp_path):
    code, without, test = GUARDS[guard]
    copy = tmp_path / "rnnbook"
    shutil.copytree(Path(download.__file__).parent, copy, ignore=shutil.ignore_patterns("__pyc*"))
    source = (copy / "download.py").read_text("utf-8")
    assert source.count(code) == 1
    (copy / "download.py").write_text(source.replace(code, without), "utf-8")
    env = os.environ | {
        "PYTHONPATH": str(tmp_path),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # they take most of the time
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", __file__]
    run = subprocess.run(
        [*command, "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-k", test],
        env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 1, f"no test noticed that '{guard}' is gone:\n{run.stdout}"
    assert " failed" in run.stdout
