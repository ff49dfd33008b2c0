"""Infinite populations: replicator dynamics of one population, and of two or three that play each other.

dx_a/dt = x_a (f_a - sum_b x_b f_b). With mutation, offspring of b are a's with probability Q_ba:
dx_a/dt = sum_b x_b f_b Q_ba - x_a sum_b x_b f_b ([1]_, sections 7.1, 10.1 and 20.1).

References
----------
.. [1] Hofbauer, J., and Sigmund, K. (1998). Evolutionary games and population dynamics. Cambridge University Press.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError, checked_list
from race_sim.solvers.evolution.checked import Payoff, Real, probability, real, square_payoff
from race_sim.solvers.game import Game

RELATIVE, ABSOLUTE = 1e-10, 1e-13
SUBSCRIPTS = "abc"


def replicator(payoff: Payoff, start: ArrayLike, times: ArrayLike, mutation: float | ArrayLike = 0.0) -> Real:
    """Follow shares of strategies over time in an infinite population that plays a symmetric game.

    Parameters
    ----------
    payoff : array (q, q) or Game
        Row against column, or a symmetric game.
    start : array (q,)
        Shares at the first of ``times``; they add up to 1.
    times : array (t,)
        Rising, two or more.
    mutation : float or array (q, q)
        Probability that offspring take another strategy, each alike, or the matrix Q, rows adding up to 1; it needs
        payoffs of at least 0, because fitness is a rate of offspring.

    Returns
    -------
    array (t, q)
        Shares at ``times``.

    Raises
    ------
    InputError
        For arguments that do not fit, and where the equation cannot be followed.

    References
    ----------
    .. [1] Hofbauer, J., and Sigmund, K. (1998). Evolutionary games and population dynamics. Cambridge University Press.

    Examples
    --------
    >>> stag_hunt = [[4, 0], [3, 2]]  # the interior equilibrium, 2/3, is unstable
    >>> replicator(stag_hunt, [0.7, 0.3], [0, 50])[-1].round(6).tolist()
    [1.0, 0.0]
    """
    table = square_payoff(payoff)
    if table.ndim != 2:
        raise InputError(f"payoff: must have shape (q, q), got {table.shape}")
    mixing = _mixing(mutation, len(table), float(table.min()))
    shares = _shares("start", start, len(table))
    return _solve(lambda x: _change(x, table @ x, mixing), shares, times)


def replicator_of_populations(
    payoffs: Game | Sequence[ArrayLike], starts: Sequence[ArrayLike], times: ArrayLike, mutation: float = 0.0
) -> list[Real]:
    """Follow shares over time in two or three populations, each of which plays the others.

    Parameters
    ----------
    payoffs : Game or sequence of array (q_1, ..., q_P)
        One array per population: its payoff when it uses its strategy and the others theirs.
    starts : sequence of array (q_p,)
        Shares in each population at the first of ``times``.
    times : array (t,)
        Rising, two or more.
    mutation : float
        Probability that offspring take another strategy, each alike.

    Returns
    -------
    list of array (t, q_p)
        One per population.

    Raises
    ------
    InputError
        For arguments that do not fit, and where the equation cannot be followed.

    Examples
    --------
    >>> pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    >>> x, y = replicator_of_populations(pennies, [[0.6, 0.4], [0.5, 0.5]], np.linspace(0, 10, 5))
    >>> invariant = np.log(x).sum(axis=1) + np.log(y).sum(axis=1)  # orbits are closed
    >>> bool(np.ptp(invariant) < 1e-8)
    True
    """
    tables = [
        real("payoffs", table)
        for table in (payoffs.payoff if isinstance(payoffs, Game) else checked_list("payoffs", payoffs))
    ]
    if not tables:
        raise InputError("payoffs: must be two or three arrays of one shape, got none")
    shape = tables[0].shape
    if (
        len(tables) not in (2, 3)
        or len(checked_list("starts", starts)) != len(tables)
        or any(table.shape != shape for table in tables)
    ):
        raise InputError(f"payoffs: must be two or three arrays of one shape, got {[table.shape for table in tables]}")
    if len(shape) != len(tables):
        raise InputError(f"payoffs: must have one axis per population, {len(tables)}, got shape {shape}")
    mixings = [_mixing(mutation, size, float(table.min())) for size, table in zip(shape, tables, strict=True)]
    cuts = np.cumsum(shape)[:-1]
    axes = SUBSCRIPTS[: len(tables)]

    def change(x: Real) -> Real:
        parts = np.split(x, cuts)
        changes = []
        for p, table in enumerate(tables):
            others = [axes[k] for k in range(len(tables)) if k != p]
            fitness = np.einsum(f"{axes},{','.join(others)}->{axes[p]}", table, *(parts[:p] + parts[p + 1 :]))
            changes.append(_change(parts[p], fitness, mixings[p]))
        return np.concatenate(changes)

    begin = np.concatenate([_shares(f"start {p}", start, shape[p]) for p, start in enumerate(starts)])
    return np.split(_solve(change, begin, times), cuts, axis=1)


def _change(x: Real, fitness: Real, mixing: Real | None) -> Real:
    average = x @ fitness
    if mixing is None:
        change: Real = x * (fitness - average)
    else:
        change = (x * fitness) @ mixing - x * average
    return change


def _mixing(mutation: float | ArrayLike, strategies: int, smallest_payoff: float) -> Real | None:
    given = real("mutation", mutation)
    if given.ndim == 0:
        chance = probability("mutation", float(given))
        if chance == 0.0:
            return None
        mixing = np.full((strategies, strategies), chance / (strategies - 1))
        np.fill_diagonal(mixing, 1.0 - chance)
    else:
        mixing = real("mutation", mutation)
        rows_fit = mixing.shape == (strategies, strategies) and np.allclose(mixing.sum(axis=1), 1.0, rtol=0, atol=1e-12)
        if not rows_fit or mixing.min() < 0.0:
            raise InputError(
                f"mutation: must be a probability or a {strategies} x {strategies} matrix, rows adding up to 1"
            )
    if smallest_payoff < 0.0:
        raise InputError(f"payoff: with mutation must be at least 0, got {smallest_payoff}")
    return mixing


def _shares(name: str, start: ArrayLike, strategies: int) -> Real:
    shares = real(name, start)
    if shares.shape != (strategies,) or shares.min() < 0.0 or abs(shares.sum() - 1.0) > 1e-9:
        raise InputError(f"{name}: must be {strategies} shares that add up to 1, got {shares.tolist()}")
    return np.asarray(shares / shares.sum())


def _solve(change: Callable[[Real], Real], start: Real, times: ArrayLike) -> Real:
    from scipy.integrate import solve_ivp

    at = real("times", times)
    if at.ndim != 1 or len(at) < 2 or (np.diff(at) <= 0.0).any():
        raise InputError(f"times: must be two or more, rising, got shape {at.shape}")
    solved = solve_ivp(lambda _, x: change(x), (at[0], at[-1]), start, "LSODA", at, rtol=RELATIVE, atol=ABSOLUTE)
    if not solved.success:
        raise InputError(f"times: the equation cannot be followed that far: {solved.message}")
    return np.asarray(np.clip(solved.y.T, 0.0, 1.0))
