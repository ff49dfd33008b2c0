"""Means over runs and their standard errors, less what control variates explain.

Sums over runs are kept for two halves, runs with even and with odd numbers, and merge batch by batch. Arrays of a half
have, in this order, c controls (of mean 0), m values and m weights; an outcome's mean is sum(value) / sum(weight). What
controls explain, and how many controls there are, comes for each half from the other half alone: so no mean is biased
by what its own runs decided.

References
----------
.. [1] H. Akaike 1970, Statistical predictor identification, Annals of the Institute of Statistical Mathematics 22:203.
.. [2] T. F. Chan, G. H. Golub, R. J. LeVeque 1983, Algorithms for computing the sample variance, The American
   Statistician 37:242.
.. [3] P. Glasserman 2003, Monte Carlo Methods in Financial Engineering, section 4.1.
.. [4] N. J. Higham 1990, Analysis of the Cholesky decomposition of a semi-definite matrix, in Reliable Numerical
   Computation, pp. 161-185.
"""

import math

import numpy as np

from race_sim.kernels.compile import jit

FEWEST_EVENTS = 30.0  # expected in a half
SMALLEST_REST = 1e-10  # part of a control's variance that others leave, below which it counts as none


@jit
def gather(runs, control, value, weight, number, mean, square, cross):
    """Compute the sums of some runs, even and odd numbers apart; all count as even where there are no controls.

    Parameters
    ----------
    runs : array (n,) of int
        Their numbers.
    control : array (n, c)
        Control variates.
    value, weight : array (n, m)
        Numerators and weights.
    number : array (2,) of int
        Filled: runs of each half.
    mean : array (2, c + 2 m)
        Filled: means of controls, values and weights.
    square : array (2, 3, m)
        Filled: sums of squared deviations of values, of products with those of weights, and of squares of these.
    cross : array (2, c, c + 2 m)
        Filled: sums of products of the controls' deviations with all.
    """
    controls, outcomes = control.shape[1], value.shape[1]
    number[:] = 0
    mean[:] = 0.0
    square[:] = 0.0
    cross[:] = 0.0
    for row in range(len(runs)):
        half = runs[row] % 2 if controls > 0 else 0
        number[half] += 1
        sums = mean[half]
        for i in range(controls):
            sums[i] += control[row, i]
        for k in range(outcomes):
            sums[controls + k] += value[row, k]
            sums[controls + outcomes + k] += weight[row, k]
    for half in range(2):
        for j in range(mean.shape[1]):
            mean[half, j] /= max(number[half], 1)
    away = np.empty(mean.shape[1])
    for row in range(len(runs)):
        half = runs[row] % 2 if controls > 0 else 0
        middle, squares, products = mean[half], square[half], cross[half]
        for i in range(controls):
            away[i] = control[row, i] - middle[i]
        for k in range(outcomes):
            a = value[row, k] - middle[controls + k]
            b = weight[row, k] - middle[controls + outcomes + k]
            away[controls + k] = a
            away[controls + outcomes + k] = b
            squares[0, k] += a * a
            squares[1, k] += a * b
            squares[2, k] += b * b
        for i in range(controls):
            factor = away[i]
            for j in range(i, len(away)):
                products[i, j] += factor * away[j]
    for half in range(2):
        for i in range(controls):
            for j in range(i):
                cross[half, i, j] = cross[half, j, i]


@jit
def merge(number, mean, square, cross, others, other_mean, other_square, other_cross):
    """Merge sums with those of other runs.

    Parameters
    ----------
    number, mean, square, cross : array
        As of ``gather``; changed in place.
    others, other_mean, other_square, other_cross : array
        Those of the other runs.
    """
    controls, outcomes, apart = cross.shape[1], square.shape[2], np.empty(mean.shape[1])
    for half in range(2):
        runs = number[half] + others[half]
        if others[half] == 0:
            continue
        part = others[half] / runs
        both = number[half] * part
        for j in range(len(apart)):
            apart[j] = other_mean[half, j] - mean[half, j]
        for k in range(outcomes):
            a, b = apart[controls + k], apart[controls + outcomes + k]
            square[half, 0, k] += other_square[half, 0, k] + both * a * a
            square[half, 1, k] += other_square[half, 1, k] + both * a * b
            square[half, 2, k] += other_square[half, 2, k] + both * b * b
        for i in range(controls):
            factor = both * apart[i]
            for j in range(len(apart)):
                cross[half, i, j] += other_cross[half, i, j] + factor * apart[j]
        for j in range(len(apart)):
            mean[half, j] += part * apart[j]
        number[half] = runs


@jit
def fit(cross, count, slopes):
    """Fit the weights of the first controls in values and in weights, by least squares.

    Controls are taken one by one, that first of which the others leave most; one of which they leave nothing gets 0.

    Parameters
    ----------
    cross : array (c, c + 2 m)
        Of one half.
    count : int
        How many controls.
    slopes : array (at least count, 2 m)
        Filled.

    Returns
    -------
    int
        How many of them are used.
    """
    controls, targets = len(cross), slopes.shape[1]
    scale, rest = np.zeros(count), np.zeros(count)
    factor, order = np.zeros((count, count)), np.empty(count, np.int64)
    for i in range(count):
        if cross[i, i] > 0.0:
            scale[i], rest[i] = 1.0 / math.sqrt(cross[i, i]), 1.0
    rank = 0
    for step in range(count):
        chosen = 0
        for i in range(count):
            if rest[i] > rest[chosen]:
                chosen = i
        if rest[chosen] <= SMALLEST_REST:
            break
        root = math.sqrt(rest[chosen])
        factor[chosen, step] = root
        rest[chosen] = 0.0
        for i in range(count):
            if rest[i] > 0.0:
                left = cross[i, chosen] * scale[i] * scale[chosen]
                for t in range(step):
                    left -= factor[i, t] * factor[chosen, t]
                factor[i, step] = left / root
                rest[i] -= factor[i, step] * factor[i, step]
        order[step] = chosen
        rank += 1
    slopes[:count] = 0.0
    solution = np.empty(rank)
    for j in range(targets):
        for t in range(rank):
            at = order[t]
            left = cross[at, controls + j] * scale[at]
            for u in range(t):
                left -= factor[at, u] * solution[u]
            solution[t] = left / factor[at, t]
        for t in range(rank - 1, -1, -1):
            at = order[t]
            left = solution[t]
            for u in range(t + 1, rank):
                left -= factor[order[u], t] * solution[u]
            solution[t] = left / factor[at, t]
            slopes[at, j] = scale[at] * solution[t]
    return rank


@jit
def take_out(mean, square, cross, count, slopes, left_mean, left_square):
    """Take the first controls, whose means are 0, out of the sums of a half.

    Parameters
    ----------
    mean, square, cross : array
        Of the half.
    count : int
        How many controls.
    slopes : array (at least count, 2 m)
        Their weights in values and in weights.
    left_mean : array (2 m,)
        Filled.
    left_square : array (3, m)
        Filled.
    """
    controls, outcomes = len(cross), square.shape[1]
    for k in range(outcomes):
        left_mean[k], left_mean[outcomes + k] = mean[controls + k], mean[controls + outcomes + k]
        for which in range(3):
            left_square[which, k] = square[which, k]
    of_value, of_weight = np.empty(outcomes), np.empty(outcomes)
    for i in range(count):
        of_value[:] = 0.0
        of_weight[:] = 0.0
        for other in range(count):
            product = cross[i, other]
            for k in range(outcomes):
                of_value[k] += product * slopes[other, k]
                of_weight[k] += product * slopes[other, outcomes + k]
        for k in range(outcomes):
            one, other_one = slopes[i, k], slopes[i, outcomes + k]
            value, weight = cross[i, controls + k], cross[i, controls + outcomes + k]
            left_mean[k] -= mean[i] * one
            left_mean[outcomes + k] -= mean[i] * other_one
            left_square[0, k] += one * (of_value[k] - 2.0 * value)
            left_square[1, k] += one * (of_weight[k] - weight) - other_one * value
            left_square[2, k] += other_one * (of_weight[k] - 2.0 * weight)


@jit
def has_events(mean, cross, count, counting):
    """Tell whether a half met enough of the events that the first controls count, or none as they are impossible.

    Not to have met a rare event leaves no trace in the spread of the runs.

    Parameters
    ----------
    mean, cross : array
        As of ``gather``, of one half.
    count : int
        How many controls are used.
    counting : array of int
        Columns that count events less their probabilities: their variance is the expected number.

    Returns
    -------
    bool
        False where it met too few.
    """
    for column in counting:
        if column < count:
            events = cross[column, column]
            if not (events >= FEWEST_EVENTS or (events == 0.0 and mean[column] == 0.0)):
                return False
    return True


@jit
def error_of_ratio(runs, value, weight, squares, mixed, weights):
    """Compute the standard error of sum(value) / sum(weight), to first order (delta method).

    Parameters
    ----------
    runs : int
        Number of runs.
    value, weight : float
        Means.
    squares, mixed, weights : float
        Sums of squared deviations, of products, and of squares of the weights' deviations.

    Returns
    -------
    float
        NaN for a single run, or where no run has weight.
    """
    if runs < 2 or weight == 0.0:
        return math.nan
    ratio = value / weight
    spread = max(squares - 2.0 * ratio * mixed + ratio * ratio * weights, 0.0)
    return math.sqrt(spread / (runs - 1.0) / runs) / weight


@jit
def choose(number, mean, square, cross, counts, counting, groups, slopes, chosen):
    """Choose for each half how many controls each outcome has, by the other half alone: its least expected errors.

    These are the squared errors of the half to which weights are fitted, times (n + 1 + k) / (n - 1 - k) for k
    controls of n runs: Akaike's final prediction error.

    Parameters
    ----------
    number, mean, square, cross : array
        As of ``gather``.
    counts : array (tried,) of int
        How many of the first controls to try; none is always tried.
    counting : array of int
        As for ``has_events``.
    groups : array (m,) of int
        Labels from 0 on; outcomes that add up have the same one, and the same number of controls.
    slopes : array (2, tried + 1, c, 2 m)
        Filled: the weights that each half gets from the other, by ``chosen``.
    chosen : array (2, m) of int
        Filled: 0 for no controls, 1 for the first of ``counts``.
    """
    outcomes = square.shape[2]
    left_mean, left_square = np.empty(2 * outcomes), np.empty((3, outcomes))
    sums, best = np.empty(outcomes), np.empty(outcomes)
    chosen[:] = 0
    for half in range(2):
        other = 1 - half
        for tried in range(len(counts) + 1):
            count = 0 if tried == 0 else counts[tried - 1]
            if tried > 0 and not has_events(mean[other], cross[other], count, counting):
                continue
            used = fit(cross[other], count, slopes[half, tried])
            if tried > 0 and used >= number[other] - 1:
                continue
            take_out(mean[other], square[other], cross[other], count, slopes[half, tried], left_mean, left_square)
            beyond = (number[other] + 1.0 + used) / (number[other] - 1.0 - used) if number[other] > 1 else 1.0
            sums[:] = 0.0
            for k in range(outcomes):
                error = error_of_ratio(number[other], left_mean[k], left_mean[outcomes + k],
                                       left_square[0, k], left_square[1, k], left_square[2, k])  # fmt: skip
                if math.isfinite(error):
                    sums[groups[k]] += beyond * error * error
                elif tried > 0:
                    sums[groups[k]] = math.inf
            for k in range(outcomes):
                if tried == 0 or sums[groups[k]] < best[groups[k]]:
                    chosen[half, k] = tried
            for k in range(outcomes):
                best[k] = sums[k] if tried == 0 else min(best[k], sums[k])


@jit
def controlled_means(number, mean, square, cross, counts, counting, groups, out_mean, out_error):
    """Compute means and standard errors, less what controls explain.

    Parameters
    ----------
    number, mean, square, cross : array
        As of ``gather``.
    counts, counting, groups : array of int
        As for ``choose``.
    out_mean, out_error : array (m,)
        Filled. Both are NaN where no run has weight; the error is NaN for a single run.
    """
    outcomes, controls, tried = square.shape[2], cross.shape[1], len(counts)
    slopes, chosen = np.empty((2, tried + 1, controls, 2 * outcomes)), np.zeros((2, outcomes), np.int64)
    if tried > 0:
        choose(number, mean, square, cross, counts, counting, groups, slopes, chosen)
    left_mean, left_square = np.empty((2, 2 * outcomes)), np.empty((2, 3, outcomes))
    one_mean, one_square = np.empty(2 * outcomes), np.empty((3, outcomes))
    for half in range(2):
        for option in range(tried + 1):
            used = False
            for k in range(outcomes):
                used = used or chosen[half, k] == option
            if not used:
                continue
            count = 0 if option == 0 else counts[option - 1]
            take_out(mean[half], square[half], cross[half], count, slopes[half, option], one_mean, one_square)
            for k in range(outcomes):
                if chosen[half, k] == option:
                    left_mean[half, k], left_mean[half, outcomes + k] = one_mean[k], one_mean[outcomes + k]
                    for which in range(3):
                        left_square[half, which, k] = one_square[which, k]
    runs = number[0] + number[1]
    part = number[1] / runs
    both = number[0] * part
    for k in range(outcomes):
        a = left_mean[1, k] - left_mean[0, k]
        b = left_mean[1, outcomes + k] - left_mean[0, outcomes + k]
        value, weight = left_mean[0, k] + part * a, left_mean[0, outcomes + k] + part * b
        out_mean[k] = value / weight if weight != 0.0 else math.nan
        out_error[k] = error_of_ratio(
            runs, value, weight,
            left_square[0, 0, k] + left_square[1, 0, k] + both * a * a,
            left_square[0, 1, k] + left_square[1, 1, k] + both * a * b,
            left_square[0, 2, k] + left_square[1, 2, k] + both * b * b,
        )  # fmt: skip


@jit
def control_runs(runs, control, value, counts, counting, left):
    """Take what controls explain out of the values of single runs; all columns have the same number of controls.

    Parameters
    ----------
    runs : array (n,) of int
        Their numbers.
    control : array (n, c)
        Control variates.
    value : array (n, m)
        Values.
    counts, counting : array of int
        As for ``choose``.
    left : array (n, m)
        Filled: values whose means have the same expectation.
    """
    controls, outcomes = control.shape[1], value.shape[1]
    number, mean = np.zeros(2, np.int64), np.zeros((2, controls + 2 * outcomes))
    square, cross = np.zeros((2, 3, outcomes)), np.zeros((2, controls, controls + 2 * outcomes))
    slopes, chosen = np.empty((2, len(counts) + 1, controls, 2 * outcomes)), np.zeros((2, outcomes), np.int64)
    gather(runs, control, value, np.ones(value.shape), number, mean, square, cross)
    choose(number, mean, square, cross, counts, counting, np.zeros(outcomes, np.int64), slopes, chosen)
    for row in range(len(runs)):
        half = runs[row] % 2
        for k in range(outcomes):
            left[row, k] = value[row, k]
        option = chosen[half, 0]
        if option > 0:
            for i in range(counts[option - 1]):
                for k in range(outcomes):
                    left[row, k] -= control[row, i] * slopes[half, option, i, k]
