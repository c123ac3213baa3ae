# The daily commands. `make help` lists them.
#   PYTHON=python3.13   the interpreter to build the environment with (3.11 or newer)
#   VENV=.venv-newest   where that environment lives
#   PORT=8000           where `make run` serves
#   WORKERS=2           how many test processes
#   TESTS=tests/courses which tests
#   ARGS='-k sheet'     more words for pytest

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
TESTS ?= tests
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTEST := $(BIN)/pytest
STAMP := $(VENV)/.locked
# The tests choose their own settings: nothing of the caller's shell may leak into the embedded run.
EMBEDDED := env -u DATABASE_URL -u CELERY_BROKER_URL -u LMS_MODE

.DEFAULT_GOAL := help
.PHONY: help run setup test unit prove bench check format lock docs screenshots
.DELETE_ON_ERROR:

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## serve the site and do its background work on http://localhost:8000, with the demo loaded once
	@exec $(MANAGE) serve --demo

setup: $(STAMP) ## virtual environment and locked packages, nothing more

# The stamp is a copy of the lock: equal bytes mean that there is nothing to do, and no network is needed.
$(STAMP): requirements.lock
	@if [ -x $(BIN)/python ] && cmp -s requirements.lock $(STAMP); then touch $(STAMP); exit 0; fi; \
	set -e; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not one. Try: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }; \
	if ! command -v uv >/dev/null && ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  if [ "$$(id -u)" = 0 ]; then as_root=""; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="no"; fi; \
	  if [ "$$as_root" = no ] || ! command -v apt-get >/dev/null; then \
	    echo "Python has no venv module here. Type: sudo apt-get install python3-venv" >&2; exit 1; fi; \
	  echo "Installing python3-venv ..."; \
	  $$as_root apt-get update -qq; \
	  $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	fi; \
	[ -x $(BIN)/python ] || { echo "Making $(VENV) ..."; $(PYTHON) -m venv --without-pip $(VENV); }; \
	if command -v uv >/dev/null; then uv=uv; else \
	  uv=$(VENV)/.uv/bin/uv; \
	  [ -x $$uv ] || { $(PYTHON) -m venv $(VENV)/.uv; $(VENV)/.uv/bin/python -m pip install --quiet --disable-pip-version-check uv; }; \
	fi; \
	echo "Installing the locked packages ..."; \
	$$uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock; \
	cp requirements.lock $(STAMP)

test: setup ## all tests on SQLite; PostgreSQL and the brokers join when TEST_DATABASE_URL, TEST_REDIS_URL, TEST_AMQP_URL are set
	$(EMBEDDED) $(PYTEST) -n $(WORKERS) --dist worksteal $(ARGS) $(TESTS)
	@if [ -n "$$TEST_DATABASE_URL" ]; then \
	  echo "--- once more, on PostgreSQL"; \
	  $(EMBEDDED) DATABASE_URL="$$TEST_DATABASE_URL" $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser and not broker and not prove" \
	    --ignore=tests/house $(ARGS) $(TESTS); \
	else echo "TEST_DATABASE_URL is not set: the PostgreSQL run is left out."; fi
	@[ -n "$$TEST_REDIS_URL" ] || echo "TEST_REDIS_URL is not set: the Redis tests were skipped."
	@[ -n "$$TEST_AMQP_URL" ] || echo "TEST_AMQP_URL is not set: the RabbitMQ tests were skipped."

unit: setup ## the quick tests only: no browser, no broker, no long proof, SQLite
	$(EMBEDDED) $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser and not postgres and not broker and not prove" $(ARGS) $(TESTS)

prove: setup ## the long proofs in full: kills, histories, races, restore, hostile requests
	$(EMBEDDED) LMS_PROVE=1 $(PYTEST) -m prove $(ARGS) $(TESTS)

bench: setup ## speed of the record store, as ratios; PostgreSQL by BENCH_DATABASE_URL or TEST_DATABASE_URL (ARGS=--quick)
	$(EMBEDDED) $(BIN)/python -m tests.bench $(ARGS)

check: setup ## format, lint, types, import law, templates, missing migrations, generated docs, then the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check --lint courses certification cms lms
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check
	$(MANAGE) generate_docs --check
	@$(MAKE) --no-print-directory test

format: setup ## put Python and templates in the house's format
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat courses certification cms lms || true

docs: setup ## regenerate what is generated in docs/
	$(MANAGE) generate_docs

screenshots: setup ## take the pictures of the documentation
	$(BIN)/python -m tests.screenshots

lock: setup ## make requirements.lock anew from pyproject.toml
	@uv=uv; command -v uv >/dev/null || uv=$(VENV)/.uv/bin/uv; \
	$$uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
	  --group dev pyproject.toml -o requirements.lock
