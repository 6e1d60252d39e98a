# make lab   the course in JupyterLab          make test   everything CI runs
# Both make .venv first, from the pinned packages in binder/, and need only Python 3.11 or later.

PYTHON ?= python3
VENV   ?= .venv
LAB_ARGS ?=
# Jupyter refuses to run as root, as people do in containers, unless told.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
TREE = hebblite tests solutions course
LESSONS ?=
OUT ?= screenshots
PYTHONS ?=
CROWD ?=
# Tests with properties over random networks and arguments.
SEARCHED = tests/test_bad_input.py tests/test_data.py tests/test_engine.py tests/test_frameworks.py \
	tests/test_lanes.py tests/test_losses.py tests/test_theory.py

.PHONY: help lab test lint unit grading notebooks solved browser binder pythons release bench bench-sliders \
	bench-crowd bench-proofs lesson-costs claims mutants edits budget screenshots search pins clean

help:
	@echo "make lab      install and open the course in JupyterLab (LAB_ARGS=... is passed on)"
	@echo "make test     install and run every test"
	@echo "make release  make course/ anew from solutions/, and run both"
	@echo "make bench    train on the digits with every rule, five seeds, and print the table"
	@echo "make bench-sliders  time every slider in the browser (LESSONS=\"00 01\" for some)"
	@echo "make bench-crowd    time trainings that run at once (CROWD=8)"
	@echo "make screenshots    pictures of the lessons in OUT=screenshots, light and dark"
	@echo "make lesson-costs   run the lessons and write their time and memory to tests/README.md"
	@echo "make claims   measure what the lessons claim, on new seeds (LESSONS=\"02 05\" for some)"
	@echo "make mutants  which slips in an exercise or a step are named (LESSONS=\"02 T3\" for some)"
	@echo "make edits    2,000 random edits of each step of a proof: is a wrong one told to be right?"
	@echo "make bench-proofs   how long the check of a step takes"
	@echo "make budget   words, cells and minutes of each lesson"
	@echo "make pythons  the unit tests on the oldest Python with the lowest versions, and on the newest"
	@echo "make search   the properties again, with EXAMPLES=400 new examples of each"
	@echo "make pins     resolve the pinned packages in binder/ anew (needs uv)"
	@echo "make clean    remove the environment and caches"

lab: $(VENV)/.learner
	$(BIN)/jupyter lab $(AS_ROOT) $(LAB_ARGS) course/00_start.ipynb

# Two at a time, the longest first, and a core for each.
test: lint
	OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 OMP_NUM_THREADS=1 $(MAKE) -j2 $(if $(filter 4.%,$(MAKE_VERSION)),--output-sync=target) \
	  unit browser pythons grading solved notebooks binder

lint: $(VENV)/.test
	$(BIN)/ruff format --check $(TREE)
	$(BIN)/ruff check $(TREE)
	$(BIN)/python tests/spelling.py
	$(BIN)/mypy

unit: $(VENV)/.test
	$(BIN)/python -m pytest -m "not browser and not binder and not grading" tests

search: $(VENV)/.test
	HEBBLITE_EXAMPLES=$(or $(EXAMPLES),400) $(BIN)/python -m pytest $(SEARCHED)

grading: $(VENV)/.test
	$(BIN)/python -m pytest -m grading tests

notebooks: $(VENV)/.test
	$(BIN)/python -m pytest --nbval -p tests.cost --nbval-cell-timeout=240 course

solved: $(VENV)/.test
	$(BIN)/python -m pytest --nbval -p tests.cost --nbval-cell-timeout=240 solutions

browser: $(VENV)/.test
	$(BIN)/python -m pytest -m browser tests

binder: $(VENV)/.test
	$(BIN)/python -m pytest -m binder tests

# PYTHONS="3.13 3.12:lowest /opt/python/bin/python3" runs them on others.
pythons: $(VENV)/.test
	$(BIN)/python tests/pythons.py $(PYTHONS)

release: $(VENV)/.test
	$(BIN)/python -m hebblite.release

bench: $(VENV)/.learner
	$(BIN)/python -m hebblite train --seeds 0 1 2 3 4

bench-sliders: $(VENV)/.test
	$(BIN)/python tests/bench_sliders.py $(LESSONS)

bench-crowd: $(VENV)/.learner
	$(BIN)/python tests/bench_crowd.py $(CROWD)

screenshots: $(VENV)/.test
	$(BIN)/python tests/screenshots.py $(OUT) $(LESSONS)

claims: $(VENV)/.learner
	$(BIN)/python -m hebblite claims $(LESSONS) --jobs 2

mutants: $(VENV)/.test
	$(BIN)/python tests/mutants.py $(LESSONS)

edits: $(VENV)/.test
	$(BIN)/python tests/edits.py $(LESSONS)

bench-proofs: $(VENV)/.learner
	$(BIN)/python tests/bench_proofs.py $(LESSONS)

budget: $(VENV)/.test
	$(BIN)/python tests/budget.py $(LESSONS)

lesson-costs: $(VENV)/.test
	$(BIN)/python -m pytest --nbval-lax -p tests.cost --most-seconds=30 --write-cost course

# One pinned list for all: binder/constraints.txt has every package, binder/requirements.txt
# those that a learner needs. binder/lowest.txt has the lowest versions that pyproject allows.
pins:
	uv pip compile --universal --python-version 3.11 --upgrade --no-header --no-annotate \
	  --quiet --all-extras pyproject.toml -o binder/constraints.txt
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --quiet \
	  -c binder/constraints.txt --extra lab pyproject.toml -o binder/requirements.txt
	uv pip compile --resolution lowest-direct --python-version 3.11 --upgrade --no-header \
	  --no-annotate --quiet --all-extras pyproject.toml -o binder/lowest.txt

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "hebblite needs Python 3.11 or later; $(PYTHON) is" `$(PYTHON) --version`; \
	    echo "Name a newer one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
	  { echo "This Python lacks venv. On Debian: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.learner: $(VENV)/.python pyproject.toml binder/constraints.txt
	$(PIP) -c binder/constraints.txt -e ".[lab]"
	@touch $@

$(VENV)/.test: $(VENV)/.learner
	$(PIP) -c binder/constraints.txt -e ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) .pythons .pytest_cache .mypy_cache .ruff_cache .hypothesis
