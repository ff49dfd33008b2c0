"""Simulation of players who imitate each other: well mixed, or on any graph."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import (
    LARGEST_COUNT,
    InputError,
    checked_arguments,
    checked_flag,
    checked_kind,
    checked_number,
    checked_numbers,
    checked_seed,
    checked_whole,
    one_line,
)
from race_sim.kernels.imitation import run_on_graph, run_well_mixed, scatter
from race_sim.solvers.evolution.checked import (
    Payoff,
    Real,
    largest,
    population_size,
    probability,
    selection,
    square_payoff,
)
from race_sim.solvers.evolution.graphs import Adjacency

Counts = NDArray[np.int64]
LONGEST = 2**62


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a simulation of a population gave, run by run.

    Attributes
    ----------
    frequency : array (runs, blocks, q) or (runs, generations + 1, q)
        Average composition of the population per block of steps, or after each generation.
    final : array (runs, q) of int
        Numbers of players of each strategy at the end.
    homogeneous : array (runs, q) or None
        Share of steps at which all play alike; None on a graph.
    """

    frequency: Real
    final: Counts
    homogeneous: Real | None = None

    @property
    def mean(self) -> Real:
        """Average composition over all blocks or generations and runs.

        Returns
        -------
        array (q,)
            Shares of strategies.
        """
        return np.asarray(self.frequency.mean(axis=(0, 1)))

    @property
    def standard_error(self) -> Real:
        """Standard error of ``mean``, from averages over blocks, which are nearly independent where blocks are long.

        Returns
        -------
        array (q,)
            In shares.
        """
        blocks = self.frequency.reshape(-1, self.frequency.shape[-1])
        return np.asarray(blocks.std(axis=0, ddof=1) / np.sqrt(len(blocks)))


@checked_arguments(beta=checked_number, self_interaction=checked_flag)
def imitate(
    payoff: Payoff,
    start: ArrayLike,
    beta: float,
    mutation: float,
    steps: int,
    seed: int,
    *,
    skip: int = 0,
    blocks: int = 20,
    runs: int = 1,
    self_interaction: bool = False,
    threads: int = 1,
) -> Simulated:
    """Simulate a well-mixed population that imitates and mutates, the process whose exact law is ``full_chain``.

    Every run and event has its own draws, so that the number of threads never changes a number. Steps in which nothing
    changes cost nothing.

    Parameters
    ----------
    payoff : array (q, q) or Game
        Row against column, or a symmetric game.
    start : array (q,) of int
        Numbers of players of each strategy.
    beta : float
        Selection strength, per unit of payoff.
    mutation : float
        Probability per step that the player takes one of the other strategies instead of imitating.
    steps : int
        Recorded update steps, one player each: a multiple of ``blocks``.
    seed : int
        Of all draws.
    skip : int
        Steps before those that are recorded.
    blocks : int
        Blocks of equal length, over each of which the composition is averaged.
    runs : int
        Number of simulations.
    self_interaction : bool
        Whether average payoffs include play against oneself.
    threads : int
        Runs at the same time.

    Returns
    -------
    Simulated
        Compositions by block.

    Raises
    ------
    InputError
        For arguments that do not fit.

    References
    ----------
    .. [1] Traulsen, A., Nowak, M. A., and Pacheco, J. M. (2006). Stochastic dynamics of invasion and fixation. Physical
       Review E 74:011909.

    Examples
    --------
    >>> simulated = imitate([[3, 0], [5, 1]], [25, 25], beta=1.0, mutation=0.01, steps=10**6, seed=1, skip=10**4)
    >>> bool(abs(simulated.mean[1] - 0.9802) < 4 * simulated.standard_error[1])
    True
    """
    table, strength, chance = _game(payoff, beta, mutation, int(_players(start).sum()))
    counts = _counts(start, len(table))
    steps, blocks = checked_whole("steps", steps, 1, LONGEST), checked_whole("blocks", blocks, 1, 10_000_000)
    skip, runs = checked_whole("skip", skip, 0, LONGEST), checked_whole("runs", runs, 1, 10_000_000)
    if steps % blocks:
        raise InputError(f"steps: must be a multiple of the number of blocks, {blocks}, got {steps}")
    key = np.uint64(checked_seed(seed))
    sums, same = np.zeros((runs, blocks, len(table))), np.zeros((runs, len(table)))
    final = np.tile(counts, (runs, 1))

    def one(run: int) -> None:
        run_well_mixed(
            key, run, final[run], table, strength, chance, self_interaction, skip, steps, blocks, sums[run], same[run]
        )

    _each(one, runs, threads)
    return Simulated(sums / (steps // blocks * counts.sum()), final, same / steps)


@checked_arguments(graph=checked_kind(Adjacency), beta=checked_number, averaged=checked_flag)
def imitate_on(
    graph: Adjacency,
    payoff: Payoff,
    start: ArrayLike,
    beta: float,
    generations: int,
    seed: int,
    *,
    mutation: float = 0.0,
    averaged: bool = False,
    runs: int = 1,
    threads: int = 1,
) -> Simulated:
    """Simulate players on a graph who copy a random neighbour with the Fermi probability, one update at a time.

    Parameters
    ----------
    graph : Adjacency
        Who meets whom.
    payoff : array (q, q) or Game
        From every neighbour.
    start : array (q,) of int
        Numbers of players of each strategy, placed at random.
    beta : float
        Selection strength, per unit of payoff.
    generations : int
        Of as many steps as there are nodes.
    seed : int
        Of all draws.
    mutation : float
        Probability per step that the player takes one of the other strategies instead of imitating.
    averaged : bool
        Whether payoffs are averaged over neighbours instead of summed.
    runs : int
        Number of simulations.
    threads : int
        Runs at the same time; their number never changes a number.

    Returns
    -------
    Simulated
        Compositions at the start and after each generation.

    Raises
    ------
    InputError
        For arguments that do not fit.

    Examples
    --------
    >>> from race_sim.solvers.evolution.graphs import square_lattice
    >>> simulated = imitate_on(square_lattice(10, 10), [[1, 1], [0, 0]], [50, 50], beta=1.0, generations=50, seed=1)
    >>> simulated.frequency.shape, simulated.final.tolist()
    ((1, 51, 2), [[100, 0]])
    """
    hub = 1 if averaged else int(graph.degree.max())
    table, strength, chance = _game(payoff, beta, mutation, max(2, hub))
    counts = _counts(start, len(table))
    if counts.sum() != graph.nodes:
        raise InputError(f"start: must add up to the number of nodes, {graph.nodes}, got {counts.sum()}")
    generations, runs = (
        checked_whole("generations", generations, 0, 10_000_000),
        checked_whole("runs", runs, 1, 10_000_000),
    )
    key = np.uint64(checked_seed(seed))
    frequency = np.empty((runs, generations + 1, len(table)))
    final = np.empty((runs, len(table)), dtype=np.int64)

    def one(run: int) -> None:
        strategy = np.empty(graph.nodes, dtype=np.int64)
        scatter(key, run, counts, strategy)
        arrays = graph.start, graph.neighbour, strategy, table
        run_on_graph(key, run, *arrays, strength, chance, averaged, generations, frequency[run])
        final[run] = np.bincount(strategy, minlength=len(table))

    _each(one, runs, threads)
    return Simulated(frequency, final)


def _each(one: object, runs: int, threads: int) -> None:
    workers = checked_whole("threads", threads, 1, 1024)
    assert callable(one)
    if workers == 1:
        for run in range(runs):
            one(run)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(runs)))


def _game(payoff: Payoff, beta: float, mutation: float, population: int) -> tuple[Real, float, float]:
    table = square_payoff(payoff)
    if table.ndim != 2:
        raise InputError(f"payoff: must have shape (q, q), got {table.shape}")
    strength = float(selection(beta, largest(table), population_size(population)))
    return table.copy(), strength, probability("mutation", mutation)


def _players(start: ArrayLike | Sequence[int]) -> Counts:
    given = checked_numbers("start", start)
    if given.size == 0 or not ((given >= 0) & (given <= LARGEST_COUNT) & (given == np.rint(given))).all():
        raise InputError(f"start: must be numbers of players, got {one_line(start)}")
    return given.astype(np.int64)


def _counts(start: ArrayLike | Sequence[int], strategies: int) -> Counts:
    counts = _players(start)
    if counts.shape != (strategies,):
        raise InputError(f"start: must be {strategies} numbers of players, got {one_line(start)}")
    return counts
