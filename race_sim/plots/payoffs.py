"""The payoff matrix of two players, drawn as a table."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from race_sim.plots.style import COLOURS

Real = NDArray[np.float64]


def payoff_matrix(
    payoff: Real,
    strategies: Sequence[Sequence[str]],
    players: Sequence[str],
    standard_error: Real | None = None,
    equilibria: Sequence[tuple[int, int]] = (),
    unit: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Every cell with both payoffs; best replies bold, pure equilibria framed, standard errors in brackets.

    payoff, standard_error: (2, rows, columns). equilibria: cells (row, column). unit: of the payoffs.
    """
    rows, columns = payoff.shape[1:]
    if ax is None:
        ax = plt.subplots(figsize=(1.7 * columns + 1.8, 0.8 * rows + 1.0), layout="constrained")[1]
    best = np.stack([payoff[0] == payoff[0].max(axis=0), payoff[1] == payoff[1].max(axis=1, keepdims=True)])
    for a in range(rows):
        for b in range(columns):
            for n, side in ((0, -0.24), (1, 0.24)):
                text = f"{payoff[n, a, b]:.4g}"
                if standard_error is not None:
                    text += f"\n({standard_error[n, a, b]:.1g})"
                weight = "bold" if best[n, a, b] else "normal"
                ax.text(b + side, a, text, ha="center", va="center", color=COLOURS[n], weight=weight)
    for a, b in equilibria:
        ax.add_patch(Rectangle((b - 0.47, a - 0.45), 0.94, 0.9, fill=False, linewidth=2, edgecolor=COLOURS[-2]))
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    ax.set_xticks(range(columns), strategies[1])
    ax.set_yticks(range(rows), strategies[0])
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    ax.grid(visible=False)
    ax.grid(visible=True, which="minor", color="#bbbbbb")
    ax.tick_params(which="both", length=0)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(f"{players[1]} (right)")
    ax.set_ylabel(f"{players[0]} (left)")
    ax.set_title(f"payoffs{f' in {unit}' if unit else ''}; bold: best reply, framed: equilibrium", fontsize=8)
    return ax
