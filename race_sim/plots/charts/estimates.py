"""Estimates side by side, each with its error."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def estimates(
    names: Sequence[str],
    means: ArrayLike,
    standard_errors: ArrayLike,
    *,
    xlabel: str,
    ax: Axes | None = None,
    logarithmic: bool = False,
    intervals: tuple[ArrayLike, ArrayLike] | None = None,
) -> Axes:
    """Draw estimates side by side: a mark per name, with a bar over its interval.

    The first name stands at the top.

    Parameters
    ----------
    names : sequence of str
        What is estimated.
    means : array (names,)
        In the unit of the axis.
    standard_errors : array (names,)
        Of the means, in the same unit.
    xlabel : str
        Label of the axis, with its unit in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    logarithmic : bool
        Whether the axis is; means are positive then.
    intervals : pair of arrays (names,), optional
        Lower and upper bounds, in the same unit: where runs were few they do not lie evenly about the mean. By default
        two standard errors to either side.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = estimates(["race", "treaty"], [0.02, 0.001], [0.001, 0.0001], xlabel="risk (1)")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['race', 'treaty']
    """
    ax = plt.subplots()[1] if ax is None else ax
    mean, error = np.asarray(means, dtype=float), np.asarray(standard_errors, dtype=float)
    rows = np.arange(len(names))
    low, high = (mean - 2 * error, mean + 2 * error) if intervals is None else np.asarray(intervals, dtype=float)
    reach = np.maximum([mean - low, high - mean], 0.0)
    ax.errorbar(mean, rows, xerr=reach, fmt="o", color=COLOURS[0], markersize=5, capsize=2, linewidth=1.2)
    ax.set_yticks(rows, names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    if logarithmic:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax


EXAMPLE = {
    "names": ["us", "china"],
    "means": read_only([0.02, 0.1]),
    "standard_errors": read_only([0.002, 0.01]),
    "xlabel": "catastrophe (probability)",
    "logarithmic": True,
}
