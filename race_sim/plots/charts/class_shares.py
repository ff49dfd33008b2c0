"""Shares of classes side by side."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.classes import HATCHING
from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS, hatch_of

BEHIND_TEXT = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8}


def class_shares(
    rows: Sequence[str],
    shares: Mapping[str, tuple[ArrayLike, ArrayLike]],
    colours: Sequence[str],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw one bar per row, cut into the shares of classes; the first row stands at the top.

    A whisker of two standard errors lies below the end of each share.

    Parameters
    ----------
    rows : sequence of str
        What the shares are of.
    shares : mapping of str to pair of arrays (rows,)
        Class -> shares, pure numbers that sum to 1 in each row, and their standard errors.
    colours : sequence of str
        A colour for each class; one of the house brings its hatch.
    xlabel : str
        Label of the axis, with its unit in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = class_shares(["us"], {"harmony": ([0.3], [0.02]), "chicken": ([0.7], [0.02])}, "rb", xlabel="share (1)")
    >>> len(ax.patches)
    2
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.arange(len(rows))
    left = np.zeros(len(rows))
    for number, (name, (share, error)) in enumerate(shares.items()):
        width, spread = np.asarray(share, dtype=float), np.asarray(error, dtype=float)
        colour = colours[number]
        ax.barh(at, width, left=left, facecolor=(colour, 0.85), hatch=hatch_of(colour), edgecolor=HATCHING, lw=0,
                height=0.7, label=name)  # fmt: skip
        for row in map(int, np.flatnonzero(width >= 0.06)):
            place = left[row] + width[row] / 2, row - 0.1
            ax.text(*place, f"{100 * width[row]:.0f}", ha="center", va="center", fontsize=8, bbox=BEHIND_TEXT)
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


EXAMPLE = {
    "rows": ["us", "china"],
    "shares": {
        "harmony": (read_only([0.5, 0.2]), read_only([0.02, 0.03])),
        "prisoner's dilemma": (read_only([0.3, 0.5]), read_only([0.02, 0.03])),
        "chicken": (read_only([0.2, 0.3]), read_only([0.02, 0.03])),
    },
    "colours": COLOURS[:3],
    "xlabel": "share of the box (1)",
}
