# The commands of this project. `make help` lists them.
SHELL := /bin/bash
# The first that really runs and is new enough: a name on the PATH may be an empty shim.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && { echo $$p; break; }; done)
PORT ?= 8000
VAR ?= var
PROCESSES ?= 2
UV = $(shell command -v uv || echo .uv/bin/uv)
BIN = .venv/bin
PEERS = .venv/peers
STAMP = .venv/.synced
KERNEL = planner/kernel
KERNEL_SOURCES = $(wildcard $(addprefix $(KERNEL)/,pyproject.toml CMakeLists.txt src/*.?pp src/*/*.py*))
# These read files; what the plugins import would take longer than the tests.
READING_ONLY = -p no:schemathesis -p no:hypothesispytest -p no:xdist
PLANNER_TESTS = $(BIN)/pytest -q --noconftest -p no:django -p no:cacheprovider
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check
# Into a venv of its own; where Python comes without one (Debian's python3 alone), by its pip.
FETCH_UV = rm -rf .uv; \
	{ "$(PYTHON)" -m venv .uv > /dev/null 2>&1 && .uv/bin/python $(PIP_INSTALL) uv; } \
	|| { rm -rf .uv; "$(PYTHON)" $(PIP_INSTALL) --target .uv uv; } \
	|| { rm -rf .uv; echo "uv could not be fetched; is the network there? Debian: apt-get install python3-venv" >&2; exit 1; }

.DEFAULT_GOAL := help
.PHONY: help setup kernel demo test check test-sanitize test-server bench bench-money bench-planner bench-roads pictures clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(STAMP) ## .venv with all of it installed
	@$(BIN)/python tools/compile_messages.py > /dev/null

$(STAMP): uv.lock pyproject.toml planner/pyproject.toml roads/pyproject.toml $(KERNEL_SOURCES)
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@command -v uv > /dev/null || test -x .uv/bin/uv || { $(FETCH_UV); }
	@tools/sync.sh "$(UV)" "$(PYTHON)"
	@touch $(STAMP)

kernel: $(if $(wildcard $(STAMP)),,setup) ## the planner's kernel alone, only what changed, warnings are errors
	@SKBUILD_CMAKE_DEFINE=GANCANG_DEVELOP=ON $(UV) sync --frozen --quiet --group kernel \
		--reinstall-package gancang-planner-kernel
	@$(BIN)/python tools/kernel_stub.py
	@$(BIN)/ruff check --quiet --fix $(KERNEL)/src; $(BIN)/ruff format --quiet $(KERNEL)/src
	@touch $(STAMP)

demo: setup ## a demonstration day on http://127.0.0.1:8000 (PORT=9000 VAR=/some/dir)
	@exec $(BIN)/gancang demo --port "$(PORT)" --var "$(VAR)"

check: setup ## format, lint, types, contracts: fast enough for every save
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted; run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > .venv/lint-imports.txt || { cat .venv/lint-imports.txt; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/pytest -q --noconftest -p no:django $(READING_ONLY) tests/test_architecture.py tests/test_docs.py

test: check ## everything that must pass, on both packs
	@$(BIN)/pytest -n $(PROCESSES)
	@GANCANG_PACK=contoh $(BIN)/pytest -n $(PROCESSES) gancang tests/journeys tests/browser

test-sanitize: setup ## the planner's tests on a kernel with AddressSanitizer, UBSan, then ThreadSanitizer
	@tools/sanitize.sh address,undefined $(PLANNER_TESTS) planner/tests --ignore planner/tests/test_install.py
	@tools/sanitize.sh thread $(PLANNER_TESTS) planner/tests/test_kernel_threads.py

test-server: setup ## the suite against a PostgreSQL of yours (DATABASE_URL) or Debian's
	@tools/test_server.sh $(BIN)/pytest -n $(PROCESSES)

bench: setup ## the benchmarks, a table at the end
	@$(BIN)/python -m benchmarks

bench-money: setup ## orders and lines a second beside pgbench, proof of a million lines, screening, statement
	@$(BIN)/python -m benchmarks money statement

bench-planner: setup ## the planner beside its peers, hours long (ARGS="--every 8 --limits 1")
	@UV_PROJECT_ENVIRONMENT=$(PEERS) $(UV) sync --frozen --quiet --python "$(PYTHON)" --only-group bench \
		|| echo "Not all peers could be installed; who is missing is skipped."
	@$(BIN)/python -m benchmarks.planner --peers-python $(PEERS)/bin/python $(ARGS)

bench-roads: setup ## roads beside their peers, on the extracts that GANCANG_EXTRACTS names
	@UV_PROJECT_ENVIRONMENT=$(PEERS)-roads $(UV) sync --frozen --quiet --python "$(PYTHON)" --only-group bench-roads \
		|| echo "Not all peers could be installed; who is missing is skipped."
	@PYTHONPATH=roads/src:. $(PEERS)-roads/bin/python -m benchmarks.roads $(ARGS)

pictures: setup ## take the pictures of docs/pictures again
	@$(BIN)/python tools/pictures.py

clean: ## remove what was installed and made; data under var/ stay
	@rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .hypothesis
