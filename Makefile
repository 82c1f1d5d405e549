# Every target does its own set-up. PYTHON chooses the interpreter that the environment is made from.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: demo test verify bench lint format lock clean system

demo: $(STAMP)
	$(BIN)/shipworthy demo

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/shipworthy runtime build python-ml
	$(BIN)/pytest -q -n 2 --dist worksteal

lint: $(STAMP)
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

$(STAMP): requirements/uv.txt requirements/dev.txt pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/setup
	@touch $@

lock: $(STAMP)
	for name in uv product dev; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate runtimes/python-ml/requirements.in -o runtimes/python-ml/requirements.txt

clean:
	rm -rf $(VENV) out build dist
