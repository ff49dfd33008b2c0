PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/installed
UNCOMPILED = $(addprefix tests/test_,uncompiled.py scenario.py distributions.py data.py model.py plots*.py random.py)

.PHONY: run test test-all lint results gallery notebooks coverage clean

run: $(INSTALLED)  ## set everything up and run the first experiment
	$(BIN)/python -m experiments.cooperation_and_catastrophe

test: $(INSTALLED) lint  ## everything that continuous integration runs
	MPLBACKEND=agg $(BIN)/python -m pytest -n 2 --dist worksteal

test-all: test  ## the tests on newer Pythons as well, where there are any
	@found=0; for version in 3.12 3.13 3.14; do \
	  for python in $$(command -v python$$version) $$(ls -d $$HOME/.pyenv/versions/$$version*/bin/python 2>/dev/null); do \
	    found=1; echo "== Python $$version: $$python"; \
	    $(MAKE) test PYTHON=$$python VENV=.venv-$$version || exit 1; break; \
	  done; \
	done; [ $$found = 1 ] || echo "no newer Python found"

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

results: $(INSTALLED)  ## compute every shipped result again
	$(BIN)/python -m experiments

gallery: $(INSTALLED)  ## draw every figure of every shipped result on one page, results/gallery/README.md
	$(BIN)/python -m experiments.gallery

notebooks: $(INSTALLED)  ## execute the notebooks in place
	env -u MPLBACKEND TQDM_DISABLE=1 $(BIN)/jupyter execute --inplace notebooks/*.ipynb

coverage: $(INSTALLED)  ## lines and branches that tests reach, laws included: the compiler is off, so this takes a while
	NUMBA_DISABLE_JIT=1 MPLBACKEND=agg $(BIN)/python -m coverage run -m pytest -q -W ignore $(UNCOMPILED)
	$(BIN)/python -m coverage report

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

clean:
	rm -rf $(VENV) .venv-* build *.egg-info
