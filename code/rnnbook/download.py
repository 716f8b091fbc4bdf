"""인터넷에서 파일을 받아 해시(SHA-256)를 확인한 뒤에만 캐시에 넣는다. 표준 라이브러리만 쓴다.

받는 동안의 파일은 이름이 `.part`로 끝나고, 해시가 맞을 때 한 번에 제 이름으로 바뀐다.
그래서 캐시에 제 이름으로 있는 파일은 온전하다. 끊긴 `.part`는 남겨 두었다가 이어 받는다.

환경 변수
    RNNBOOK_CACHE    캐시 폴더. 없으면 ~/.cache/rnnbook
    RNNBOOK_OFFLINE  1이면 인터넷을 쓰지 않는다.
    RNNBOOK_MIRROR   파일을 대신 받을 주소. 강의실 서버처럼 같은 파일을 둔 곳을 적는다.
"""

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from rnnbook.progress import progress_bar

TRIES = 3
TIMEOUT = 30  # 초


class DownloadError(RuntimeError):
    """파일을 얻지 못했을 때의 오류. 메시지에 이유와 해결 방법을 적는다."""


@dataclass(frozen=True)
class Source:
    """받을 파일 하나: 이름, 주소, 해시, 크기(바이트)."""

    file: str
    url: str
    sha256: str
    size: int


def cache_folder(cache=None):
    """캐시 폴더를 정한다: 인자, RNNBOOK_CACHE, ~/.cache/rnnbook 순서로 본다."""
    return Path(cache or os.environ.get("RNNBOOK_CACHE") or "~/.cache/rnnbook").expanduser()


def sha256(path):
    """파일의 SHA-256 해시를 16진수로 돌려준다."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(source, cache=None):
    """온전한 파일의 경로를 돌려준다. 캐시에 없으면 내려받는다.

    받지 못했거나 받은 파일의 해시가 다르면 DownloadError.
    """
    path = cache_folder(cache) / source.file
    broken = path.exists() and sha256(path) != source.sha256
    if path.exists() and not broken:
        return path
    state = f"캐시 파일이 망가졌습니다: {path}" if broken else f"캐시에 파일이 없습니다: {path}"
    if os.environ.get("RNNBOOK_OFFLINE", "0") not in ("", "0"):
        raise DownloadError(
            f"{state}\nRNNBOOK_OFFLINE이 켜져 있어 내려받지 않았습니다. "
            f"이 설정을 끄거나 {source.url} 의 파일을 그 자리에 두십시오."
        )
    if sys.platform == "emscripten":
        raise DownloadError(
            f"{source.file} 파일은 이 페이지 안에서 내려받을 수 없습니다. "
            "위의 단추로 Colab에서 열거나 내 컴퓨터에서 실행하십시오."
        )
    print(f"{state}\n{source.size:,}바이트를 내려받습니다.", file=sys.stderr)
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    except OSError as error:
        raise DownloadError(
            f"캐시 폴더에 쓸 수 없습니다: {path.parent} ({error.strerror}). "
            "RNNBOOK_CACHE에 쓸 수 있는 폴더를 적어 주십시오."
        ) from error
    try:
        _download(source, part)
        return part.replace(path)
    finally:
        if part.exists() and part.stat().st_size == 0:
            part.unlink()


def _download(source, part):
    """part에 파일을 끝까지 받고 해시를 확인한다. 끊기면 TRIES번까지 이어 받는다."""
    kept = have = part.stat().st_size  # kept: 지난번에 받다 만 양
    for _ in range(TRIES):
        if have < source.size:
            reason = _receive(source, part, have)
            have = part.stat().st_size
    if have < source.size:
        raise DownloadError(
            f"내려받기가 끊겼습니다: {source.file} {have:,} / {source.size:,}바이트 ({reason}). "
            "받은 데까지 남겨 두었으니 다시 실행하면 이어서 받습니다."
        )
    got = sha256(part)
    if got == source.sha256:
        return
    part.write_bytes(b"")
    if kept:  # 지난번에 받은 조각이 상했을 수 있으니 처음부터 다시 받는다
        return _download(source, part)
    raise DownloadError(
        f"받은 파일의 해시(SHA-256)가 다릅니다: {source.url}\n"
        f"  있어야 할 값 {source.sha256}\n  받은 값      {got}\n"
        "이 파일은 버렸습니다. 원본이 바뀌었거나 전송 도중에 내용이 바뀌었습니다."
    )


def _receive(source, part, have):
    """have번째 바이트부터 받아 part 끝에 붙인다. 다 받지 못했으면 그 이유를 돌려준다."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    mirror = os.environ.get("RNNBOOK_MIRROR")
    url = f"{mirror.rstrip('/')}/{source.file}" if mirror else source.url
    headers = {"Range": f"bytes={have}-"} if have else {}
    try:
        with urlopen(Request(url, headers=headers), timeout=TIMEOUT) as response:
            if response.status != 206:
                have = 0  # 이어 받기를 모르는 서버는 처음부터 다시 준다
            size = have + int(response.headers.get("Content-Length", source.size - have))
            if size != source.size:
                part.write_bytes(b"")
                raise DownloadError(
                    f"받을 파일의 크기가 다릅니다: {url}\n"
                    f"  있어야 할 크기 {source.size:,}바이트, 서버의 파일 {size:,}바이트\n"
                    "무선망의 로그인 화면이 대신 왔거나 원본이 바뀐 것입니다."
                )
            bar = progress_bar(
                total=source.size, initial=have, unit="B", unit_scale=True, desc=source.file
            )
            with open(part, "r+b") as file, bar:
                file.truncate(have)
                file.seek(have)
                while have < source.size and (data := response.read1(1 << 16)):
                    have += file.write(data[: source.size - have])
                    bar.update(len(data))
        return "연결이 닫힘"
    except HTTPError as error:
        raise DownloadError(
            f"서버가 파일을 주지 않았습니다: {url} (HTTP {error.code} {error.reason})"
        ) from error
    except URLError as error:
        raise DownloadError(
            f"인터넷에서 받지 못했습니다: {url} ({error.reason})\n"
            f"인터넷 연결을 확인하거나, 따로 구한 파일을 {part.with_suffix('')} 에 두십시오."
        ) from error
    except (HTTPException, OSError) as error:  # 받는 도중에 끊긴 것
        return f"{type(error).__name__}: {error}"
