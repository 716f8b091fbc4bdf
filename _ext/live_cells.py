"""Live cells: code cells tagged `live` run, are edited, stop and reset in the page itself.

Python is Pyodide in a Web Worker.  Its core comes from the npm package, NumPy from a wheel pinned
by hash (numpy_wheel.py; where no source has it, the page's lock names Pyodide's public CDN), the
book's own package from a wheel zipped here.  The scripts live outside every html_static_path,
because Jupyter Book 1 links each .js and .css found there on each page; they are put in the output
by hand and linked only where a live cell is.  Cells that need PyTorch get a link to Colab.
"""

import base64
import hashlib
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging

import numpy_wheel
import repository

logger = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = HERE / "live"
PYODIDE = ROOT / "node_modules" / "pyodide"
CORE = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
COUNTED = ["pyodide.asm.wasm", "python_stdlib.zip"]  # what the worker fetches itself, for progress
IN_WHEEL = re.compile(r"(?!concise/|widgets\.py).*\.(py|mjs|toml)")
# Larger files of the package travel on their own, when a cell's code first speaks of them.
EXTRAS = {"data/stories.txt": r"\bdatasets\b", "data/writer.rnn": r"\b(pretrained|Writer)\b",
          "data/co2.csv": r"\bco2\b", "data/sunspots.csv": r"\bsunspots\b"}
NEEDS_TORCH = re.compile(
    r"^\s*(?:import torch|from torch|import rnnbook\.concise|from rnnbook\.concise"
    r"|from rnnbook import [^\n]*\b(?:concise|bridge)\b)",
    re.MULTILINE,
)


def book_wheel(package: Path, version: str) -> tuple[str, bytes]:
    """The book's package as a wheel for the page: no torch, the same bytes each time."""
    info = f"rnnbook-{version}.dist-info"
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and IN_WHEEL.fullmatch(path.relative_to(package).as_posix())
    }
    metadata = f"Metadata-Version: 2.1\nName: rnnbook\nVersion: {version}\n"
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    rows = [f"{name},sha256={urlsafe(data)},{len(data)}\n" for name, data in files.items()]
    files[f"{info}/RECORD"] = "".join([*rows, f"{info}/RECORD,,\n"]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, data in files.items():
            wheel.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return f"rnnbook-{version}-py3-none-any.whl", buffer.getvalue()


def urlsafe(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def package_version(package: Path) -> str:
    return re.search(r'__version__ = "(.+?)"', (package / "__init__.py").read_text("utf-8"))[1]


def put(target: Path, data: bytes) -> None:
    if not (target.is_file() and target.read_bytes() == data):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def stamped(path: Path) -> str:
    return f"{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def install_scripts(app) -> None:
    """The small files, early: Sphinx stamps an address with the hash of the file it finds."""
    if app.builder.format == "html":
        for source in SOURCES.iterdir():
            if source.suffix in {".js", ".css", ".py"}:
                put(Path(app.outdir) / "_static" / "live" / source.name, source.read_bytes())


def install_python(app, exception) -> None:
    """The core, the wheels, and config.json, which tells the page where they are."""
    if exception or app.builder.format != "html":
        return
    if not (PYODIDE / "pyodide-lock.json").is_file():
        raise ExtensionError("node_modules/pyodide is missing: run `npm ci`")
    out = Path(app.outdir) / "_static" / "live"
    full = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))
    core = f"pyodide-{full['info']['version']}"
    for name in CORE:
        if not (out / core / name).is_file():
            (out / core).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PYODIDE / name, out / core / name)

    numpy = dict(full["packages"]["numpy"])
    if numpy["sha256"] != numpy_wheel.SHA256:
        raise ExtensionError("Pyodide's lock and _ext/numpy_wheel.py disagree about NumPy's sha256")
    found = numpy_wheel.find(say=logger.info)
    if found:
        numpy["file_name"] = f"wheels/{numpy_wheel.NAME}"
        put(out / numpy["file_name"], found.read_bytes())
    else:
        logger.info("live cells: no NumPy wheel here; the pages will fetch it from Pyodide's CDN")
        numpy["file_name"] = numpy_wheel.CDN

    package = ROOT / "code" / "rnnbook"
    name, wheel = book_wheel(package, package_version(package))
    digest = hashlib.sha256(wheel).hexdigest()
    for old in ("wheels/rnnbook", "extras"):
        shutil.rmtree(out / old, ignore_errors=True)
    put(out / "wheels" / "rnnbook" / digest[:8] / name, wheel)
    book = {
        **numpy, "name": "rnnbook", "version": name.split("-")[1], "imports": ["rnnbook"],
        "file_name": f"wheels/rnnbook/{digest[:8]}/{name}", "sha256": digest,
        "depends": ["numpy"], "unvendored_tests": False,
    }
    extras = []
    for path, words in EXTRAS.items():
        data = (package / path).read_bytes() if (package / path).is_file() else b""
        mark = hashlib.sha256(data).hexdigest()
        place = f"extras/{mark[:8]}/{Path(path).name}"
        put(out / place, data)
        extras.append({"words": words, "path": path, "file": place, "sha256": mark,
                       "bytes": len(data)})
    weight = sum((PYODIDE / part).stat().st_size for part in COUNTED)
    config = {
        "core": f"{core}/",
        "worker": stamped(SOURCES / "worker.js"),
        "runner": stamped(SOURCES / "runner.py"),
        "bytes": weight + (found.stat().st_size if found else 3_061_133) + len(wheel),
        "extras": extras,
        "lock": {"info": full["info"], "packages": {"numpy": numpy, "rnnbook": book}},
    }
    put(out / "config.json", json.dumps(config, indent=1).encode())


def link_scripts(app, pagename, templatename, context, doctree) -> None:
    if doctree is not None and any(cells(doctree, "tag_live")):
        app.add_js_file("live/live.js", type="module")
        app.add_css_file("live/live.css")


def cells(doctree, tag=None):
    for node in doctree.findall(nodes.container):
        if "cell" in node["classes"] and (tag is None or tag in node["classes"]):
            yield node


def link_colab(app, doctree, docname) -> None:
    """Under each cell that needs PyTorch, where the page's notebook has a public address."""
    address = repository.links(app, docname).get("colab_url")
    for cell in cells(doctree) if address and app.builder.format == "html" else ():
        code = next((block.astext() for block in cell.findall(nodes.literal_block)), "")
        if "tag_live" not in cell["classes"] and NEEDS_TORCH.search(code):
            note = nodes.paragraph("", "PyTorch를 쓰는 코드 칸입니다. ", classes=["colab-cell"])
            note += nodes.reference("", "Colab에서 열기", refuri=address, internal=False)
            cell.insert(1, note)


def setup(app):
    app.connect("builder-inited", install_scripts)
    app.connect("html-page-context", link_scripts)
    app.connect("doctree-resolved", link_colab)
    app.connect("build-finished", install_python)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
