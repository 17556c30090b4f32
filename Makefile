# `make help` lists the targets. Each does the set-up that it needs; what is there already costs a fraction of a second.
.DEFAULT_GOAL := help
.SUFFIXES:
.NOTPARALLEL:
.PHONY: help up test test-fast test-browser ci check lint demo bench shortcuts gameday down setup docs room pictures lock clean

VENV := .venv
LABCTL := $(VENV)/bin/labctl
# A stamp a set of packages: rebuilt when its lock, or what the command is made of, has changed.
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
BENCH := $(VENV)/.bench
PYTEST := $(VENV)/bin/python -m pytest
COMPILE = uv pip compile --quiet --universal --generate-hashes --custom-compile-command 'make lock'

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: setup ## Set everything up, start a lab under load, prove that it is healthy
	@$(LABCTL) up

setup: $(RUNTIME) ## Everything that a lab needs of this machine: packages, Docker, images
	@$(LABCTL) setup

down: $(RUNTIME) ## Take the lab down
	@$(LABCTL) down

demo: setup ## Play a whole incident, unattended, in under four minutes
	@bash scripts/demo.sh

gameday: setup ## Start a game day of three teams on this machine (2 cores, 8 GB); `labctl gameday down` ends it
	@$(LABCTL) gameday up labctl/gameday/plans/three-teams.yaml

check: lint test-fast ## What needs no Docker: formatting, lint, types, the fast tests

lint: $(DEVELOPMENT) ## Formatting, lint and types alone
	@$(VENV)/bin/ruff format --check --quiet . || { echo 'to do: .venv/bin/ruff format .' >&2; exit 1; }
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/lint-imports --no-cache >/dev/null || { $(VENV)/bin/lint-imports --no-cache; exit 1; }
	@$(VENV)/bin/mypy

test: $(DEVELOPMENT) ## Every test: the fast ones first, then those on a real lab
	@bash scripts/test.sh

ci: $(DEVELOPMENT) ## What `make check` and `make test` run, lint beside the tests
	@bash scripts/test.sh lint

test-fast: $(DEVELOPMENT)
	@$(PYTEST) -m 'not lab and not browser' -n auto

test-browser: $(DEVELOPMENT) setup ## The tests of the room in a real browser, on a lab of their own
	@bash scripts/chromium.sh >/dev/null
	@$(PYTEST) tests/browser

bench: $(DEVELOPMENT) setup ## Measure the budgets on this machine
	@$(VENV)/bin/python -m bench

shortcuts: $(BENCH) setup ## Play hidden incidents by rules that must fail; takes hours, and goes on where it stopped
	@$(VENV)/bin/python -m bench.shortcuts

docs: $(DEVELOPMENT) ## Write the parts of the documentation that are derived from the code
	@$(VENV)/bin/python -m labctl.cli.reference

pictures: $(DEVELOPMENT) ## Play an incident in a browser, and take pictures of every view of the room, and of a game day, into docs/images
	@LABCTL_PICTURES=docs/images $(PYTEST) tests/browser/test_alone.py tests/browser/test_pictures.py tests/browser/test_gameday.py

room: ## Check the front end of the room, and build it into the package (needs node and npm)
	@command -v npm >/dev/null || { echo 'error: npm is not here; to do: install node 20.19 or newer' >&2; exit 1; }
	npm ci --prefix room --ignore-scripts
	npm run --prefix room check
	npm run --prefix room build

lock: ## Compile the lock files anew (needs uv)
	@command -v uv >/dev/null || { echo 'error: uv is not here; to do: pip install uv' >&2; exit 1; }
	$(COMPILE) --python-version 3.11 --output-file requirements/labctl.lock pyproject.toml
	$(COMPILE) --python-version 3.11 --output-file requirements/dev.lock --extra dev --extra services pyproject.toml
	$(COMPILE) --python-version 3.11 --constraint requirements/dev.lock \
		--output-file requirements/build.lock requirements/build.in
	$(COMPILE) --python-version 3.11 --constraint requirements/dev.lock \
		--output-file requirements/bench.lock --extra bench pyproject.toml
	$(COMPILE) --python-version 3.11 --constraint requirements/dev.lock --constraint requirements/bench.lock \
		--output-file requirements/export.lock --extra export pyproject.toml
	$(COMPILE) --python-version 3.13 --output-file requirements/services.lock requirements/services.in

clean: ## Remove the virtual environment and everything that tools left here
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis room/node_modules

$(RUNTIME): pyproject.toml requirements/labctl.lock requirements/build.lock scripts/venv.sh
	@bash scripts/venv.sh labctl build
	@touch $@

$(DEVELOPMENT): pyproject.toml requirements/dev.lock scripts/venv.sh
	@bash scripts/venv.sh dev
	@touch $@ $(RUNTIME)

$(BENCH): $(DEVELOPMENT) requirements/bench.lock
	@bash scripts/venv.sh dev bench
	@touch $(RUNTIME) $(DEVELOPMENT) $@
