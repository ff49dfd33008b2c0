"""Exact functions of one variable: theory, without errors."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def functions(
    values: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    legend: bool = True,
) -> Axes:
    """Draw exact results, without errors, over a parameter: one line per name.

    Parameters
    ----------
    values : array (points,)
        Of the parameter, in the unit of the x axis.
    curves : mapping of str to array (points,)
        Name -> results, in the unit of the y axis; a gap is NaN.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    legend : bool
        Whether several curves are named.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = functions([0, 1], {"risk": [0.5, 0.2]}, xlabel="skill (1)", ylabel="risk (1)")
    >>> len(ax.lines)
    1
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(values, dtype=float)
    for number, (name, curve) in enumerate(curves.items()):
        colour, line, _, _ = look(number)
        ax.plot(at, np.asarray(curve, dtype=float), color=colour, linestyle=line, linewidth=1.6, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    if legend and len(curves) > 1:
        ax.legend(fontsize=8)
    return ax


_ENMITY = read_only(np.linspace(0, 1, 101))
EXAMPLE = {
    "values": _ENMITY,
    "curves": {"Nash": read_only(_ENMITY**2), "planner": read_only(_ENMITY**3)},
    "xlabel": "enmity (1)",
    "ylabel": "risk (1)",
}
