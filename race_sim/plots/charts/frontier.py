"""What can be had of two things at once, and at what price of the one for the other."""

from collections.abc import Collection, Mapping
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from race_sim.errors import InputError, unknown
from race_sim.plots.style import COLOURS, look

Better = Literal["more", "less"]


def frontier(
    points: Mapping[str, tuple[float, float, float, float]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
    highlight: Collection[str] = (),
    better: tuple[Better, Better] = ("more", "less"),
) -> Axes:
    """Draw what can be had of two things at once, and the Pareto front of the means as a stepped line.

    Bars are two standard errors. Points on the front are filled, dominated ones hollow.

    Parameters
    ----------
    points : mapping of str to four floats
        Name -> (x, its standard error, y, its standard error), in the units of the axes.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    highlight : collection of str
        Names that get a colour, a marker and a line in the legend, the others being grey; none stands for all.
    better : pair of "more" or "less"
        Which of x, and of y, is better; by default more of x, say speed, and less of y, say risk.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        For a name in ``highlight`` that is no point.

    Examples
    --------
    >>> points = {"race": (3.0, 0.1, 0.2, 0.01), "treaty": (1.0, 0.1, 0.1, 0.01), "chaos": (2.0, 0.1, 0.3, 0.01)}
    >>> ax = frontier(points, xlabel="speed (doublings/yr)", ylabel="risk (1)")
    >>> ax.lines[0].get_label(), ax.lines[0].get_xdata().tolist()
    ('Pareto front', [1.0, 3.0])
    """
    for name in highlight:
        if name not in points:
            raise InputError(f"highlight: {unknown('point', name, points)}")
    ax = plt.subplots()[1] if ax is None else ax
    table = np.array(list(points.values()), dtype=float).reshape(-1, 4)
    best = _undominated(table[:, [0, 2]] * [1.0 if way == "more" else -1.0 for way in better])
    front = table[best][np.argsort(table[best, 0], kind="stable")]
    steps = "steps-pre" if better[0] == "more" else "steps-post"
    ax.plot(front[:, 0], front[:, 2], color="#666666", ls="--", lw=1.6, drawstyle=steps, zorder=1, label="Pareto front")
    others = "others"
    number = 0
    for (name, (x, x_error, y, y_error)), on_front in zip(points.items(), best, strict=True):
        shown = not highlight or name in highlight
        colour, marker, size, label = COLOURS[-1], "o", 4.0, others
        if shown:
            colour, _, marker, _ = look(number)
            size, label, number = 7.0, name, number + 1
        elif others:
            others = "_nolegend_"
        ax.errorbar(x, y, xerr=2 * x_error, yerr=2 * y_error, fmt=marker, color=colour, markersize=size, capsize=2,
                    markerfacecolor=colour if on_front else "white", linewidth=1.0, label=label,
                    zorder=3 if shown else 2)  # fmt: skip
    ax.legend(fontsize=8, title=None if best.all() else "hollow: dominated", title_fontsize=8)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def _undominated(scores: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points (points, 2), more of both being better, no other point matches in both and beats in one."""
    at_least = (scores[:, None] >= scores[None]).all(axis=-1)
    beats = at_least & (scores[:, None] > scores[None]).any(axis=-1)
    return np.logical_not(np.atleast_1d(beats.any(axis=0)))


EXAMPLE = {
    "points": {
        "Nash": (3.1, 0.06, 0.21, 0.008),
        "treaty": (2.0, 0.05, 0.09, 0.006),
        "planner": (2.6, 0.05, 0.12, 0.006),
        "unilateral us": (2.5, 0.06, 0.18, 0.008),
        "unilateral china": (2.9, 0.06, 0.20, 0.009),
    },
    "xlabel": "speed (doublings/yr)",
    "ylabel": "catastrophe (probability)",
    "highlight": ("Nash", "treaty", "planner"),
}
