# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make figures   builds the tables and draws the figures
#   make test      runs the tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := uv==0.13.9
# one thread for linear algebra: small problems, and the two cores have other work
export OPENBLAS_NUM_THREADS := 1
RUN    := PYTHONHASHSEED=0 $(BIN)/python -W error

.DEFAULT_GOAL := help
.PHONY: help data figures notebooks readme test lint proofs proofs-check kills fuzz-upstream bench browser wheel-test lab lock peers clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 15

# One environment for everything. uv is fast; plain pip takes over where uv reaches no registry.
$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	{ $(BIN)/pip install -q --disable-pip-version-check $(UV) && \
	  $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock; } || \
	  $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Whether anything must be made is asked of Python, which goes by content, never by time stamps.
data: $(VENV)/.ready ## build data/processed from data/raw
	@$(RUN) -m analysis.build

figures: data ## draw the report figures (sets everything up by itself)
	@$(RUN) -m analysis.figures

notebooks: data ## run every notebook and store it executed
	@$(RUN) -m tools.notebooks

readme: data ## put the computed numbers into README.md
	@$(RUN) -m tools.readme

test: data lint ## run the tests
	$(BIN)/python -m pytest -n 2 -m "not browser and not benchmark"

lint: $(VENV)/.ready ## check style, format and types
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy --no-error-summary

lab: data ## open JupyterLab on the notebooks, on this machine only
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 notebooks

proofs: data ## repeat the simulations behind the intervals and tests (slow)
	for proof in tests/proofs/*.py; do $(RUN) $$proof || exit 1; done

proofs-check: data ## repeat a small part of them and hold it against the committed tables
	for proof in tests/proofs/*.py; do $(RUN) $$proof --check || exit 1; done

kills: data ## kill builds and redraws a hundred times, and see that the next run mends them
	$(RUN) -m tools.kills
fuzz-upstream: data ## read 10,000 corrupted files of other databases (some minutes)
	@$(RUN) -m tests.upstream_fuzz 10000

bench: data peers ## time the library beside its peers
	for bench in tests/benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

browser: data ## drive the notebooks in a real JupyterLab (needs Chromium)
	$(BIN)/python -m pytest -m browser tests/test_browser.py

wheel-test: data ## build a wheel and use it from a clean environment in another folder
	$(BIN)/python -m tools.wheel

peers: $(VENV)/.peers

$(VENV)/.peers: $(VENV)/.ready requirements-peers.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-peers.lock || \
	  $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-peers.lock
	@touch $@

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(VENV)/.ready ## pin and hash the dependencies anew, without addresses
	$(BIN)/$(LOCK) -o requirements.lock requirements.in
	$(BIN)/$(LOCK) -o requirements-peers.lock requirements-peers.in
	! grep -n '://' requirements.lock requirements-peers.lock

clean: ## remove the environment and all that was built outside git
	rm -rf $(VENV) .build .pytest_cache .hypothesis .mypy_cache .ruff_cache
