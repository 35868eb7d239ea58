# make demo: render a preset and verify it. make test: everything CI runs. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# More than cores: some tests wait, for a provider or for moto.
WORKERS ?= 3
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --no-annotate --upgrade

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint space array mutants bench examples golden lock audit dist data picture clean

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

test: lint ## Lint, types and all tests, with the figures of what they tried
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

space: $(VENV)/ready ## Put the whole answer space to every verifier, and 2,000 random ones to ours; takes long
	$(BIN)/python -m tests.matrix.figures
	ANSWER_SPACE=all PROPERTY_EXAMPLES=2000 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal \
	  tests/matrix tests/render/test_answer_space.py

array: $(VENV)/ready ## Make the covering array over the answers anew
	$(BIN)/python -m tests.matrix.figures --write

mutants: $(VENV)/ready ## Put seeded bugs into a copy, one after the other, and see each caught
	$(BIN)/python -m tests.mutants.seeded

bench: $(VENV)/ready ## Measure scaffold beside copier, cookiecutter, checkov and Terraform; results in .bench/
	$(BIN)/python -m benchmarks

examples: $(VENV)/ready ## Render examples/ anew from the presets; read the diff
	$(BIN)/python -m maintenance.examples

golden: examples ## Rewrite every generated file in the repository: examples, schemas, reference pages
	$(BIN)/python -m maintenance.reference

lock: ## Resolve the dependencies anew
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements-build.lock
	$(COMPILE) --group audit --output-file requirements-audit.lock

audit: $(VENV)/ready ## Look for known vulnerabilities in what the locks pin
	$(PYTHON) -m venv .audit
	.audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock
	for lock in requirements-dev.lock requirements-audit.lock scaffold/data/checkov.lock; do \
	  .audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement "$$lock" || exit 1; done

dist: $(VENV)/ready ## Build wheel and source distribution, the same bytes each time, and their SBOMs into dist/
	rm -rf dist
	SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)" $(BIN)/python -m hatchling build --directory dist
	$(BIN)/python -m maintenance.sbom requirements.lock > dist/tfscaffold.cdx.json
	$(BIN)/python -m maintenance.sbom scaffold/data/checkov.lock > dist/checkov.cdx.json

picture: $(VENV)/ready ## Draw docs/render.svg anew
	$(BIN)/python -m maintenance.picture

clean: ## Remove what the targets made
	rm -rf $(VENV) .audit .bench .demo .mypy_cache .pytest_cache .ruff_cache
