"""Average payoffs in groups drawn without replacement from a finite population."""

import numpy as np

from race_sim.kernels.compile import inlined, jit


@inlined
def hypergeometric(marked, unmarked, draws, weight):
    """Fill in the probabilities of k marked among draws without replacement, by ratios from the mode outwards.

    Parameters
    ----------
    marked, unmarked : int
        Numbers of marked and of other players to draw from.
    draws : int
        How many are drawn.
    weight : array (draws + 1,)
        Filled: probability of k marked ones.
    """
    weight[:] = 0.0
    low = max(0, draws - unmarked)
    high = min(draws, marked)
    mode = min(high, max(low, ((draws + 1) * (marked + 1)) // (marked + unmarked + 2)))
    weight[mode] = 1.0
    total = 1.0
    for k in range(mode, high):
        weight[k + 1] = weight[k] * (marked - k) / (k + 1.0) * (draws - k) / (unmarked - draws + k + 1.0)
        total += weight[k + 1]
    for k in range(mode, low, -1):
        weight[k - 1] = weight[k] * k / (marked - k + 1.0) * (unmarked - draws + k) / (draws - k + 1.0)
        total += weight[k - 1]
    weight /= total


@jit
def advantages(own, other, population, out):
    """Fill in how much better players of one kind do than those of another in groups drawn at random.

    Parameters
    ----------
    own, other : array (points, N + 1)
        Payoff of a player of the first and of the second kind, by the number of its own kind in the group of N.
    population : int
        Number of players Z.
    out : array (points, Z - 1)
        Filled: average payoff of one of i = 1 to Z - 1 players of the first kind, less that of the second kind.
    """
    size = own.shape[1] - 1
    beside_own = np.empty(size)
    beside_other = np.empty(size)
    for i in range(1, population):
        hypergeometric(i - 1, population - i, size - 1, beside_own)
        hypergeometric(i, population - i - 1, size - 1, beside_other)
        for point in range(len(own)):
            gain = 0.0
            for k in range(size):
                gain += beside_own[k] * own[point, k + 1] - beside_other[k] * other[point, size - k]
            out[point, i - 1] = gain
