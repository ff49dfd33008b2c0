"""Choosing when probabilities are not known: regret, Pareto fronts, and the boxes of inputs in which a choice fails."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError

Real = NDArray[np.float64]
PEEL, LEAST_MASS = 0.05, 0.05  # shares of the points: cut off at a step of PRIM, and left at its end


def regret(values: ArrayLike) -> Real:
    """Regret of every choice at every point: what the best choice there would have gained [1]_.

    Parameters
    ----------
    values : array (points, choices)
        What each choice yields; more is better.

    Returns
    -------
    array (points, choices)
        ``max_c values[p, c] - values[p, c]``, in the unit of values.

    References
    ----------
    .. [1] Savage, L. J. (1951). The theory of statistical decision. Journal of the American Statistical Association
       46(253):55-67. doi:10.1080/01621459.1951.10500768

    Examples
    --------
    >>> regret([[3, 1], [2, 6]]).tolist()
    [[0.0, 2.0], [4.0, 0.0]]
    """
    array = np.asarray(values, dtype=float)
    losses: Real = array.max(axis=1, keepdims=True) - array
    return losses


def pareto_front(values: ArrayLike) -> NDArray[np.bool_]:
    """Which choices are not dominated: no other is as good in every criterion and better in one.

    Parameters
    ----------
    values : array (choices, criteria)
        More is better in each.

    Returns
    -------
    array (choices,) of bool
        True on the front; equal choices are on it together.

    Examples
    --------
    >>> pareto_front([[1, 1], [2, 0], [0, 0]]).tolist()
    [True, True, False]
    """
    array = np.asarray(values, dtype=float)
    as_good = (array[:, np.newaxis] >= array).all(axis=2)  # [one, other]
    better = (array[:, np.newaxis] > array).any(axis=2)
    dominated: NDArray[np.bool_] = np.any(as_good & better, axis=0)
    return np.logical_not(dominated)


@dataclass(frozen=True)
class Box:
    """Limits on inputs, and what lies within them.

    Attributes
    ----------
    low, high : array (inputs,)
        Limits, both included.
    density : float
        Share of its points that fail.
    coverage : float
        Share of all failures that it holds.
    mass : float
        Share of all points that it holds.
    limited : tuple of int
        Numbers of the inputs that it limits.
    """

    low: Real
    high: Real
    density: float
    coverage: float
    mass: float
    limited: tuple[int, ...]


def prim(inputs: ArrayLike, fails: ArrayLike, peel: float = PEEL, least_mass: float = LEAST_MASS) -> list[Box]:
    """Find boxes of inputs in which failures are ever more frequent: the peeling of PRIM [1]_.

    Each step cuts, off one end of one input, a share of the points, such that the highest density is left; it ends at
    density 1 or at the least mass. Scenario discovery [2]_ reads a box with few limits, high density and high coverage.

    Parameters
    ----------
    inputs : array (points, inputs)
        The points.
    fails : array (points,) of bool
        Whether the choice fails there.
    peel : float
        Share of the box's points that a step cuts off.
    least_mass : float
        Share of all points that a box must hold.

    Returns
    -------
    list of Box
        From everything to the smallest.

    Raises
    ------
    InputError
        For arrays that do not fit together or hold no point.

    References
    ----------
    .. [1] Friedman, J. H., and Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics and Computing
       9(2):123-143. doi:10.1023/A:1008894516817
    .. [2] Bryant, B. P., and Lempert, R. J. (2010). Thinking inside the box: a participatory, computer-assisted
       approach to scenario discovery. Technological Forecasting and Social Change 77(1):34-49.
       doi:10.1016/j.techfore.2009.08.002

    Examples
    --------
    >>> boxes = prim([[0], [1], [2], [3]], [False, False, True, True], peel=0.3)
    >>> [round(box.density, 2) for box in boxes], boxes[-1].low.tolist()
    ([0.5, 0.67, 1.0], [2.0])
    """
    array, failing = np.asarray(inputs, dtype=float), np.asarray(fails, dtype=bool)
    if array.ndim != 2 or failing.shape != array.shape[:1] or not len(array):
        raise InputError(
            f"prim: must have inputs (points, inputs) and fails (points,), got {array.shape}, {failing.shape}"
        )
    inside = np.ones(len(array), dtype=bool)
    low, high = array.min(axis=0), array.max(axis=0)
    boxes = [_box(array, failing, inside, low, high)]
    while boxes[-1].density < 1.0 and failing.any():
        best = _best_cut(array, failing, inside, peel, least_mass * len(array))
        if best is None:
            break
        column, end, limit = best
        (low, high)[end][column] = limit
        inside = inside & ((array[:, column] >= limit) if end == 0 else (array[:, column] <= limit))
        boxes.append(_box(array, failing, inside, low, high))
    return boxes


def _best_cut(
    array: Real, failing: NDArray[np.bool_], inside: NDArray[np.bool_], peel: float, least: float
) -> tuple[int, int, float] | None:
    """The cut (input, end, limit) that leaves the highest density; None where every cut would leave too little."""
    best, highest = None, -1.0
    here, bad = array[inside], failing[inside]
    for column in range(array.shape[1]):
        values = here[:, column]
        for end, share in ((0, peel), (1, 1.0 - peel)):
            edge = np.quantile(values, share)
            kept = values > edge if end == 0 else values < edge
            if not least <= kept.sum() < len(values):
                continue
            density = bad[kept].mean()
            if density > highest:
                highest, best = density, (column, end, float(values[kept].min() if end == 0 else values[kept].max()))
    return best


def _box(array: Real, failing: NDArray[np.bool_], inside: NDArray[np.bool_], low: Real, high: Real) -> Box:
    failures = int(failing.sum())
    caught = int((failing & inside).sum())
    limited = np.flatnonzero((low > array.min(axis=0)) | (high < array.max(axis=0)))
    return Box(
        low.copy(),
        high.copy(),
        caught / max(1, int(inside.sum())),
        caught / failures if failures else 0.0,
        float(inside.mean()),
        tuple(int(column) for column in limited),
    )
