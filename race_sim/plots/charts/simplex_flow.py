"""Flows among three strategies on the triangle of their shares."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def simplex_flow(
    names: Sequence[str],
    places: ArrayLike,
    velocities: ArrayLike,
    paths: Sequence[ArrayLike] = (),
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw flows among three strategies, and paths, on the triangle of their shares.

    Arrows have equal lengths, and their darkness is the speed; a dot marks where a path ends.

    Parameters
    ----------
    names : three str
        Of the corners: left, right, top.
    places : array (points, 3)
        Shares of the strategies, pure numbers that sum to 1.
    velocities : array (points, 3)
        Rates of change of the shares there, per unit of time.
    paths : sequence of arrays (steps, 3)
        Shares along each path.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = simplex_flow(["A", "B", "C"], [[0.2, 0.3, 0.5]], [[0.1, -0.1, 0.0]])
    >>> [text.get_text() for text in ax.texts]
    ['A', 'B', 'C']
    """
    ax = plt.subplots()[1] if ax is None else ax
    ax.fill(*CORNERS.T, facecolor="none", edgecolor="black", linewidth=1.0)
    at = _flat(places)
    along = np.asarray(velocities, dtype=float) @ CORNERS
    speed = np.hypot(*along.T)
    moving = speed > 1e-12 * max(float(speed.max(initial=0.0)), 1e-300)
    direction = np.divide(along, speed[:, None], out=np.zeros_like(along), where=moving[:, None])
    darkness = np.sqrt(speed / max(float(speed.max(initial=0.0)), 1e-300))
    ax.quiver(
        *at[moving].T,
        *direction[moving].T,
        darkness[moving],
        cmap="Greys",
        clim=(-0.6, 1.0),
        angles="xy",
        scale=26,
        width=0.005,
        pivot="mid",
    )
    for number, path in enumerate(paths):
        line = _flat(path)
        colour, style, _, _ = look(number)
        ax.plot(*line.T, color=colour, linestyle=style, linewidth=1.3)
        ax.plot(*line[-1], "o", color=colour, markersize=5)
    for corner, name, (dx, dy), side in zip(
        CORNERS, names, ((-0.03, -0.03), (0.03, -0.03), (0.0, 0.03)), ("right", "left", "center"), strict=True
    ):
        ax.text(corner[0] + dx, corner[1] + dy, name, ha=side, va="center" if dy < 0 else "bottom", fontsize=9)
    ax.set_xlim(-0.15, 1.15)
    ax.set_ylim(-0.1, 1.0)
    ax.set_aspect("equal")
    ax.set_axis_off()
    return ax


def _flat(shares: ArrayLike) -> NDArray[np.float64]:
    flat: NDArray[np.float64] = np.asarray(shares, dtype=float) @ CORNERS
    return flat


_PLACES = read_only([[i / 8, j / 8, 1 - (i + j) / 8] for i in range(9) for j in range(9 - i)])
_FITNESS = _PLACES @ np.array([[0, -1, 1.2], [1.2, 0, -1], [-1, 1.2, 0]]).T
EXAMPLE = {
    "names": ["safe", "unsafe", "conditional"],
    "places": _PLACES,
    "velocities": read_only(_PLACES * (_FITNESS - (_PLACES * _FITNESS).sum(axis=1, keepdims=True))),
    "paths": [read_only([[0.8, 0.1, 0.1], [0.6, 0.1, 0.3], [0.4, 0.25, 0.35]])],
}
