# One command each. `make` alone prints this list.
VENV := .venv
BIN := $(VENV)/bin
LOCK := deploy/requirements.txt
DEV_LOCK := deploy/requirements-dev.txt

# Stamps: the lock files are looked at again only when one of them changed.
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
BROWSER := $(VENV)/.browser-ready

PYTEST := $(BIN)/python -m pytest -n 3 --dist worksteal
# For what looks at the clock: without other tests beside it.
ALONE := $(BIN)/python -m pytest
# What says something about the database: run once on the file, once on PostgreSQL.
ON_POSTGRES := $(addprefix tests/,store actions races queries push webhooks mail/test_collecting.py) \
	$(addprefix tests/history/test_,audit.py audit_doctored.py forecast_accuracy.py forgotten.py refused_draws.py \
	small_groups.py statistics.py statistics_ends.py week.py)
WHERE := $(if $(CONFIG),--config $(CONFIG)) $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

# Where it is set, three hundred servers and commands of the tests would compile the same files anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test quick postgres installed first-command attack faults mutants lint format bench \
	screenshots catalogues setup lock lock-check clean FORCE

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(RUNTIME) ## Serve the office in config.toml (OPEN=1 keeps it open at night; PORT=, HOST=, CONFIG=)
	@$(BIN)/aufruf run $(WHERE) $(if $(OPEN),--always-open)

demo: $(RUNTIME) ## Show a town at ten times speed, on a throw-away database (PORT=, HOST=)
	@$(BIN)/aufruf demo $(WHERE)

test: lint $(BROWSER) ## Run every check and every test (ARGS="-k board" for some of them)
	@$(PYTEST) $(if $(ARGS),$(ARGS),--ignore tests/attack)
	@$(if $(ARGS),:,$(ALONE) tests/attack)
	@$(if $(ARGS),:,AUFRUF_TEST_DATABASE=postgresql $(PYTEST) $(ON_POSTGRES))

quick: lint ## Run the everyday tests: without browsers, servers, PostgreSQL, installing, demo, simulations, pictures, API fuzzing (three minutes)
	@$(PYTEST) --ignore tests/browser --ignore tests/server --ignore tests/bare \
		--ignore tests/postgres --ignore tests/attack --ignore tests/faults --ignore tests/test_demo.py \
		--ignore tests/simulation --ignore tests/forecast --ignore tests/scanning \
		--ignore tests/api/test_openapi.py $(ARGS)

postgres: $(BROWSER) ## Run the tests of store, actions, races, queries, push, webhooks and figures again, on PostgreSQL (a part of make test)
	@AUFRUF_TEST_DATABASE=postgresql $(PYTEST) $(ON_POSTGRES) $(ARGS)

installed: $(DEV) ## Install Aufruf into empty environments, and use it there (a part of make test)
	@$(PYTEST) tests/bare/test_installed.py $(ARGS)

first-command: $(DEV) ## Try make run in a copy of the tracked files (a part of make test)
	@$(PYTEST) tests/bare/test_first_command.py $(ARGS)

attack: $(DEV) ## Attack a running server and see that others are served meanwhile (a part of make test)
	@$(ALONE) tests/attack $(ARGS)

faults: $(BROWSER) ## Hurt the running product for ten minutes, and write down in docs/reliability.md what was seen
	@AUFRUF_LONG=1 $(PYTEST) $(if $(ARGS),$(ARGS),tests/faults tests/attack \
		$$($(BIN)/python -m tests.faults.register)) --junitxml=$(VENV)/faults.xml
	@$(if $(ARGS),:,$(BIN)/python -m tests.faults.reliability $(VENV)/faults.xml)

mutants: $(DEV) ## Make small mistakes in domain/ and store/ and see whether a test fails (ARGS="--seed 2")
	@$(BIN)/python -m tests.mutation $(ARGS)

lint: $(DEV) ## Check style and types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(DEV) ## Put the code into the house style
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(BROWSER) ## Measure this machine (ARGS= goes to the programs in bench/)
	@$(BIN)/python -m bench $(ARGS)

screenshots: $(BROWSER) ## Take the pictures of the README from the running product
	@$(BIN)/python docs/screenshots.py

catalogues: $(DEV) ## Bring the translations up to date with the source, and list what is missing
	@$(BIN)/python -m tests.languages.gather

setup: $(BROWSER) ## Set up everything for running and developing

lock: ## Choose the newest allowed versions and write the lock files
	@sh deploy/setup.sh lock

lock-check: $(DEV) ## Install the newest allowed versions instead, and see that they work (every month)
	@$(PYTEST) tests/bare/test_installed.py -k newest -rP $(ARGS)

clean: ## Remove the virtual environment and the tools' caches (never var/)
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(RUNTIME): $(LOCK) pyproject.toml
	@sh deploy/setup.sh runtime
	@touch $@

$(DEV): $(DEV_LOCK) $(LOCK) pyproject.toml
	@sh deploy/setup.sh dev
	@touch $(RUNTIME) $@

# Chromium, a voice, disks to be hurt, PostgreSQL: looked for anew as long as one of them is missing.
HELPERS := $(wildcard $(addprefix /usr/bin/,chromium espeak-ng fusermount3)) \
	$(firstword $(wildcard /usr/lib/postgresql/*/bin/initdb))
$(BROWSER): $(DEV) $(if $(filter 4,$(words $(HELPERS))),,FORCE)
	@sh deploy/setup.sh browser
	@touch $@

FORCE:
