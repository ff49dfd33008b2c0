"""Outcomes as functions of one parameter."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def response_curves(
    values: ArrayLike,
    curves: Mapping[str, tuple[ArrayLike, ...]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw means of an outcome over a parameter, one curve per name, with bands over their intervals.

    Parameters
    ----------
    values : array (points,)
        Of the parameter, in the unit of the x axis.
    curves : mapping of str to tuple of arrays (points,)
        Name -> means and their standard errors, of which the band has two to either side; or means, lower and upper
        bounds. In the unit of the y axis; NaN where there is none.
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
    >>> ax = response_curves([0, 1], {"race": ([2, 1], [0.1, 0.1])}, xlabel="benchmarks (1)", ylabel="risk (1)")
    >>> len(ax.lines)
    1
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(values, dtype=float)
    for number, (name, columns) in enumerate(curves.items()):
        mean, *spread = (np.asarray(column, dtype=float) for column in columns)
        low, high = spread if len(spread) == 2 else (mean - 2 * spread[0], mean + 2 * spread[0])
        colour, line, marker, _ = look(number)
        ax.fill_between(at, low, high, **look(number).band)
        ax.plot(at, mean, color=colour, marker=marker, markersize=4, linestyle=line, linewidth=1.4, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


_VERIFICATION = read_only(np.linspace(0, 1, 11))
_ERRORS = read_only(0.01 + 0.005 * _VERIFICATION)
EXAMPLE = {
    "values": _VERIFICATION,
    "curves": {
        "race": (read_only(0.3 - 0.15 * _VERIFICATION), _ERRORS),
        "treaty": (read_only(0.2 - 0.05 * _VERIFICATION**2), _ERRORS),
        "slowdown": (read_only(0.12 + 0.1 * _VERIFICATION), _ERRORS),
    },
    "xlabel": "verification (1/yr)",
    "ylabel": "catastrophe (probability)",
}
