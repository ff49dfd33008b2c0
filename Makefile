PYTHONS = 3.13 3.12 3.11
PYTHON ?= $(shell for version in $(PYTHONS); do \
  for python in python$$version $$HOME/.pyenv/versions/$$version.*/bin/python; do \
    $$python -c "import ensurepip, venv" 2>/dev/null && echo $$python && exit; \
  done; done)
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/installed
PYTEST = MPLBACKEND=agg $(BIN)/python -m pytest -n 2 --dist worksteal
START := $(shell date +%s)
TOOK = @echo "make $@: $$(($$(date +%s) - $(START))) s"
UNCOMPILED = $(addprefix tests/test_,uncompiled.py scenario.py distributions.py data.py agents.py plots*.py random.py)

.PHONY: run quick test test-long lint docstrings results gallery notebooks coverage clean

run: $(INSTALLED)  ## set everything up and run the first experiment
	$(BIN)/python -m experiments.cooperation_and_catastrophe

quick: $(INSTALLED)  ## the tests that a change needs first, from every room: under a minute once all is compiled
	$(PYTEST) -m "quick and not long"
	$(TOOK)

test: $(INSTALLED) lint  ## everything that continuous integration runs: under ten minutes on two cores
	$(PYTEST) -m "not long" --durations=10
	$(TOOK)

test-long: $(INSTALLED)  ## the tests marked long; a row in results/long_tests.csv; SEED=N
	MPLBACKEND=agg $(BIN)/python -m tests.long_tests $(addprefix --seed ,$(SEED))
	$(TOOK)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.docstrings

docstrings: $(INSTALLED)  ## every problem of a docstring
	$(BIN)/python -m tests.docstrings

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
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "no Python of $(PYTHONS) here: make PYTHON=..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

clean:
	rm -rf $(VENV) .venv-* build *.egg-info
