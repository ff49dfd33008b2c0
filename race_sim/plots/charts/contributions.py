"""What causes add to an effect."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def contributions(
    names: Sequence[str],
    values: ArrayLike,
    standard_errors: ArrayLike,
    *,
    xlabel: str,
    ax: Axes | None = None,
    digits: int = 2,
) -> Axes:
    """Draw what causes add to an effect: one bar per cause from 0, the first on top.

    Whiskers are two standard errors, and the value stands beside its bar. What raises the effect is orange, what lowers
    it blue and hatched.

    Parameters
    ----------
    names : sequence of str
        The causes.
    values : array (causes,)
        What each adds, in the unit of the axis.
    standard_errors : array (causes,)
        Of the values, in the same unit.
    xlabel : str
        Label of the axis, with its unit in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    digits : int
        Decimals of the values that are written.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = contributions(["stake", "rivalry"], [0.2, -0.1], [0.01, 0.02], xlabel="risk added (% points)")
    >>> len(ax.patches)
    2
    """
    ax = plt.subplots()[1] if ax is None else ax
    size, error = np.asarray(values, dtype=float), np.asarray(standard_errors, dtype=float)
    rows = np.arange(len(names))
    colours = [COLOURS[1] if value >= 0.0 else COLOURS[4] for value in size]
    hatches = ["" if value >= 0.0 else "////" for value in size]
    ax.barh(rows, size, height=0.62, color=colours, hatch=hatches, edgecolor="black", linewidth=0.5)
    ax.errorbar(size, rows, xerr=2 * error, fmt="none", ecolor="black", capsize=2, linewidth=1.0)
    reach = float(np.max(np.abs(size) + 2 * error))
    for row, value, spread in zip(rows, size, error, strict=True):
        side = 1.0 if value >= 0.0 else -1.0
        at = value + side * (2 * spread + 0.02 * reach)
        ax.text(at, float(row), f"{value:+.{digits}f}", va="center", ha="left" if side > 0 else "right", fontsize=8)
    ax.set_yticks(rows, names)
    ax.invert_yaxis()
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_xlim(min(0.0, 1.35 * float((size - 2 * error).min())), max(0.0, 1.25 * float((size + 2 * error).max())))
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax


EXAMPLE = {
    "names": ["enmity", "skill", "spillover", "verification"],
    "values": read_only([0.2, -0.12, 0.05, -0.02]),
    "standard_errors": read_only([0.01, 0.012, 0.008, 0.01]),
    "xlabel": "risk added (1)",
}
