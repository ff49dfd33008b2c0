"""Where an evolving population spends its time, and which transitions take it there."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.style import look

Real = NDArray[np.float64]
BASE = 1.14  # height from which arrows rise, above the labels of the bars
BOX = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}


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
    ax.bar(places, heights, color=[look(int(place)).colour for place in places], width=0.6)
    for place, height in enumerate(heights):
        ax.text(place, height + 0.01, f"{height:.3f}", ha="center", va="bottom", fontsize=8)
    top = 1.12
    if fixation is not None:
        for resident, invader, times in _strongest(fixation, at_least, arrows):
            top = max(top, _arc(ax, resident, invader, times) + 0.08)
    ax.set_xticks(places, names)
    ax.set_yticks(np.linspace(0, 1, 6))
    ax.set_ylim(0, top)
    ax.set_ylabel(ylabel)
    ax.grid(axis="x", visible=False)
    return ax


def invasion_diagram(
    names: Sequence[str],
    shares: ArrayLike,
    fixation: ArrayLike,
    *,
    ax: Axes | None = None,
    at_least: float = 1.0 + 1e-6,
    arrows: int = 12,
) -> Axes:
    """Strategies on a circle, with areas by their stationary shares and arrows from resident to invader.

    Each strategy carries its share of time, each arrow how many times likelier than a neutral mutant the invader is to
    take over. shares: (strategies,). fixation: (strategies, strategies), resident in the row, invader in the column, in
    units of 1/Z.

    >>> ax = invasion_diagram(["safe", "unsafe"], [0.1, 0.9], [[1, 5], [0.1, 1]])
    >>> [text.get_text() for text in ax.texts][-1], len(ax.patches)
    ('5', 1)
    """
    ax = plt.subplots()[1] if ax is None else ax
    share = np.asarray(shares, dtype=float)
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    places = np.column_stack([np.cos(angles), np.sin(angles)])
    areas = 30.0 + 1500.0 * share
    colours = [look(number).colour for number in range(len(names))]
    ax.scatter(places[:, 0], places[:, 1], s=areas, c=colours, edgecolors="black", zorder=3)
    for name, part, (x, y) in zip(names, share, places, strict=True):
        side = "left" if x > 0.1 else "right" if x < -0.1 else "center"
        ax.text(1.36 * x, 1.36 * y, f"{name}\n{100 * part:.1f} %", ha=side, va="center", fontsize=9)
    for resident, invader, times in _strongest(fixation, at_least, arrows):
        radii = [float(np.sqrt(areas[end] / np.pi)) + 3.0 for end in (resident, invader)]
        _arrow(ax, places[resident], places[invader], radii, times)
    ax.set_title("area: share of time; arrow: an invader selection favours, times neutral (1/Z)", fontsize=8)
    ax.set(xlim=(-2.1, 2.1), ylim=(-1.6, 1.6), aspect="equal")
    ax.set_axis_off()
    return ax


def _strongest(fixation: ArrayLike, at_least: float, most: int) -> list[tuple[int, int, float]]:
    """(resident, invader, times neutral) of the transitions of ``at_least``, the largest first, ``most`` of them."""
    times = np.array(fixation, dtype=float)
    np.fill_diagonal(times, 0.0)
    result = [(int(a), int(b), float(times[a, b])) for a, b in np.argwhere(times >= at_least)]
    return sorted(result, key=lambda one: -one[2])[:most]


def _line(times: float) -> str:
    return "--" if abs(times - 1) < 1e-6 else "-"


def _arrow(ax: Axes, start: Real, end: Real, radii: Sequence[float], times: float) -> None:
    """Draw a slightly bent arrow between two places, short of their radii (points), with its number where it bends."""
    bend = 0.16
    width = 0.9 + 0.5 * float(np.log10(max(times, 1.0)))
    ax.add_patch(
        FancyArrowPatch(
            (start[0], start[1]), (end[0], end[1]), connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>",
            mutation_scale=11, color="#444444", shrinkA=radii[0], shrinkB=radii[1], linewidth=min(width, 3.0),
            linestyle=_line(times), zorder=2,
        )
    )  # fmt: skip
    across, up = end - start
    x, y = (start + end) / 2 + 0.5 * bend * np.array([up, -across])
    ax.text(x, y, f"{times:.3g}", ha="center", va="center", fontsize=8, bbox=BOX)


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
            linestyle=_line(times),
            color=colour,
        )
    )
    at = 0.5 + (0.12 if rightwards else -0.12)  # of the way, so that two labels on one pair keep apart
    height = BASE + (top - BASE) * 4 * at * (1 - at)
    place = min(start, end) + at * abs(end - start)
    ax.text(place, height, f"{times:.3g}", ha="center", va="center", fontsize=7, color=colour, bbox=BOX)
    return top
