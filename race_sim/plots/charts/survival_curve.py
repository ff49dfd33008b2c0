"""How long runs go without a mishap."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.example_data import read_only
from race_sim.plots.style import look


def survival_curve(
    times: ArrayLike,
    curves: Mapping[str, tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike]],
    *,
    xlabel: str = "time (yr)",
    ylabel: str = "no mishap so far (probability)",
    ax: Axes | None = None,
) -> Axes:
    """Draw probabilities that an event has not happened yet, as steps down at the times of events.

    Bands lie within [0, 1].

    Parameters
    ----------
    times : array (times,)
        Increasing, in the unit of the x axis; a value holds from its time to the next.
    curves : mapping of str to two or three arrays (times,)
        Name -> (survival, its standard error), drawn with two standard errors to either side, or (survival, low end
        of the band, high end); probabilities.
    xlabel, ylabel : str
        Labels of the axes, with their units in brackets.
    ax : Axes, optional
        Where to draw; by default the axes of a new figure.

    Returns
    -------
    Axes
        The axes drawn into.

    Examples
    --------
    >>> ax = survival_curve([0, 1, 3], {"race": ([1, 0.7, 0.4], [0, 0.1, 0.1])})
    >>> ax.lines[0].get_drawstyle(), ax.get_xlabel()
    ('steps-post', 'time (yr)')
    """
    ax = plt.subplots()[1] if ax is None else ax
    at = np.asarray(times, dtype=float)
    for number, (name, arrays) in enumerate(curves.items()):
        survival, *ends = (np.asarray(array, dtype=float) for array in arrays)
        low, high = ends if len(ends) == 2 else (survival - 2 * ends[0], survival + 2 * ends[0])
        colour, line, marker, _ = look(number)
        ax.fill_between(at, np.clip(low, 0, 1), np.clip(high, 0, 1), step="post", **look(number).band)
        every = (number * len(at) // 40, max(1, len(at) // 8))  # markers of neighbours keep apart
        ax.plot(at, survival, color=colour, linestyle=line, linewidth=1.8, drawstyle="steps-post", marker=marker,
                markersize=4, markevery=every, label=name)  # fmt: skip
    if len(curves) > 1:
        ax.legend(fontsize=8)
    ax.set_ylim(0.0, 1.02)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax


_RACE, _TREATY = read_only(0.85 ** np.arange(9)), read_only(0.94 ** np.arange(9))
EXAMPLE = {
    "times": read_only([0, 0.8, 1.9, 2.5, 4.0, 5.2, 7.1, 9.0, 10.0]),
    "curves": {
        "race": (_RACE, read_only(0.7 * np.sqrt(_RACE * (1 - _RACE) / 20))),
        "treaty": (_TREATY, read_only(0.7 * np.sqrt(_TREATY * (1 - _TREATY) / 20))),
    },
}
