"""By how much goals are surpassed or missed."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def margins(
    names: Sequence[str], ratios: ArrayLike, texts: Sequence[str], *, xlabel: str, most: float = 100.0,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw by which factor each goal is surpassed, as a bar from 1 on a logarithmic axis.

    A goal below 1 is missed: orange and hatched.

    Parameters
    ----------
    names : sequence of str
        The goals.
    ratios : array (goals,)
        Positive, pure numbers.
    texts : sequence of str
        What is written beside each goal's bar.
    xlabel : str
        Label of the axis, with its unit in brackets.
    most : float
        The factor beyond which a bar is cut and ends in an arrow.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
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


EXAMPLE = {
    "names": ["speed", "memory", "difference"],
    "ratios": read_only([2.4, 0.6, 1e5]),
    "texts": ["24 of 10", "6 of 10", "0 of 1e-9"],
    "xlabel": "times better than asked (1)",
}
