"""How often a quantity is as large as a value."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from race_sim.plots.style import look


def exceedance(samples: Mapping[str, ArrayLike], *, xlabel: str, ylabel: str, ax: Axes | None = None) -> Axes:
    """The share of a sample that is x or more, as steps over x; both axes are logarithmic, one line per name.

    samples: name -> values (points,), of any sizes; what is not positive counts in the share and lies left of the
    axis. A line ends at the largest value. Labels carry units.

    >>> ax = exceedance({"race": [1.0, 10.0]}, xlabel="regret (V yr)", ylabel="share with as much (1)")
    >>> ax.lines[0].get_xydata().tolist()
    [[1.0, 1.0], [10.0, 0.5]]
    """
    ax = plt.subplots()[1] if ax is None else ax
    for number, (name, sample) in enumerate(samples.items()):
        values = np.sort(np.asarray(sample, dtype=float))
        share = 1.0 - np.arange(len(values)) / max(len(values), 1)
        shown = values > 0.0
        colour, line, _, _ = look(number)
        ax.step(values[shown], share[shown], where="pre", color=colour, linestyle=line, linewidth=1.5, label=name)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return ax
