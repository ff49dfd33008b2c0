"""Curves with bands that are not symmetric: medians and quantiles."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.style import COLOURS, LINES, MARKERS


def band_curves(
    values: ArrayLike,
    curves: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Middle values over a parameter, one curve per name, with a band from a lower to an upper value.

    values: (points,) of the parameter. curves: name -> (lower, middle, upper), each (points,); NaN leaves a gap. Labels
    carry units.

    >>> ax = band_curves([0, 1], {"fine 2": ([0, 0.1], [0.1, 0.2], [0.3, 0.4])}, xlabel="enmity (1)", ylabel="v (1)")
    >>> len(ax.lines)
    1
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(values, dtype=float)
    for number, (name, curve) in enumerate(curves.items()):
        low, middle, high = (np.asarray(part, dtype=float) for part in curve)
        colour = COLOURS[number % len(COLOURS)]
        ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
        marker, line = MARKERS[number % len(MARKERS)], LINES[number % len(LINES)]
        ax.plot(at, middle, color=colour, marker=marker, markersize=4, linestyle=line, linewidth=1.4, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax
