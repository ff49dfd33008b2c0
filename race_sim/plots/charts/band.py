"""A shaded region between two exact curves."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS, hatch_of


def band(
    low: ArrayLike,
    high: ArrayLike,
    values: ArrayLike,
    *,
    label: str,
    colour: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Shade the region between two curves, where the first is below the second.

    Parameters
    ----------
    low, high : array (points,)
        The two curves, in the unit of the y axis.
    values : array (points,)
        Of the parameter, in the unit of the x axis.
    label : str
        Name of the region in the legend.
    colour : int
        Number of a colour of the house, which brings its hatch.
    ax : Axes, optional
        Where to draw, that is beside the curves; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = band([1, 1], [2, 3], [0, 1], label="suicide region")
    >>> len(ax.collections)
    1
    """
    ax = plt.subplots()[1] if ax is None else ax
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


_PRIZE = read_only(np.linspace(0, 1, 101))
EXAMPLE = {"low": read_only(_PRIZE**2), "high": _PRIZE, "values": _PRIZE, "label": "suicide region"}
