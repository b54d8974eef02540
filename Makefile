# Two commands do everything: `make run` and `make test`. Each sets up first what it needs.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup run test bench clean

setup: .venv/.ready

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $@

run: setup
	$(BIN)/exposure run

test: setup
	$(BIN)/ruff format --check exposure tests benchmarks
	$(BIN)/ruff check exposure tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: setup
	$(BIN)/pip install --quiet --editable ".[bench]"
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build dist
