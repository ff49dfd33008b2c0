"""Where an evolving population spends its time, and which transitions take it there, as bars and arcs."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.invasions import BOX, line_of, strongest
from race_sim.plots.style import look

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
    """Draw where an evolving population spends its time, and which transitions take it there.

    Stationary shares are bars; arrows go from resident to invader and carry how readily the invader takes over. A
    neutral arrow is dashed.

    Parameters
    ----------
    names : sequence of str
        The strategies.
    shares : array (strategies,)
        Of the time, pure numbers.
    fixation : array (strategies, strategies), optional
        Fixation probabilities in units of the neutral one, 1/Z, resident in the row, invader in the column.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    ylabel : str
        Label of the axis, with its unit in brackets.
    at_least : float
        The fixation, in units of 1/Z, from which there is an arrow; by default where selection favours the invader.
    arrows : int
        The most arrows: of more, the largest are drawn.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = stationary_bars(["safe", "unsafe"], [0.1, 0.9], [[1, 5], [0.1, 1]])
    >>> len(ax.patches)  # two bars and one arrow
    3
    """
    ax = plt.subplots()[1] if ax is None else ax
    heights = np.asarray(shares, dtype=float)
    places = np.arange(len(names))
    ax.bar(places, heights, color=[look(int(place)).colour for place in places], width=0.6)
    for place, height in enumerate(heights):
        ax.text(place, height + 0.01, f"{height:.3f}", ha="center", va="bottom", fontsize=8)
    top = 1.12
    if fixation is not None:
        for resident, invader, times in strongest(fixation, at_least, arrows):
            top = max(top, _arc(ax, resident, invader, times) + 0.08)
    ax.set_xticks(places, names)
    ax.set_yticks(np.linspace(0, 1, 6))
    ax.set_ylim(0, top)
    ax.set_ylabel(ylabel)
    ax.grid(axis="x", visible=False)
    return ax


def _arc(ax: Axes, resident: int, invader: int, times: float) -> float:
    """Draw an arc above the bars, wider ones and those to the left higher; returns the height of its top."""
    rightwards = invader > resident
    inset = 0.1 if rightwards else -0.1
    start, end = resident + inset, invader - inset
    top = BASE + 0.2 * abs(invader - resident) - (0.08 if rightwards else 0.0)
    bend = [(start, BASE), ((start + end) / 2, 2 * top - BASE), (end, BASE)]
    colour = look(resident).colour
    ax.add_patch(
        FancyArrowPatch(
            path=Path(bend, [Path.MOVETO, Path.CURVE3, Path.CURVE3]),
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=1.0,
            linestyle=line_of(times),
            color=colour,
        )
    )
    at = 0.5 + (0.12 if rightwards else -0.12)  # of the way, so that two labels on one pair keep apart
    height = BASE + (top - BASE) * 4 * at * (1 - at)
    place = min(start, end) + at * abs(end - start)
    ax.text(place, height, f"{times:.3g}", ha="center", va="center", fontsize=7, color=colour, bbox=BOX)
    return top


EXAMPLE = {
    "names": ["safe", "unsafe", "conditional", "punisher"],
    "shares": read_only([0.21, 0.47, 0.26, 0.06]),
    "fixation": read_only([[1, 4.2, 0.3, 2.0], [0.1, 1, 1, 0.2], [6.5, 0.4, 1, 0.1], [0.2, 3.1, 17.0, 1]]),
}
