"""The best safety share of one lab: all local maxima of J on [floor, 0.95], the best of them, ties to the lowest."""

import math

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import LARGEST_SHARE, effort_of, reliability_kinks, severity_kink
from race_sim.kernels.objective import objective, projected

CELLS = 5
SPREAD = 2.5  # cells end at step^2 (SPREAD - (SPREAD - 1) step) of the way: fine at both ends, where J bends most
ROOT_TOLERANCE = 1e-5  # width of a bracket of a root of J', in parts of the share, that is left to one interpolation,
STEP_TOLERANCE = 1e-6  # and length of an interpolated step: either way the root is then exact to about 1e-12
CLOSE = 1e-9  # relative step of Newton's method after which a closing gap is located to rounding
LARGEST_ITERATIONS = 60
BESIDE = 1e-10  # distance at which a kink is looked at from either side
SMOOTH_DOUBT = 0.1  # OOM, from which on J bends so gently where the gap closes that no cell need end there
SMALLEST_CELL = 1e-5
SMALLEST_ROOM = 1e-6  # between two shares below which the better end stands for the maximum between them


@inlined
def interior_maximum(low, high, low_slope, high_slope, low_value, high_value, q, p):
    """Find the maximum of J between two shares, a root of J', by Chandrupatla's method.

    It starts from the peak of the cubic that has the values and slopes of J at both ends.

    Parameters
    ----------
    low : float
        Share at which J' > 0.
    high : float
        Share at which J' < 0.
    low_slope : float
        J' at the low end.
    high_slope : float
        J' at the high end.
    low_value : float
        J at the low end.
    high_value : float
        J at the high end.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        The share, and J there.

    References
    ----------
    .. [1] T. R. Chandrupatla 1997, A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
       function, Advances in Engineering Software 28:145.
    """
    x1, f1, value1 = low, low_slope, low_value
    x2, f2 = high, high_slope
    bend = 3.0 * (f1 + f2) - 6.0 * (high_value - low_value) / (high - low)
    tilt = f2 - f1 - bend
    t = 2.0 * f1 / (math.sqrt(max(0.0, tilt * tilt - 4.0 * bend * f1)) - tilt)
    close = False
    for _ in range(LARGEST_ITERATIONS):
        width = abs(x2 - x1)
        if f1 == 0.0 or close or width < ROOT_TOLERANCE * x1:
            break
        smallest = 0.5 * ROOT_TOLERANCE * x1 / width
        x = x1 + min(1.0 - smallest, max(smallest, t)) * (x2 - x1)
        value, f, _ = objective(x, q, p)
        if (f > 0.0) == (f1 > 0.0):
            x3, f3 = x1, f1
        else:
            x3, f3 = x2, f2
            x2, f2 = x1, f1
        x1, f1, value1 = x, f, value
        xi = (x1 - x2) / (x3 - x2)
        phi = (f1 - f2) / (f3 - f2)
        if phi * phi < xi and (1.0 - phi) * (1.0 - phi) < 1.0 - xi:
            alpha = (x3 - x1) / (x2 - x1)
            t = f1 / (f1 - f2) * f3 / (f3 - f2) - alpha * f1 / (f3 - f1) * f2 / (f2 - f3)
            close = abs(t * (x2 - x1)) < STEP_TOLERANCE * x1
        else:
            t = 0.5 if f1 != 0.0 and abs(x2 - x1) >= ROOT_TOLERANCE * x1 else f1 / (f1 - f2)
    if high - low < SMALLEST_ROOM:
        return (low, low_value) if low_value >= high_value else (high, high_value)
    last = t * (x2 - x1)
    return x1 + last, value1 + 0.5 * f1 * last


@inlined
def crossing(level, q, p):
    """Find the share at which the projected deployed capability has a level.

    Parameters
    ----------
    level : float
        Capability, OOM.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The share; -1 where no share in [0, 1) does that.
    """
    if q.deployed_rise <= 0.0:
        return -1.0
    part = (level - q.deployed_at_rest) / q.deployed_rise
    if 0.0 < part < 1.0:
        return 1.0 - effort_of(part, p)
    return -1.0


@inlined
def closing(low, high, low_gap, high_gap, q, p):
    """Find the share at which the projected gap closes, by Newton's method in a bracket.

    Parameters
    ----------
    low : float
        Share with a projected gap.
    high : float
        Share without one.
    low_gap : float
        Projected gap at the low end, OOM.
    high_gap : float
        Projected gap before it is cut at 0 at the high end, OOM.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    float
        The share.
    """
    x = low + (high - low) * low_gap / (low_gap - high_gap)
    for _ in range(LARGEST_ITERATIONS):
        _, _, gap, slope = projected(x, q, p)
        if gap > 0.0:
            low = x
        else:
            high = x
        step = gap / slope
        if abs(step) < CLOSE * x:  # Newton squares the relative error
            return x - step
        x = x - step if low < x - step < high else 0.5 * (low + high)
    return x


@inlined
def kinks(closes, q, p):
    """Find the shares at which J has a kink.

    There the lab falls level with its best rival, nothing is seen of its safety, every mishap is a catastrophe, its gap
    closes, or benchmarks show no more than is seen without them.

    Parameters
    ----------
    closes : float
        Share at which the gap closes, -1 for none.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        Shares; -1 for a kink that J has not.
    """
    worn, unseen = reliability_kinks(q.visibility, q.wear, p)
    level = crossing(q.rivals_best, q, p)
    return level, crossing(unseen, q, p), crossing(severity_kink(p), q, p), closes, crossing(worn, q, p)


@inlined
def cell_end(left, right, kinked):
    """End a cell at ``right``, or just before or just after the first kink that lies between.

    Parameters
    ----------
    left : float
        Where the cell begins.
    right : float
        Where it would end.
    kinked : tuple of float
        Kinks.

    Returns
    -------
    float
        The end.
    """
    for kink in kinked:
        if left < kink - BESIDE < right:
            right = kink - BESIDE
        elif left < kink + BESIDE < right:
            right = kink + BESIDE
    return right


@inlined
def hides_something(width, left_value, value, left_slope, slope):
    """Tell whether the mean slope of a cell is outside the slopes at its ends, so that J turns more than once inside.

    Parameters
    ----------
    width : float
        Width of the cell.
    left_value : float
        J at its left end.
    value : float
        J at its right end.
    left_slope : float
        J' at its left end.
    slope : float
        J' at its right end.

    Returns
    -------
    bool
        True where the cell must be halved.
    """
    mean = (value - left_value) / width
    slack = 1e-7 * (abs(left_slope) + abs(slope)) + 1e-12 * (abs(value) + abs(left_value)) / width
    return mean < min(left_slope, slope) - slack or mean > max(left_slope, slope) + slack


@jit
def maximise(q, p, floor):
    """Find the best share on [floor, 0.95].

    Marches over cells that are finer near both ends, split where J has a kink (``kinks``) and where slopes and values
    at the ends do not fit one bend. Once its gap is closed a lab without doubt has nothing to gain from a higher share,
    as long as rivals are not trusted more than twice as much: a larger share of the market is then worth more, however
    small its trust. Ties go to the lowest share.

    Parameters
    ----------
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.
    floor : float
        Share that the lab must keep.

    Returns
    -------
    tuple
        The share; J there; 1 where it is an end of the interval, else 0; and the number of local maxima.
    """
    left = min(floor, LARGEST_SHARE)
    left_value, left_slope, left_gap = objective(left, q, p)
    best, best_value, corner = left, left_value, 1
    maxima = 1 if left_slope <= 0.0 else 0
    top = LARGEST_SHARE
    closes = -1.0
    if p.lab_doubt < SMOOTH_DOUBT:
        last_gap = projected(LARGEST_SHARE, q, p)[2]
        if left_gap > 0.0 and last_gap < 0.0:
            closes = closing(left, LARGEST_SHARE, left_gap, last_gap, q, p)
        if last_gap < 0.0 and p.lab_doubt <= 0.0 and q.rivals_trust <= 2.0 * q.trust * q.rivals_pull:
            top = min(LARGEST_SHARE, max(left, closes + BESIDE))
    kinked = kinks(closes, q, p)
    first, span = left, top - left
    cell = 1
    while left < top:
        step = cell / CELLS
        end = top if cell == CELLS else first + span * step * step * (SPREAD - (SPREAD - 1.0) * step)
        right = cell_end(left, end, kinked)
        value, slope, _ = objective(right, q, p)
        while right - left > SMALLEST_CELL and hides_something(right - left, left_value, value, left_slope, slope):
            right = 0.5 * (left + right)
            value, slope, _ = objective(right, q, p)
        if left_slope > 0.0 and slope < 0.0:
            maxima += 1
            share, peak = interior_maximum(left, right, left_slope, slope, left_value, value, q, p)
            if peak > best_value:
                best, best_value, corner = share, peak, 0
        if value > best_value:
            best, best_value, corner = right, value, 1 if right == LARGEST_SHARE else 0
        if right == top and slope >= 0.0:
            maxima += 1
        if right == end:
            cell += 1
        left, left_value, left_slope = right, value, slope
    return best, best_value, corner, max(1, maxima)
