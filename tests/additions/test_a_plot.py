"""A plot takes one file, with its example in it: it is found, drawn, tried and read from there."""

FILE = "race_sim/plots/charts/dots.py"
PLOT = '''"""One dot per name."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only


def dots(names: Sequence[str], values: ArrayLike, *, xlabel: str, ax: Axes | None = None) -> Axes:
    """Draw one dot per name, the first at the bottom.

    Parameters
    ----------
    names : sequence of str
        What is measured.
    values : array (names,)
        In the unit of the axis.
    xlabel : str
        Label of the axis, with its unit in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> dots(["race"], [0.02], xlabel="risk (1)").lines[0].get_xdata().tolist()
    [0.02]
    """
    ax = plt.subplots()[1] if ax is None else ax
    ax.plot(np.asarray(values, dtype=float), np.arange(len(names)), "o")
    ax.set_yticks(np.arange(len(names)), names)
    ax.set_xlabel(xlabel)
    return ax


EXAMPLE = {"names": ["race", "treaty"], "values": read_only([0.02, 0.01]), "xlabel": "risk (1)"}
'''
CONTRACT = "tests/test_plots_contract.py"


def test_it_is_found_drawn_and_keeps_the_contract(scratch):
    scratch.write(FILE, PLOT)
    code = "from race_sim import plots\nprint('dots' in dir(plots), plots.example('dots').get_xlabel())"
    assert scratch.python(code) == "True risk (1)\n"
    assert "0 problems" in scratch.module("tests.docstrings", FILE)
    scratch.tests(CONTRACT, "tests/test_documents.py", "-k", "dots")
    assert scratch.touched == {FILE}


def test_one_that_does_not_show_all_of_its_example_is_noticed(scratch):
    scratch.write(FILE, PLOT.replace("np.asarray(values, dtype=float)", "np.zeros(len(names))"))
    done = scratch.run("-m", "pytest", "-q", CONTRACT, "-k", "dots", "-p", "no:cacheprovider")
    assert done.returncode == 1
    assert "assert ['values'] == []" in done.stdout
