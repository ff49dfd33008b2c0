"""Sensitivity indices side by side, each with its interval."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def index_intervals(
    names: Sequence[str],
    indices: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw sensitivity indices side by side: a row per input, a marker per kind of index with its interval.

    The first input stands at the top.

    Parameters
    ----------
    names : sequence of str
        The inputs.
    indices : mapping of str to three arrays (inputs,)
        Kind -> values, low ends and high ends, in the unit of the axis.
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
    >>> ax = index_intervals(["difficulty"], {"total": ([0.4], [0.3], [0.5])}, xlabel="share of variance (1)")
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['difficulty']
    """
    ax = plt.subplots(figsize=(6.0, 0.6 + 0.22 * len(names)))[1] if ax is None else ax
    rows = np.arange(len(names), dtype=float)
    for number, (kind, arrays) in enumerate(indices.items()):
        value, low, high = (np.asarray(array, dtype=float) for array in arrays)
        shift = 0.3 * (number - (len(indices) - 1) / 2.0)
        bars = np.maximum(0.0, [value - low, high - value])
        colour, _, marker, _ = look(number)
        ax.errorbar(value, rows + shift, xerr=bars, fmt=marker, color=colour, markersize=4, linewidth=1.0, label=kind)
    ax.set_yticks(rows, names)
    ax.invert_yaxis()
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    if len(indices) > 1:
        ax.legend(loc="lower right")
    return ax


_TOTAL, _FIRST = read_only([0.5, 0.3, 0.12, 0.02]), read_only([0.4, 0.25, 0.05, 0.01])
EXAMPLE = {
    "names": ["enmity", "skill", "spillover", "verification"],
    "indices": {
        "total": (_TOTAL, read_only(_TOTAL - 0.04), read_only(_TOTAL + 0.05)),
        "first order": (_FIRST, read_only(_FIRST - 0.05), read_only(_FIRST + 0.05)),
    },
    "xlabel": "share of variance (1)",
}
