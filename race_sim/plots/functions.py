"""Exact functions of one variable: theory, without errors."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.style import COLOURS, hatch_of, look


def functions(
    values: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    legend: bool = True,
) -> Axes:
    """Exact results over a parameter, one line per name. Gaps are NaN. Labels carry units.

    values: (points,) of the parameter. curves: name -> (points,).

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


def band(ax: Axes, low: ArrayLike, high: ArrayLike, values: ArrayLike, *, label: str, colour: int = 1) -> Axes:
    """A shaded region between two curves (points,) over a parameter (points,), where the first is below the second.

    >>> ax = band(plt.subplots()[1], [1, 1], [2, 3], [0, 1], label="suicide region")
    >>> len(ax.collections)
    1
    """
    below, above = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    ax.fill_between(
        np.asarray(values, dtype=float),
        below,
        above,
        where=(above > below).tolist(),
        facecolor=(COLOURS[colour], 0.18),
        edgecolor=(COLOURS[colour], 0.4),
        hatch=hatch_of(COLOURS[colour]),
        linewidth=0,
        label=label,
    )
    return ax
