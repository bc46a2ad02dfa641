# What a developer does with this repository. `make` alone lists it.
# Another Python than the first one found: make setup PYTHON=/path/to/python3.11
# Some tests only, or other options of pytest: make test ARGS="tests/bot -x"

PYTHON ?= $(or $(shell command -v python3.11 || command -v python3),python3)
RUN := .venv/bin/python
ARGS ?=
MAKEFLAGS += --no-print-directory
# Thousands of small databases are made and thrown away by the tests: in memory, where there is room for them.
TEMP := $(or $(shell [ -w /dev/shm ] && [ $$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }') -gt 2000000 ] && echo /dev/shm),$(TMPDIR),/tmp)

# What is compiled once is kept: without, every test worker and every bot that a test starts compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup runtime demo test collect e2e bench check format-check lint types borders translations-check \
	migrations-check format translations migration lock teams-package screenshots

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## the virtual environment .venv with everything development needs, as locked
	@$(PYTHON) scripts/setup_venv.py dev

runtime:
	@$(PYTHON) scripts/setup_venv.py runtime

demo: runtime ## Musubi in the browser with an invented community, no account needed
	@$(RUN) -m bot demo $(ARGS)

test: setup ## all tests but the browser's, on SQLite and on PostgreSQL
	@TMPDIR=$(TEMP) $(RUN) -m pytest -n 4 --dist loadgroup -q $(ARGS)

# Compiles all tests, so that in a fresh clone not every worker does it.
collect: setup
	@$(RUN) -m pytest --collect-only -qq >/dev/null

e2e: setup ## the browser tests
	@command -v chromium >/dev/null || { echo "The browser tests need Debian's chromium: apt-get install chromium fonts-noto-cjk" >&2; exit 1; }
	@TMPDIR=$(TEMP) $(RUN) -m pytest -n 3 -m e2e -q $(ARGS)

bench: setup ## the benchmarks: a table, and var/bench.json
	@$(RUN) -m bench $(ARGS)

check: format-check lint types borders translations-check migrations-check ## all that must be clean before a change goes in

format-check: setup
	@$(RUN) -m ruff format --check --quiet . || { echo "Not formatted: run make format" >&2; exit 1; }

lint: setup
	@$(RUN) -m ruff check --quiet .

types: setup
	@$(RUN) -m pyright --warnings

borders: setup
	@$(RUN) -m pytest -q tests/architecture

translations-check: setup
	@$(RUN) scripts/translations.py check

migrations-check: setup
	@$(RUN) scripts/check_migrations.py

format: setup ## formats the code
	@$(RUN) -m ruff check --quiet --fix . ; $(RUN) -m ruff format --quiet .

translations: setup ## brings the catalogues in bot/locale up to date with the texts in the code
	@$(RUN) scripts/translations.py update

migration: setup ## a migration for what changed in the models: make migration ARGS="what changes"
	@$(RUN) scripts/make_migration.py "$(ARGS)"

lock: setup ## the lock files anew from pyproject.toml; make lock ARGS=--upgrade takes newer versions
	@$(RUN) scripts/lock.py $(ARGS)

teams-package: runtime ## the app package for Teams, a zip file in var/
	@$(RUN) -m adapters.teams.package $(ARGS)

screenshots: setup ## the pictures of the README, taken from the demo
	@$(RUN) scripts/screenshots.py $(ARGS)
