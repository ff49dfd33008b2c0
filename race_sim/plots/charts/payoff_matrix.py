"""The payoff matrix of two players, drawn as a table."""

from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from race_sim.errors import InputError, unknown
from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def payoff_matrix(
    payoff: ArrayLike,
    strategies: Sequence[Sequence[str]],
    players: Sequence[str],
    standard_error: ArrayLike | None = None,
    equilibria: Sequence[tuple[int, int]] = (),
    unit: str = "",
    ax: Axes | None = None,
    dominated: Iterable[tuple[str, str]] = (),
    possible: Sequence[tuple[int, int]] = (),
    verdict: str = "",
) -> Axes:
    """Draw the payoff matrix of two players as a table.

    Best replies are bold in a box, pure equilibria framed, strictly dominated strategies grey and hatched.

    Parameters
    ----------
    payoff : array (2, rows, columns)
        Of the player who chooses the row, then of the one who chooses the column, in ``unit``.
    strategies : two sequences of str
        Names of the rows and of the columns.
    players : two str
        Their names.
    standard_error : array (2, rows, columns), optional
        Of the payoffs, in ``unit``; written in brackets.
    equilibria : sequence of pairs of int
        Cells (row, column).
    unit : str
        Of the payoffs, written in the title.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.
    dominated : iterable of pairs of str
        (player, strategy) of each strictly dominated one.
    possible : sequence of pairs of int
        Cells that may be equilibria, for all that the runs say; framed by broken lines.
    verdict : str
        Whether the runs decide that, written below the title.

    Returns
    -------
    Axes
        The axes drawn into.

    Raises
    ------
    InputError
        For a player or a strategy in ``dominated`` that there is not.

    Examples
    --------
    >>> ax = payoff_matrix([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], [["slow", "race"]] * 2, ["us", "china"],
    ...                    equilibria=[(1, 1)], dominated=[("us", "slow"), ("china", "slow")])
    >>> len(ax.patches), ax.get_title()
    (3, 'payoffs; boxed: best reply, framed: equilibrium, grey: dominated')
    """
    values = np.asarray(payoff, dtype=float)
    error = None if standard_error is None else np.asarray(standard_error, dtype=float)
    rows, columns = values.shape[1:]
    if ax is None:
        ax = plt.subplots(figsize=(1.7 * columns + 1.8, 0.8 * rows + 1.0), layout="constrained")[1]
    best = np.stack([values[0] == values[0].max(axis=0), values[1] == values[1].max(axis=1, keepdims=True)])
    labels = _greyed(ax, [list(names) for names in strategies], players, dominated)
    for a in range(rows):
        for b in range(columns):
            for n, side in ((0, -0.24), (1, 0.24)):
                text = f"{values[n, a, b]:.4g}" + ("" if error is None else f"\n({error[n, a, b]:.1g})")
                weight = "bold" if best[n, a, b] else "normal"
                box = (
                    {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": COLOURS[n]}
                    if best[n, a, b]
                    else None
                )
                ax.text(b + side, a, text, ha="center", va="center", color=COLOURS[n], weight=weight, bbox=box)
    for cells, line in ((equilibria, "-"), (possible, "--")):
        for a, b in cells:
            frame = Rectangle((b - 0.47, a - 0.45), 0.94, 0.9, fill=False, linewidth=2, linestyle=line)
            frame.set_edgecolor(COLOURS[-2])
            ax.add_patch(frame)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    ax.set_xticks(range(columns), labels[1])
    ax.set_yticks(range(rows), labels[0])
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(visible=True, which="minor", color="#bbbbbb")
    ax.tick_params(which="both", length=0)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(f"{players[1]} (right)")
    ax.set_ylabel(f"{players[0]} (left)")
    grey = "" if labels == [list(names) for names in strategies] else ", grey: dominated"
    broken = ", broken frame: possible equilibrium" if len(possible) else ""
    title = f"payoffs{f' in {unit}' if unit else ''}; boxed: best reply, framed: equilibrium{broken}{grey}"
    ax.set_title(f"{title}\n{verdict}" if verdict else title, fontsize=8)
    return ax


def _greyed(
    ax: Axes, labels: list[list[str]], players: Sequence[str], dominated: Iterable[tuple[str, str]]
) -> list[list[str]]:
    """Grey and hatch the rows and columns of dominated strategies; the labels of all, with those marked."""
    marked = [list(names) for names in labels]
    for player, strategy in dominated:
        if player not in players:
            raise InputError(f"dominated: {unknown('player', player, players)}")
        n = list(players).index(player)
        if strategy not in labels[n]:
            raise InputError(f"dominated: {unknown('strategy', strategy, labels[n])}")
        at = labels[n].index(strategy)
        marked[n][at] = f"{strategy}\n(dominated)"
        (ax.axvspan if n else ax.axhspan)(
            at - 0.5, at + 0.5, facecolor="#eeeeee", edgecolor="#bbbbbb", hatch="///", lw=0
        )
    return marked


_PAYOFF = read_only([
    [[3.1, 0.4, 0.2], [4.2, 1.3, 0.9], [3.4, 1.1, 0.8]],
    [[3.0, 4.4, 3.6], [0.3, 1.2, 1.0], [0.4, 0.9, 1.3]],
])  # fmt: skip
EXAMPLE = {
    "payoff": _PAYOFF,
    "strategies": [["treaty", "race", "slowdown"], ["treaty", "race", "slowdown"]],
    "players": ["us", "china"],
    "standard_error": read_only(np.full(_PAYOFF.shape, 0.04)),
    "equilibria": [(1, 1)],
    "unit": "welfare",
    "dominated": [("us", "treaty"), ("us", "slowdown"), ("china", "treaty")],
}
