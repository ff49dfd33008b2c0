"""What each choice costs against the best one, where one does not know which world it will be."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only

SHADES = "cividis_r"  # even in lightness; the darker the worse


def regret_map(
    choices: Sequence[str],
    states: Sequence[str],
    regrets: ArrayLike,
    *,
    xlabel: str,
    ylabel: str,
    label: str,
    standard_errors: ArrayLike | None = None,
    digits: int = 2,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each choice costs against the best one, in each state of the world.

    Numbers stand in the cells, and each choice's largest regret in a last column. The least of a column is bold; framed
    are the choices whose largest regret is least.

    Parameters
    ----------
    choices : sequence of str
        The rows, say profiles of policies.
    states : sequence of str
        The columns, say what one does not know.
    regrets : array (choices, states)
        Not negative, in the unit of the colour bar.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    label : str
        Label of the colour bar, with its unit in brackets.
    standard_errors : array (choices, states), optional
        Of the regrets, in the same unit; written in brackets below.
    digits : int
        Decimals of the regrets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = regret_map(["race", "treaty"], ["mild", "severe"], [[0, 9], [2, 0]], xlabel="state", ylabel="profile",
    ...                 label="regret (welfare)")
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['mild', 'severe', 'largest']
    """
    regret = np.asarray(regrets, dtype=float)
    error = None if standard_errors is None else np.asarray(standard_errors, dtype=float)
    if ax is None:
        ax = plt.subplots(figsize=(2.6 + 0.9 * (len(states) + 1), 1.2 + 0.5 * len(choices)))[1]
    table = np.column_stack([regret, regret.max(axis=1)])
    image = ax.imshow(table, cmap=SHADES, vmin=0.0, vmax=float(table.max()) or 1.0, aspect="auto")
    best = table == table.min(axis=0)
    for (row, column), value in np.ndenumerate(table):
        text = f"{value:.{digits}f}"
        if error is not None:
            of = column if column < len(states) else int(regret[row].argmax())
            text += f"\n({error[row, of]:.1g})"
        dark = value > 0.5 * table.max()
        ax.text(column, row, text, ha="center", va="center", fontsize=9, color="white" if dark else "black",
                weight="bold" if best[row, column] else "normal")  # fmt: skip
    for row in np.flatnonzero(best[:, -1]):
        frame = Rectangle((len(states) - 0.45, row - 0.45), 0.9, 0.9, fill=False, linewidth=2.5, edgecolor="black")
        frame.set_path_effects([withStroke(linewidth=5.0, foreground="white")])
        ax.add_patch(frame)
    ax.axvline(len(states) - 0.5, color="white", linewidth=4)
    ax.set_xticks(range(len(states) + 1), [*states, "largest"])
    ax.set_yticks(range(len(choices)), choices)
    ax.tick_params(length=0)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_title("bold: least in its column, framed: least of the largest", fontsize=8)
    ax.grid(visible=False)
    ax.figure.colorbar(image, ax=ax, label=label)
    return ax


EXAMPLE = {
    "choices": ["race / race", "race / treaty", "treaty / treaty"],
    "states": ["mild", "middling", "severe"],
    "regrets": read_only([[0.0, 2.4, 9.1], [1.2, 0.3, 2.0], [3.0, 0.0, 0.0]]),
    "xlabel": "severity of a catastrophe",
    "ylabel": "profile of policies",
    "label": "regret (welfare)",
    "standard_errors": read_only(np.full((3, 3), 0.1)),
    "digits": 1,
}
