"""Fixation probabilities of one invader in a population of residents, as natural logarithms.

Fermi imitation [1]_: a player that compares itself with another of payoff f' copies it with probability
1 / (1 + exp(-beta (f' - f))). With k invaders, T-/T+ = exp(-beta advantage(k)), hence
rho = 1 / (1 + sum_{i=1}^{Z-1} prod_{j=1}^{i} T-(j)/T+(j)), and 1/Z without selection.

References
----------
.. [1] Traulsen, A., Nowak, M. A., and Pacheco, J. M. (2006). Stochastic dynamics of invasion and fixation. Physical
   Review E 74:011909.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError, checked_arguments, checked_flag, checked_number, checked_text
from race_sim.kernels.evolution import pair_log_fixation, steps_log_fixation
from race_sim.solvers.evolution.checked import Payoff, Real, largest, population_size, real, selection, square_payoff

Fitness = Literal["linear", "exponential"]


@checked_arguments(self_interaction=checked_flag)
def log_fixation(payoff: Payoff, population: int, beta: ArrayLike, self_interaction: bool = False) -> Real:
    """Compute log fixation probabilities under Fermi imitation, for every pair of strategies.

    With k invaders A among Z players, A earns on average [(k - 1) P_AA + (Z - k) P_AB] / (Z - 1), or
    [k P_AA + (Z - k) P_AB] / Z with self-interaction. It never underflows.

    Parameters
    ----------
    payoff : array (..., q, q) or Game
        Row against column, or a symmetric game.
    population : int
        Z, players.
    beta : array (...)
        Selection strength, per unit of payoff, broadcast against the leading axes.
    self_interaction : bool
        Whether a player also meets itself.

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
    >>> import numpy as np
    >>> neutral = log_fixation([[1, 1], [1, 1]], population=50, beta=1.0)
    >>> float(np.exp(neutral[0, 1])) * 50
    1.0
    >>> bool(log_fixation([[0, 0], [1e4, 1e4]], population=500, beta=1.0)[1, 0] < -4e6)
    True
    """
    table = square_payoff(payoff)
    size = population_size(population)
    beta = selection(beta, largest(table), size)
    shape = np.broadcast_shapes(table.shape[:-2], beta.shape)
    strategies = table.shape[-1]
    flat = np.ascontiguousarray(np.broadcast_to(table, (*shape, strategies, strategies)))
    flat = flat.reshape(-1, strategies, strategies)
    strength = np.ascontiguousarray(np.broadcast_to(beta, shape)).reshape(-1)
    out = np.empty_like(flat)
    pair_log_fixation(flat, size, strength, self_interaction, out)
    return out.reshape(*shape, strategies, strategies)


def log_fixation_stepwise(log_ratio: ArrayLike) -> Real:
    """Compute the log fixation probability of any birth-death process.

    Parameters
    ----------
    log_ratio : array (..., Z - 1)
        Logarithms of T-/T+ with 1, ..., Z - 1 invaders; under Fermi imitation it is -beta x advantage.

    Returns
    -------
    array (...)
        Natural logarithms.

    Raises
    ------
    InputError
        Where a ratio, or the sum of them, is not finite, and for no ratios at all.

    Examples
    --------
    >>> ratio = 0.5  # a constant T-/T+ is the gambler's ruin: (1 - 1/2) / (1 - 1/2^3)
    >>> round(float(np.exp(log_fixation_stepwise(np.log([ratio, ratio])))), 6), round((1 - 0.5) / (1 - 0.5**3), 6)
    (0.571429, 0.571429)
    """
    steps = real("log_ratio", log_ratio)
    if steps.ndim < 1 or steps.shape[-1] < 1:
        raise InputError(f"log_ratio: must have shape (..., Z - 1), got {steps.shape}")
    if not np.isfinite(np.abs(steps).sum(axis=-1)).all():
        raise InputError("log_ratio: sums must stay finite, got one that does not")
    flat = np.ascontiguousarray(steps).reshape(-1, steps.shape[-1])
    out = np.empty(len(flat))
    steps_log_fixation(flat, out)
    logs: Real = out.reshape(steps.shape[:-1])
    return logs


@checked_arguments(beta=checked_number)
def log_fixation_constant(advantage: ArrayLike, population: int, beta: float) -> Real:
    """Compute the log fixation probability of an invader whose payoff exceeds the residents' by a constant.

    (1 - exp(-beta d)) / (1 - exp(-beta d Z)): so it is where payoffs come from another population, whose state stands
    still.

    Parameters
    ----------
    advantage : array (...)
        By how much, d, in units of the payoffs; negative for a disadvantage.
    population : int
        Z, players.
    beta : float
        Selection strength, per unit of payoff.

    Returns
    -------
    array (...)
        Natural logarithms.

    Raises
    ------
    InputError
        For arguments that do not fit.

    Examples
    --------
    >>> float(np.exp(log_fixation_constant(0.0, 100, 1.0)).round(12))
    0.01
    """
    gain = real("advantage", advantage)
    size = population_size(population)
    strength = float(selection(beta, largest(gain), size))
    step = strength * np.abs(gain)
    with np.errstate(divide="ignore", invalid="ignore"):
        favoured = np.log(-np.expm1(-step)) - np.log(-np.expm1(-step * size))
    favoured = np.where(step * size < 1e-12, -np.log(size), favoured)
    logs: Real = np.where(gain < 0.0, favoured - step * (size - 1), favoured)
    return logs


@checked_arguments(intensity=checked_number, fitness=checked_text, self_interaction=checked_flag)
def log_fixation_moran(
    payoff: Payoff, population: int, intensity: float, fitness: Fitness = "linear", self_interaction: bool = False
) -> Real:
    """Compute log fixation probabilities in the Moran process: T-/T+ is the residents' fitness over the invaders'.

    Parameters
    ----------
    payoff : array (..., q, q) or Game
        Row against column, or a symmetric game.
    population : int
        Players.
    intensity : float
        The part w of fitness that payoff decides.
    fitness : {"linear", "exponential"}
        1 - w + w payoff, or exp(w payoff).
    self_interaction : bool
        Whether a player also meets itself.

    Returns
    -------
    array (..., q, q)
        Natural logarithms by [resident, invader], NaN on the diagonal.

    Raises
    ------
    InputError
        Where a linear fitness is not positive, and for arguments that do not fit.

    Examples
    --------
    >>> r = 2.0  # a constant fitness r: (1 - 1/r) / (1 - 1/r^Z)
    >>> logs = log_fixation_moran([[1, 1], [r, r]], population=10, intensity=1.0)
    >>> bool(abs(np.exp(logs[0, 1]) - (1 - 1 / r) / (1 - r**-10)) < 1e-15)
    True
    """
    if fitness == "exponential":
        return log_fixation(payoff, population, intensity, self_interaction)
    if fitness != "linear":
        raise InputError(f"fitness: must be 'linear' or 'exponential', got {fitness!r}")
    table = square_payoff(payoff)
    size = population_size(population)
    strategies = table.shape[-1]
    counts = np.arange(1, size)
    out = np.full(table.shape, np.nan)
    for b in range(strategies):
        for a in range(strategies):
            if a != b:
                logs = [
                    np.log(_moran_fitness(table, x, y, own, size, intensity, self_interaction))
                    for x, y, own in ((b, a, size - counts), (a, b, counts))
                ]
                out[..., b, a] = log_fixation_stepwise(logs[0] - logs[1])
    return out


def _moran_fitness(
    table: Real, a: int, b: int, own: np.ndarray, population: int, intensity: float, self_interaction: bool
) -> Real:
    itself = 0 if self_interaction else 1
    alike, other = table[..., a, a, None], table[..., a, b, None]
    average = (alike * (own - itself) + other * (population - own)) / (population - itself)
    fitness: Real = 1.0 - intensity + intensity * average
    if (fitness <= 0.0).any():
        raise InputError(f"intensity: 1 - w + w payoff must stay above 0, got {fitness.min():g} at w = {intensity}")
    return fitness
