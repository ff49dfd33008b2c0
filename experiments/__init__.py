"""One module per question; each is run as ``python -m experiments.NAME`` and writes ``results/NAME/``."""
