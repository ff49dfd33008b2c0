"""The chain of a finite population with mutation over all its states: construction and stationary distribution.

A state holds the numbers of players of q strategies. States are numbered in lexicographic order; every transition
moves one player. The stationary distribution comes from iterative aggregation and disaggregation (Koury, McAllister
and Stewart 1984, SIAM Journal on Algebraic and Discrete Methods 5:164): Gauss-Seidel sweeps for the shape within
blocks of states, and state reduction of the chain of blocks for their weights. Nothing is subtracted.
"""

import math

import numpy as np

from race_sim.kernels.arrays import copy_into, normalise
from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.elementary import exp

TINY = 1e-290  # below which a weight is kept at this value, so that no block becomes impossible to enter


@inlined
def fermi(advantage, beta):
    """Compute the probability of copying somebody whose payoff is higher, 1 / (1 + exp(-beta advantage)).

    Parameters
    ----------
    advantage : float
        How much higher the other's payoff is.
    beta : float
        Intensity of selection, at least 0.

    Returns
    -------
    float
        In [0, 1]; no exponential overflows.

    References
    ----------
    .. [1] A. Traulsen, M. A. Nowak, J. M. Pacheco 2006, Stochastic dynamics of invasion and fixation, Physical Review E
       74:011909.
    """
    power = beta * advantage
    if power >= 0.0:
        return 1.0 / (1.0 + exp(-power))
    grown = exp(power)
    return grown / (1.0 + grown)


@inlined
def average_payoff(a, count, payoff, population, self_interaction):
    """Compute the average payoff of one player in a state of a well-mixed population.

    Parameters
    ----------
    a : int
        Its strategy.
    count : array (q,)
        Numbers of players by strategy, the player among them.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    population : int
        Number of players.
    self_interaction : bool
        Whether a player also meets itself.

    Returns
    -------
    float
        Average over all encounters.
    """
    total = 0.0
    for c in range(len(count)):
        total += count[c] * payoff[a, c]
    return total / population if self_interaction else (total - payoff[a, a]) / (population - 1.0)


@inlined
def states_with(population, strategies):
    """Count the ways to divide players among strategies, (population + strategies - 1 choose strategies - 1).

    Parameters
    ----------
    population, strategies : int
        Numbers of players and of strategies.

    Returns
    -------
    int
        Number of states of the chain.
    """
    number = 1
    for i in range(1, strategies):
        number = number * (population + i) // i
    return number


@inlined
def place(count, population):
    """Find the number of a state in lexicographic order.

    Parameters
    ----------
    count : array (q,)
        Numbers of players by strategy.
    population : int
        Their sum.

    Returns
    -------
    int
        From 0.
    """
    index = 0
    left = population
    for a in range(len(count) - 1):
        for smaller in range(count[a]):
            index += states_with(left - smaller, len(count) - a - 1)
        left -= count[a]
    return index


@jit
def all_states(population, strategies, out):
    """List every state in lexicographic order.

    Parameters
    ----------
    population, strategies : int
        Numbers of players and of strategies.
    out : array (states, strategies)
        Gets the numbers of players by strategy, one state a row.
    """
    count = np.zeros(strategies, dtype=np.int64)
    count[strategies - 1] = population
    for index in range(len(out)):
        copy_into(count, out[index])
        last = count[strategies - 1]
        count[strategies - 1] = 0
        a = strategies - 2
        if last > 0:
            count[a] += 1
            count[strategies - 1] = last - 1
        else:
            while a > 0 and count[a] == 0:
                a -= 1
            freed = count[a]
            count[a] = 0
            if a > 0:
                count[a - 1] += 1
                count[strategies - 1] = freed - 1


@jit
def transitions(states, payoff, beta, mutation, self_interaction, source, target, rate):
    """Fill in the moves of one player from strategy to strategy, and count them.

    A focal player mutates with probability ``mutation`` to one of the others' strategies, or else compares itself with
    another player and copies it with the Fermi probability.

    Parameters
    ----------
    states : array (states, q)
        Every state, in order.
    payoff : array (q, q)
        Payoff of the row's strategy against the column's.
    beta : float
        Intensity of selection.
    mutation : float
        Probability of a mutation per update, in [0, 1].
    self_interaction : bool
        Whether a player also meets itself.
    source, target, rate : array (moves,)
        Filled: from which state, to which, and with which probability per step.

    Returns
    -------
    int
        Number of moves that were filled in.
    """
    strategies = states.shape[1]
    population = states[0].sum()
    f = np.empty(strategies)
    moves = 0
    for index in range(len(states)):
        count = states[index].copy()
        for a in range(strategies):
            f[a] = average_payoff(a, count, payoff, population, self_interaction)
        for a in range(strategies):
            if count[a] == 0:
                continue
            for b in range(strategies):
                if a == b:
                    continue
                share = count[b] / (population - 1.0)
                change = mutation / (strategies - 1.0) + (1.0 - mutation) * share * fermi(f[b] - f[a], beta)
                if change > 0.0:
                    count[a] -= 1
                    count[b] += 1
                    source[moves] = index
                    target[moves] = place(count, population)
                    rate[moves] = count_share(count[a] + 1, population) * change
                    moves += 1
                    count[a] += 1
                    count[b] -= 1
    return moves


@inlined
def count_share(count, population):
    """Compute the probability that a player drawn from the population is one of a group.

    Parameters
    ----------
    count, population : int
        Size of the group and of the population.

    Returns
    -------
    float
        Their ratio.
    """
    return count / (1.0 * population)


@jit
def sweep(start, origin, rate, leaving, weight, backward):
    """Make one Gauss-Seidel sweep, weight_j = sum_i weight_i rate_ij / sum_i rate_ji.

    Parameters
    ----------
    start : array (states + 1,)
        Where the moves into each state begin; moves are sorted by target.
    origin, rate : array (moves,)
        Of each move: from which state, and its probability.
    leaving : array (states,)
        Probability of leaving each state.
    weight : array (states,)
        Changed in place.
    backward : bool
        Whether states are taken from the last to the first.
    """
    size = len(weight)
    for step in range(size):
        j = size - 1 - step if backward else step
        arriving = 0.0
        for move in range(start[j], start[j + 1]):
            arriving += weight[origin[move]] * rate[move]
        weight[j] = max(TINY, arriving / leaving[j])


@jit
def reduce_states(rate, weight):
    """Compute stationary weights of a small dense irreducible chain by state reduction.

    Parameters
    ----------
    rate : array (n, n)
        Rates between states; overwritten.
    weight : array (n,)
        Filled, up to a common factor.

    References
    ----------
    .. [1] W. K. Grassmann, M. I. Taksar, D. P. Heyman 1985, Operations Research 33:1107.
    """
    size = len(rate)
    for n in range(size - 1, 0, -1):
        leave = 0.0
        for j in range(n):
            leave += rate[n, j]
        for i in range(n):
            rate[i, n] /= leave
            if rate[i, n] > 0.0:
                for j in range(n):
                    rate[i, j] += rate[i, n] * rate[n, j]
    weight[0] = 1.0
    for n in range(1, size):
        weight[n] = 0.0
        for i in range(n):
            weight[n] += weight[i] * rate[i, n]
        if weight[n] > 1e100:
            scale = weight[n]
            for i in range(n + 1):
                weight[i] /= scale


@jit
def aggregate(start, origin, rate, block, blocks, weight):
    """Give every block of states the weight that the chain of blocks has, keeping the shape within blocks.

    Parameters
    ----------
    start : array (states + 1,)
        Where the moves into each state begin.
    origin, rate : array (moves,)
        Of each move: from which state, and its probability.
    block : array (states,)
        Number of the block that a state is in.
    blocks : int
        Number of blocks.
    weight : array (states,)
        Changed in place.
    """
    held = np.zeros(blocks)
    for j in range(len(weight)):
        held[block[j]] += weight[j]
    between = np.zeros((blocks, blocks))
    for j in range(len(weight)):
        for move in range(start[j], start[j + 1]):
            i = origin[move]
            if block[i] != block[j]:
                between[block[i], block[j]] += weight[i] / held[block[i]] * rate[move]
    new = np.empty(blocks)
    reduce_states(between, new)
    normalise(new)
    for j in range(len(weight)):
        weight[j] = max(TINY, weight[j] / held[block[j]] * new[block[j]])


@jit
def settle(start, origin, rate, leaving, block, blocks, weight, cycles, sweeps, tolerance):
    """Repeat aggregation and sweeps until the weights stand still.

    The error is the last total change, and what a geometric series of such changes would still add.

    Parameters
    ----------
    start : array (states + 1,)
        Where the moves into each state begin.
    origin, rate : array (moves,)
        Of each move: from which state, and its probability.
    leaving : array (states,)
        Probability of leaving each state.
    block : array (states,)
        Number of the block that a state is in.
    blocks : int
        Number of blocks.
    weight : array (states,)
        Start; changed in place to the stationary distribution.
    cycles, sweeps : int
        Most cycles, and Gauss-Seidel sweeps in each.
    tolerance : float
        Estimated error at which to stop.

    Returns
    -------
    tuple
        Estimated error (sum of absolute differences), and number of cycles done.
    """
    before = weight.copy()
    change = 1.0
    error = math.inf
    for cycle in range(cycles):
        aggregate(start, origin, rate, block, blocks, weight)
        for step in range(sweeps):
            sweep(start, origin, rate, leaving, weight, step % 2 == 1)
        normalise(weight)
        last = change
        change = 0.0
        for j in range(len(weight)):
            change += abs(weight[j] - before[j])
        copy_into(weight, before)
        ratio = change / last
        if ratio < 1.0:
            error = change / (1.0 - ratio)
        if error < tolerance or change < 1e-15:
            return error, cycle + 1
    return error, cycles
