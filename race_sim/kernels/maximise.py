"""The best safety share of one lab: all local maxima of J on [floor, 0.95], the best of them, ties to the lowest."""

import math

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.objective import objective

CELLS = 8
SPREAD = 2.5  # cells end at step^2 (SPREAD - (SPREAD - 1) step) of the way: fine at both ends, where J bends most
SHARE_TOLERANCE = 1e-9
LARGEST_ITERATIONS = 60
BESIDE = 1e-7  # distance at which a kink is looked at from either side
SMALLEST_CELL = 1e-5


@jit
def interior_maximum(low, high, low_slope, high_slope, low_value, high_value, q, p):
    """The maximum between ``low`` (J' > 0) and ``high`` (J' < 0): a root of J', or a kink, by Chandrupatla's method.

    Returns (share, value). T. R. Chandrupatla 1997, Advances in Engineering Software 28:145.
    """
    x1, f1, value1 = low, low_slope, low_value
    x2, f2, value2 = high, high_slope, high_value
    t = f1 / (f1 - f2)
    for _ in range(LARGEST_ITERATIONS):
        smallest = 0.5 * SHARE_TOLERANCE / abs(x2 - x1)
        x = x1 + min(1.0 - smallest, max(smallest, t)) * (x2 - x1)
        value, f, _ = objective(x, q, p)
        if (f > 0.0) == (f1 > 0.0):
            x3, f3 = x1, f1
        else:
            x3, f3 = x2, f2
            x2, f2, value2 = x1, f1, value1
        x1, f1, value1 = x, f, value
        if f1 == 0.0 or abs(x2 - x1) < SHARE_TOLERANCE:
            break
        xi = (x1 - x2) / (x3 - x2)
        phi = (f1 - f2) / (f3 - f2)
        if phi * phi < xi and (1.0 - phi) * (1.0 - phi) < 1.0 - xi:
            alpha = (x3 - x1) / (x2 - x1)
            t = f1 / (f1 - f2) * f3 / (f3 - f2) - alpha * f1 / (f3 - f1) * f2 / (f2 - f3)
        else:
            t = 0.5
    if value2 > value1:
        return x2, value2
    return x1, value1


@inlined
def crossing(level, q, p):
    """The share at which the projected capability is ``level``; -1 where no share in [0, 1) does that."""
    part = ((level - q.capability) / q.reach - q.drift) / q.growth_at_zero
    if 0.0 < part < 1.0:
        return 1.0 - part ** (1.0 / p.capability_effort_elasticity)
    return -1.0


@inlined
def before(kink, left, right):
    """``right``, or a point just before or just after a kink of J that lies between."""
    if left < kink - BESIDE < right:
        return kink - BESIDE
    if left < kink + BESIDE < right:
        return kink + BESIDE
    return right


@inlined
def hides_something(width, left_value, value, left_slope, slope):
    """Is the mean slope of a cell outside the slopes at its ends, so that J turns more than once inside?"""
    mean = (value - left_value) / width
    slack = 1e-7 * (abs(left_slope) + abs(slope)) + 1e-12 * (abs(value) + abs(left_value)) / width
    return mean < min(left_slope, slope) - slack or mean > max(left_slope, slope) + slack


@jit
def maximise(q, p, floor):
    """Best share on [floor, 0.95]: returns (share, J, at an end: 0 or 1, number of local maxima).

    Marches over cells that are finer near both ends, split where J has a kink (the lab overtakes the best rival, its
    gap closes, nothing is seen of its safety, every mishap is a catastrophe) and where slopes and values at the ends
    do not fit one bend.
    """
    left = min(floor, LARGEST_SHARE)
    left_value, left_slope, left_gap = objective(left, q, p)
    best, best_value, maxima, corner = left, left_value, 0, 1
    if left_slope <= 0.0:
        maxima = 1
    span = LARGEST_SHARE - left
    overtakes = crossing(q.rivals_best, q, p)
    unseen = -1.0
    if p.cooperation_validity_decay > 0.0:
        unseen = crossing(q.seen / p.cooperation_validity_decay, q, p)
    certain = -1.0
    if p.incidents_severity_growth > 0.0 and p.incidents_catastrophe_probability > 0.0:
        certain = crossing(-math.log10(p.incidents_catastrophe_probability) / p.incidents_severity_growth, q, p)
    cell = 1
    while left < LARGEST_SHARE:
        step = cell / CELLS
        end = LARGEST_SHARE if cell == CELLS else floor + span * step * step * (SPREAD - (SPREAD - 1.0) * step)
        right = before(certain, left, before(unseen, left, before(overtakes, left, end)))
        value, slope, gap = objective(right, q, p)
        while right - left > SMALLEST_CELL:
            if (left_gap > 0.0) != (gap > 0.0):
                right = left + (right - left) * max(0.1, min(left_gap / (left_gap - gap), 0.9))
            elif hides_something(right - left, left_value, value, left_slope, slope):
                right = 0.5 * (left + right)
            else:
                break
            value, slope, gap = objective(right, q, p)
        if left_slope > 0.0 and slope < 0.0:
            maxima += 1
            share, peak = interior_maximum(left, right, left_slope, slope, left_value, value, q, p)
            if peak > best_value:
                best, best_value, corner = share, peak, 0
        if value > best_value:
            best, best_value, corner = right, value, 1 if right == LARGEST_SHARE else 0
        if right == LARGEST_SHARE and slope >= 0.0:
            maxima += 1
        if right == end:
            cell += 1
        left, left_value, left_slope, left_gap = right, value, slope, gap
    return best, best_value, corner, max(1, maxima)
