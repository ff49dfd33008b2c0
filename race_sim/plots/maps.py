"""Effects over two parameters."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import ArrayLike

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
    """Effects (rows, columns) as colours and numbers; those within two standard errors of 0 are in brackets.

    Orange is worse and blue better: more where ``higher_is_worse``, otherwise less. largest: the effect at full colour.

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
