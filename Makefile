# Two commands on a fresh machine with Python 3.11 or newer, make and git:
#   make demo   sets up and runs the main job on the embedded lab
#   make test   sets up and runs the tests and the quality checks

VENV := .venv
BUILD := .build
BIN := $(VENV)/bin

# The newest Python that is good enough, unless PYTHON names one.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NO_NETWORK := the packages could not be installed: is there a network, and does pip reach its index? Then run make again
NO_VENV := this Python cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt install python3-venv)
NO_PYTHON := Python 3.11 or newer is needed and was not found: install it, or name it with make PYTHON=/path/to/python3

.PHONY: demo test servers unit fuzz quality docs bench clean
.DELETE_ON_ERROR:

demo: $(VENV)/base.stamp
	@sh docs/demo.sh $(BIN)/deliverkit

test: servers unit quality

# Real name servers for the tests that need some: installed in CI or when asked for, used where they are there.
servers:
	@if [ "$(CI)" = true ] || [ "$(DELIVERKIT_SERVERS)" = install ]; then sh tests/install_servers.sh; fi

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

fuzz: $(VENV)/dev.stamp
	DELIVERKIT_FUZZ=1000000 DELIVERKIT_EXAMPLES=10000 $(BIN)/python -m pytest -q tests/clients/test_codec.py
	DELIVERKIT_KILLS=50 $(BIN)/python -m pytest -q tests/seeds/test_send.py -k killed
	DELIVERKIT_KILLS=50 $(BIN)/python -m pytest -q -s tests/real/test_kills.py

quality: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	@sh docs/wheel_alone.sh $(BIN)/python $(BUILD)

docs: $(VENV)/dev.stamp
	$(BIN)/python docs/generate.py

bench: $(VENV)/dev.stamp
	@$(PIP) install --editable '.[bench]' || { echo "$(NO_NETWORK)" >&2; exit 1; }
	@missed=0; for one in startup dns mx spf check smtp seeds rates; do $(BIN)/python bench/$$one.py || missed=1; done; exit $$missed

clean:
	rm -rf $(VENV) $(BUILD) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/venv.stamp:
	@[ -n "$(PYTHON)" ] || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@echo "making a virtual environment in $(VENV)"
	@"$(PYTHON)" -m venv --clear $(VENV) || { rm -rf $(VENV); echo "$(NO_VENV)" >&2; exit 1; }
	@touch $@

$(VENV)/base.stamp: $(VENV)/venv.stamp pyproject.toml
	@echo "installing deliverkit"
	@$(PIP) install --editable . || { echo "$(NO_NETWORK)" >&2; exit 1; }
	@touch $@

$(VENV)/dev.stamp: $(VENV)/venv.stamp pyproject.toml
	@echo "installing deliverkit and what its tests need"
	@$(PIP) install --editable '.[dev]' || { echo "$(NO_NETWORK)" >&2; exit 1; }
	@touch $@ $(VENV)/base.stamp
