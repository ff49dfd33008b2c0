"""Games of N players in groups drawn at random, without replacement, from a finite population."""

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError, checked_arguments, checked_number
from race_sim.kernels.groups import advantages
from race_sim.solvers.evolution.checked import Real, largest, population_size, real, selection
from race_sim.solvers.evolution.fixation import log_fixation_stepwise


def group_advantage(own: ArrayLike, other: ArrayLike, population: int) -> Real:
    """Compute the average payoff of a player of one kind less that of the other kind.

    Groups of N are drawn hypergeometrically, without replacement.

    Parameters
    ----------
    own : array (..., N + 1)
        Payoff of a player of the first kind in a group with 0, ..., N players of its own kind, itself included (entry 0
        does not matter).
    other : array (..., N + 1)
        The same of the second kind.
    population : int
        Z, players.

    Returns
    -------
    array (..., Z - 1)
        With 1, ..., Z - 1 players of the first kind.

    Raises
    ------
    InputError
        Where a group is larger than the population, and for arguments that do not fit.

    Examples
    --------
    >>> pairs = group_advantage([0, 0, 3], [0, 5, 1], population=4)  # a prisoner's dilemma in groups of two
    >>> pairs.round(6).tolist()  # [(k - 1) 3 + (Z - k) 0 - k 5 - (Z - k - 1) 1] / (Z - 1)
    [-2.333333, -2.666667, -3.0]
    """
    try:
        mine, theirs = np.broadcast_arrays(real("own", own), real("other", other))
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"own: must fit other, got shapes {np.shape(own)} and {np.shape(other)}") from None
    size = population_size(population)
    members = mine.shape[-1] - 1 if mine.ndim else 0
    if not 2 <= members <= size:
        raise InputError(f"own: must be for groups of 2 to {size} players, got {members}")
    shape = mine.shape[:-1]
    flat = [np.ascontiguousarray(values).reshape(-1, members + 1) for values in (mine, theirs)]
    out = np.empty((len(flat[0]), size - 1))
    advantages(flat[0], flat[1], size, out)
    return out.reshape(*shape, size - 1)


@checked_arguments(beta=checked_number)
def group_log_fixation(payoff: ArrayLike, population: int, beta: float) -> Real:
    """Compute log fixation probabilities under Fermi imitation of strategies that play in groups.

    Parameters
    ----------
    payoff : array (..., q, q, N + 1)
        [a, b, k]: what a player of a gets in a group with k players of a, itself included, and N - k of b.
    population : int
        Players.
    beta : float
        Selection strength, per unit of payoff.

    Returns
    -------
    array (..., q, q)
        Natural logarithms by [resident, invader], NaN on the diagonal.

    Raises
    ------
    InputError
        For arguments that do not fit.

    Examples
    --------
    >>> same = group_log_fixation([[[0, 1, 1, 1], [0, 1, 1, 1]]] * 2, population=20, beta=1.0)
    >>> float(np.exp(same[0, 1]).round(12))
    0.05
    """
    table = real("payoff", payoff)
    if table.ndim < 3 or table.shape[-3] != table.shape[-2]:
        raise InputError(f"payoff: must have shape (..., q, q, N + 1), got {table.shape}")
    size = population_size(population)
    strength = float(selection(beta, largest(table), size))
    out = np.full(table.shape[:-1], np.nan)
    for resident in range(table.shape[-2]):
        for invader in range(table.shape[-2]):
            if invader != resident:
                gain = group_advantage(table[..., invader, resident, :], table[..., resident, invader, :], size)
                out[..., resident, invader] = log_fixation_stepwise(-strength * gain)
    return out
