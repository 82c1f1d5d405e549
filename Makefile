# Every target does its own set-up. PYTHON chooses the interpreter that the environment is made from.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
BROWSER := /usr/bin/chromium

.PHONY: help demo demo-terminal test verify verify-full bench lint format editor lock clean

help:
	@echo "make demo         fill an organisation with five graded candidates and serve the web (Ctrl-C ends it)"
	@echo "make demo-terminal  grade known submissions to every task, compare them, write a report"
	@echo "make test         run all tests (under 10 minutes on 2 cores)"
	@echo "make verify       prove every task package sound, the quick way (about half an hour)"
	@echo "make verify-full  the same over 200 seeds (hours)"
	@echo "make bench        measure what the product costs, and whether its scoring keeps its promises"
	@echo "make lint         style, types and import contracts"
	@echo "make format       put the code into the house's style"
	@echo "make editor       bundle the browser's editor again from its locked packages (needs Node)"
	@echo "make lock         resolve and pin the dependencies again"
	@echo "make clean        remove the environment and what was built"

demo: $(STAMP)
	@$(BIN)/shipworthy demo-web

demo-terminal: $(STAMP)
	@$(BIN)/shipworthy demo

test: $(STAMP) $(BROWSER) lint
	$(BIN)/shipworthy runtime build python-ml
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not slow"

verify: $(STAMP)
	$(BIN)/shipworthy runtime build python-ml
	$(BIN)/pytest -q -m slow
	$(BIN)/shipworthy verify
	$(BIN)/shipworthy verify practice

verify-full: $(STAMP)
	$(BIN)/shipworthy runtime build python-ml
	$(BIN)/shipworthy verify --full

bench: $(STAMP)
	$(BIN)/shipworthy runtime build python-ml
	@for each in benchmarks/[a-z]*.py; do echo; echo "$$each"; PYTHONPATH=. $(BIN)/python $$each || exit 1; done

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --quiet 2>/dev/null || $(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

$(STAMP): requirements/uv.txt requirements/dev.txt pyproject.toml
	@PYTHON=$(PYTHON) sh .ci/setup
	@touch $@

$(BROWSER):
	@sh .ci/setup chromium

# Needs Debian's nodejs and npm, and the network.
editor:
	rm -rf build/editor && mkdir -p build && cp -r src/shipworthy/web/editor build/editor
	cd build/editor && npm ci --ignore-scripts --no-audit --no-fund && node build.js ../../src/shipworthy/web/static/vendor/editor

lock: $(STAMP)
	for name in uv product dev; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate requirements/$$name.in -o requirements/$$name.txt || exit 1; done
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate runtimes/python-ml/requirements.in -o runtimes/python-ml/requirements.txt

clean:
	rm -rf $(VENV) out build dist
