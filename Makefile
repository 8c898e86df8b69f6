# Needs Python >= 3.11 and make, nothing else. `make PYTHON=python3.12 test` takes another Python.

.DEFAULT_GOAL := help
.PHONY: help demo test deep check lint bench lock clean
.DELETE_ON_ERROR:

USABLE := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$name -c '$(USABLE)' 2>/dev/null; then echo $$name; break; fi; done)
VENV := .venv
else
VENV := .venv-$(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
endif

BIN := $(VENV)/bin
SHOP := fixtures/clusters/shop

help:
	@echo 'make demo    set up .venv and ask a few questions of $(SHOP)'
	@echo 'make test    the whole test suite (PYTHON=python3.12: with that Python, ARGS=…: for pytest)'
	@echo 'make deep    the laws on many more generated clusters, others each time (DEPTH=50), and damaged input'
	@echo 'make check   format, lint and types, then the tests'
	@echo 'make bench   the benchmarks, and the tables of benchmarks/README.md'
	@echo 'make lock    uv.lock and requirements/dev.txt anew (needs uv)'
	@echo 'make clean   remove everything that make has made'

# Everything is pinned by hash; the build backend is among it, so nothing else is fetched.
$(VENV)/ready: requirements/dev.txt pyproject.toml
	@"$(PYTHON)" -c '$(USABLE)' 2>/dev/null || { \
	  echo 'make: needs Python 3.11 or newer with venv; name one with PYTHON=…' >&2; \
	  echo '(on Debian: apt-get install python3-venv)' >&2; exit 1; }
	@echo "Setting up $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

# 1 is an answer too: denied.
define ask
@printf '\n$$ netsim %s\n' '$(1)'
@$(BIN)/netsim $(1) || test $$? -eq 1
endef

demo: $(VENV)/ready
	$(call ask,can -f $(SHOP) shop/frontend shop/api 8080)
	$(call ask,can -f $(SHOP) monitoring/prometheus catalog/api 8080)
	$(call ask,can -f $(SHOP) --flows $(SHOP)/questions.csv)

test: $(VENV)/ready
	$(BIN)/python -m pytest -n auto -q $(ARGS)

DEPTH := 50

deep: $(VENV)/ready
	NETSIM_DEPTH=$(DEPTH) $(BIN)/python -m pytest -n auto -q tests/laws $(ARGS)
	$(BIN)/python tests/robustness/mutations.py --count $$(($(DEPTH) * 2000))

check: lint test

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks

lock:
	uv lock
	{ echo '# What `make` installs. Made from uv.lock by `make lock`; do not edit.'; \
	  uv export --frozen --quiet --no-emit-project --all-groups --no-annotate --no-header \
	    --format requirements-txt; } > requirements/dev.txt

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build
	find netsim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
