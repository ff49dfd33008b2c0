"""Best replies of two players to each other, and where they meet."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError
from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS, look

JUMP = 5.0  # steps of the other's share beyond which a reply has jumped, not moved


def best_responses(
    shares: ArrayLike,
    responses: Mapping[str, ArrayLike],
    *,
    xlabel: str,
    ylabel: str,
    field: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike] | None = None,
    equilibria: Sequence[Sequence[float]] = (),
    stable: Sequence[bool] = (),
    optima: Mapping[str, Sequence[float]] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw best replies of two players to each other, which meet in equilibria.

    The first player's own share lies along x, the second's along y. A line has a gap where a reply jumps, since nothing
    lies between.

    Parameters
    ----------
    shares : array (points,)
        Of the other player, increasing, pure numbers.
    responses : mapping of str to array (points,)
        Two players -> replies: of the first to the second's shares, and of the second to the first's.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    field : four arrays, optional
        Places along x (columns,) and along y (rows,), and rates of change of both shares (rows, columns), per unit
        of time: arrows of equal lengths, whose darkness is the speed.
    equilibria : sequence of pairs of float
        Points (x, y).
    stable : sequence of bool
        Whether each equilibrium is: a filled or a hollow mark; empty for grey marks.
    optima : mapping of str to pair of float, optional
        Name -> point (x, y), say a planner's.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        Unless there are two players, and as many values of ``stable`` as equilibria, or none.

    Examples
    --------
    >>> ax = best_responses([0, 1], {"us": [1, 0], "china": [1, 0]}, xlabel="safety of us (1)",
    ...                     ylabel="safety of china (1)", equilibria=[(0.5, 0.5)], stable=[True])
    >>> [line.get_label() for line in ax.lines]
    ['us: reply to china', 'china: reply to us', 'stable equilibrium']
    """
    if len(responses) != 2:
        raise InputError(f"responses: must be of two players, got {len(responses)}")
    if stable and len(stable) != len(equilibria):
        raise InputError(f"stable: must have one value per equilibrium ({len(equilibria)}), got {len(stable)}")
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(shares, dtype=float)
    if field is not None:
        _arrows(ax, *field)
    first, second = responses
    for number, (name, other) in enumerate(((first, second), (second, first))):
        line = _with_gaps(at, np.asarray(responses[name], dtype=float))
        colour, style, _, _ = look(number)
        ax.plot(
            *(line if number else line[::-1]), color=colour, linestyle=style, lw=2.0, label=f"{name}: reply to {other}"
        )
    _equilibria(ax, np.array(equilibria, dtype=float).reshape(-1, 2), stable)
    for number, (name, (x, y)) in enumerate((optima or {}).items()):
        marker, colour = ("*", "P", "X", "D")[number % 4], COLOURS[2 + number % 4]
        ax.plot(x, y, marker, color=colour, markersize=11, markeredgecolor="black", zorder=4, label=name)
    ax.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


def _with_gaps(at: NDArray[np.float64], reply: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The other's shares and the replies, with NaN put in where the reply jumps."""
    jumps = np.flatnonzero(np.abs(np.diff(reply)) > JUMP * np.diff(at)) + 1
    return np.insert(at, jumps, np.nan), np.insert(reply, jumps, np.nan)


def _arrows(ax: Axes, x: ArrayLike, y: ArrayLike, horizontal: ArrayLike, vertical: ArrayLike) -> None:
    across, up = np.asarray(horizontal, dtype=float), np.asarray(vertical, dtype=float)
    speed = np.hypot(across, up)
    most = float(speed.max(initial=0.0)) or 1.0
    unit = np.where(speed > 1e-12 * most, speed, np.inf)  # no arrow at rest
    ax.quiver(np.asarray(x, dtype=float), np.asarray(y, dtype=float), across / unit, up / unit, np.sqrt(speed / most),
              cmap="Greys", clim=(-0.6, 1.3), scale=28, width=0.004, pivot="mid", zorder=1)  # fmt: skip


def _equilibria(ax: Axes, points: NDArray[np.float64], stable: Sequence[bool]) -> None:
    kinds = {"stable equilibrium": ("black", True), "unstable equilibrium": ("white", False)}
    drawn = kinds if stable else {"equilibrium": (COLOURS[-1], None)}
    for name, (fill, holds) in drawn.items():
        chosen = points if holds is None else points[np.asarray(stable, dtype=bool) == holds]
        if len(chosen):
            ax.plot(*chosen.T, "o", color=fill, markeredgecolor="black", markeredgewidth=1.4, markersize=8, zorder=5,
                    label=name)  # fmt: skip


def _first(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.05 + 0.9 / (1 + np.exp(-10 * (share - 0.5)))


def _second(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.15 + 0.75 * share


_SHARES, _GRID = read_only(np.linspace(0, 1, 101)), read_only(np.linspace(0.05, 0.95, 10))
_X, _Y = np.meshgrid(_GRID, _GRID)
EXAMPLE = {
    "shares": _SHARES,
    "responses": {"us": read_only(_first(_SHARES)), "china": read_only(_second(_SHARES))},
    "xlabel": "safety share of the us (1)",
    "ylabel": "safety share of china (1)",
    "field": (_GRID, _GRID, read_only(_first(_Y) - _X), read_only(_second(_X) - _Y)),
    "equilibria": [(0.1067, 0.2300), (0.4168, 0.4626), (0.9212, 0.8409)],
    "stable": [True, False, True],
    "optima": {"planners' optimum": (0.99, 0.97)},
}
