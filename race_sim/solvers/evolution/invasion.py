"""Who displaces whom: risk dominance, invasion diagrams, the gradient of selection."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError, checked_arguments, checked_flag, checked_names, checked_numbers
from race_sim.solvers.evolution.checked import Payoff, Real, largest, population_size, selection, square_payoff

NEUTRAL = 1e-9  # relative difference from 1/Z below which an invader counts as neutral


def risk_dominates(payoff: Payoff) -> NDArray[np.bool_]:
    """Compare every pair of strategies by risk dominance: a is risk-dominant where P_AA + P_AB > P_BA + P_BB.

    In a large population a then displaces b more easily than b displaces a, whatever the strength of selection.

    Parameters
    ----------
    payoff : array (..., q, q) or Game
        Row against column, or a symmetric game.

    Returns
    -------
    array (..., q, q) of bool
        [a, b]: whether a is risk-dominant against b.

    Examples
    --------
    >>> risk_dominates([[4, 0], [3, 2]]).tolist()
    [[False, False], [True, False]]
    """
    table = square_payoff(payoff)
    alone = np.diagonal(table, axis1=-2, axis2=-1)
    mine = alone[..., :, None] + table
    return np.asarray(mine > np.swapaxes(mine, -1, -2))


@dataclass(frozen=True)
class Invasion:
    """An arrow of an invasion diagram: who takes over from whom, and how often.

    Attributes
    ----------
    resident, invader : str
        All but one play the resident strategy, one the invading.
    relative : float
        How often the invader takes over, in times of a neutral one, 1 / Z.
    """

    resident: str
    invader: str
    relative: float

    @property
    def neutral(self) -> bool:
        """Whether it does as well as a neutral one.

        Returns
        -------
        bool
            Drift, drawn as a dashed line.
        """
        return abs(self.relative - 1.0) <= NEUTRAL


@checked_arguments(names=checked_names)
def invasions(log_fixation: ArrayLike, names: Sequence[str], population: int) -> list[Invasion]:
    """List the arrows of the invasion diagram: every pair in which the invader does no worse than a neutral one.

    Parameters
    ----------
    log_fixation : array (q, q)
        Natural logarithms of fixation probabilities by [resident, invader].
    names : sequence of str
        Of the strategies.
    population : int
        Players.

    Returns
    -------
    list of Invasion
        Strongest first.

    Raises
    ------
    InputError
        Where shapes do not fit.

    Examples
    --------
    >>> from race_sim.solvers.evolution.fixation import log_fixation
    >>> dilemma = log_fixation([[3, 0], [5, 1]], population=100, beta=0.1)
    >>> [(arrow.resident, arrow.invader) for arrow in invasions(dilemma, ("cooperate", "defect"), 100)]
    [('cooperate', 'defect')]
    """
    logs = checked_numbers("log_fixation", log_fixation)
    if logs.shape != (len(names), len(names)):
        raise InputError(f"log_fixation: must have shape {(len(names), len(names))}, got {logs.shape}")
    size = population_size(population)
    arrows = [
        Invasion(names[i], names[j], math.exp(logs[i, j] + math.log(size)))
        for i, j in np.ndindex(*logs.shape)
        if i != j and logs[i, j] + math.log(size) >= -NEUTRAL
    ]
    return sorted(arrows, key=lambda arrow: -arrow.relative)


@checked_arguments(self_interaction=checked_flag)
def gradient_of_selection(
    payoff: Payoff, population: int, beta: ArrayLike, self_interaction: bool = False
) -> tuple[Real, Real]:
    """Compute the gradient of selection T+(k) - T-(k) = (k/Z) ((Z - k)/Z) tanh(beta advantage(k) / 2).

    It is that of the first of two strategies, and vanishes at both ends. Role models are drawn from all players;
    without replacement, as ``full_chain`` has it, the gradient is Z/(Z - 1) times as large.

    Parameters
    ----------
    payoff : array (..., 2, 2) or Game
        Row against column, or a symmetric game.
    population : int
        Z, players.
    beta : array (...)
        Selection strength, per unit of payoff, broadcast against the leading axes.
    self_interaction : bool
        Whether average payoffs include play against oneself.

    Returns
    -------
    tuple of array
        The share k/Z for k = 0, ..., Z, (Z + 1,), and the gradient there, (..., Z + 1).

    Raises
    ------
    InputError
        For other than two strategies, and for arguments that do not fit.

    References
    ----------
    .. [1] Traulsen, A., Nowak, M. A., and Pacheco, J. M. (2006). Stochastic dynamics of invasion and fixation. Physical
       Review E 74:011909.

    Examples
    --------
    >>> share, gradient = gradient_of_selection([[0, 1], [1, 0]], population=10, beta=1.0)
    >>> share[gradient > 0].tolist(), abs(float(gradient[5]))
    ([0.1, 0.2, 0.3, 0.4], 0.0)
    """
    table = square_payoff(payoff)
    if table.shape[-1] != 2:
        raise InputError(f"payoff: the gradient is for two strategies, got {table.shape[-1]}")
    size = population_size(population)
    strength = selection(beta, largest(table), size)[..., None]
    k = np.arange(size + 1)
    both, mixed = (table[..., 0, j, None] - table[..., 1, j, None] for j in (0, 1))
    if self_interaction:
        advantage = (k * both + (size - k) * mixed) / size
    else:
        alone = table[..., 0, 0, None] - table[..., 1, 1, None]
        advantage = (k * both + (size - k) * mixed - alone) / (size - 1)
    return k / size, (k / size) * ((size - k) / size) * np.tanh(0.5 * strength * advantage)
