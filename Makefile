# make demo: render a preset and verify it. make test: everything CI runs. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint space array bench examples golden lock data picture clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

setup: $(VENV)/ready ## Set up .venv from the lock

demo: $(VENV)/ready ## Render the preset `platform` into .demo/ and verify it
	$(BIN)/scaffold render .demo --preset platform

lint: $(VENV)/ready ## Lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint ## Lint, types and all tests
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

space: $(VENV)/ready ## Put the whole answer space to every verifier, and 2,000 random ones to ours; takes long
	$(BIN)/python -m tests.matrix.figures
	ANSWER_SPACE=all PROPERTY_EXAMPLES=2000 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal \
	  tests/matrix tests/render/test_answer_space.py

array: $(VENV)/ready ## Make the covering array over the answers anew
	$(BIN)/python -m tests.matrix.figures --write

bench: $(VENV)/ready ## Measure scaffold beside copier, cookiecutter, checkov and Terraform; results in .bench/
	$(BIN)/python -m benchmarks

examples: $(VENV)/ready ## Render examples/ anew from the presets; read the diff
	$(BIN)/python -m maintenance.examples

golden: examples ## Rewrite every generated file in the repository: examples, schemas, reference pages
	$(BIN)/python -m maintenance.reference

lock: ## Resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --upgrade pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --upgrade --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

picture: $(VENV)/ready ## Draw docs/render.svg anew
	$(BIN)/python -m maintenance.picture

clean: ## Remove what the targets made
	rm -rf $(VENV) .bench .demo .mypy_cache .pytest_cache .ruff_cache
