"""Where an evolving population spends its time, and which transitions take it there."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike

from race_sim.plots.style import COLOURS


def stationary_bars(
    names: Sequence[str],
    shares: ArrayLike,
    fixation: ArrayLike | None = None,
    *,
    ax: Axes | None = None,
    ylabel: str = "share of time (1)",
    arrows: int = 8,
) -> Axes:
    """Stationary shares as bars, and arrows from resident to invader where an invader fixates more often than a neutral.

    shares: (strategies,). fixation: (strategies, strategies), resident in the row, invader in the column, in units of
    the neutral probability 1/Z; arrows stand for values above 1 and carry them, the ``arrows`` largest if there are more.

    >>> ax = stationary_bars(["safe", "unsafe"], [0.1, 0.9], [[1, 5], [0.1, 1]])
    >>> len(ax.patches)  # two bars and one arrow
    3
    """
    ax = plt.subplots()[1] if ax is None else ax
    heights = np.asarray(shares, dtype=float)
    places = np.arange(len(names))
    ax.bar(places, heights, color=[COLOURS[place % len(COLOURS)] for place in places], width=0.6)
    for place, height in zip(places, heights, strict=True):
        ax.text(place, height + 0.01, f"{height:.3f}", ha="center", va="bottom", fontsize=8)
    top = 1.12
    if fixation is not None:
        times = np.array(fixation, dtype=float)
        np.fill_diagonal(times, 0.0)
        strong = [tuple(pair) for pair in np.argwhere(times > 1)]
        strong = sorted(strong, key=lambda pair: -times[pair])[:arrows]
        for resident, invader in strong:
            top = max(top, 1.12 + _arrow(ax, resident, invader, times[resident, invader]))
    ax.set_xticks(places, names)
    ax.set_yticks(np.linspace(0, 1, 6))
    ax.set_ylim(0, top)
    ax.set_ylabel(ylabel)
    ax.grid(axis="x", visible=False)
    return ax


def _arrow(ax: Axes, resident: int, invader: int, times: float) -> float:
    """Draw an arc above the bars; returns how much height it takes."""
    span = abs(invader - resident)
    rightwards = invader > resident
    base, lift = 1.12 + 0.03 * (not rightwards), 0.13 * span
    start, end = resident + (0.12 if rightwards else -0.12), invader - (0.12 if rightwards else -0.12)
    ax.add_patch(
        FancyArrowPatch(
            (start, base),
            (end, base),
            connectionstyle=f"arc3,rad={(-0.35 if rightwards else 0.35) * (1 if span > 1 else 0.8):.3f}",
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=1.0,
            color=COLOURS[resident % len(COLOURS)],
            clip_on=False,
        )
    )
    ax.text(
        (start + end) / 2,
        base + lift,
        f"{times:.3g}",
        ha="center",
        va="center",
        fontsize=7,
        color=COLOURS[resident % len(COLOURS)],
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )
    return lift + 0.12
