"""How parts add up to a total."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.errors import InputError
from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def waterfall(
    names: Sequence[str],
    values: ArrayLike,
    standard_errors: ArrayLike,
    *,
    start: tuple[str, float, float],
    end: tuple[str, float, float],
    xlabel: str,
    digits: int = 2,
    ax: Axes | None = None,
) -> Axes:
    """Draw how parts add up from a first to a last level: each bar begins where the one above it ends.

    Whiskers are two standard errors. What raises the level is orange, what lowers it blue and hatched.

    Parameters
    ----------
    names : sequence of str
        The parts.
    values : array (parts,)
        What each part adds, in the unit of the axis.
    standard_errors : array (parts,)
        Of the values, in the same unit.
    start, end : tuple of str and two floats
        Name, level and its standard error of the bars from 0 at the top and at the bottom, in the same unit.
    xlabel : str
        Label of the axis, with its unit in brackets.
    digits : int
        Decimals of the numbers.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        Unless the parts add up from ``start`` to ``end``.

    Examples
    --------
    >>> ax = waterfall(["stake", "rivalry"], [0.2, -0.1], [0.01, 0.02], start=("alone", 0.1, 0.01),
    ...                end=("race", 0.2, 0.01), xlabel="risk (1)")
    >>> [text.get_text() for text in ax.texts]
    ['0.10', '+0.20', '-0.10', '0.20']
    """
    part, error = np.asarray(values, dtype=float), np.asarray(standard_errors, dtype=float)
    levels = start[1] + np.cumsum(np.concatenate([[0.0], part]))
    if abs(levels[-1] - end[1]) > 1e-6 * max(np.abs(levels).max(), abs(end[1])):
        raise InputError(f"values: must add up from {start[1]:g} to {end[1]:g}, got {levels[-1]:g}")
    if ax is None:
        ax = plt.subplots(figsize=(6.0, 1.0 + 0.36 * (len(names) + 2)))[1]
    lefts = np.concatenate([[0.0], levels[:-1], [0.0]])
    widths = np.concatenate([[start[1]], part, [end[1]]])
    spreads = 2 * np.concatenate([[start[2]], error, [end[2]]])
    rows = np.arange(len(widths))
    parts = (rows > 0) & (rows < rows[-1])
    raised = widths >= 0.0
    colours = np.where(parts, np.where(raised, COLOURS[1], COLOURS[4]), COLOURS[-1])
    hatches = np.where(parts & ~raised, "////", "")
    ax.barh(rows, widths, left=lefts, height=0.62, color=colours.tolist(), hatch=hatches.tolist(), edgecolor="black",
            linewidth=0.5)  # fmt: skip
    ax.errorbar(lefts + widths, rows, xerr=spreads, fmt="none", ecolor="black", capsize=2, linewidth=1.0)
    for row, level in enumerate(levels):
        ax.plot([level, level], [row - 0.31, row + 1.31], color="black", linewidth=0.7, linestyle=":")
    right = np.maximum(lefts, lefts + widths + spreads)
    margin = 0.015 * float(right.max() - min(0.0, float(lefts.min())))
    for row, width in enumerate(widths):
        text = f"{width:+.{digits}f}" if parts[row] else f"{width:.{digits}f}"
        ax.text(right[row] + margin, row, text, va="center", fontsize=8)
    ax.set_yticks(rows, [start[0], *names, end[0]])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax


EXAMPLE = {
    "names": ["enmity", "skill", "spillover", "verification"],
    "values": read_only([0.2, -0.12, 0.05, -0.02]),
    "standard_errors": read_only([0.01, 0.012, 0.008, 0.01]),
    "start": ("alone", 0.1, 0.004),
    "end": ("race", 0.21, 0.01),
    "xlabel": "catastrophe (probability)",
}
