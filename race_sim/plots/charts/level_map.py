"""An outcome's level over two parameters, with its numbers."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.charts.regions import MAP
from race_sim.plots.example_data import read_only

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
    """Draw an outcome's level over two parameters as colours, in cells of equal size.

    In up to a hundred cells the numbers are written as well, standard errors in brackets below.

    Parameters
    ----------
    columns : sequence of float
        Values of the parameter along x, increasing, in the unit of that axis.
    rows : sequence of float
        Values of the parameter along y, likewise.
    values : array (rows, columns)
        In the unit of the colour bar; NaN leaves a cell empty.
    standard_errors : array (rows, columns)
        Of the values, in the same unit.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    label : str
        Label of the colour bar, with its unit in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
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


EXAMPLE = {
    "columns": [0.0, 0.5, 1.0],
    "rows": [0.0, 1.0],
    "values": read_only([[0.2, 0.1, 0.05], [0.4, 0.3, 0.2]]),
    "standard_errors": read_only(np.full((2, 3), 0.01)),
    "xlabel": "verification (1/yr)",
    "ylabel": "enmity (1)",
    "label": "catastrophe (probability)",
}
