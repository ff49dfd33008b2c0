"""Two quantities that drive each other, say trust and regulation: where they go together as time passes."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def loop(
    times: ArrayLike,
    paths: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    every: float = 1.0,
    time_unit: str = "yr",
    ax: Axes | None = None,
) -> Axes:
    """Draw one quantity against another over time, say trust and regulation that drive each other.

    A line per name, arrows along it, and a mark with the time at equal intervals.

    Parameters
    ----------
    times : array (times,)
        Increasing, in ``time_unit``.
    paths : mapping of str to pair of arrays (times,)
        Name -> the quantities along x and along y, in the units of the axes.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    every : float
        Time between marks, in ``time_unit``; a place between two times is interpolated.
    time_unit : str
        Written beside the first mark.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = loop([0, 1, 2], {"race": ([0.9, 0.5, 0.4], [0, 0, 0.3])}, xlabel="trust (1)", ylabel="regulation (1)")
    >>> [text.get_text() for text in ax.texts]
    ['0 yr', '1', '2']
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(times, dtype=float)
    moments = at[0] + every * np.arange(1 + int((at[-1] - at[0]) / every + 1e-9))
    for number, (name, (x, y)) in enumerate(paths.items()):
        colour, line, marker, _ = look(number)
        across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        whole = np.union1d(at, moments)
        ax.plot(*_at(whole, at, across, up).T, color=colour, linestyle=line, linewidth=1.5, marker=marker, markersize=5,
                markevery=np.flatnonzero(np.isin(whole, moments)).tolist(), label=name)  # fmt: skip
        places = _at(moments, at, across, up)
        for when, place in zip(moments, places, strict=True):
            text = f"{when:g} {time_unit}" if when == moments[0] else f"{when:g}"
            ax.annotate(text, place, xytext=(5, 4), textcoords="offset points", fontsize=8, color=colour)
        _heads(ax, at, across, up, (moments[1:] + moments[:-1]) / 2, colour)
    if len(paths) > 1:
        ax.legend(fontsize=8)
    ax.margins(0.08)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def _at(
    moments: NDArray[np.float64], times: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.column_stack([np.interp(moments, times, x), np.interp(moments, times, y)])


def _heads(
    ax: Axes,
    times: NDArray[np.float64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    moments: NDArray[np.float64],
    colour: str,
) -> None:
    """Arrow heads along a path at some moments, none where it rests."""
    step = 0.02 * (times[-1] - times[0])
    ahead = _at(moments + step, times, x, y) - _at(moments - step, times, x, y)
    lengths = np.hypot(*ahead.T)
    moving = lengths > 0.0
    places, towards = _at(moments, times, x, y)[moving], ahead[moving] / lengths[moving, None]
    ax.quiver(*places.T, *towards.T, angles="xy", pivot="mid", color=colour, scale=60, width=0.006, headwidth=5,
              headlength=5, headaxislength=5, minlength=0, zorder=3)  # fmt: skip


_TIMES = read_only(np.linspace(0, 10, 41))
_FADING = np.exp(-_TIMES / 8)
EXAMPLE = {
    "times": _TIMES,
    "paths": {
        "race": (
            read_only(0.5 + 0.3 * _FADING * np.cos(_TIMES)),
            read_only(0.4 + 0.25 * _FADING * np.sin(_TIMES)),
        ),
        "treaty": (read_only(0.9 - 0.01 * _TIMES), read_only(0.1 + 0.02 * _TIMES)),
    },
    "xlabel": "trust in labs, mean (1)",
    "ylabel": "regulation, mean (1)",
    "every": 2.0,
}
