"""What was reached, against what was asked for."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import ArrayLike, NDArray

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
    """One row per quantity: where in its interval it lies, from 0 at the low end to 1 at the high one, in logarithms.

    All arrays (quantities,), positive, each quantity in its own unit (its name carries it); target: NaN where there is
    only an interval. The bar is the interval, with its ends written beside it; the mark is what was reached, with two
    standard errors to either side; the line across the bar is the target.

    >>> ax = intervals_reached(["lag (months)"], [4], [14], [7.2], [0.1], [7])
    >>> [text.get_text() for text in ax.texts]
    ['4', '14', '7.2']
    """
    ax = plt.subplots()[1] if ax is None else ax
    ends = np.log(np.asarray(low, dtype=float)), np.log(np.asarray(high, dtype=float))

    def place(values: Real) -> Real:
        result: Real = (np.log(values) - ends[0]) / (ends[1] - ends[0])
        return result

    value, error, goal = (np.asarray(array, dtype=float) for array in (reached, standard_errors, target))
    rows = np.arange(len(names))
    ax.barh(rows, 1.0, height=0.34, color="#dddddd", edgecolor="#777777", linewidth=0.6, label="interval asked for")
    asked = np.isfinite(goal)
    ax.plot(place(goal)[asked], rows[asked], "|", color="black", markersize=15, markeredgewidth=2.0, label="target")
    spread = np.abs(np.stack([place(np.maximum(value - 2 * error, 1e-300)), place(value + 2 * error)]) - place(value))
    ax.errorbar(place(value), rows, xerr=spread, fmt="o", color=COLOURS[0], markersize=6, capsize=3, label="reached")
    for row, (least, most, result) in enumerate(zip(np.exp(ends[0]), np.exp(ends[1]), value, strict=True)):
        ax.text(-0.03, row, f"{least:.3g}", ha="right", va="center", fontsize=8)
        ax.text(1.03, row, f"{most:.3g}", ha="left", va="center", fontsize=8)
        ax.text(float(place(value)[row]), row - 0.24, f"{result:.3g}", ha="center", va="bottom", fontsize=8,
                color=COLOURS[0])  # fmt: skip
    ax.set_yticks(rows, names)
    ax.set_ylim(len(names) - 0.5, -0.7)
    ax.set_xlim(min(-0.25, float(place(value).min()) - 0.1), max(1.25, float(place(value).max()) + 0.1))
    ax.set_xticks([0.0, 0.25, 0.5, 0.75, 1.0])
    ax.set_xlabel("place between the ends of its interval,\nlogarithmic (1)")
    ax.grid(axis="y", visible=False)
    return ax


def margins(
    names: Sequence[str], ratios: ArrayLike, texts: Sequence[str], *, xlabel: str, most: float = 100.0,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """One row per goal: by which factor it is surpassed, as a bar from 1 on a logarithmic axis; below 1 it is missed.

    ratios: (goals,), positive; beyond ``most`` a bar is cut and ends in an arrow. texts: (goals,), written beside.
    Missed goals are orange and hatched.

    >>> ax = margins(["speed", "memory"], [2.0, 0.5], ["20 of 10", "5 of 10"], xlabel="times better than asked (1)")
    >>> [round(float(bar.get_width()), 1) for bar in ax.patches]
    [1.0, -0.5]
    """
    ax = plt.subplots()[1] if ax is None else ax
    ratio = np.asarray(ratios, dtype=float)
    shown = np.minimum(ratio, most)
    for row, (value, whole, text) in enumerate(zip(shown, ratio, texts, strict=True)):
        kept = value >= 1.0
        ax.barh(row, value - 1.0, left=1.0, height=0.6, color=COLOURS[0] if kept else COLOURS[1],
                hatch=None if kept else "////", edgecolor="white", linewidth=0.0)  # fmt: skip
        if whole > most:
            ax.plot(most, row, ">", color=COLOURS[0], markersize=9, clip_on=False)
        ax.text(1.04, row, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8)
    ax.set_yticks(np.arange(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.axvline(1.0, color="black", linewidth=1.0)
    ax.set_xscale("log")
    ax.set_xlim(min(0.8, 0.8 * float(shown.min())), most)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    return ax
