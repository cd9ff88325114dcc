# One command each. `make` alone prints this list.
VENV := .venv
BIN := $(VENV)/bin
LOCK := deploy/requirements.txt
DEV_LOCK := deploy/requirements-dev.txt

# Stamps: the lock files are looked at again only when one of them changed.
RUNTIME := $(VENV)/.runtime-ready
DEV := $(VENV)/.dev-ready
BROWSER := $(VENV)/.browser-ready

WHERE := $(if $(CONFIG),--config $(CONFIG)) $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test quick lint format bench screenshots catalogues setup lock clean FORCE

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(RUNTIME) ## Serve the office in config.toml (OPEN=1 keeps it open at night; PORT=, HOST=, CONFIG=)
	@$(BIN)/aufruf run $(WHERE) $(if $(OPEN),--always-open)

demo: $(RUNTIME) ## Show a town at ten times speed, on a throw-away database (PORT=, HOST=)
	@$(BIN)/aufruf demo $(WHERE)

test: lint $(BROWSER) ## Run every check and every test (ARGS="-k board" for some of them)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

quick: lint ## Run the everyday tests: without browsers, servers, demo, simulations, pictures, API fuzzing (five minutes)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore tests/browser --ignore tests/server \
		--ignore tests/test_demo.py --ignore tests/simulation --ignore tests/scanning \
		--ignore tests/api/test_openapi.py $(ARGS)

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
	@$(BIN)/python docs/screenshots.py $(ARGS)

catalogues: $(DEV) ## Bring the translations up to date with the source, and list what is missing
	@$(BIN)/python -m tests.languages.gather

setup: $(BROWSER) ## Set up everything for running and developing

lock: ## Choose the newest allowed versions and write the lock files
	@sh deploy/setup.sh lock

clean: ## Remove the virtual environment and the tools' caches (never var/)
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(RUNTIME): $(LOCK) pyproject.toml
	@sh deploy/setup.sh runtime
	@touch $@

$(DEV): $(DEV_LOCK) $(LOCK) pyproject.toml
	@sh deploy/setup.sh dev
	@touch $(RUNTIME) $@

$(BROWSER): $(DEV) $(if $(wildcard /usr/bin/chromium),,FORCE)
	@sh deploy/setup.sh browser
	@touch $@

FORCE:
