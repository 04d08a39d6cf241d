# Every target sets up what it needs first; `make` alone lists them.

PYTHON ?=
BIN := .venv/bin

.PHONY: help setup demo test check lint release clean bubblewrap
.DEFAULT_GOAL := help

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile
	@echo "The Python is chosen by: make PYTHON=/path/to/python3 ... (after make clean, if it was another)"

setup: .venv/.stamp bubblewrap ## Make .venv, and install bubblewrap if this machine lets us

.venv/.stamp: pyproject.toml constraints.txt tools/setup
	@PYTHON="$(PYTHON)" sh tools/setup venv
	@touch $@

bubblewrap:
	@sh tools/setup bubblewrap

demo: setup ## Grade the sample class into demo-results/
	$(BIN)/handgrad grade tests/submissions/class --out demo-results --seed 0 \
		--unit convolution/conv2d --unit convnets/pooling --unit recurrence/rnn

test: setup ## Run the whole test suite
	$(BIN)/pytest -n 2

check: setup lint ## Run everything a change must pass
	$(BIN)/handgrad release --check
	$(BIN)/pytest -n 2

lint: .venv/.stamp ## Check format, lint and types
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy

release: .venv/.stamp ## Regenerate assignments/ from solutions/
	$(BIN)/handgrad release

clean: ## Remove .venv and everything else that was made
	rm -rf .venv build dist *.egg-info demo-results
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
