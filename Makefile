# What one does with this project. Portable: any make, any Python from 3.11, no root, no compiler.
# The targets that need packages depend on a stamp file, so that a warm start installs nothing.

PYTHON = python3
BIN = .venv/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

CLIENTS = 100000
ROUNDS = 200

.PHONY: help install run demo seed bench test audit faults races screenshots format translations lock

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

install: .venv/.installed ## make .venv from requirements.lock, nothing else

run: .venv/.installed ## bring the database up to date and serve on http://127.0.0.1:5000 (HOST, PORT)
	@exec $(BIN)/flask serve --upgrade

demo: .venv/.installed ## add the small French cast of demonstration clients (safe to run twice)
	@$(BIN)/flask db upgrade
	@$(BIN)/flask demo

seed: .venv/.installed ## add made-up clients in bulk (CLIENTS=100000)
	@$(BIN)/flask db upgrade
	@$(BIN)/flask seed --clients $(CLIENTS)

bench: .venv/.installed ## time the main pages on the current database ("make demo" or "make seed" fill an empty one)
	@$(BIN)/flask bench

test: .venv/.tested ## all that CI checks: lint, types, import rules, both engines, browser journeys
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --verbose
	$(BIN)/pytest -n 2 --dist worksteal

faults: .venv/.tested ## what must hold when something breaks: locks, kill -9, a frozen or lost database, a full disk (needs root for that)
	$(BIN)/pytest -q tests/faults

races: .venv/.tested ## what several people do at the same moment, ten times as often as in "make test" (ROUNDS=200)
	RACE_ROUNDS=$(ROUNDS) $(BIN)/pytest -q -n 2 --dist worksteal tests/races

audit: .venv/.tested ## look for weaknesses in our code and in what we build on (OFFLINE=ok: where no advisories can be had)
	@OFFLINE=$(OFFLINE) $(BIN)/python -m tests.supply.audit

screenshots: .venv/.tested ## take every page at 1440 and 390 pixels into test-results/screenshots (BESIDE=folder of drawn pictures)
	@$(BIN)/python -m tests.browser.screenshots $(if $(BESIDE),--beside "$(BESIDE)") $(if $(STORE),--store)

format: .venv/.tested ## put the Python files into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: .venv/.installed ## bring both catalogues in line with the French of the code, and compile them
	$(BIN)/pybabel -q extract -F pyproject.toml -k _ -k lazy_gettext -k lazy_ngettext:1,2 \
		--no-location --sort-output --project=backoffice --version=1 -o .venv/messages.pot backoffice
	$(BIN)/pybabel -q update -i .venv/messages.pot -d backoffice/translations -l en \
		--init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/python backoffice/translations/plurals.py
	$(BIN)/pybabel compile -d backoffice/translations --statistics

lock: ## renew both lock files from pyproject.toml (needs uv; newer versions: LOCKFLAGS=--upgrade)
	$(COMPILE) $(LOCKFLAGS) --output-file requirements.lock
	$(COMPILE) $(LOCKFLAGS) --extra test --constraints requirements.lock --no-emit-package pip \
		--output-file .ci/requirements-test.lock

.venv/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { echo "Python's venv module is missing (Debian: apt install python3-venv)" >&2; rm -rf .venv; exit 1; }
	$(INSTALL) -r requirements.lock
	@touch $@

.venv/.tested: .venv/.installed .ci/requirements-test.lock
	$(INSTALL) -r .ci/requirements-test.lock
	@touch $@
