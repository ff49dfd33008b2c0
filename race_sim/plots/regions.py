"""One outcome over two parameters, with the boundaries that theory predicts."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

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
    """A map of ``values`` (vertical, horizontal), with boundaries: name -> vertical place per horizontal one.

    limits: ends of the colour scale, None for those of the values. label: of the colour bar, with unit. contours: the
    values along which a labelled line is drawn. baseline: a point (horizontal, vertical) marked by a star.

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
