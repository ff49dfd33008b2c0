"""Where evolution dwells when mutants are rare: the chain over the states in which everybody plays alike.

A mutant takes over or dies out before the next one appears, so that the population jumps from strategy i to j with
probability rho_ij / (q - 1) per mutant [1]_ [2]_. Rates stay logarithms, and the stationary distribution is computed by
state reduction, without a subtraction.

References
----------
.. [1] Fudenberg, D., and Imhof, L. A. (2006). Imitation processes with small mutations. Journal of Economic Theory
   131:251-262.
.. [2] Fudenberg, D., Nowak, M. A., Taylor, C., and Imhof, L. A. (2006). Evolutionary game dynamics in finite
   populations with strong selection and weak mutation. Theoretical Population Biology 70:352-363.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_flag,
    checked_list,
    checked_number,
    checked_numbers,
    one_line,
)
from race_sim.kernels.evolution import log_stationary
from race_sim.solvers.evolution.checked import Payoff, Real
from race_sim.solvers.evolution.fixation import log_fixation

PATIENCE = 1e12  # mutants


@dataclass(frozen=True, eq=False)
class StationaryDistribution:
    """Shares of time in each state, and whether they say what will be seen.

    A chain is metastable where it has several closed classes once transitions that take more than ``patience`` mutants
    on average are left out: it stays in one of them for longer than anybody watches, and the start decides in which.

    Attributes
    ----------
    probability, log_probability : array (..., q)
        Shares of time and their natural logarithms; NaN where the chain is reducible.
    closed_classes : array (...) of int
        1, or the number of sets of states that are never left.
    dwelling : array (..., q) of int
        Number of the closed class of each state without those rare transitions; -1 for a state that is left.
    patience : float
        Mutants.
    """

    probability: Real
    log_probability: Real
    closed_classes: NDArray[np.int64]
    dwelling: NDArray[np.int64]
    patience: float

    @property
    def reducible(self) -> NDArray[np.bool_]:
        """Whether several sets of states are never left, so that no single distribution is stationary.

        Returns
        -------
        array (...) of bool
            For each chain.
        """
        return np.asarray(self.closed_classes > 1)

    @property
    def metastable(self) -> NDArray[np.bool_]:
        """Whether the chain stays in one of several sets of states for more than ``patience`` mutants.

        Returns
        -------
        array (...) of bool
            For each chain.
        """
        return np.asarray(self.dwelling.max(axis=-1) > 0)

    def reason(self, names: Sequence[str] = (), at: tuple[int, ...] = ()) -> str:
        """Name what is wrong with the distribution of one chain.

        Parameters
        ----------
        names : sequence of str
            Of the states; by default their numbers.
        at : tuple of int
            Which chain: its place on the leading axes.

        Returns
        -------
        str
            One line, empty where nothing is.
        """
        if not (self.reducible[at] or self.metastable[at]):
            return ""
        label = self.dwelling[at]
        names = tuple(names) or tuple(map(str, range(len(label))))
        sets = [
            "{" + ", ".join(n for n, k in zip(names, label, strict=True) if k == c) + "}" for c in set(label) - {-1}
        ]
        if self.reducible[at]:
            return f"reducible: {self.closed_classes[at]} sets of states are never left; the start decides on one"
        where = ", ".join(sets)
        return f"metastable: stays in one of {where} for more than {self.patience:g} mutants; the start decides on one"


@checked_arguments(log_probability=checked_numbers)
def log_rates(log_probability: ArrayLike) -> Real:
    """Turn log fixation probabilities into log transition rates, rho / (q - 1): mutants take any other strategy alike.

    Parameters
    ----------
    log_probability : array (..., q, q)
        Natural logarithms by [resident, invader].

    Returns
    -------
    array (..., q, q)
        Natural logarithms of rates per mutant.

    Raises
    ------
    InputError
        For another shape, and for what is no array of numbers.
    """
    logs = np.asarray(log_probability)
    if logs.ndim < 2 or logs.shape[-1] < 2:
        raise InputError(f"log_probability: must have shape (..., q, q) with q of 2 or more, got {logs.shape}")
    return logs - math.log(logs.shape[-1] - 1)


@checked_arguments(log_rate=checked_numbers, patience=checked_number)
def stationary_of(log_rate: ArrayLike, patience: float = PATIENCE) -> StationaryDistribution:
    """Compute the stationary distribution of chains given by logarithms of their transition rates.

    Parameters
    ----------
    log_rate : array (..., n, n)
        From row to column, -inf for none; the diagonal does not matter.
    patience : float
        Mutants beyond which a stay counts as metastable, see ``StationaryDistribution``.

    Returns
    -------
    StationaryDistribution
        Of each chain.

    Raises
    ------
    InputError
        For NaN or +inf off the diagonal, and for arguments that do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> two = stationary_of(np.log([[0.9, 0.1], [0.3, 0.7]]))
    >>> two.probability.round(12).tolist()
    [0.75, 0.25]
    >>> with np.errstate(divide="ignore"):
    ...     stationary_of(np.log([[1.0, 0.0], [0.0, 1.0]])).reason(("A", "B"))
    'reducible: 2 sets of states are never left; the start decides on one'
    """
    logs = np.array(log_rate, dtype=float)
    if logs.ndim < 2 or logs.shape[-1] != logs.shape[-2] or logs.shape[-1] < 1:
        raise InputError(f"log_rate: must have shape (..., n, n), got {logs.shape}")
    size = logs.shape[-1]
    logs[..., np.arange(size), np.arange(size)] = -np.inf
    if np.isnan(logs).any() or (logs == np.inf).any():
        raise InputError("log_rate: must be below infinity off the diagonal, got one that is not")
    if not patience > 0.0:
        raise InputError(f"patience: must be above 0, got {patience}")
    shape = logs.shape[:-2]
    flat = logs.reshape(-1, size, size)
    log_probability = np.empty(flat.shape[:-1])
    label, classes = np.empty(log_probability.shape, dtype=np.int64), np.empty((len(flat), 2), dtype=np.int64)
    log_stationary(flat, -math.log(patience), log_probability, label, classes)
    log_probability = log_probability.reshape(*shape, size)
    return StationaryDistribution(
        np.exp(log_probability),
        log_probability,
        classes[:, 0].reshape(shape),
        label.reshape(*shape, size),
        float(patience),
    )


@checked_arguments(self_interaction=checked_flag, patience=checked_number)
def stationary_distribution(
    payoff: Payoff, population: int, beta: ArrayLike, self_interaction: bool = False, patience: float = PATIENCE
) -> StationaryDistribution:
    """Compute the shares of time that a population with rare mutants spends in each strategy, under Fermi imitation.

    Parameters
    ----------
    payoff : array (..., q, q) or Game
        Row against column, or a symmetric game; a grid of games is one call.
    population : int
        Players.
    beta : array (...)
        Selection strength, per unit of payoff, broadcast against the leading axes.
    self_interaction : bool
        Whether a player also meets itself.
    patience : float
        Mutants beyond which a stay counts as metastable, see ``StationaryDistribution``.

    Returns
    -------
    StationaryDistribution
        With ``probability`` (..., q).

    Raises
    ------
    InputError
        For arguments that do not fit.

    References
    ----------
    .. [1] Fudenberg, D., Nowak, M. A., Taylor, C., and Imhof, L. A. (2006). Evolutionary game dynamics in finite
       populations with strong selection and weak mutation. Theoretical Population Biology 70:352-363.

    Examples
    --------
    >>> stag_hunt = [[4, 0], [3, 2]]  # the risk-dominant strategy is the second: 4 + 0 < 3 + 2
    >>> stationary_distribution(stag_hunt, population=100, beta=1.0).probability.round(6).tolist()
    [0.0, 1.0]
    """
    return stationary_of(log_rates(log_fixation(payoff, population, beta, self_interaction)), patience)


@checked_arguments(log_fixations=checked_list)
def populations_log_rates(log_fixations: Sequence[ArrayLike]) -> Real:
    """Compute log rates between the homogeneous states of several populations, each neighbouring state equally likely.

    A state has n = sum of (q_p - 1) neighbours, and each is tried with probability 1/n.

    Parameters
    ----------
    log_fixations : sequence of array (q_1, ..., q_P, q_p)
        One per population p: by the residents of all populations and the invader of p.

    Returns
    -------
    array (states, states)
        Natural logarithms, from row to column; states in the order of ``numpy.ndindex(q_1, ..., q_P)``.

    Raises
    ------
    InputError
        Where shapes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> cycle = [np.log([[[0.5, 0.1], [0.5, 0.9]], [[0.5, 0.9], [0.5, 0.1]]])] * 2
    >>> populations_log_rates(cycle).shape
    (4, 4)
    """
    tables = [checked_numbers("log_fixations", table) for table in log_fixations]
    shape = tuple(table.shape[-1] if table.ndim else 0 for table in tables)
    if sum(size - 1 for size in shape) < 1:
        raise InputError(f"log_fixations: must be one array per population, got {one_line(log_fixations)}")
    for number, table in enumerate(tables):
        if table.shape != (*shape, shape[number]):
            raise InputError(
                f"log_fixations: of population {number} must have shape {(*shape, shape[number])}, got {table.shape}"
            )
    states = list(np.ndindex(*shape))
    place = {state: index for index, state in enumerate(states)}
    neighbours = math.log(sum(size - 1 for size in shape))
    out = np.full((len(states), len(states)), -np.inf)
    for state in states:
        for number, table in enumerate(tables):
            for invader in range(shape[number]):
                if invader != state[number]:
                    next_state = (*state[:number], invader, *state[number + 1 :])
                    out[place[state], place[next_state]] = table[(*state, invader)] - neighbours
    return out
