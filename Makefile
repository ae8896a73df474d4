# Everything sets itself up: a virtual environment in .venv, then pip. No other step.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check docs bench bench-bulk clean

# The main job: score the two example workbooks into scored/ and print where they are.
demo: $(READY)
	@mkdir -p scored
	@$(BIN)/hrdd score examples/documented-cases.xlsx examples/orders-2026q3.xlsx --out scored --date 2026-11-24

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/build_docs.py --check

docs: $(READY)
	$(BIN)/python docs/build_docs.py

bench: $(READY)
	@$(BIN)/python -c 'import zen' 2>/dev/null || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[bench]'
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/workbook_io.py
	$(BIN)/python benchmarks/addin.py
	$(BIN)/python benchmarks/bulk.py
	$(BIN)/python benchmarks/template.py

# An hour: the largest sheet, ten million rows on a cluster, 200 kills, 5,000 files in a watched folder. Linux only.
bench-bulk: $(READY)
	$(BIN)/python benchmarks/bulk.py largest cluster
	$(BIN)/python benchmarks/faults.py
	$(BIN)/python benchmarks/soak.py

$(READY): pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("hrdd needs Python 3.11 or newer; set PYTHON=python3.11, say.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt -e '.[excel,dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) scored .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
