"""How often a quantity is as large as a value."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def exceedance(samples: Mapping[str, ArrayLike], *, xlabel: str, ylabel: str, ax: Axes | None = None) -> Axes:
    """Draw how often a quantity is as large as a value: the share of a sample that is x or more, over x.

    Both axes are logarithmic, one line of steps per name, and a line ends at the largest value.

    Parameters
    ----------
    samples : mapping of str to array (points,)
        Name -> values of any number, in the unit of the x axis; what is not positive counts in the share and lies
        left of the axis.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = exceedance({"race": [1.0, 10.0]}, xlabel="regret (V yr)", ylabel="share with as much (1)")
    >>> ax.lines[0].get_xydata().tolist()
    [[1.0, 1.0], [10.0, 0.5]]
    """
    ax = plt.subplots()[1] if ax is None else ax
    for number, (name, sample) in enumerate(samples.items()):
        values = np.sort(np.asarray(sample, dtype=float))
        share = 1.0 - np.arange(len(values)) / max(len(values), 1)
        shown = values > 0.0
        colour, line, _, _ = look(number)
        ax.step(values[shown], share[shown], where="pre", color=colour, linestyle=line, linewidth=1.5, label=name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


EXAMPLE = {
    "samples": {
        "race": read_only([0.0, 1.5, 12.0, 80.0, 900.0]),
        "treaty": read_only([0.0, 0.0, 2.0, 30.0, 60.0]),
    },
    "xlabel": "regret (welfare)",
    "ylabel": "share with as much (1)",
}
