"""Which class, where: maps over two parameters, and shares of classes side by side."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch
from numpy.typing import ArrayLike

SURE = 0.95


def class_map(
    x: ArrayLike,
    y: ArrayLike,
    classes: ArrayLike,
    probability: ArrayLike,
    colours: Sequence[str],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """The class at every point of a grid: its colour; paler and dotted where its probability is below 0.95.

    x: (columns,), y: (rows,), increasing. classes, probability: (rows, columns), indices in ``colours`` and the
    probability of that class. Labels carry units.

    >>> ax = class_map([0, 1], [0, 1], [[0, 1], [1, 1]], [[1, 1], [1, 0.6]], "rb", xlabel="x (1)", ylabel="y (1)")
    >>> ax.get_xlabel()
    'x (1)'
    """
    ax = plt.subplots()[1] if ax is None else ax
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    which, sure = np.asarray(classes), np.asarray(probability, dtype=float)
    palette = np.array([to_rgb(colour) for colour in colours])
    strength = np.where(sure >= SURE, 0.85, 0.35)[..., np.newaxis]
    ax.pcolormesh(across, up, 1.0 - strength * (1.0 - palette[which]), shading="nearest", linewidth=0, rasterized=True)
    doubtful = np.argwhere(sure < SURE)
    step = max(1, len(across) // 15), max(1, len(up) // 15)
    shown = doubtful[(doubtful[:, 0] % step[1] == 0) & (doubtful[:, 1] % step[0] == 0)]
    ax.plot(across[shown[:, 1]], up[shown[:, 0]], ".", color="black", markersize=2.5)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(visible=False)
    return ax


def class_key(names: Sequence[str], colours: Sequence[str]) -> list[Patch]:
    """Legend handles for classes, in the colours that ``class_map`` and ``class_shares`` give them."""
    return [Patch(facecolor=colour, alpha=0.85, label=name) for name, colour in zip(names, colours, strict=False)]


def class_shares(
    rows: Sequence[str],
    shares: Mapping[str, tuple[ArrayLike, ArrayLike]],
    colours: Sequence[str],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """One bar per row, cut into the shares of classes; a whisker of two standard errors below the end of each.

    shares: class -> (shares, standard errors), each (rows,). The first row stands at the top.

    >>> ax = class_shares(["us"], {"harmony": ([0.3], [0.02]), "chicken": ([0.7], [0.02])}, "rb", xlabel="share (1)")
    >>> len(ax.patches)
    2
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.arange(len(rows))
    left = np.zeros(len(rows))
    for number, (name, (share, error)) in enumerate(shares.items()):
        width, spread = np.asarray(share, dtype=float), np.asarray(error, dtype=float)
        ax.barh(at, width, left=left, color=colours[number], alpha=0.85, height=0.7, label=name)
        for row in map(int, np.flatnonzero(width >= 0.06)):
            ax.text(
                left[row] + width[row] / 2, row - 0.1, f"{100 * width[row]:.0f}", ha="center", va="center", fontsize=7
            )
        left = left + width
        seen = width > 0.02
        ax.errorbar(
            left[seen], at[seen] + 0.25, xerr=2 * spread[seen], fmt="none", ecolor="black", capsize=2, linewidth=0.9
        )
    ax.set_yticks(at, rows)
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax
