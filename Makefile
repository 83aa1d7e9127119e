# On a fresh clone with Python 3.11 or newer, `make demo` and `make test` make .venv, install with pip and do their job.
# On Windows run the same commands in WSL, or see CONTRIBUTING.md for them one by one.

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 5
PYTEST := $(BIN)/python -m pytest

.PHONY: gates demo test unit system weights real soak lint format docs clean

demo: .venv/.base
	$(BIN)/zhinan demo

# All suites in one session: what lasts long begins first, and no core waits for a suite to end.
test: .venv/.dev
	$(PYTEST) -n 2 --dist worksteal --durations=25

unit: .venv/.dev
	$(PYTEST) -n 2 -m "not system and not weights and not real"

system: .venv/.dev
	$(PYTEST) -n 2 --dist worksteal -m "system and not weights and not real"

weights: .venv/.dev
	$(PYTEST) -n 2 -m "weights and not real"

real: .venv/.dev
	$(PYTEST) -n 2 --dist worksteal -m real

# Every file that asks for it, what each found, and what was left out and why; what is timed runs alone.
SOAKED := $(shell grep -rl --include='*.py' '"ZHINAN_SOAK"' tests)
BESIDE := tests/data/test_fuzz.py tests/system/test_coverage.py

soak: .venv/.dev
	ZHINAN_SOAK=1 $(PYTEST) -rsP --durations=0 -n 2 $(BESIDE)
	ZHINAN_SOAK=1 $(PYTEST) -rsP --durations=0 $(filter-out $(BESIDE),$(SOAKED))

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.dev
	$(BIN)/python tools/capabilities.py

gates: .venv/.dev
	$(BIN)/python tools/gates.py

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/pip:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			"$$python" -m venv .venv && exit 0; \
			rm -rf .venv; \
		fi; \
	done; \
	echo "Zhinan needs Python 3.11 or newer with venv (Debian and Ubuntu: apt install python3-venv)." >&2; exit 1

.venv/.base: .venv/bin/pip pyproject.toml
	$(PIP) -e .
	@touch $@

.venv/.dev: .venv/bin/pip pyproject.toml
	$(PIP) -e '.[dev]'
	@touch .venv/.base $@
