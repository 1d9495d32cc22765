# `make up` and `make test` need Python 3.11+ and Node 20+; everything else installs itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATE ?= $(CURDIR)/var
HOST ?= 127.0.0.1
PORT ?= 8000
export STATE HOST PORT
# Nine processes start at once: none should compile again what another one has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up down test test-fast test-laws check fix bench docs screenshots lock install install-dev parts

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# --- install: stamps make every second run a no-op ---

$(BIN)/uv: requirements/installer.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "PackyTrace needs Python 3.11 or newer, and '$(PYTHON)' is older or missing." \
			"Install it (python.org), then: make up PYTHON=python3.11" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.txt
	@touch $@

$(VENV)/.run: requirements/run.lock $(BIN)/uv
	@echo "Installing Python packages ..."
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/run.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && command -v npm >/dev/null || { \
		echo "PackyTrace needs Node 20 or newer with npm, and 'node' is older or missing." \
			"Install it (nodejs.org), then run make again." >&2; exit 1; }
	@echo "Installing what builds the pages ..."
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

FRONTEND := $(shell find frontend/src frontend/templates frontend/public contexts/*/templates packytrace/*/templates \
	-type f 2>/dev/null) frontend/package.json
frontend/dist/.built: frontend/node_modules/.installed $(FRONTEND)
	@cd frontend && npm run --silent build
	@touch $@

locale/.compiled: $(VENV)/.run $(wildcard locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python manage.py translations --compile
	@touch $@

install: $(VENV)/.run frontend/dist/.built locale/.compiled
install-dev: $(VENV)/.dev frontend/dist/.built locale/.compiled

# --- run ---

up: install ## Run everything; HOST=, PORT= and STATE= move it
	@exec $(BIN)/python manage.py up

down: ## Stop what `make up` started
	@$(BIN)/python manage.py down

# --- test ---

FAST := not kafka and not mockcluster and not browser and not provider and not stack

parts: $(VENV)/.dev
	@$(BIN)/python -m tests.parts install

test: install-dev parts ## All tests: real PostgreSQL, Kafka, provider and browser; the fast ones beside the others
	@$(BIN)/python -m pytest -q -m "$(FAST)" & fast=$$!; \
	$(BIN)/python -m pytest -q -m "not ($(FAST))"; rest=$$?; \
	wait $$fast && exit $$rest

test-fast: install-dev ## Tests without broker, browser and processes; two halves side by side
	@$(BIN)/python -m pytest -q -m "$(FAST)" contexts contracts frontend tests packytrace/edge & first=$$!; \
	$(BIN)/python -m pytest -q -m "$(FAST)" packytrace --ignore=packytrace/edge; second=$$?; \
	wait $$first && exit $$second

# As the CI of a night would: 100,000 cases for a law and 1,000,000 steps for the life of items. Takes hours.
test-laws: install-dev ## The laws of codes, verdicts, freshness, items, notices and disclosure, at length
	@$(BIN)/python -m pytest -q --hypothesis-profile nightly contexts/*/tests/domain frontend/tests/test_same_judgement.py

# --- check: changes nothing ---

check: install-dev ## Format, lint, types, boundaries, migrations, contracts, templates, docs, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config importlinter.ini
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m packytrace.provider makemigrations --check --dry-run
	$(BIN)/python -m contracts.generate --check
	$(BIN)/python manage.py configuration --check
	$(BIN)/python manage.py translations --check
	$(BIN)/djlint --lint --quiet frontend/templates contexts packytrace
	cd frontend && npm run --silent check
	$(BIN)/mkdocs build --quiet --strict --site-dir .cache/site

fix: install-dev ## Repair what `check` would find, where a machine can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m contracts.generate
	$(BIN)/python manage.py configuration
	$(BIN)/python manage.py translations

docs: $(VENV)/.dev ## Build the documentation into site/
	$(BIN)/mkdocs build --strict

screenshots: install-dev ## Take the documentation's pictures anew, from a running `make up`
	@$(BIN)/python -m tests.screenshots

bench: install-dev parts ## Measure: facts, scan, passport, signed-in passport, fridge, the whole stack
	@$(BIN)/python -m bench

lock: $(BIN)/uv ## Resolve the dependencies anew
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile pyproject.toml -q --upgrade --universal --generate-hashes \
		--no-emit-index-url --no-header --python-version 3.11 -o requirements/run.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip compile pyproject.toml --group dev -c requirements/run.lock -q --upgrade \
		--universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o requirements/dev.lock
