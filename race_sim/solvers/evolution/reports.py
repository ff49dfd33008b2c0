"""What evolution makes of a game, as plain values: what the catalogue's evolutionary games report."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError
from race_sim.solvers.evolution.checked import Real, probability
from race_sim.solvers.evolution.fixation import log_fixation
from race_sim.solvers.evolution.full_chain import frequency_at
from race_sim.solvers.evolution.small_mutation import log_rates, stationary_of


def plain(name: str, values: ArrayLike) -> Any:
    """Turn numbers into floats and nested lists of them, with None for NaN.

    Parameters
    ----------
    name : str
        What an error calls them.
    values : array
        Of any shape.

    Returns
    -------
    float, None or list
        Fit for JSON.

    Raises
    ------
    InputError
        For an infinite value.

    Examples
    --------
    >>> plain("payoff", [[1, np.nan], [2.5, 3]])
    [[1.0, None], [2.5, 3.0]]
    """
    array = np.asarray(values, dtype=float)
    if np.isinf(array).any():
        raise InputError(f"{name}: must be finite at these parameters, got {array[np.isinf(array)][0]}")
    if array.ndim == 0:
        return None if np.isnan(array) else float(array)
    return [plain(name, part) for part in array]


def rare_mutants(log_fixations: Real, names: Sequence[str]) -> dict[str, Any]:
    """Report what happens where mutants are rare.

    Parameters
    ----------
    log_fixations : array (q, q)
        Natural logarithms of fixation probabilities by [resident, invader].
    names : sequence of str
        Of the strategies.

    Returns
    -------
    dict
        ``log_fixation`` (resident row, invader column), ``stationary`` and ``reason``: what is wrong with it, or empty.
    """
    chain = stationary_of(log_rates(log_fixations))
    return {
        "log_fixation": plain("log_fixation", log_fixations),
        "stationary": plain("stationary", chain.probability),
        "reason": chain.reason(names),
    }


def population_results(
    payoff: Real, names: Sequence[str], population: int, beta: float, self_interaction: bool, mutation: float = 0.0
) -> dict[str, Any]:
    """Report what evolution makes of a symmetric game.

    Parameters
    ----------
    payoff : array (q, q)
        Row against column.
    names : sequence of str
        Of the strategies.
    population : int
        Players.
    beta : float
        Selection strength, per unit of payoff.
    self_interaction : bool
        Whether average payoffs include play against oneself.
    mutation : float
        Probability per step; 0 is the limit of rare mutants.

    Returns
    -------
    dict
        ``payoff``, what ``rare_mutants`` gives and, with mutation, ``frequency``: mean composition in the full chain.

    Examples
    --------
    >>> dilemma = np.array([[3.0, 0.0], [5.0, 1.0]])
    >>> sorted(population_results(dilemma, ("C", "D"), 20, 0.1, False, mutation=0.01))
    ['frequency', 'log_fixation', 'payoff', 'reason', 'stationary']
    """
    report = {"payoff": plain("payoff", payoff)}
    report |= rare_mutants(log_fixation(payoff, population, beta, self_interaction), names)
    if probability("mutation", mutation) > 0.0:
        report["frequency"] = plain("frequency", frequency_at(payoff, population, beta, mutation, self_interaction))
    return report
