"""A finite population with mutation, exactly: the Markov chain over its states, sparse, as a step moves one player."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_arguments, checked_flag, checked_number
from race_sim.kernels import population_chain as kernel
from race_sim.solvers.evolution.checked import (
    Payoff,
    Real,
    largest,
    population_size,
    probability,
    real,
    selection,
    square_payoff,
)
from race_sim.solvers.evolution.small_mutation import PATIENCE

LARGEST_CHAIN = 1_000_000  # states
BLOCKS = 300
CYCLES, SWEEPS, TOLERANCE = 2000, 4, 1e-12


@dataclass(frozen=True, eq=False)
class FullChain:
    """The stationary distribution of a finite population at finite mutation.

    Attributes
    ----------
    states : array (n, q) of int
        Numbers of players of each strategy, in every state.
    stationary : array (n,)
        Share of time in each state; sums to 1.
    matrix : sparse array (n, n)
        Transition probabilities from row to column, of SciPy.
    error : float
        Estimated total error of ``stationary``.
    dwell : float
        Mean number of steps that the population stays on one side of the most rarely crossed line "at most m players of
        strategy a", the shorter of the two sides' stays.
    patience : float
        Steps beyond which a stay counts as metastable.
    """

    states: NDArray[np.int64]
    stationary: Real
    matrix: Any
    error: float
    dwell: float
    patience: float = PATIENCE

    @property
    def frequency(self) -> Real:
        """Average composition of the population.

        Returns
        -------
        array (q,)
            Shares of strategies.
        """
        return np.asarray(self.stationary @ self.states / self.states[0].sum())

    @property
    def metastable(self) -> bool:
        """Whether the population stays on either side of some line for more than ``patience`` steps at a time.

        Returns
        -------
        bool
            The start then decides what is seen, not the stationary distribution.
        """
        return not self.dwell < self.patience

    @property
    def converged(self) -> bool:
        """Whether the estimated error is below 1e-9.

        Returns
        -------
        bool
            False where the iteration stopped early.
        """
        return self.error < 1e-9

    @property
    def reason(self) -> str:
        """Name what is wrong with the distribution.

        Returns
        -------
        str
            One line, empty where nothing is.
        """
        faults = []
        if self.metastable:
            faults.append(f"metastable: stays apart for {self.dwell:.3g} steps at a time; the start decides where")
        if not self.converged:
            faults.append(f"not converged: the estimated error is {self.error:.3g}")
        return "; ".join(faults)


@checked_arguments(beta=checked_number, self_interaction=checked_flag)
def full_chain(
    payoff: Payoff, population: int, beta: float, mutation: float, self_interaction: bool = False
) -> FullChain:
    """Solve the exact chain of a well-mixed population whose players imitate and mutate.

    At each step a focal player is drawn. With probability mu it takes one of the other strategies, each as likely; else
    it draws a role model among the other Z - 1 players and copies it with probability 1 / (1 + exp(-beta (f' - f))),
    where f are average payoffs.

    Parameters
    ----------
    payoff : array (q, q) or Game
        Row against column, or a symmetric game.
    population : int
        Z, players.
    beta : float
        Selection strength, per unit of payoff.
    mutation : float
        Probability mu per step, above 0.
    self_interaction : bool
        Whether average payoffs include play against oneself.

    Returns
    -------
    FullChain
        States, stationary distribution and how far it can be trusted.

    Raises
    ------
    InputError
        For arguments that do not fit, and beyond a million states.

    Examples
    --------
    >>> chain = full_chain([[3, 0], [5, 1]], population=50, beta=1.0, mutation=0.01)
    >>> chain.matrix.shape, chain.frequency.round(4).tolist(), chain.reason
    ((51, 51), [0.0198, 0.9802], '')
    """
    table = square_payoff(payoff)
    if table.ndim != 2:
        raise InputError(f"payoff: must have shape (q, q), got {table.shape}")
    size, strategies = population_size(population), len(table)
    strength = float(selection(beta, largest(table), size))
    chance = probability("mutation", mutation)
    if chance == 0.0:
        raise InputError("mutation: must be above 0, or the chain has no single stationary distribution, got 0")
    number = math.comb(size + strategies - 1, strategies - 1)
    if number > LARGEST_CHAIN:
        raise InputError(
            f"population: {size} players of {strategies} strategies have {number} states, more than {LARGEST_CHAIN}"
        )
    states = np.empty((number, strategies), dtype=np.int64)
    kernel.all_states(size, strategies, states)
    moves = _moves(states, table, strength, chance, self_interaction)
    stationary, error = _stationary(states, *moves)
    return FullChain(states, stationary, _matrix(number, *moves), error, _dwell(states, stationary, *moves))


def frequency_at(payoff: Payoff, population: int, beta: float, mutation: float, self_interaction: bool = False) -> Real:
    """Compute the average composition of a population at finite mutation.

    Parameters
    ----------
    payoff : array (q, q) or Game
        Row against column, or a symmetric game.
    population : int
        Players.
    beta : float
        Selection strength, per unit of payoff.
    mutation : float
        Probability per step, above 0.
    self_interaction : bool
        Whether average payoffs include play against oneself.

    Returns
    -------
    array (q,)
        Shares of strategies.

    Raises
    ------
    InputError
        Where the chain was not solved to 1e-9, and for arguments that do not fit.
    """
    chain = full_chain(payoff, population, beta, mutation, self_interaction)
    if not chain.converged:
        raise InputError(f"mutation: the chain over population states is {chain.reason}")
    return chain.frequency


Moves = tuple[NDArray[np.int64], NDArray[np.int64], Real]


def _moves(states: NDArray[np.int64], table: Real, beta: float, mutation: float, self_interaction: bool) -> Moves:
    """Origin, target and probability of every move of one player, sorted by target."""
    room = len(states) * len(table) * (len(table) - 1)
    source, target, rate = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    used = kernel.transitions(
        states, real("payoff", table).copy(), beta, mutation, self_interaction, source, target, rate
    )
    order = np.argsort(target[:used], kind="stable")
    return source[order], target[order], rate[order]


def _matrix(number: int, source: NDArray[np.int64], target: NDArray[np.int64], rate: Real) -> Any:
    from scipy import sparse

    stay = 1.0 - np.bincount(source, rate, number)
    off_diagonal = sparse.coo_array((rate, (source, target)), shape=(number, number))
    return (off_diagonal + sparse.diags_array(np.maximum(0.0, stay))).tocsr()


def _stationary(
    states: NDArray[np.int64], source: NDArray[np.int64], target: NDArray[np.int64], rate: Real
) -> tuple[Real, float]:
    number, strategies = states.shape
    if strategies == 2:
        return _birth_death(number, source, target, rate), 0.0
    weight = np.full(number, 1.0 / number)
    if number <= BLOCKS:
        dense = np.zeros((number, number))
        dense[source, target] = rate
        kernel.reduce_states(dense, weight)
        return weight / weight.sum(), 0.0
    start = np.searchsorted(target, np.arange(number + 1))
    block = _blocks(states)
    error, _ = kernel.settle(
        start,
        source,
        rate,
        np.bincount(source, rate, number),
        block,
        block.max() + 1,
        weight,
        CYCLES,
        SWEEPS,
        TOLERANCE,
    )
    return weight, float(error)


def _birth_death(number: int, source: NDArray[np.int64], target: NDArray[np.int64], rate: Real) -> Real:
    """Two strategies: the weight of a state is a product of ratios of opposite rates, taken in logarithms."""
    up, down = np.empty(number - 1), np.empty(number - 1)
    rises = target > source
    up[source[rises]] = rate[rises]
    down[target[~rises]] = rate[~rises]
    logs = np.concatenate([[0.0], np.cumsum(np.log(up) - np.log(down))])
    weight = np.exp(logs - logs.max())
    return np.asarray(weight / weight.sum())


def _blocks(states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the block of each state: cells around a grid of compositions, about ``BLOCKS`` of them."""
    population, strategies = int(states[0].sum()), states.shape[1]
    side = next(
        m
        for m in range(1, population + 1)
        if math.comb(-(-population // m) + strategies - 1, strategies - 1) <= BLOCKS or m == population
    )
    cells = (states[:, :-1] + side // 2) // side
    code = np.ravel_multi_index(tuple(cells.T), (population // side + 2,) * (strategies - 1))
    return np.unique(code, return_inverse=True)[1].astype(np.int64)


def _dwell(
    states: NDArray[np.int64], stationary: Real, source: NDArray[np.int64], target: NDArray[np.int64], rate: Real
) -> float:
    """Longest stay over all lines: min(weight of either side) / (flow across), by Cheeger a bound on relaxation."""
    population = int(states[0].sum())
    longest = 0.0
    flow = stationary[source] * rate
    for a in range(states.shape[1]):
        held = np.bincount(states[:, a], stationary, population + 1)
        rises = states[target, a] > states[source, a]
        across = np.bincount(states[source[rises], a], flow[rises], population + 1)[:-1]
        below = np.cumsum(held)[:-1]
        above = np.cumsum(held[::-1])[::-1][1:]
        with np.errstate(divide="ignore", invalid="ignore"):
            stays = np.where(across > 0.0, np.minimum(below, above) / across, np.inf)
        longest = max(longest, float(stays.max()))
    return longest
