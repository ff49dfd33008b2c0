"""Effects over two parameters."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS

DIVERGING = LinearSegmentedColormap.from_list("blue_orange", [COLOURS[0], "#ffffff", COLOURS[1]])


def effect_map(
    columns: Sequence[float],
    rows: Sequence[float],
    effects: ArrayLike,
    standard_errors: ArrayLike,
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    largest: float | None = None,
    higher_is_worse: bool = True,
    digits: int = 2,
) -> Axes:
    """Draw effects over two parameters as colours and numbers.

    Orange is worse and blue better. An effect within two standard errors of 0 stands in brackets.

    Parameters
    ----------
    columns : sequence of float
        Values of the parameter along x, in the unit of that axis.
    rows : sequence of float
        Values of the parameter along y, likewise.
    effects : array (rows, columns)
        All in one unit, which the figure's title says.
    standard_errors : array (rows, columns)
        Of the effects, in the same unit.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    largest : float, optional
        The effect that has the full colour; by default the largest one shown.
    higher_is_worse : bool
        Whether more of the effect is worse, or less.
    digits : int
        Decimals of the numbers.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = effect_map([0, 1], [0, 1], [[0, 1], [-1, 2]], [[1, 0], [0, 0]], xlabel="x (1)", ylabel="y (1)")
    >>> [text.get_text() for text in ax.texts]
    ['(+0.00)', '+1.00', '-1.00', '+2.00']
    """
    ax = plt.subplots()[1] if ax is None else ax
    effect, error = np.asarray(effects, dtype=float), np.asarray(standard_errors, dtype=float)
    scale = float(np.abs(effect).max()) if largest is None else largest
    scale = scale or 1.0
    shown = effect if higher_is_worse else -effect
    ax.imshow(shown, cmap=DIVERGING, vmin=-scale, vmax=scale, origin="lower", aspect="auto")
    for (row, column), value in np.ndenumerate(effect):
        text = f"{value:+.{digits}f}"
        unsure = abs(value) <= 2 * error[row, column]
        dark = abs(value) > 0.75 * scale and shown[row, column] < 0.0
        ax.text(column, row, f"({text})" if unsure else text, ha="center", va="center", fontsize=8,
                color="white" if dark else "black")  # fmt: skip
    ax.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
    ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(visible=False)
    return ax


EXAMPLE = {
    "columns": [0.0, 0.5, 1.0],
    "rows": [1.0, 2.0],
    "effects": read_only([[-0.2, 0.01, 0.1], [-0.05, 0.02, 0.3]]),
    "standard_errors": read_only(np.full((2, 3), 0.02)),
    "xlabel": "visibility (1)",
    "ylabel": "labs (1)",
}
