"""The best safety share of one lab: all local maxima of J on [floor, 0.95], the best of them, ties to the lowest."""

from race_sim.kernels.compile import jit
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.objective import objective

CELLS = 8
SHARE_TOLERANCE = 1e-9
LARGEST_ITERATIONS = 60


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
        value, f = objective(x, q, p)
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


@jit
def maximise(q, p, floor):
    """Best share on [floor, 0.95]: returns (share, J, at an end: 0 or 1, number of local maxima)."""
    if floor >= LARGEST_SHARE:
        value, slope = objective(LARGEST_SHARE, q, p)
        return LARGEST_SHARE, value, 1, 1
    span = LARGEST_SHARE - floor
    left = floor
    left_value, left_slope = objective(left, q, p)
    best, best_value, maxima, corner = left, left_value, 0, 1
    if left_slope <= 0.0:
        maxima = 1
    for cell in range(1, CELLS + 1):
        step = cell / CELLS
        right = LARGEST_SHARE if cell == CELLS else floor + span * step * step
        value, slope = objective(right, q, p)
        if left_slope > 0.0 and slope < 0.0:
            maxima += 1
            width = right - left
            bound = min(left_value + left_slope * width, value - slope * width)
            if bound > best_value:
                share, peak = interior_maximum(left, right, left_slope, slope, left_value, value, q, p)
                if peak > best_value:
                    best, best_value, corner = share, peak, 0
        if value > best_value:
            best, best_value, corner = right, value, 1 if cell == CELLS else 0
        if cell == CELLS and slope >= 0.0:
            maxima += 1
        left, left_value, left_slope = right, value, slope
    return best, best_value, corner, maxima
