# The commands of the project; `make` lists them. Whatever is missing is set up first (tools/), once.
# PYTHON=/path names another interpreter, CHROMIUM=/path a browser, PORT=n the port, ARGS='...' for pytest and chaos.
.DEFAULT_GOAL := help
WRITES ?= 500
KILLS ?= 10
SEED ?= 1
FAULTS ?= 1
ATTENDANTS ?= 12
PROCESSES ?= 2
WORKERS ?= 4
QUICK ?=
# What `make quick` runs: what computes, reads one file or asks the emulator a few times.
QUICKLY := tests/brazil tests/web tests/domain tests/consoles tests/crm/ixc tests/store/records \
	tests/crm/test_listings.py tests/crm/test_signature.py tests/test_map.py tests/test_catalogues.py \
	--ignore=tests/domain/test_logs.py --ignore=tests/domain/test_permissions.py \
	--ignore=tests/crm/ixc/test_transport.py
.PHONY: help run test quick check lint audit format coverage screenshots docs texts chaos faults bench lock clean setup setup-dev

BIN := .venv/bin
# The processes of a test run start this code a hundred times: what is compiled once serves all.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name does; do printf 'make %-10s %s\n' "$$name" "$$does"; done

run: setup ## serve the demo, or the CRM that the settings name
	@exec $(BIN)/python server.py run

test: setup-dev ## run all tests, browser ones too, several at a time: many of them wait
	@CHROMIUM=$$(tools/chromium.sh) && export CHROMIUM && exec $(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

quick: setup-dev ## half of the tests, in under a minute: no browser, no whole application, no long run
	@exec $(PYTEST) -n $(WORKERS) --dist loadfile $(QUICKLY) $(ARGS)

check: test lint audit ## tests, lint, formatting, types and known vulnerabilities

lint: setup-dev ## lint, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict

audit: setup-dev ## known vulnerabilities of what is installed; says so where the network tells nothing
	@$(BIN)/pip-audit -r requirements.txt --require-hashes --disable-pip

format: setup-dev ## put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

coverage: setup-dev ## run all tests and list the lines that none reaches
	@CHROMIUM=$$(tools/chromium.sh) && export CHROMIUM && $(BIN)/coverage run -m pytest $(ARGS)
	@$(BIN)/coverage report

screenshots: setup-dev ## take the pictures of README.md and docs/ anew
	@CHROMIUM=$$(tools/chromium.sh) && export CHROMIUM && exec $(BIN)/python tools/screenshots.py

chaos: setup-dev ## prove that nothing is lost or doubled: WRITES=10000 KILLS=200, also SEED FAULTS ATTENDANTS PROCESSES
	@exec $(BIN)/python -m proof.chaos --writes $(WRITES) --kills $(KILLS) --seed $(SEED) --faults '$(FAULTS)' --attendants $(ATTENDANTS) --processes $(PROCESSES) $(ARGS)

faults: setup-dev ## break each link for real and look whether the diagnosis names it; ARGS='token' for some
	@exec $(BIN)/python -m proof.faults $(ARGS)

bench: setup-dev ## measure what the product costs beside the bare thing; QUICK=1 in under a minute
	@exec $(BIN)/python -m proof.bench $(if $(QUICK),--quick) $(ARGS)

docs: setup ## renew what is generated in README.md and docs/: rooms, options, files, errors, personal data
	@$(BIN)/python -m tools.readme
	@$(BIN)/python -m tools.errors

texts: setup ## bring new sentences into the catalogues of the other languages
	@$(BIN)/python -m tools.texts

lock: setup-dev ## for maintainers: pin requirements*.in anew
	@tools/lock.sh $(ARGS)

clean: ## remove what set-up and tests made; data stays
	rm -rf .venv .setup.lock .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

setup:
	@tools/setup.sh run

setup-dev:
	@tools/setup.sh dev
