"""How long a lab waits before it deploys: the delay with the largest J, and share and delay together."""

import math

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.laws import (
    LARGEST_SHARE,
    remembered,
    remembered_slope,
    test_findings,
    test_findings_slope,
    withheld_slope,
)
from race_sim.kernels.maximise import maximise
from race_sim.kernels.objective import developed, judged
from race_sim.kernels.outlook import prospect, prospect_at, release_plan

CELLS = 6  # of the delays that are searched, each ending at the square of its part of the way
ROOT_TOLERANCE = 1e-6  # width of a bracket of a root of J', in parts of the search's span
LARGEST_ITERATIONS = 40
LARGEST_ROUNDS = 8  # of delay given share and share given delay
CLOSE = 3e-3  # move of the delay, in parts of the search's span, after which it rests
SMALL_DOUBT = 0.4  # OOM, below which J bends so sharply that one search need not lead to the best pair
JOINT_CELLS = 16
JOINT_TOLERANCE = 1e-3
GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)


@inlined
def delay_objective(delay, lab, projected, assured, q, p):
    """Compute J and its slope by the delay, the share as it is.

    Parameters
    ----------
    delay : float
        Delay before release, years.
    lab : record
        The lab.
    projected : float
        Its capability after the planning horizon, OOM.
    assured : float
        Its assurance by safety work then, OOM.
    q : Prospect
        The lab's decision problem, at any delay.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        J in market values x years, and its slope in market values.
    """
    released, held, tested = release_plan(lab, delay, q.years_counted, p)
    left = remembered(delay, p)
    left_t = remembered_slope(left, delay, p)
    kept_t = withheld_slope(delay, left, left_t, 1.0 - released, q.years_counted)
    deployed = released * projected + held
    deployed_t = (lab.capability - projected) * kept_t - (lab.capability - lab.deployed) * left_t
    tested_t = test_findings_slope(delay, p) * (1.0 - left) + (lab.tested - test_findings(delay, p)) * left_t
    return judged(deployed, deployed_t, deployed - assured - tested, deployed_t - tested_t, q, p)


@inlined
def peak_between(low, high, low_slope, high_slope, tolerance, lab, projected, assured, q, p):
    """Find a maximum of J between two delays, a root of its slope, by the Illinois method.

    Parameters
    ----------
    low : float
        Delay at which J rises, years.
    high : float
        Delay at which it falls.
    low_slope : float
        Slope at the low end.
    high_slope : float
        Slope at the high end.
    tolerance : float
        Width of the bracket that ends the search, years.
    lab : record
        The lab.
    projected : float
        Its capability after the planning horizon, OOM.
    assured : float
        Its assurance by safety work then, OOM.
    q : Prospect
        The lab's decision problem.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        The delay, and J there.
    """
    delay, value, side = low, 0.0, 0
    for _ in range(LARGEST_ITERATIONS):
        delay = (low * high_slope - high * low_slope) / (high_slope - low_slope)
        if not low < delay < high:
            delay = 0.5 * (low + high)
        value, slope = delay_objective(delay, lab, projected, assured, q, p)
        if slope > 0.0:
            step, low, low_slope = delay - low, delay, slope
            if side == 1:
                high_slope *= 0.5
            side = 1
        else:
            step, high, high_slope = high - delay, delay, slope
            if side == -1:
                low_slope *= 0.5
            side = -1
        if high - low < tolerance or step < tolerance:
            break
    return delay, value


@jit
def best_delay(share, least, q, i, labs, p):
    """Find the delay in [least, longest] with the largest J at a share; ties go to the shortest.

    Parameters
    ----------
    share : float
        Safety share, in [0, 0.95].
    least : float
        Delay that the lab must keep, years; below ``release.longest``.
    q : Prospect
        The lab's decision problem, at any delay.
    i : int
        Number of the lab.
    labs : records
        All labs.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple of float
        The delay, years, and J there.
    """
    lab = labs[i]
    projected, assured = developed(share, q, p)
    span = p.release_longest - least
    left = least
    left_value, left_slope = delay_objective(left, lab, projected, assured, q, p)
    best, best_value = left, left_value
    for cell in range(1, CELLS + 1):
        right = least + span * (cell / CELLS) ** 2
        value, slope = delay_objective(right, lab, projected, assured, q, p)
        if left_slope > 0.0 and slope < 0.0:
            tolerance = ROOT_TOLERANCE * span
            delay, peak = peak_between(left, right, left_slope, slope, tolerance, lab, projected, assured, q, p)
            if peak > best_value:
                best, best_value = delay, peak
        if value > best_value:
            best, best_value = right, value
        left, left_slope = right, slope
    return best, best_value


@jit
def choose_delay(share, i, labs, nations, world, p):
    """Leave the best delay for a share of lab i in ``delay_step``, where it may choose one.

    Parameters
    ----------
    share : float
        Safety share, in [0, 0.95].
    i : int
        Number of the lab.
    labs, nations : records
        All labs and nations, the outlook formed.
    world : record
        The world.
    p : record
        Parameters of the run.
    """
    least = nations[labs[i].nation].least_delay
    if p.release_longest > least:
        labs[i].delay_step, _ = best_delay(share, least, prospect(i, labs, nations, world, p), i, labs, p)


@jit
def best_of_grid(delay, result, cells, i, labs, nations, world, p):
    """Try delays at the squares of even parts of the way from the least to the longest, and golden sections if many.

    Parameters
    ----------
    delay : float
        A delay, years.
    result : tuple
        What ``maximise`` returns there.
    cells : int
        Number of cells of the grid; with more than one, the search goes on between the neighbours of the best.
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple
        The best delay, and what ``maximise`` returns there.
    """
    lab = labs[i]
    least = nations[lab.nation].least_delay
    span = p.release_longest - least
    for cell in range(cells + 1):
        trial = least + span * (cell / cells) ** 2
        tried = maximise(prospect_at(trial, i, labs, nations, world, p), p, lab.floor)
        if tried[1] > result[1]:
            delay, result = trial, tried
    if cells == 1:
        return delay, result
    at = math.sqrt((delay - least) / span)
    left = least + span * max(0.0, at - 1.0 / cells) ** 2
    right = least + span * min(1.0, at + 1.0 / cells) ** 2
    one, two = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    first = maximise(prospect_at(one, i, labs, nations, world, p), p, lab.floor)
    second = maximise(prospect_at(two, i, labs, nations, world, p), p, lab.floor)
    while right - left > JOINT_TOLERANCE * span:
        if first[1] >= second[1]:
            if first[1] > result[1]:
                delay, result = one, first
            right, two, second = two, one, first
            one = right - GOLDEN * (right - left)
            first = maximise(prospect_at(one, i, labs, nations, world, p), p, lab.floor)
        else:
            if second[1] > result[1]:
                delay, result = two, second
            left, one, first = one, two, second
            two = left + GOLDEN * (right - left)
            second = maximise(prospect_at(two, i, labs, nations, world, p), p, lab.floor)
    return delay, result


@inlined
def extrapolated(first, second, third):
    """Extrapolate a sequence that converges in proportion, by Aitken's formula.

    Parameters
    ----------
    first : float
        Three members of it, in turn.
    second : float
        The second.
    third : float
        The third.

    Returns
    -------
    float
        Its limit; the third where the steps do not shrink.
    """
    one, two = second - first, third - second
    return third + two * two / (one - two) if one != 0.0 and 0.0 < two / one < 1.0 else third


@jit
def share_and_delay(i, labs, nations, world, p):
    """Find the best share of lab i and, where it may choose one, the best delay, which is left in ``delay_step``.

    The delay given the share, then the share given the delay, from the last share on until the delay rests; every other
    delay is extrapolated from its steps. Where J has several maxima, or the share is the largest, the shortest and the
    longest delay are tried; where doubt is small, so that the best pair sits on a kink, a grid of delays, and golden
    sections beside its best.

    Parameters
    ----------
    i : int
        Number of the lab.
    labs : records
        All labs.
    nations : records
        All nations.
    world : record
        The world.
    p : record
        Parameters of the run.

    Returns
    -------
    tuple
        What ``maximise`` returns: share, J, whether it is an end of the interval, number of maxima.
    """
    lab = labs[i]
    least, longest = nations[lab.nation].least_delay, p.release_longest
    lab.delay_step = lab.delay_chosen
    q = prospect(i, labs, nations, world, p)
    if longest <= least:
        return maximise(q, p, lab.floor)
    span = longest - least
    delay, share = min(lab.delay, longest), lab.share
    before, last = delay, delay
    best, result = delay, (share, -math.inf, 0, 0)
    for number in range(LARGEST_ROUNDS):
        before, last = last, delay
        delay, _ = best_delay(share, least, q, i, labs, p)
        if number % 2 == 0 and number > 0:
            delay = min(longest, max(least, extrapolated(before, last, delay)))
        if number > 0 and abs(delay - last) <= CLOSE * span:
            break
        q = prospect_at(delay, i, labs, nations, world, p)
        tried = maximise(q, p, lab.floor)
        if number == 0:
            sharp = p.lab_doubt < SMALL_DOUBT
            if sharp or tried[3] > 1 or tried[0] == LARGEST_SHARE:
                delay, tried = best_of_grid(delay, tried, JOINT_CELLS if sharp else 1, i, labs, nations, world, p)
        share = tried[0]
        if tried[1] > result[1]:
            best, result = delay, tried
    lab.delay_step = best
    return result
