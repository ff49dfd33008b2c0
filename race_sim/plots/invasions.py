"""What plots of invasions share: which transitions are drawn, and how their arrows look."""

import numpy as np
from numpy.typing import ArrayLike

BOX = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # behind the number of an arrow


def strongest(fixation: ArrayLike, at_least: float, most: int) -> list[tuple[int, int, float]]:
    """Choose the transitions that are drawn.

    Parameters
    ----------
    fixation : array (strategies, strategies)
        Fixation probabilities in units of the neutral one, 1/Z, resident in the row, invader in the column.
    at_least : float
        The least one that is drawn, in the same units.
    most : int
        How many are drawn, the largest first.

    Returns
    -------
    list of (int, int, float)
        Resident, invader, and the fixation probability in the same units.

    Examples
    --------
    >>> strongest([[1, 5, 2], [0.1, 1, 1], [7, 0.2, 1]], 1.0, 2)
    [(2, 0, 7.0), (0, 1, 5.0)]
    """
    times = np.array(fixation, dtype=float)
    np.fill_diagonal(times, 0.0)
    result = [(int(a), int(b), float(times[a, b])) for a, b in np.argwhere(times >= at_least)]
    return sorted(result, key=lambda one: -one[2])[:most]


def line_of(times: float) -> str:
    """Choose the line of an arrow: dashed for a neutral invader, which selection neither favours nor hinders.

    Parameters
    ----------
    times : float
        Its fixation probability in units of 1/Z.

    Returns
    -------
    str
        A line style of matplotlib.
    """
    return "--" if abs(times - 1) < 1e-6 else "-"
