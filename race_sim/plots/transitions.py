"""Where an evolving population spends its time, and which transitions take it there."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike

from race_sim.plots.style import COLOURS

BASE = 1.14  # height from which arrows rise, above the labels of the bars


def stationary_bars(
    names: Sequence[str],
    shares: ArrayLike,
    fixation: ArrayLike | None = None,
    *,
    ax: Axes | None = None,
    ylabel: str = "share of time (1)",
    at_least: float = 1.0 + 1e-6,
    arrows: int = 8,
) -> Axes:
    """Stationary shares as bars, and arrows from resident to invader that carry how readily the invader takes over.

    shares: (strategies,). fixation: (strategies, strategies), resident in the row, invader in the column, in units of
    the neutral probability 1/Z. Arrows stand for values of ``at_least``, by default those that selection favours; a
    neutral one is dashed; of more than ``arrows``, the largest are drawn.

    >>> ax = stationary_bars(["safe", "unsafe"], [0.1, 0.9], [[1, 5], [0.1, 1]])
    >>> len(ax.patches)  # two bars and one arrow
    3
    """
    ax = plt.subplots()[1] if ax is None else ax
    heights = np.asarray(shares, dtype=float)
    places = np.arange(len(names))
    ax.bar(places, heights, color=[COLOURS[place % len(COLOURS)] for place in places], width=0.6)
    for place, height in enumerate(heights):
        ax.text(place, height + 0.01, f"{height:.3f}", ha="center", va="bottom", fontsize=8)
    top = 1.12
    if fixation is not None:
        times = np.array(fixation, dtype=float)
        np.fill_diagonal(times, 0.0)
        strong = sorted(np.argwhere(times >= at_least).tolist(), key=lambda pair: -times[pair[0], pair[1]])
        for resident, invader in strong[:arrows]:
            top = max(top, _arrow(ax, resident, invader, float(times[resident, invader])) + 0.08)
    ax.set_xticks(places, names)
    ax.set_yticks(np.linspace(0, 1, 6))
    ax.set_ylim(0, top)
    ax.set_ylabel(ylabel)
    ax.grid(axis="x", visible=False)
    return ax


def _arrow(ax: Axes, resident: int, invader: int, times: float) -> float:
    """Draw an arc above the bars, wider ones and those to the left higher; returns the height of its top."""
    rightwards = invader > resident
    inset = 0.1 if rightwards else -0.1
    start, end = resident + inset, invader - inset
    top = BASE + 0.2 * abs(invader - resident) - (0.08 if rightwards else 0.0)
    bend = [(start, BASE), ((start + end) / 2, 2 * top - BASE), (end, BASE)]
    colour = COLOURS[resident % len(COLOURS)]
    line = "--" if abs(times - 1) < 1e-6 else "-"
    ax.add_patch(
        FancyArrowPatch(
            path=Path(bend, [Path.MOVETO, Path.CURVE3, Path.CURVE3]),
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=1.0,
            linestyle=line,
            color=colour,
        )
    )
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    at = 0.5 + (0.12 if rightwards else -0.12)  # of the way, so that two labels on one pair keep apart
    height = BASE + (top - BASE) * 4 * at * (1 - at)
    place = min(start, end) + at * abs(end - start)
    ax.text(place, height, f"{times:.3g}", ha="center", va="center", fontsize=7, color=colour, bbox=box)
    return top
