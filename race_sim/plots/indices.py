"""Sensitivity indices side by side, each with its interval."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.style import look


def index_intervals(
    names: Sequence[str],
    indices: Mapping[str, tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ax: Axes | None = None,
) -> Axes:
    """One row per input, the first at the top; one marker per kind of index, with a bar over its interval.

    indices: kind -> (values, low ends, high ends), each (inputs,).

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
