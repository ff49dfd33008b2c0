"""Who displaces whom: risk dominance, invasion diagrams, the gradient of selection."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError
from race_sim.solvers.evolution.checked import Payoff, Real, largest, population_size, selection, square_payoff

NEUTRAL = 1e-9  # relative difference from 1/Z below which an invader counts as neutral


def risk_dominates(payoff: Payoff) -> NDArray[np.bool_]:
    """[a, b]: whether a is risk-dominant against b, P_AA + P_AB > P_BA + P_BB: in a large population a displaces b more
    easily than b displaces a, whatever the strength of selection.

    payoff: (..., q, q) or a symmetric Game; returns (..., q, q).

    >>> risk_dominates([[4, 0], [3, 2]]).tolist()
    [[False, False], [True, False]]
    """
    table = square_payoff(payoff)
    alone = np.diagonal(table, axis1=-2, axis2=-1)
    mine = alone[..., :, None] + table
    return np.asarray(mine > np.swapaxes(mine, -1, -2))


@dataclass(frozen=True)
class Invasion:
    """An arrow of an invasion diagram: one ``invader`` among ``resident`` takes over ``relative`` times as often as a
    neutral one would.
    """

    resident: str
    invader: str
    relative: float

    @property
    def neutral(self) -> bool:
        """Whether it does as well as a neutral one: drift, drawn as a dashed line."""
        return abs(self.relative - 1.0) <= NEUTRAL


def invasions(log_fixation: ArrayLike, names: Sequence[str], population: int) -> list[Invasion]:
    """The arrows of the invasion diagram: every pair in which the invader does no worse than a neutral one.

    log_fixation: (q, q), [resident, invader]. names: of the strategies. Strongest first.

    >>> from race_sim.solvers.evolution.fixation import log_fixation
    >>> dilemma = log_fixation([[3, 0], [5, 1]], population=100, beta=0.1)
    >>> [(arrow.resident, arrow.invader) for arrow in invasions(dilemma, ("cooperate", "defect"), 100)]
    [('cooperate', 'defect')]
    """
    logs = np.asarray(log_fixation, dtype=float)
    if logs.shape != (len(names), len(names)):
        raise InputError(f"log_fixation: must have shape {(len(names), len(names))}, got {logs.shape}")
    size = population_size(population)
    result = [
        Invasion(names[i], names[j], math.exp(logs[i, j] + math.log(size)))
        for i, j in np.ndindex(*logs.shape)
        if i != j and logs[i, j] + math.log(size) >= -NEUTRAL
    ]
    return sorted(result, key=lambda arrow: -arrow.relative)


def gradient_of_selection(
    payoff: Payoff, population: int, beta: ArrayLike, self_interaction: bool = False
) -> tuple[Real, Real]:
    """T+(k) - T-(k) = (k/Z) ((Z - k)/Z) tanh(beta advantage(k) / 2) of the first of two strategies, for k = 0, ..., Z.

    payoff: (..., 2, 2). Role models are drawn from all players; without replacement, as ``full_chain`` has it, the
    gradient is Z/(Z - 1) times as large. Returns k/Z (Z + 1,) and the gradient (..., Z + 1); it vanishes at both ends.

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
