"""Where evolution dwells when mutants are rare: the chain over the states in which everybody plays alike.

A mutant takes over or dies out before the next one appears, so that the population jumps from strategy i to j with
probability rho_ij / (q - 1) per mutant (Fudenberg and Imhof 2006, Journal of Economic Theory 131:251). Rates stay
logarithms, and the stationary distribution is found by state reduction, without a subtraction.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError
from race_sim.kernels.evolution import log_stationary
from race_sim.solvers.evolution.checked import Payoff, Real
from race_sim.solvers.evolution.fixation import log_fixation

PATIENCE = 1e12  # mutants


@dataclass(frozen=True, eq=False)
class StationaryDistribution:
    """Shares of time in each state, and whether they say what will be seen.

    probability, log_probability: (..., q); NaN where the chain is reducible. closed_classes (...): 1, or the number of
    sets of states that are never left. dwelling (..., q): the same without transitions that take more than
    ``patience`` mutants on average: number of the closed class of each state, -1 for one that is left. A chain is
    metastable where there are several of these: it stays in one of them for longer than anybody watches, and the start
    decides in which.
    """

    probability: Real
    log_probability: Real
    closed_classes: NDArray[np.int64]
    dwelling: NDArray[np.int64]
    patience: float

    @property
    def reducible(self) -> NDArray[np.bool_]:
        """(...): whether several sets of states are never left, so that no single distribution is stationary."""
        return np.asarray(self.closed_classes > 1)

    @property
    def metastable(self) -> NDArray[np.bool_]:
        """(...): whether the chain stays in one of several sets of states for more than ``patience`` mutants."""
        return np.asarray(self.dwelling.max(axis=-1) > 0)

    def reason(self, names: Sequence[str] = (), at: tuple[int, ...] = ()) -> str:
        """One line on what is wrong with the distribution at a grid point, empty where nothing is."""
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


def log_rates(log_probability: ArrayLike) -> Real:
    """log of rho / (q - 1) from log fixation probabilities (..., q, q): mutants take any other strategy alike."""
    logs = np.asarray(log_probability, dtype=float)
    return logs - math.log(logs.shape[-1] - 1)


def stationary_of(log_rate: ArrayLike, patience: float = PATIENCE) -> StationaryDistribution:
    """The stationary distribution of chains given by logarithms of their transition rates.

    log_rate: (..., n, n), from row to column, -inf for none; the diagonal does not matter. patience: see
    ``StationaryDistribution``. Raises InputError for NaN or +inf off the diagonal.

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
    result = np.empty(flat.shape[:-1])
    label, seen = np.empty(result.shape, dtype=np.int64), np.empty((len(flat), 2), dtype=np.int64)
    log_stationary(flat, -math.log(patience), result, label, seen)
    result = result.reshape(*shape, size)
    return StationaryDistribution(
        np.exp(result), result, seen[:, 0].reshape(shape), label.reshape(*shape, size), float(patience)
    )


def stationary_distribution(
    payoff: Payoff, population: int, beta: ArrayLike, self_interaction: bool = False, patience: float = PATIENCE
) -> StationaryDistribution:
    """Shares of time that a population with rare mutants spends in each strategy, under Fermi imitation.

    Arguments as in ``log_fixation``; payoff (..., q, q) gives probability (..., q), so a grid of games is one call.

    >>> stag_hunt = [[4, 0], [3, 2]]  # the risk-dominant strategy is the second: 4 + 0 < 3 + 2
    >>> stationary_distribution(stag_hunt, population=100, beta=1.0).probability.round(6).tolist()
    [0.0, 1.0]
    """
    return stationary_of(log_rates(log_fixation(payoff, population, beta, self_interaction)), patience)


def populations_log_rates(log_fixations: Sequence[ArrayLike]) -> Real:
    """log rates between the homogeneous states of several populations, each neighbouring state equally likely.

    log_fixations: for population p an array (q_1, ..., q_P, q_p): residents of all populations, invader of p. A state
    has n = sum of (q_p - 1) neighbours, and each is tried with probability 1/n. Returns (states, states), states in
    the order of ``numpy.ndindex(q_1, ..., q_P)``.

    >>> import numpy as np
    >>> cycle = [np.log([[[0.5, 0.1], [0.5, 0.9]], [[0.5, 0.9], [0.5, 0.1]]])] * 2
    >>> populations_log_rates(cycle).shape
    (4, 4)
    """
    tables = [np.asarray(table, dtype=float) for table in log_fixations]
    shape = tuple(table.shape[-1] for table in tables)
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
