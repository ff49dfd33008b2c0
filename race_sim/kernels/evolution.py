"""Fixation probabilities and stationary distributions, all in logarithms: beta x payoff x Z reaches a million.

Nothing is subtracted that could cancel: sums of exponentials around their largest term, and the state reduction of
Grassmann, Taksar and Heyman (1985, Operations Research 33:1107) with logarithms in place of numbers.
"""

import math

import numpy as np

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.elementary import exp, log, log1p

NEGLIGIBLE = -50.0  # a term e^-50 of the largest is below rounding, were there ten thousand of them


@inlined
def log_add(x, y):
    """Compute log(e^x + e^y) without overflow.

    Parameters
    ----------
    x, y : float
        Logarithms; -inf stands for 0.

    Returns
    -------
    float
        The logarithm of the sum.
    """
    if x < y:
        x, y = y, x
    return x if y == -math.inf else x + log1p(exp(y - x))


@inlined
def log_fixation_from(log_sum):
    """Compute log(1 / (1 + e^log_sum)), to full relative precision at either end.

    Parameters
    ----------
    log_sum : float
        Logarithm of the sum of products of T-/T+.

    Returns
    -------
    float
        Logarithm of the fixation probability.
    """
    if log_sum > 0.0:
        return -(log_sum + log1p(exp(-log_sum)))
    return -log1p(exp(log_sum))


@inlined
def linear_log_fixation(both, mixed, alone, population, beta, self_interaction):
    """Compute the fixation probability of one A among B where A's advantage is linear in the number k of its players.

    The advantage is [k both + (Z - k) mixed - alone] / (Z - 1), or with self-interaction [k both + (Z - k) mixed] / Z;
    its sum over k = 1..i is a polynomial in i.

    Parameters
    ----------
    both, mixed, alone : float
        P_AA - P_BA, P_AB - P_BB, P_AA - P_BB.
    population : int
        Number of players Z.
    beta : float
        Intensity of selection.
    self_interaction : bool
        Whether a player also meets itself.

    Returns
    -------
    float
        Natural logarithm of the probability.

    References
    ----------
    .. [1] A. Traulsen, M. A. Nowak, J. M. Pacheco 2006, Physical Review E 74:011909.
    """
    scale = -beta / population
    if not self_interaction:
        scale = -beta / (population - 1.0)
    else:
        alone = 0.0
    bend = scale * 0.5 * (both - mixed)
    slope = bend + scale * (mixed * population - alone)
    last = population - 1
    largest = max(bend + slope, (bend * last + slope) * last)
    if bend < 0.0:
        vertex = min(float(last), max(1.0, math.floor(-0.5 * slope / bend + 0.5)))
        largest = max(largest, (bend * vertex + slope) * vertex)
    total = 0.0
    for i in range(1, population):
        power = min(0.0, (bend * i + slope) * i - largest)  # beyond 1e16, rounding alone can lift it above 0
        if power > NEGLIGIBLE:
            total += exp(power)
    return log_fixation_from(largest + log(total))


@jit
def pair_log_fixation(payoff, population, beta, self_interaction, out):
    """Fill in fixation probabilities of every strategy among every other.

    Parameters
    ----------
    payoff : array (points, q, q)
        Payoff of the row's strategy against the column's, at each point.
    population : int
        Number of players.
    beta : array (points,)
        Intensity of selection at each point.
    self_interaction : bool
        Whether a player also meets itself.
    out : array (points, q, q)
        Filled: natural logarithms at [point, resident, invader], NaN on the diagonal.
    """
    for point in range(len(payoff)):
        table = payoff[point]
        for b in range(table.shape[0]):
            out[point, b, b] = math.nan
            for a in range(table.shape[0]):
                if a != b:
                    both = table[a, a] - table[b, a]
                    mixed = table[a, b] - table[b, b]
                    alone = table[a, a] - table[b, b]
                    out[point, b, a] = linear_log_fixation(
                        both, mixed, alone, population, beta[point], self_interaction
                    )


@jit
def steps_log_fixation(log_ratio, out):
    """Fill in fixation probabilities from ratios of step probabilities.

    Parameters
    ----------
    log_ratio : array (points, Z - 1)
        Logarithm of T-/T+ with 1 to Z - 1 invaders.
    out : array (points,)
        Filled: natural logarithms.
    """
    for point in range(len(log_ratio)):
        power = 0.0
        largest = -math.inf
        for i in range(log_ratio.shape[1]):
            power += log_ratio[point, i]
            largest = max(largest, power)
        power = 0.0
        total = 0.0
        for i in range(log_ratio.shape[1]):
            power += log_ratio[point, i]
            if power - largest > NEGLIGIBLE:
                total += exp(power - largest)
        out[point] = log_fixation_from(largest + log(total))


@inlined
def reachable(log_rate, least, reach):
    """Fill in which states can be reached from which.

    Parameters
    ----------
    log_rate : array (n, n)
        Logarithms of transition rates; -inf where there is no transition.
    least : float
        Transitions count that have a log rate above it.
    reach : array (n, n)
        Filled: whether column j can be reached from row i.
    """
    size = len(log_rate)
    for i in range(size):
        for j in range(size):
            reach[i, j] = i == j or log_rate[i, j] > least
    for k in range(size):
        for i in range(size):
            if reach[i, k]:
                for j in range(size):
                    reach[i, j] |= reach[k, j]


@inlined
def closed_class(reach, label):
    """Label closed classes, and count them.

    Parameters
    ----------
    reach : array (n, n)
        Whether column j can be reached from row i.
    label : array (n,)
        Filled: number of the closed class that a state is in, -1 for a transient state.

    Returns
    -------
    int
        Number of closed classes.
    """
    size = len(reach)
    count = 0
    for i in range(size):
        label[i] = -1
        closed = True
        for j in range(size):
            if reach[i, j]:
                closed &= reach[j, i]
        if closed:
            for j in range(i):
                if reach[i, j]:
                    label[i] = label[j]
                    break
            if label[i] < 0:
                label[i] = count
                count += 1
    return count


@inlined
def log_gth(log_rate, log_probability):
    """Compute the log stationary distribution of an irreducible chain, by state reduction without subtraction.

    Parameters
    ----------
    log_rate : array (n, n)
        Logarithms of transition rates; the diagonal is ignored; overwritten.
    log_probability : array (n,)
        Filled: natural logarithms.

    References
    ----------
    .. [1] W. K. Grassmann, M. I. Taksar, D. P. Heyman 1985, Operations Research 33:1107.
    """
    size = len(log_rate)
    for n in range(size - 1, 0, -1):
        leave = -math.inf
        for j in range(n):
            leave = log_add(leave, log_rate[n, j])
        for i in range(n):
            log_rate[i, n] -= leave
            for j in range(n):
                if i != j:
                    log_rate[i, j] = log_add(log_rate[i, j], log_rate[i, n] + log_rate[n, j])
    log_probability[0] = 0.0
    total = 0.0
    for n in range(1, size):
        weight = -math.inf
        for i in range(n):
            weight = log_add(weight, log_probability[i] + log_rate[i, n])
        log_probability[n] = weight
        total = log_add(total, weight)
    for n in range(size):
        log_probability[n] -= total


@jit
def log_stationary(log_rate, least, log_probability, label, seen):
    """Compute stationary distributions of chains, and how many closed classes each has.

    Parameters
    ----------
    log_rate : array (points, n, n)
        Logarithms of transition rates; -inf where there is no transition.
    least : float
        Log rate up to which a transition counts as none in the second count of classes.
    log_probability : array (points, n)
        Filled: natural logarithms; NaN where there are several closed classes, -inf for transient states.
    label : array (points, n)
        Filled: closed classes of the chain without transitions of log rate up to ``least``.
    seen : array (points, 2)
        Filled: number of closed classes of the chain, and of the chain without those transitions.
    """
    size = log_rate.shape[1]
    reach = np.empty((size, size), dtype=np.bool_)
    member, inside = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for point in range(len(log_rate)):
        reachable(log_rate[point], least, reach)
        seen[point, 1] = closed_class(reach, label[point])
        reachable(log_rate[point], -math.inf, reach)
        seen[point, 0] = closed_class(reach, member)
        if seen[point, 0] > 1:
            log_probability[point, :] = math.nan
            continue
        states = 0
        for i in range(size):
            if member[i] == 0:
                inside[states] = i
                states += 1
        work = np.empty((states, states))
        for i in range(states):
            for j in range(states):
                work[i, j] = log_rate[point, inside[i], inside[j]]
        result = np.empty(states)
        log_gth(work, result)
        log_probability[point, :] = -math.inf
        for i in range(states):
            log_probability[point, inside[i]] = result[i]
