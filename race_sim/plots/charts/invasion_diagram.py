"""Who invades whom in an evolving population, on a circle."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.example_data import read_only
from race_sim.plots.invasions import BOX, line_of, strongest
from race_sim.plots.style import look

Real = NDArray[np.float64]


def invasion_diagram(
    names: Sequence[str],
    shares: ArrayLike,
    fixation: ArrayLike,
    *,
    ax: Axes | None = None,
    at_least: float = 1.0 + 1e-6,
    arrows: int = 12,
) -> Axes:
    """Draw strategies on a circle, with areas by their stationary shares and arrows to their invaders.

    Each strategy carries its share of time, each arrow how many times likelier than a neutral mutant the invader is to
    take over.

    Parameters
    ----------
    names : sequence of str
        The strategies.
    shares : array (strategies,)
        Of the time, pure numbers.
    fixation : array (strategies, strategies)
        Fixation probabilities in units of the neutral one, 1/Z, resident in the row, invader in the column.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
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
    for resident, invader, times in strongest(fixation, at_least, arrows):
        radii = [float(np.sqrt(areas[end] / np.pi)) + 3.0 for end in (resident, invader)]
        _arrow(ax, places[resident], places[invader], radii, times)
    ax.set_title("area: share of time; arrow: an invader selection favours, times neutral (1/Z)", fontsize=8)
    ax.set(xlim=(-2.1, 2.1), ylim=(-1.6, 1.6), aspect="equal")
    ax.set_axis_off()
    return ax


def _arrow(ax: Axes, start: Real, end: Real, radii: Sequence[float], times: float) -> None:
    """Draw a slightly bent arrow between two places, short of their radii (points), with its number where it bends."""
    bend = 0.16
    width = 0.9 + 0.5 * float(np.log10(max(times, 1.0)))
    ax.add_patch(
        FancyArrowPatch(
            (start[0], start[1]), (end[0], end[1]), connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>",
            mutation_scale=11, color="#444444", shrinkA=radii[0], shrinkB=radii[1], linewidth=min(width, 3.0),
            linestyle=line_of(times), zorder=2,
        )
    )  # fmt: skip
    across, up = end - start
    x, y = (start + end) / 2 + 0.5 * bend * np.array([up, -across])
    ax.text(x, y, f"{times:.3g}", ha="center", va="center", fontsize=8, bbox=BOX)


EXAMPLE = {
    "names": ["safe", "unsafe", "conditional", "punisher"],
    "shares": read_only([0.21, 0.47, 0.26, 0.06]),
    "fixation": read_only([[1, 4.2, 0.3, 2.0], [0.1, 1, 1, 0.2], [6.5, 0.4, 1, 0.1], [0.2, 3.1, 17.0, 1]]),
}
