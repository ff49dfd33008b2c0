"""An outcome's level over two parameters, with its numbers."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.regions import MAP

CELLS, TICKS = 100, 10  # cells up to which numbers are written, and about as many labels as an axis has


def level_map(
    columns: Sequence[float],
    rows: Sequence[float],
    values: ArrayLike,
    standard_errors: ArrayLike,
    *,
    xlabel: str,
    ylabel: str,
    label: str,
    ax: Axes | None = None,
) -> Axes:
    """Values (rows, columns) as colours, in cells of equal size; in few cells also as numbers, standard errors below.

    columns, rows: the parameters' values, increasing. label: of the colour bar, with unit. NaN leaves a cell empty.

    >>> ax = level_map([0, 1], [0, 1], [[1, 2], [3, 4]], [[0.1] * 2] * 2, xlabel="x (1)", ylabel="y (1)", label="z (1)")
    >>> ax.texts[0].get_text()
    '1\\n(0.1)'
    """
    ax = plt.subplots()[1] if ax is None else ax
    value, error = np.asarray(values, dtype=float), np.asarray(standard_errors, dtype=float)
    image = ax.imshow(value, cmap=MAP, origin="lower", aspect="auto")
    if value.size <= CELLS:
        for (row, column), number in np.ndenumerate(value):
            if np.isfinite(number):
                dark = number < np.nanmean([np.nanmin(value), np.nanmax(value)])
                text = f"{_text(number)}\n({error[row, column]:.1g})"
                colour = "white" if dark else "black"
                ax.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    for axis, levels in ((ax.xaxis, columns), (ax.yaxis, rows)):
        at = range(0, len(levels), -(-len(levels) // TICKS))
        axis.set_ticks(list(at), [_text(levels[place]) for place in at])
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, label=label)
    return ax


def _text(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
