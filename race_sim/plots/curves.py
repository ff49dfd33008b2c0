"""Outcomes as functions of one parameter."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.style import look


def response_curves(
    values: ArrayLike,
    curves: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    xlabel: str,
    ylabel: str,
    ax: Axes | None = None,
) -> Axes:
    """Means of an outcome over a parameter, one curve per name, with bands of two standard errors.

    values: (points,) of the parameter. curves: name -> (means, standard errors), each (points,). Labels carry units.

    >>> ax = response_curves([0, 1], {"race": ([2, 1], [0.1, 0.1])}, xlabel="benchmarks (1)", ylabel="risk (1)")
    >>> len(ax.lines)
    1
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(values, dtype=float)
    for number, (name, (means, errors)) in enumerate(curves.items()):
        mean, error = np.asarray(means, dtype=float), np.asarray(errors, dtype=float)
        colour, line, marker, _ = look(number)
        ax.fill_between(at, mean - 2 * error, mean + 2 * error, **look(number).band)
        ax.plot(at, mean, color=colour, marker=marker, markersize=4, linestyle=line, linewidth=1.4, label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax
