"""One module per question: ``python -m experiments.NAME`` writes ``results/NAME/``, ``python -m experiments`` them all.

An experiment is one file, found by folder. Its docstring begins with the question, in one line, and goes on with the
design and the prediction. ``KINDS`` are its figures, which may stand in ``experiments/figures/NAME.py`` where they are
long. ``AFTER`` names the experiments that must have run before it, and ``ANSWER`` is its answer in one sentence without
numbers: the README's row and the gallery's entry are made of both. ``main`` publishes what it computes.
"""
