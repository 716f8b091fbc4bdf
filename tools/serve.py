"""Serve a folder on 127.0.0.1 with gzip and the right MIME types, for readers and for tests."""

import argparse
import gzip
import http.server
import mimetypes
import posixpath
import threading
import urllib.parse
from pathlib import Path

TYPES = {
    ".wasm": "application/wasm",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".whl": "application/zip",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".ipynb": "application/json",
}
TEXT = ("text/", "application/json", "application/wasm", "image/svg+xml")


class Handler(http.server.BaseHTTPRequestHandler):
    """GET and HEAD of one folder; the server object carries `root`, a body cache and a log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        file = (self.server.root / posixpath.normpath(path).lstrip("/")).resolve()
        if file.is_dir():
            if not path.endswith("/"):
                return self.answer(301, b"", {"Location": path + "/"})
            file = file / "index.html"
        if self.server.root not in file.parents or not file.is_file():
            page = self.server.root / "404.html"
            body = page.read_bytes() if page.is_file() else b"404"
            return self.answer(404, body, {"Content-Type": "text/html; charset=utf-8"})
        kind = (
            TYPES.get(file.suffix)
            or mimetypes.guess_type(file.name)[0]
            or "application/octet-stream"
        )
        squeeze = "gzip" in self.headers.get("Accept-Encoding", "") and kind.startswith(TEXT)
        headers = {"Content-Type": kind + ("; charset=utf-8" if kind.startswith("text/") else "")}
        if squeeze:
            headers["Content-Encoding"] = "gzip"
        self.answer(200, self.server.body(file, squeeze), headers)

    def answer(self, status, body, headers=None):
        self.server.log.append((status, self.path, len(body)))
        self.send_response(status)
        for name, value in {
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Serves `root`; port 0 takes a free one. `log` holds (status, path, bytes sent)."""

    daemon_threads = True

    def __init__(self, root, port=0):
        self.root = Path(root).resolve()
        self.log, self._bodies = [], {}
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def body(self, file, squeeze):
        key = (file, file.stat().st_mtime_ns, squeeze)
        if key not in self._bodies:
            raw = file.read_bytes()
            self._bodies[key] = gzip.compress(raw, 9) if squeeze else raw
        return self._bodies[key]

    def handle_error(self, request, client_address):
        pass  # a browser that closed the connection early is not worth a traceback

    def start(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    args = parser.parse_args()
    try:
        server = Server(args.root, args.port)
    except OSError:
        server = Server(args.root)
        print(f"{args.port}번 포트를 이미 쓰고 있어 다른 포트를 골랐습니다.")
    print(f"책을 여는 주소: {server.address}  (멈추려면 Ctrl+C)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
