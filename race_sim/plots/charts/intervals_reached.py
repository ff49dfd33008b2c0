"""What was reached, within the intervals that were asked for."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS

Real = NDArray[np.float64]


def intervals_reached(
    names: Sequence[str],
    low: ArrayLike,
    high: ArrayLike,
    reached: ArrayLike,
    standard_errors: ArrayLike,
    target: ArrayLike,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw where in the interval asked for each quantity lies, from 0 at its low end to 1 at its high one.

    Places are logarithmic. The bar is the interval, with its ends written beside it; the mark is what was reached, with
    two standard errors to either side; the line across the bar is the target.

    Parameters
    ----------
    names : sequence of str
        The quantities, each with its unit in brackets.
    low, high : array (quantities,)
        Ends of the intervals, positive, each in its quantity's unit.
    reached : array (quantities,)
        Positive, in the same units.
    standard_errors : array (quantities,)
        Of what is reached, in the same units.
    target : array (quantities,)
        Positive, in the same units; NaN where there is only an interval.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = intervals_reached(["lag (months)"], [4], [14], [7.2], [0.1], [7])
    >>> [text.get_text() for text in ax.texts]
    ['4', '14', '7.2']
    """
    ax = plt.subplots()[1] if ax is None else ax
    ends = np.log(np.asarray(low, dtype=float)), np.log(np.asarray(high, dtype=float))

    def place(values: Real) -> Real:
        relative: Real = (np.log(values) - ends[0]) / (ends[1] - ends[0])
        return relative

    value, error, goal = (np.asarray(array, dtype=float) for array in (reached, standard_errors, target))
    rows = np.arange(len(names))
    ax.barh(rows, 1.0, height=0.34, color="#dddddd", edgecolor="#777777", linewidth=0.6, label="interval asked for")
    asked = np.isfinite(goal)
    ax.plot(place(goal)[asked], rows[asked], "|", color="black", markersize=15, markeredgewidth=2.0, label="target")
    spread = np.abs(np.stack([place(np.maximum(value - 2 * error, 1e-300)), place(value + 2 * error)]) - place(value))
    ax.errorbar(place(value), rows, xerr=spread, fmt="o", color=COLOURS[0], markersize=6, capsize=3, label="reached")
    for row, (least, most, here) in enumerate(zip(np.exp(ends[0]), np.exp(ends[1]), value, strict=True)):
        ax.text(-0.03, row, f"{least:.3g}", ha="right", va="center", fontsize=8)
        ax.text(1.03, row, f"{most:.3g}", ha="left", va="center", fontsize=8)
        ax.text(float(place(value)[row]), row - 0.24, f"{here:.3g}", ha="center", va="bottom", fontsize=8,
                color=COLOURS[0])  # fmt: skip
    ax.set_yticks(rows, names)
    ax.set_ylim(len(names) - 0.5, -0.7)
    ax.set_xlim(min(-0.25, float(place(value).min()) - 0.1), max(1.25, float(place(value).max()) + 0.1))
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0])
    ax.set_xlabel("place between the ends of its interval,\nlogarithmic (1)")
    ax.grid(axis="y", visible=False)
    return ax


EXAMPLE = {
    "names": ["hazard of a mishap (1/yr)", "lag (months)"],
    "low": read_only([0.02, 4.0]),
    "high": read_only([0.05, 14.0]),
    "reached": read_only([0.04, 7.2]),
    "standard_errors": read_only([0.0004, 0.072]),
    "target": read_only([0.035, 7.0]),
}
