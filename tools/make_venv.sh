#!/bin/sh
# Create the virtual environment in $1 with the newest suitable Python on this machine.
set -eu
for python in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    [ -n "$python" ] && command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    echo "가상 환경을 만듭니다 ($("$python" --version))…"
    if "$python" -m venv "$1" >/dev/null 2>&1; then exit 0; fi
    rm -rf "$1"
    # Debian and Ubuntu split ensurepip off into its own package.
    package="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    if command -v apt-get >/dev/null 2>&1; then
        sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo"
        echo "이 시스템에는 venv 모듈이 따로 필요합니다: $sudo apt-get install -y $package"
        $sudo apt-get update -qq && $sudo apt-get install -y -qq "$package" >/dev/null && "$python" -m venv "$1" && exit 0
    fi
    echo "가상 환경을 만들지 못했습니다. '$package' 패키지를 설치한 뒤 다시 실행하십시오." >&2
    exit 1
done
echo "Python 3.11 이상이 필요합니다. PYTHON=/경로/python3.12 make serve 처럼 알려 줄 수도 있습니다." >&2
exit 1
