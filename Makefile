# Two commands do everything: `make run` and `make test`. Each sets up first what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test clean

setup: .venv/.ready

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $@

run: setup
	$(BIN)/exposure run

test: setup
	$(BIN)/ruff format --check exposure tests
	$(BIN)/ruff check exposure tests
	$(BIN)/mypy
	$(BIN)/python -m pytest

clean:
	rm -rf .venv build dist
