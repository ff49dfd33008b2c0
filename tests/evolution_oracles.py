"""Slow and certain ways to the same numbers: exact fractions, arbitrary precision, brute force."""

from fractions import Fraction
from itertools import product

import mpmath
import numpy as np


def advantage(payoff, a, b, k, population, self_interaction):
    """Average payoff of a among k players of a and Z - k of b, less that of b; in the arithmetic of ``payoff``."""
    itself = 0 if self_interaction else 1
    mine = payoff[a][a] * (k - itself) + payoff[a][b] * (population - k)
    other = payoff[b][a] * k + payoff[b][b] * (population - k - itself)
    return (mine - other) / (population - itself)


def log_fixation(payoff, population, beta, self_interaction=False, digits=60):
    """Log fixation probabilities with as many digits as asked for, [resident][invader]."""
    with mpmath.workdps(digits):
        table = [[mpmath.mpf(float(x)) for x in row] for row in payoff]
        size = len(table)
        out = [[None] * size for _ in range(size)]
        for b, a in product(range(size), repeat=2):
            if a != b:
                total, power = mpmath.mpf(1), mpmath.mpf(0)
                for k in range(1, population):
                    power -= mpmath.mpf(beta) * advantage(table, a, b, k, population, self_interaction)
                    total += mpmath.exp(power)
                out[b][a] = -mpmath.log(total)
        return out


def tree_stationary(rate):
    """Stationary distribution by the Markov-chain-tree theorem, in the arithmetic of ``rate``; up to four states."""
    size = len(rate)
    weight = []
    for root in range(size):
        others = [i for i in range(size) if i != root]
        total = 0 * rate[0][1]
        for parents in product(range(size), repeat=len(others)):
            chosen = dict(zip(others, parents, strict=True))
            if all(_reaches(i, root, chosen) for i in others):
                term = 1 + total * 0
                for i, j in chosen.items():
                    term = term * rate[i][j]
                total = total + term
        weight.append(total)
    return [w / sum(weight) for w in weight]


def _reaches(i, root, parent):
    for _ in range(len(parent) + 1):
        if i == root:
            return True
        i = parent[i]
    return False


def random_rates(size, rng):
    """A random chain in exact fractions."""
    return [[Fraction(int(rng.integers(1, 1000)), 10_000) for _ in range(size)] for _ in range(size)]


def brute_force_chain(payoff, population, beta, mutation):
    """States and dense transition matrix of the process, straight from its definition, player by player."""
    size = len(payoff)
    states = [s for s in product(range(population + 1), repeat=size) if sum(s) == population]
    place = {s: i for i, s in enumerate(states)}
    matrix = np.zeros((len(states), len(states)))
    for state in states:
        players = [a for a, count in enumerate(state) for _ in range(count)]
        f = [(sum(payoff[a][c] * state[c] for c in range(size)) - payoff[a][a]) / (population - 1) for a in range(size)]

        def move(old, new, chance, state=state):
            after = list(state)
            after[old] -= 1
            after[new] += 1
            matrix[place[state], place[tuple(after)]] += chance

        for focal, old in enumerate(players):
            for new in range(size):
                if new != old:
                    move(old, new, mutation / (size - 1) / population)
            for model, new in enumerate(players):
                if model != focal:
                    copies = 1 / (1 + np.exp(-beta * (f[new] - f[old])))
                    chance = (1 - mutation) / population / (population - 1)
                    move(old, new, chance * copies)
                    move(old, old, chance * (1 - copies))
    return states, matrix
