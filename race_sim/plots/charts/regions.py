"""One outcome over two parameters, with the boundaries that theory predicts."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look

MAP = "cividis"  # even in lightness, the same to colour-blind eyes


def regions(
    horizontal: ArrayLike,
    vertical: ArrayLike,
    values: ArrayLike,
    *,
    xlabel: str,
    ylabel: str,
    label: str,
    boundaries: Mapping[str, ArrayLike] | None = None,
    limits: tuple[float, float] | None = (0.0, 1.0),
    contours: Sequence[float] = (),
    baseline: tuple[float, float] | None = None,
    ax: Axes | None = None,
    colour_bar: bool = True,
) -> Axes:
    """Draw an outcome over two parameters as a map, with the boundaries that theory predicts.

    Parameters
    ----------
    horizontal : array (columns,)
        Values of the parameter along x, increasing, in the unit of that axis.
    vertical : array (rows,)
        Values of the parameter along y, likewise.
    values : array (rows, columns)
        Of the outcome, in the unit of the colour bar.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    label : str
        Label of the colour bar, with its unit in brackets.
    boundaries : mapping of str to array (columns,), optional
        Name -> place along y for each along x.
    limits : pair of float, optional
        Ends of the colour scale; None for the least and the largest value.
    contours : sequence of float
        Values along which a labelled line is drawn.
    baseline : pair of float, optional
        A point (x, y) that is marked by a star.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    colour_bar : bool
        Whether there is one.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = regions([1, 2], [0, 1], [[0, 1], [1, 0]], xlabel="speed (1)", ylabel="risk (1)", label="unsafe share (1)")
    >>> ax.get_xlabel()
    'speed (1)'
    """
    ax = plt.subplots()[1] if ax is None else ax
    x, y = np.asarray(horizontal, dtype=float), np.asarray(vertical, dtype=float)
    low, high = (None, None) if limits is None else limits
    heights = np.asarray(values, dtype=float)
    mesh = ax.pcolormesh(x, y, heights, cmap=MAP, vmin=low, vmax=high, shading="gouraud")
    if len(contours):
        lines = ax.contour(x, y, heights, levels=sorted(contours), colors="white", linewidths=1.2)
        for text in ax.clabel(lines, fmt="%g", fontsize=8):
            text.set_path_effects([withStroke(linewidth=1.5, foreground="black")])
    for number, (name, places) in enumerate((boundaries or {}).items()):
        at = np.asarray(places, dtype=float)
        ax.plot(x, at, color="white", linewidth=3.0, alpha=0.7)
        ax.plot(x, at, color="black", linewidth=1.3, linestyle=look(number).line, label=name)
    if baseline is not None:
        ax.plot(*baseline, "*", color="white", markeredgecolor="black", markersize=12, clip_on=False, label="baseline")
    ax.set_xlim(x[0], x[-1])
    ax.set_ylim(y[0], y[-1])
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(visible=False)
    if boundaries or baseline is not None:
        ax.legend(fontsize=7, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    if colour_bar:
        ax.figure.colorbar(mesh, ax=ax, label=label)
    return ax


_VERIFICATION, _ENMITY = read_only(np.linspace(0, 1, 11)), read_only(np.linspace(0.05, 0.95, 10))
EXAMPLE = {
    "horizontal": _VERIFICATION,
    "vertical": _ENMITY,
    "values": read_only(0.6 * _ENMITY[:, None] * np.exp(-1.2 * _VERIFICATION)),
    "xlabel": "verification (1/yr)",
    "ylabel": "enmity (1)",
    "label": "catastrophe (probability)",
    "boundaries": {"a treaty holds to the right": read_only(_VERIFICATION**2)},
    "limits": (0.0, 0.6),
    "contours": (0.1, 0.2, 0.3),
    "baseline": (0.4, 0.65),
}
