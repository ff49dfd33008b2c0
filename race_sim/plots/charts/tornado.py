"""What each parameter, moved alone over its range, does to an outcome."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import COLOURS


def tornado(
    names: Sequence[str],
    low: ArrayLike,
    high: ArrayLike,
    baseline: float,
    *,
    xlabel: str,
    standard_errors: tuple[ArrayLike, ArrayLike] | None = None,
    most: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each parameter, moved alone over its range, does to an outcome.

    Two bars per parameter, from the baseline's outcome to those with it low and high; the widest reach stands on top.

    Parameters
    ----------
    names : sequence of str
        The parameters.
    low, high : array (parameters,)
        The outcome with the parameter at the low and at the high end of its range, in the unit of the axis.
    baseline : float
        The outcome with no parameter moved, in the same unit.
    xlabel : str
        Label of the axis, with its unit in brackets.
    standard_errors : pair of arrays (parameters,), optional
        Of ``low`` and of ``high``, in the same unit; two are drawn to either side.
    most : int, optional
        How many parameters to show; by default all.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = tornado(["skill", "enmity"], [0.1, 0.2], [0.2, 0.6], 0.2, xlabel="catastrophe (probability)")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['enmity', 'skill']
    """
    ends = np.array([low, high], dtype=float)
    errors = None if standard_errors is None else np.array(standard_errors, dtype=float)
    reach = np.ptp(np.vstack([ends, np.full(len(names), baseline)]), axis=0)
    order = np.argsort(-reach, kind="stable")[:most]
    if ax is None:
        ax = plt.subplots(figsize=(6.0, 1.1 + 0.36 * len(order)))[1]
    rows = np.arange(len(order))
    looks = (("low end of the range", COLOURS[4], "////"), ("high end of the range", COLOURS[1], ""))
    for end, (label, colour, hatch) in enumerate(looks):
        at = rows + (0.19 if end else -0.19)
        ax.barh(at, ends[end, order] - baseline, left=baseline, height=0.38, color=colour, hatch=hatch,
                edgecolor="black", linewidth=0.5, label=label)  # fmt: skip
        if errors is not None:
            ax.errorbar(
                ends[end, order], at, xerr=2 * errors[end, order], fmt="none", ecolor="black", capsize=2, lw=1.0
            )
    ax.axvline(baseline, color="black", linewidth=1.0)
    ax.set_yticks(rows, [names[row] for row in order])
    ax.invert_yaxis()
    ax.set_xlabel(xlabel)
    ax.grid(axis="y", visible=False)
    ax.legend(fontsize=8, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return ax


EXAMPLE = {
    "names": ["enmity", "skill", "spillover", "verification"],
    "low": read_only([0.1, 0.19, 0.30, 0.22]),
    "high": read_only([0.4, 0.2, 0.27, 0.15]),
    "baseline": 0.2,
    "xlabel": "catastrophe (probability)",
    "standard_errors": (read_only([0.01, 0.012, 0.008, 0.01]), read_only([0.01, 0.012, 0.008, 0.01])),
}
