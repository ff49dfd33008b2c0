PYTHONS = 3.13 3.12 3.11
PYTHON ?= $(shell for version in $(PYTHONS); do \
  for python in python$$version $$HOME/.pyenv/versions/$$version.*/bin/python; do \
    $$python -c "import ensurepip, venv" 2>/dev/null && echo $$python && exit; \
  done; done)
VENV ?= .venv
BIN = $(VENV)/bin
INSTALLED = $(VENV)/installed
KERNELS = race_sim/kernels/compiled.kernels
PYTEST = MPLBACKEND=agg $(BIN)/python -m pytest -n 2 --dist worksteal
START := $(shell date +%s)
TOOK = @echo "make $@: $$(($$(date +%s) - $(START))) s"
UNCOMPILED = $(addprefix tests/test_,uncompiled.py scenario.py distributions.py data.py agents.py plots*.py random.py)

.PHONY: run quick test test-long verify kernels lint docstrings results gallery notebooks coverage clean

run: $(KERNELS)  ## set everything up and run the first experiment
	$(BIN)/python -m experiments.cooperation_and_catastrophe

quick: $(KERNELS)  ## the tests that a change needs first, from every room: under a minute once all is compiled
	$(PYTEST) -m "quick and not long"
	$(TOOK)

test: $(KERNELS) lint  ## everything that continuous integration runs: under ten minutes on two cores
	$(PYTEST) -m "not long" --durations=10
	$(TOOK)

test-long: $(KERNELS)  ## the tests marked long; a row in results/long_tests.csv; SEED=N
	MPLBACKEND=agg $(BIN)/python -m tests.long_tests $(addprefix --seed ,$(SEED))
	$(TOOK)

verify: $(KERNELS)  ## whatever can be compared with something known: a table of it, in results/verification.csv; minutes
	$(PYTEST) --verify
	$(TOOK)

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.docstrings

docstrings: $(INSTALLED)  ## every problem of a docstring
	$(BIN)/python -m tests.docstrings

results: $(KERNELS)  ## compute every shipped result again
	$(BIN)/python -m experiments

gallery: $(INSTALLED)  ## draw every figure of every shipped result on one page, results/gallery/README.md
	$(BIN)/python -m experiments.gallery

notebooks: $(KERNELS)  ## execute the notebooks in place
	env -u MPLBACKEND TQDM_DISABLE=1 $(BIN)/jupyter execute --inplace notebooks/*.ipynb

coverage: $(INSTALLED)  ## lines and branches that tests reach, laws included: the compiler is off, so this takes a while
	NUMBA_DISABLE_JIT=1 MPLBACKEND=agg $(BIN)/python -m coverage run -m pytest -q -W ignore $(UNCOMPILED)
	$(BIN)/python -m coverage report

$(INSTALLED): pyproject.toml
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "no Python of $(PYTHONS) here: make PYTHON=..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	RACE_SIM_KERNELS=later $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	touch $@

kernels: $(KERNELS)  ## compile the kernels ahead of time; again after every change of their sources

$(KERNELS): $(INSTALLED) $(wildcard race_sim/kernels/*.py) race_sim/runs/build_kernels.py
	$(BIN)/python -m race_sim.runs.build_kernels

clean:
	rm -rf $(KERNELS) $(VENV) .venv-* build *.egg-info
