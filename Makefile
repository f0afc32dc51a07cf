# Needs python3 >= 3.11 with pip, and a package index; nothing is installed outside this folder.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
IN := .venv/bin

# An environment of one's own, this folder's Python and nobody else's settings.
export VIRTUAL_ENV := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
unexport PYTHONPATH PYTHONHOME CONDA_PREFIX PYTHONDONTWRITEBYTECODE
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 0

.PHONY: help demo test test-all check bench docs pictures odd lock clean

help:
	@echo "make demo      install what the core needs, tell a story with and without a fact-check"
	@echo "make test      install what the tests need, run them (slow ones: make test-all)"
	@echo "make check     ruff, pyright and import-linter"
	@echo "make bench     time what is timed, beside hand loops and the peers (25 minutes, 4 GB of packages)"
	@echo "make docs      build the documentation into docs/_build/html"
	@echo "make pictures  draw the pictures of the README and the documentation anew"
	@echo "make odd       write the generated parts of the ODD pages anew"
	@echo "make lock      resolve the locks in requirements/ anew"
	@echo "make clean     remove the environment, the tools and everything built"

demo: .venv/core.stamp
	$(IN)/ecumene run virality --agents 1e6 --set ratio=12 --set decay=0.2 --set seeds=10 --seed 1
	$(IN)/ecumene lives last --agent 479041 --vary fact_check=0.5 --at 24
	$(IN)/ecumene branch last --at 24 --set fact_check=0.5
	@echo "which published findings the model meets and which it misses: docs/virality.md"

# Most of the time goes into compiling; tests of one file share what they compile.
on_all_cores := -n logical --dist loadfile

test: .venv/dev.stamp
	$(IN)/pytest -q -m "not slow" $(on_all_cores)

test-all: .venv/dev.stamp
	$(IN)/pytest -q $(on_all_cores)

check: .venv/dev.stamp
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/pyright
	$(IN)/lint-imports

bench: .venv/dev.stamp
	@$(IN)/pytest -q benchmarks --benchmark-enable --benchmark-only || [ $$? -eq 5 ] # 5: none found
	@$(IN)/python -m benchmarks.spreading --write
	@$(IN)/python -m benchmarks.examples --write
	@{ $(as_pip); $(IN)/python -m benchmarks.peers; }

docs: .venv/dev.stamp
	$(IN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

pictures: .venv/dev.stamp
	$(IN)/python docs/pictures/make.py
	$(IN)/python docs/pictures/virality.py
	$(IN)/python docs/pictures/virality_feed.py
	$(IN)/python docs/pictures/opinion.py
	$(IN)/python docs/pictures/frenzy.py
	$(IN)/python docs/pictures/trust.py

odd: .venv/dev.stamp
	$(IN)/python docs/odd/make.py

# The core is installed on its own only into a fresh environment: a development environment holds
# it already, and is not taken apart for a demo.
.venv/core.stamp: requirements/core.lock pyproject.toml | .venv/pyvenv.cfg
	@echo "installing the core into .venv"
	@if [ -e .venv/dev.stamp ]; then $(MAKE) -s --no-print-directory .venv/dev.stamp; else $(call install,core); fi
	@touch $@

.venv/dev.stamp: requirements/dev.lock pyproject.toml | .venv/pyvenv.cfg
	@echo "installing the core and what checks, tests and docs need into .venv"
	@$(call install,dev)
	@touch $@

# uv reads no settings of pip: a mirror or certificate that only pip knows of is handed on.
from_pip = $$($(PYTHON) -m pip config list 2>/dev/null | sed -n "s/^[^=]*\.$(1)='\(.*\)'$$/\1/p" | tail -n 1)
define as_pip
index="$${UV_DEFAULT_INDEX:-$(call from_pip,index-url)}"; \
if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
cert="$${SSL_CERT_FILE:-$(call from_pip,cert)}"; \
if [ -n "$$cert" ]; then export SSL_CERT_FILE="$$cert"; fi
endef

# The package itself is not in the locks; hatchling, which installs it from this folder, is.
define install
{ $(as_pip); \
$(UV) pip sync -q --require-hashes requirements/$(1).lock && \
$(UV) pip install -q --offline --no-deps --no-build-isolation --editable .; }
endef

.venv/pyvenv.cfg: | $(UV)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Ecumene needs Python 3.11 or \
	newer and python3 is older; name one: make PYTHON=python3.12 ...")'
	@$(UV) venv -q --no-project --allow-existing \
		--python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv

$(UV):
	@$(PYTHON) -m pip install -q --root-user-action=ignore --disable-pip-version-check --no-deps --target .tools uv==$(UV_VERSION)

COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-header --no-emit-index-url --no-emit-find-links

lock: | $(UV)
	$(COMPILE) pyproject.toml --group build -o requirements/core.lock
	$(COMPILE) pyproject.toml --all-extras --group build --group test --group check --group docs \
		-c requirements/core.lock -o requirements/dev.lock
	@if grep -nE '(https?|file)://|index-url|find-links' requirements/*.lock; then \
		echo "a lock names an address; locks hold names, versions and hashes only" >&2; exit 1; fi

clean:
	rm -rf .venv .tools dist docs/_build .benchmarks .hypothesis .import_linter_cache \
		.pytest_cache .ruff_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
