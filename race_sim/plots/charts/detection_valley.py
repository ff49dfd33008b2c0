"""Where an outcome is least between too little and too much of something."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.charts.response_curves import response_curves
from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def detection_valley(
    values: ArrayLike,
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw curves over detection with their errors, and where each is least between too little and too much.

    Bands are two standard errors. A ring marks the least mean; the bar through it spans the neighbouring points whose
    means are within two standard errors of it, the errors taken as independent. The legend says where the least mean
    is, and whether that is inside the range, a valley, or at its edge.

    Parameters
    ----------
    values : array (points,)
        Of detection, verification or whatever has a valley, increasing, in the unit of the x axis.
    curves : mapping of str to pair of arrays (points,)
        Name -> means and their standard errors, in the unit of the y axis.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = detection_valley([0, 0.5, 1], {"us": ([3, 1, 2], [0.1, 0.1, 0.1])}, xlabel="detection (1/yr)",
    ...                       ylabel="risk (1)")
    >>> ax.get_legend().get_texts()[0].get_text()
    'us: valley at 0.5'
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(values, dtype=float)
    labelled = {}
    for name, (means, _) in curves.items():
        place = int(np.argmin(np.asarray(means, dtype=float)))
        inside = 0 < place < len(at) - 1
        labelled[f"{name}: {'valley' if inside else 'least, at the edge,'} at {at[place]:.3g}"] = curves[name]
    response_curves(at, labelled, xlabel=xlabel, ylabel=ylabel, ax=ax)
    lines = ax.get_legend_handles_labels()[0][-len(curves) :]
    for number, (means, errors) in enumerate(curves.values()):
        mean, error = np.asarray(means, dtype=float), np.asarray(errors, dtype=float)
        place, colour = int(np.argmin(mean)), look(number).colour
        first, last = _as_low(mean, error)
        ax.plot(at[[first, last]], mean[[place, place]], "|-", color=colour, lw=4.0, alpha=0.5, markersize=9, zorder=1)
        ax.plot(
            at[place], mean[place], "o", markersize=12, fillstyle="none", color="black", markeredgewidth=1.5, zorder=4
        )
    ax.legend(handles=lines, fontsize=8)
    return ax


def _as_low(mean: NDArray[np.float64], error: NDArray[np.float64]) -> tuple[int, int]:
    """First and last of the neighbouring points that may be as low as the lowest, by two standard errors."""
    place = int(np.argmin(mean))
    higher = np.flatnonzero(mean - mean[place] > 2 * np.hypot(error, error[place]))
    return int(max(higher[higher < place], default=-1)) + 1, int(min(higher[higher > place], default=len(mean))) - 1


_DETECTION = read_only(np.linspace(0, 1, 11))
_ERRORS = read_only(np.full(11, 0.008))
EXAMPLE = {
    "values": _DETECTION,
    "curves": {
        "us": (read_only(0.2 - 0.3 * _DETECTION + 0.35 * _DETECTION**2), _ERRORS),
        "china": (read_only(0.3 - 0.12 * _DETECTION), _ERRORS),
    },
    "xlabel": "detection of breaches (1/yr)",
    "ylabel": "catastrophe (probability)",
}
