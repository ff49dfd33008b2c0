"""How runs unfold: medians and quantile bands over time, and when mishaps happened."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.example_data import read_only
from race_sim.plots.style import FAINT, look

ROW = 0.055  # height of one row of mishap marks, as a share of the axes


def trajectories(
    times: ArrayLike,
    groups: Mapping[str, ArrayLike],
    *,
    ylabel: str,
    xlabel: str = "time (yr)",
    ax: Axes | None = None,
    marks: Mapping[str, ArrayLike] | None = None,
    levels: Sequence[float] = (0.5, 0.9),
) -> Axes:
    """Draw how runs unfold: medians with bands that hold the middle runs, one line per group.

    Mishaps are marked on top.

    Parameters
    ----------
    times : array (times,)
        Increasing, in the unit of the x axis.
    groups : mapping of str to array (runs, times)
        Name -> paths, in the unit of the y axis; NaN where a run is over, so that quantiles are of the runs still
        going.
    ylabel, xlabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    marks : mapping of str to array (mishaps,), optional
        Name -> times of its mishaps, any number: a tick each, in a row of its own above the curves. A name that is
        also a group's has its colour.
    levels : sequence of float
        Shares of runs that bands hold, each in (0, 1).

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = trajectories([0, 1], {"race": [[0, 1], [0, 3]]}, ylabel="capability (1)", marks={"race": [0.4, 0.9]})
    >>> ax.lines[0].get_ydata().tolist(), len(ax.collections)
    ([0.0, 2.0], 2)
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(times, dtype=float)
    widths = sorted(levels, reverse=True)
    for number, (name, runs) in enumerate(groups.items()):
        colour, line, marker, _ = look(number)
        ends = [end for width in widths for end in ((1.0 - width) / 2.0, (1.0 + width) / 2.0)]
        median, *edges = _quantiles(np.asarray(runs, dtype=float), [0.5, *ends])
        for low, high in zip(edges[::2], edges[1::2], strict=True):
            ax.fill_between(at, low, high, **look(number).band)
        every = (number * len(at) // 40, max(1, len(at) // 8))  # markers of neighbours keep apart
        ax.plot(at, median, color=colour, linestyle=line, linewidth=1.8, marker=marker, markersize=4, markevery=every,
                label=name)  # fmt: skip
    if marks:
        _rows_of_marks(ax, marks, list(groups))
    bands = []
    for place, width in enumerate(sorted(levels)):  # the innermost lies on all the others
        opacity = 1.0 - (1.0 - FAINT) ** (len(levels) - place)
        bands.append(Patch(facecolor=("black", opacity), label=f"middle {100 * width:g} % of runs"))
    ax.legend(handles=[*ax.lines[: len(groups)], *bands], fontsize=8)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def _quantiles(runs: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """(shares, times), over the runs that are not NaN; NaN where all are."""
    quantiles = np.full((len(shares), runs.shape[1]), np.nan)
    some = ~np.isnan(runs).all(axis=0)
    whole = some & ~np.isnan(runs).any(axis=0)  # all at once; columns with gaps take ten times as long
    quantiles[:, whole] = np.quantile(runs[:, whole], shares, axis=0)
    if (gaps := some & ~whole).any():
        quantiles[:, gaps] = np.nanquantile(runs[:, gaps], shares, axis=0)
    return quantiles


def _rows_of_marks(ax: Axes, marks: Mapping[str, ArrayLike], groups: Sequence[str]) -> None:
    """One row of ticks per name, above all that is drawn so far, each with its name to the right."""
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, bottom + (top - bottom) / (1.0 - ROW * (len(marks) + 0.5)))
    for row, (name, times) in enumerate(marks.items()):
        number = groups.index(name) if name in groups else len(groups) + row
        when = np.asarray(times, dtype=float)
        height = 1.0 - ROW * (row + 0.5)
        strength = float(np.clip(60.0 / max(1, len(when)), 0.15, 1.0))
        ax.plot(when, np.full(len(when), height), "|", color=look(number).colour, markersize=7, alpha=strength,
                transform=ax.get_xaxis_transform())  # fmt: skip
        ax.text(1.01, height, f"mishaps, {name}", transform=ax.transAxes, fontsize=8, va="center")


_TIMES, _SPREAD = read_only(np.linspace(0, 10, 41)), np.linspace(-2, 2, 21)[:, None]
EXAMPLE = {
    "times": _TIMES,
    "groups": {
        "race": read_only(np.exp(0.22 * _TIMES + 0.06 * _SPREAD * np.sqrt(_TIMES))),
        "treaty": read_only(np.exp(0.14 * _TIMES + 0.05 * _SPREAD * np.sqrt(_TIMES))),
    },
    "ylabel": "capability (doublings)",
    "marks": {"race": read_only([1.2, 3.1, 3.3, 5.8, 6.9, 7.4, 9.1]), "treaty": read_only([2.4, 8.2])},
}
