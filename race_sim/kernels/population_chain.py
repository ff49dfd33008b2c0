"""The chain of a finite population with mutation over all its states: construction and stationary distribution.

A state holds the numbers of players of q strategies. States are numbered in lexicographic order; every transition
moves one player. The stationary distribution comes from iterative aggregation and disaggregation (Koury, McAllister
and Stewart 1984, SIAM Journal on Algebraic and Discrete Methods 5:164): Gauss-Seidel sweeps for the shape within
blocks of states, and state reduction of the chain of blocks for their weights. Nothing is subtracted.
"""

import math

import numpy as np

from race_sim.kernels.compile import inlined, jit

TINY = 1e-290  # below which a weight is kept at this value, so that no block becomes impossible to enter


@inlined
def fermi(advantage, beta):
    """Probability of copying somebody whose payoff is higher by ``advantage``."""
    power = beta * advantage
    if power >= 0.0:
        return 1.0 / (1.0 + math.exp(-power))
    grown = math.exp(power)
    return grown / (1.0 + grown)


@inlined
def average_payoff(a, count, payoff, population, self_interaction):
    """Average payoff of a player of strategy ``a`` who meets everybody else, or everybody, in this state."""
    total = 0.0
    for c in range(len(count)):
        total += count[c] * payoff[a, c]
    return total / population if self_interaction else (total - payoff[a, a]) / (population - 1.0)


@inlined
def states_with(population, strategies):
    """Number of states: ways to divide ``population`` players among ``strategies``."""
    number = 1
    for i in range(1, strategies):
        number = number * (population + i) // i
    return number


@inlined
def place(count, population):
    """Number of a state in lexicographic order."""
    index = 0
    left = population
    for a in range(len(count) - 1):
        for smaller in range(count[a]):
            index += states_with(left - smaller, len(count) - a - 1)
        left -= count[a]
    return index


@jit
def all_states(population, strategies):
    """Every state, (states, strategies), in lexicographic order."""
    out = np.zeros((states_with(population, strategies), strategies), dtype=np.int64)
    count = np.zeros(strategies, dtype=np.int64)
    count[strategies - 1] = population
    for index in range(len(out)):
        out[index] = count
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
    return out


@jit
def transitions(states, payoff, beta, mutation, self_interaction, source, target, rate):
    """Fill the moves of one player from strategy to strategy: (moves,) each; returns how many there are.

    A focal player mutates with probability ``mutation`` to one of the others' strategies, or else compares itself with
    another player and copies it with the Fermi probability.
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
    """Probability that a player drawn from the population is one of ``count``."""
    return count / (1.0 * population)


@jit
def sweep(start, origin, rate, leaving, weight, backward):
    """One Gauss-Seidel sweep: weight_j = sum_i weight_i rate_ij / sum_i rate_ji. Moves are sorted by target."""
    size = len(weight)
    for step in range(size):
        j = size - 1 - step if backward else step
        arriving = 0.0
        for move in range(start[j], start[j + 1]):
            arriving += weight[origin[move]] * rate[move]
        weight[j] = max(TINY, arriving / leaving[j])


@jit
def reduce_states(rate, weight):
    """Stationary weights of a small dense irreducible chain by state reduction; overwrites ``rate``."""
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
            weight[: n + 1] /= weight[n]


@jit
def aggregate(start, origin, rate, block, blocks, weight):
    """Give every block of states the weight that the chain of blocks has, keeping the shape within blocks."""
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
    new /= new.sum()
    for j in range(len(weight)):
        weight[j] = max(TINY, weight[j] / held[block[j]] * new[block[j]])


@jit
def settle(start, origin, rate, leaving, block, blocks, weight, cycles, sweeps, tolerance):
    """Cycles of aggregation and sweeps until the weights stand still; returns (estimated error, cycles done).

    The error is the last total change, and what a geometric series of such changes would still add.
    """
    before = weight.copy()
    change = 1.0
    error = math.inf
    for cycle in range(cycles):
        aggregate(start, origin, rate, block, blocks, weight)
        for step in range(sweeps):
            sweep(start, origin, rate, leaving, weight, step % 2 == 1)
        weight /= weight.sum()
        last = change
        change = np.abs(weight - before).sum()
        before[:] = weight
        ratio = change / last
        if ratio < 1.0:
            error = change / (1.0 - ratio)
        if error < tolerance or change < 1e-15:
            return error, cycle + 1
    return error, cycles
