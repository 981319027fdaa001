# Two commands do everything on a fresh machine with Python 3.11+ and make:
#   make figures   builds the tables and draws the figures
#   make test      runs the tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# one thread for linear algebra: small problems, and the two cores have other work
export OPENBLAS_NUM_THREADS := 1
RUN    := PYTHONHASHSEED=0 $(BIN)/python -W error
# a container's root may start it too
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# a home that cannot be written, as in some containers: what libraries keep there is kept here
ifeq ($(shell test -w "$(HOME)" && echo yes),)
  export HOME := $(CURDIR)/.build/home
  $(shell mkdir -p "$(HOME)")
endif

.DEFAULT_GOAL := help
.PHONY: help environment data figures report forecast notebooks readme test slow matrix base-test lowest coverage lint proofs proofs-check proofs-confirm kills mutants corruptions environments fuzz fuzz-upstream bench spark browser site-browser wheel-test axe lab docs lock peers clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 15

# Whether anything must be made is asked of Python, which goes by content, never by time stamps.
# So every target is phony.
data: environment ## build data/processed from data/raw
	@$(RUN) -m analysis.build

figures: data ## draw the report figures (sets everything up by itself)
	@$(RUN) -m analysis.figures

report: figures ## write figures/report.html, one page to explore
	@$(RUN) -m analysis.page

forecast: data ## keep the running year's forecast in data/forecasts, and score the earlier ones
	@$(RUN) -m analysis.forecast

notebooks: data ## run every notebook and store it executed
	@$(RUN) -m tools.notebooks

readme: data ## put the computed numbers into README.md
	@$(RUN) -m tools.readme

test: data lint ## run the tests
	$(BIN)/python -m pytest -n 2 -m "not browser and not benchmark and not slow and not spark"

slow: data ## run the tests that take long: whole commands, full disks, kills
	$(BIN)/python -m pytest -n 2 -m "slow and not browser and not spark"

matrix: data ## run the quick suite on every other CPython that the machine has
	$(BIN)/python -m tools.matrix pythons

base-test: data ## run what the base dependencies alone can do
	$(BIN)/python -m tools.matrix base

lowest: data ## run the quick suite with the lowest versions that pyproject.toml promises
	$(BIN)/python -m tools.matrix lowest

coverage: data ## which lines the tests never reach
	$(BIN)/python -m pytest -q -n 2 -m "not browser and not benchmark and not slow" --cov --cov-report=term

lint: environment ## check style, format and types
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/mypy --no-error-summary

# Notebooks as they were stored count as trusted, else JupyterLab drops the style of their tables and
# pictures until they are run; tools/lab has the list of them shown as a page, and no news asked for.
lab: data ## open JupyterLab on the notebooks in reading order, on this machine only
	@$(BIN)/jupyter trust notebooks/*.ipynb >/dev/null
	JUPYTER_CONFIG_PATH="$(CURDIR)/tools/lab" $(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 $(AS_ROOT) \
	  --LabApp.default_url=/lab/tree/README.md notebooks

proofs: data ## repeat the simulations behind the intervals and tests (slow)
	$(RUN) -m tests.proofs

proofs-check: data ## repeat a small part of them and hold it against the committed tables
	$(RUN) -m tests.proofs --check

proofs-confirm: data ## the same for those made under other code; where equal, stamp today's
	$(RUN) -m tests.proofs --confirm

kills: data ## kill builds and redraws a hundred times, and see that the next run mends them
	$(RUN) -m tools.kills

mutants: data ## change the code in 200 places, one at a time, and see that a test fails (an hour)
	$(RUN) -m tools.mutants

corruptions: data ## corrupt tables in memory 5,000 times before asking every question (some minutes)
	@$(RUN) -m tests.corruption_proof 5000

environments: figures ## build and draw under other zones, languages, homes and settings
	@$(RUN) -m tests.environments

fuzz: data ## corrupt a user's files and data/raw 10,000 times (a quarter of an hour)
	@$(RUN) -m tests.fuzz 10000

fuzz-upstream: data ## read 10,000 corrupted files of other databases (some minutes)
	@$(RUN) -m tests.upstream_fuzz 10000

bench: data peers ## time the library beside its peers
	for bench in tests/benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

spark: data ## ask the same of DuckDB and Spark (needs Java), in an environment of its own
	$(BIN)/python -m tools.matrix spark

browser: data axe ## drive the page and the notebooks in a real browser (needs Chromium)
	$(BIN)/python -m pytest -m browser tests/test_page_browser.py tests/test_browser.py

site-browser: docs axe ## drive the site in a real browser, and have axe-core judge it
	$(BIN)/python -m pytest -m browser tests/test_site_browser.py

# Checks of accessibility, for tests alone. Without npm those tests are skipped, and say so.
AXE := axe-core-4.14.1
axe: # in .build/axe, fetched once and held against its hash
	@[ -f .build/axe/package/axe.min.js ] || ! command -v npm >/dev/null || ( mkdir -p .build/axe && \
	  cd .build/axe && npm pack --silent $(subst core-,core@,$(AXE)) >/dev/null && \
	  echo "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745  $(AXE).tgz" \
	    | sha256sum --check --quiet && tar -xzf $(AXE).tgz package/axe.min.js )

wheel-test: data ## build a wheel and use it from a clean environment in another folder
	$(BIN)/python -m tools.wheel

environment: # in .venv, made or mended where something changed
	@$(PYTHON) tools/environment.py

peers:
	@$(PYTHON) tools/environment.py --peers

docs: data ## build the site into docs/_build/html (its packages have a lock of their own)
	@$(PYTHON) tools/environment.py --docs
	@$(BIN)/python -m tools.site

LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: environment ## pin and hash the dependencies anew, without addresses
	for name in requirements requirements-install requirements-docs requirements-peers requirements-spark; do \
	  $(BIN)/$(LOCK) -o $$name.lock $$name.in || exit 1; done
	! grep -n '://' requirements*.lock

clean: ## remove the environment and all that was built outside git
	rm -rf $(VENV) .build docs/_build .pytest_cache .hypothesis .mypy_cache .ruff_cache
