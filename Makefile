# The only door: each target sets up what it needs.
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# What `make build` has built, instead of the sources.
BUILT ?=
RUNTIME ?=

.PHONY: help setup demo up invoke build deploy addresses test lint format bench clean

help: ## What there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## A virtual environment with the pinned dependencies

# Made again when a pin or the project's own list changes.
$(READY): constraints.txt pyproject.toml
	@bash local/setup.sh "$(VENV)" "$(PYTHON)"
	@touch $@

demo: $(READY) ## The main job on a loopback cloud, start to end
	@$(BIN)/python -m local.demo

up: $(READY) ## The loopback cloud and every function, until Ctrl-C; writes .local/endpoints.json; BUILT=1 runs what was built
	@$(BIN)/python -m local.up $(if $(filter-out 0,$(BUILT)),--built "$(PYTHON)")

invoke: $(READY) ## One function with one event: make invoke F=receive E=events/NAME.json
	@$(BIN)/receipts invoke $(if $(F),"$(F)") $(if $(E),--event "$(E)")

build: $(READY) ## What is deployed, into build/: layer, functions, manifest; RUNTIME= and PYTHON= choose for which Python
	@$(BIN)/python -m ship.build --runtime "$(RUNTIME)" --python "$(PYTHON)"

# A plan needs no network, and so no build.
deploy: $(if $(filter-out 0,$(DRY)),$(READY),build) ## Build, publish the layer if it changed, deploy, print the vendors' addresses; DRY=1 only shows the plan
	@$(BIN)/python -m ship.deploy deploy $(if $(filter-out 0,$(DRY)),--dry) $(if $(filter-out 0,$(REVEAL)),--reveal) $(ARGS)

addresses: $(READY) ## The addresses of what is deployed; REVEAL=1 with the token
	@$(BIN)/python -m ship.deploy addresses $(if $(filter-out 0,$(REVEAL)),--reveal) $(ARGS)

# The tests start many processes: none compiles again what another one has, even where the environment asks for that.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY) ## Every test, with branch coverage
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

lint: $(READY) ## ruff and mypy --strict
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY) ## Put the code into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(READY) ## The budgets, measured in some 20 minutes; writes two pages of docs. A part: make bench ONLY="B2 B6" SIZE=100000
	@$(BIN)/python -m benchmarks $(ONLY) $(if $(SIZE),--receipts $(SIZE))

clean: ## Forget what was set up and what ran here
	rm -rf .venv* .local build dist .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
