"""An outcome at many points, against one of the parameters that vary."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS

BINS = 8


def cloud(values: ArrayLike, outcomes: ArrayLike, *, xlabel: str, ylabel: str, ax: Axes | None = None) -> Axes:
    """Draw an outcome at many points against one of the parameters that vary there.

    One dot per point, and steps through the medians of eight groups of equally many points, so that a trend is seen.

    Parameters
    ----------
    values : array (points,)
        Of the parameter, in the unit of the x axis.
    outcomes : array (points,)
        In the unit of the y axis; NaN where there is none.
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
    >>> ax = cloud([0, 1, 2], [3, 4, 5], xlabel="enmity (1)", ylabel="risk (1)")
    >>> len(ax.lines)
    2
    """
    ax = plt.subplots()[1] if ax is None else ax
    x, y = np.asarray(values, dtype=float), np.asarray(outcomes, dtype=float)
    ax.plot(
        x, y, ".", color=COLOURS[0], markersize=3, alpha=max(0.1, min(1.0, 100.0 / max(len(x), 1))), rasterized=True
    )
    parts = np.array_split(np.argsort(x, kind="stable"), min(BINS, max(len(x), 1)))
    middle = [float(np.nanmedian(y[part])) if np.isfinite(y[part]).any() else np.nan for part in parts]
    edges = [float(x[part].min()) for part in parts] + [float(x.max())]
    ax.step(edges, [*middle, middle[-1]], where="post", color=COLOURS[1], linewidth=1.8, label="median")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


_ENMITY = read_only(np.linspace(0, 1, 101))
EXAMPLE = {
    "values": _ENMITY,
    "outcomes": read_only(_ENMITY**2),
    "xlabel": "enmity (1)",
    "ylabel": "catastrophe (probability)",
}
