"""What the functions of this package accept, checked once, where it comes in."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError, checked_number, checked_numbers, checked_whole
from race_sim.solvers.game import Game

Real = NDArray[np.float64]
Payoff: TypeAlias = ArrayLike | Game
LARGEST_POPULATION = 1_000_000
LARGEST_EXPONENT = 1e300


def square_payoff(payoff: Payoff) -> Real:
    """Take the payoffs of one population from a symmetric game or an array.

    Parameters
    ----------
    payoff : array (..., q, q) or Game
        Row against column.

    Returns
    -------
    array (..., q, q)
        As floats.

    Raises
    ------
    InputError
        For another shape, fewer than two strategies, numbers that are not finite, and a game that is not symmetric.
    """
    if isinstance(payoff, Game):
        if not payoff.is_symmetric:
            raise InputError("payoff: one population needs a symmetric two-player game, got one that is not")
        return np.asarray(payoff.payoff[0])
    table = real("payoff", payoff)
    if table.ndim < 2 or table.shape[-1] != table.shape[-2] or table.shape[-1] < 2:
        raise InputError(f"payoff: must have shape (..., q, q) with q of 2 or more, got {table.shape}")
    return table


def real(name: str, values: ArrayLike) -> Real:
    """Take finite floats.

    Parameters
    ----------
    name : str
        What an error calls them.
    values : array
        Of any shape.

    Returns
    -------
    array
        As floats.

    Raises
    ------
    InputError
        For anything else.
    """
    array = checked_numbers(name, values)
    if not np.isfinite(array).all():
        raise InputError(f"{name}: must be finite, got {array[~np.isfinite(array)][0]}")
    return array


def population_size(population: int) -> int:
    """Take the size of a population.

    Parameters
    ----------
    population : int
        Players, from 2 to a million.

    Returns
    -------
    int
        The same.
    """
    return checked_whole("population", population, 2, LARGEST_POPULATION)


def probability(name: str, value: float) -> float:
    """Take a probability.

    Parameters
    ----------
    name : str
        What an error calls it.
    value : float
        In [0, 1].

    Returns
    -------
    float
        The same.

    Raises
    ------
    InputError
        Outside [0, 1].
    """
    number = checked_number(name, value)
    if not 0.0 <= number <= 1.0:
        raise InputError(f"{name}: must lie in [0, 1], got {number}")
    return number


def selection(beta: ArrayLike, largest_payoff: float, population: int) -> Real:
    """Take selection strengths: at least 0, and such that beta x payoff x Z^2 stays a float.

    Parameters
    ----------
    beta : array
        Selection strengths, per unit of payoff.
    largest_payoff : float
        The largest absolute payoff that they are to multiply.
    population : int
        Z, players.

    Returns
    -------
    array
        As floats.

    Raises
    ------
    InputError
        For a negative strength, and where a product would overflow.
    """
    strength = real("beta", beta)
    if (strength < 0.0).any():
        raise InputError(f"beta: must be at least 0, got {strength.min()}")
    if largest_payoff > LARGEST_EXPONENT / (8.0 * population**2):
        raise InputError(f"payoff: payoff x population must stay below {LARGEST_EXPONENT:g}, got {largest_payoff}")
    if float(strength.max(initial=0.0)) > LARGEST_EXPONENT / max(1.0, 8.0 * largest_payoff * population**2):
        raise InputError(f"beta: beta x payoff x population must stay below {LARGEST_EXPONENT:g}, got {strength.max()}")
    return strength


def largest(values: Real) -> float:
    """Largest absolute value.

    Parameters
    ----------
    values : array
        Of any shape.

    Returns
    -------
    float
        0 for no values.
    """
    return float(np.abs(values).max(initial=0.0))
