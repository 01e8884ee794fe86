# What one does with Fluxio. `make` alone lists it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv/bin/python
# Tests and measurements run over plain http, with the demo's accounts allowed.
EMBEDDED := env DEMO=true SECURE=false HASHED_STATIC=false $(VENV) -m fluxio.embedded --fast
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run code test check bench translations samples lock clean bootstrap

help: ## list what there is
	@echo "make run           the demo office at http://localhost:8000 (PORT=8001 for another port), until Ctrl-C"
	@echo "make code EMAIL=…  the code that a demo account's second factor shows now, while the demo runs"
	@echo "make test          all tests, in parallel and in a real browser (ARGS='tests/setup -k name' for some)"
	@echo "make check         style, types, import order, migrations, deployment settings, translations"
	@echo "make bench         measurements (ARGS=… goes to python -m bench)"
	@echo "make translations  compile the catalogues of locale/"
	@echo "make samples       make the sample spreadsheets of docs/samples anew"
	@echo "make lock          renew requirements/*.txt from requirements/*.in"
	@echo "make clean         remove .venv, test data and caches (var/postgres and var/secrets.env stay)"

bootstrap:
	@$(PYTHON) fluxio/bootstrap.py

run: bootstrap ## the demo office
	@exec $(VENV) -m fluxio.run

code: ## the current code of a demo account's second factor
	@$(VENV) -m fluxio.inside demo_code $(EMAIL)

test: ## all tests
	@$(PYTHON) fluxio/bootstrap.py --browser
	@$(VENV) -m fluxio.translations compile
	@exec $(EMBEDDED) --data var/test -- $(VENV) -m pytest $(ARGS)

check: bootstrap ## everything that can be said without running the tests
	@exec $(EMBEDDED) --data var/check -- $(VENV) -m fluxio.checks

bench: bootstrap ## measurements
	@$(VENV) -m fluxio.translations compile
	@exec $(EMBEDDED) --data var/bench -- $(VENV) -m bench $(ARGS)

translations: bootstrap
	@$(VENV) -m fluxio.translations compile

samples: bootstrap
	@exec $(EMBEDDED) --data var/check -- $(VENV) manage.py samples

# Without index addresses, so that the lock says the same wherever it was made.
LOCKING := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: bootstrap
	$(LOCKING) $(ARGS) requirements/dev.in -o requirements/dev.txt
	$(LOCKING) $(ARGS) requirements/base.in -c requirements/dev.txt -o requirements/base.txt

clean:
	rm -rf .venv var/test var/check var/bench staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
