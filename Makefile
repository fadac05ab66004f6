# Footnote. `make demo` and `make test` set up what they need by themselves; `make help` lists everything.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

ifeq ($(strip $(PYTHON)),)
override PYTHON := python3
endif

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# Tests wait more than they compute: on two cores a third worker makes them faster still. With four, they wait too long
# for each other now and then.
WORKERS ?= 3

# What runs here must not spend the operator's money, join a server or touch the operator's library, and must not
# be bent by settings meant for other projects. A `.env` file is left aside too: demo and bench run in a temporary
# folder, and tests/conftest.py does the same for the tests.
unexport $(filter OPENAI_% DISCORD_% EMBED% ANSWER_% HEALTH_% MAX_FILE_% MINILM_% MODEL_% CHROMA_% VECTOR_% RERANK% REWRITE TRANSLATE UNSUPPORTED LIBRARIES FOOTNOTE_DATA,$(.VARIABLES))
unexport $(filter WATCH PDF_% RETRACTIONS METADATA_% CROSSREF_% ARXIV_% OPENALEX_% SEMANTIC_SCHOLAR_%,$(.VARIABLES))
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PYTEST_ADDOPTS MYPYPATH VIRTUAL_ENV
unexport PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_PYTHON PIP_REQUIRE_VIRTUALENV PIP_CONSTRAINT PIP_NO_COMPILE
unexport PIP_NO_BINARY PIP_ONLY_BINARY PIP_NO_DEPS PIP_REQUIRE_HASHES PIP_EDITABLE PIP_REQUIREMENT PIP_DRY_RUN

PYTHON_FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON_VERSION := import sys; print("%d.%d" % sys.version_info[:2])

# In a temporary folder that is removed afterwards, with a library of its own.
IN_PASSING = here="$(CURDIR)"; work=$$(mktemp -d) || exit 1; \
	trap 'rm -rf "$$work"' EXIT; trap 'exit 130' HUP INT TERM; \
	cd "$$work" || exit 1; FOOTNOTE_DATA="$$work/data"; export FOOTNOTE_DATA;
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4

.PHONY: help install demo test test-long lint format bench bench-identity bench-large transcript lock clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

install: $(INSTALLED) ## Set up .venv from the lock (only when the lock or pyproject.toml changed)

$(INSTALLED): requirements.txt pyproject.toml
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "Footnote needs Python 3.11 to 3.14, and there is no $(PYTHON) here: install one, or run make PYTHON=/path/to/python." >&2; exit 1; }
	@"$(PYTHON)" -c '$(PYTHON_FITS)' || { echo "Footnote needs Python 3.11 to 3.14, but $(PYTHON) is $$("$(PYTHON)" -c '$(PYTHON_VERSION)'): run make PYTHON=python3.12, say." >&2; exit 1; }
	@if "$(BIN)/python" -c '$(PYTHON_FITS)' 2>/dev/null; then :; \
	elif "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then "$(PYTHON)" -m venv --clear $(VENV); \
	else "$(PYTHON)" -m venv --clear --without-pip $(VENV); fi
	@echo "Installing the locked packages into $(VENV) (about 300 MB the first time; some minutes on a slow line)."
	@if "$(BIN)/python" -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; set -e; \
	$$pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --requirement requirements.txt; \
	$$pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@"$(BIN)/python" -m compileall -q bot retrieval
	@touch $@

demo: install ## Ask three questions over the papers in samples/, and leave nothing behind
	@$(IN_PASSING) sh "$$here/.ci/demo.sh" "$$here/$(BIN)/footnote"

test: lint ## Check everything: ruff, mypy, pytest (minutes)
	$(PYTEST)

test-long: install ## Run the tests that take long, and those that draw what they try, with other draws
	$(PYTEST) -m "long or hypothesis" --hypothesis-profile=wide

lint: install ## Check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install ## Put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Measure speed beside its peers, about ten minutes (BENCH="--corpus DIR --only ingest" and others)
	@$(IN_PASSING) PYTHONPATH="$$here" "$$here/$(BIN)/python" -m benchmarks $(BENCH)

bench-identity: install ## Measure how well papers are told apart, and brought together (BENCH="--corpus DIR")
	@$(IN_PASSING) PYTHONPATH="$$here" "$$here/$(BIN)/python" -m benchmarks.identity $(BENCH)

bench-large: install ## Measure searches over half a million vectors
	@$(IN_PASSING) PYTHONPATH="$$here" "$$here/$(BIN)/python" -m benchmarks --large $(BENCH)

transcript: install ## Print what people see of the bot on Discord, and what they see when Discord fails (minutes)
	@$(BIN)/python -m tests.transcript

lock: ## Bring the lock up to date with pyproject.toml (needs uv; UPGRADE=--upgrade takes newer versions too)
	uv pip compile --quiet $(UPGRADE) --universal --generate-hashes --no-header --annotation-style line \
		--python-version 3.11 --extra dev --group weights pyproject.toml --output-file requirements.txt

clean: ## Remove .venv and caches (never the library in data/)
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot retrieval tests benchmarks samples -name __pycache__ -prune -exec rm -rf {} +
