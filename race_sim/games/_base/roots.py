"""Every root of a function of one variable, so that an equilibrium that was not selected can still be named."""

import sys
from collections.abc import Callable
from itertools import pairwise

GOLDEN = (5**0.5 - 1) / 2
STEPS = 1000  # evaluations at most; halving alone exhausts a float in about 60 between ends of like size
SMALLEST = sys.float_info.min  # absolute error that is asked for: none
TOUCHING = 1e-12  # an extremum that much closer to zero than its neighbours is taken to touch it


def every_root(function: Callable[[float], float], low: float, high: float, points: int = 1001) -> list[float]:
    """Find the roots of a continuous function in an interval.

    The interval is cut into ``points - 1`` cells. Where the ends of one differ in sign, a root is found between them.
    If three neighbours bend towards zero without crossing it, the extremum between them is located too, so that a pair
    of roots within one cell and a root that only touches zero are found. Three or more roots within one cell would be
    taken for one.

    Parameters
    ----------
    function : callable
        Of one number.
    low, high : float
        Ends of the interval, which may be roots.
    points : int
        Places at which the function is computed, the ends included.

    Returns
    -------
    list of float
        Lowest first.

    Examples
    --------
    >>> [round(root, 6) for root in every_root(lambda x: (x - 0.2) * (x - 0.7), 0, 1)]
    [0.2, 0.7]
    """
    places = [low + (high - low) * index / (points - 1) for index in range(points)]
    values = [function(place) for place in places]
    touching = []
    for index in range(1, points - 1):
        before, here, after = values[index - 1 : index + 2]
        if here != 0 and abs(here) <= min(abs(before), abs(after)) and before * here > 0 and after * here > 0:
            place = _extremum(function, here > 0, places[index - 1], places[index + 1])
            value = function(place)
            if value * here <= 0:
                places.append(place)
                values.append(value)
            elif abs(value) <= TOUCHING * min(abs(before), abs(after)):
                touching.append(place)
    order = sorted(range(len(places)), key=places.__getitem__)
    roots = touching + [places[index] for index in order if values[index] == 0]
    for left, right in pairwise(order):
        if values[left] * values[right] < 0:
            roots.append(root_between(function, places[left], places[right]))
    return sorted(set(roots))


def root_between(function: Callable[[float], float], low: float, high: float) -> float:
    """Find the root between two places where a continuous function has different signs, by Brent's method [1]_.

    Parameters
    ----------
    function : callable
        Of one number; its values may be infinite.
    low, high : float
        The two places.

    Returns
    -------
    float
        To a few units in the last place.

    References
    ----------
    .. [1] Brent, R. P. (1973). Algorithms for Minimization without Derivatives. Prentice-Hall. Chapter 4.

    Examples
    --------
    >>> round(root_between(lambda x: x * x - 2, 0, 2), 12)
    1.414213562373
    """
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=SMALLEST, rtol=4.0 * sys.float_info.epsilon, maxiter=STEPS))


def _extremum(function: Callable[[float], float], minimum: bool, low: float, high: float) -> float:
    return lowest(function if minimum else lambda x: -function(x), low, high)


def lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Locate where a function with one minimum is lowest, by golden sections.

    Parameters
    ----------
    function : callable
        Of one number, with one minimum in the interval.
    low, high : float
        Ends of the interval.

    Returns
    -------
    float
        To about 1e-8 of the interval.

    Examples
    --------
    >>> round(lowest(lambda x: (x - 0.3) ** 2, 0, 1), 6)
    0.3
    """
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(60):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
    return left if at_left <= at_right else right
