"""Mixed profiles of a finite game: what they pay, and what a player would gain by leaving them."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_list, checked_numbers, one_line
from race_sim.kernels.tables import mark_pure
from race_sim.kernels.vertex_enumeration import TIE
from race_sim.solvers.game import Game, Real

Profile = tuple[Real, ...]
Flags = NDArray[np.bool_]
SUM = 1e-9  # how far the probabilities of a mixture may be from a sum of 1


@checked_arguments(game=checked_kind(Game), profile=checked_list)
def expected_payoffs(game: Game, profile: Sequence[ArrayLike]) -> Real:
    """What each player gets when every player n draws its strategy from ``profile[n]``.

    Parameters
    ----------
    game : Game
        Of any number of players.
    profile : sequence of array (strategies,)
        One distribution per player, in the players' order.

    Returns
    -------
    array (players,)
        Expected payoffs.

    Raises
    ------
    InputError
        For a profile that does not fit.

    Examples
    --------
    >>> pennies = Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> expected_payoffs(pennies, ([0.5, 0.5], [1.0, 0.0])).tolist()
    [0.0, 0.0]
    """
    mixture = checked_profile(game, profile)
    pure = deviation_payoffs(game.payoff, mixture)
    return np.array([own @ values for own, values in zip(mixture, pure, strict=True)])


def expected_with_errors(game: Game, profile: Sequence[ArrayLike]) -> tuple[Real, Real | None]:
    """Compute expected payoffs and their standard errors over runs.

    Parameters
    ----------
    game : Game
        Of any number of players.
    profile : sequence of array (strategies,)
        One distribution per player, in the players' order.

    Returns
    -------
    tuple of array (players,)
        Payoffs and errors; None for the errors of exact payoffs.
    """
    means = expected_payoffs(game, profile)
    if game.samples is None:
        return means, None
    values = game.samples
    for mixture in reversed(checked_profile(game, profile)):
        values = values @ mixture
    errors: Real = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return means, errors


@checked_arguments(game=checked_kind(Game), profile=checked_list)
def exploitability(game: Game, profile: Sequence[ArrayLike]) -> float:
    """The most that any single player gains by leaving the profile: 0 in a Nash equilibrium, and only there.

    ``max over n, a of u_n(a, profile of the others) - u_n(profile)``.

    Parameters
    ----------
    game : Game
        Of any number of players.
    profile : sequence of array (strategies,)
        One distribution per player, in the players' order.

    Returns
    -------
    float
        In units of the payoffs.

    Raises
    ------
    InputError
        For a profile that does not fit.

    Examples
    --------
    >>> pennies = Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> exploitability(pennies, ([0.5, 0.5], [0.5, 0.5])), exploitability(pennies, ([0.5, 0.5], [1, 0]))
    (0.0, 1.0)
    """
    return gain(below_best(game.payoff), checked_profile(game, profile))


def gain(lost: Real, mixture: Profile) -> float:
    """Compute the most that any single player gains by leaving a profile.

    Parameters
    ----------
    lost : array (players, *shape)
        As ``below_best`` gives it.
    mixture : tuple of array (strategies,)
        One distribution per player.

    Returns
    -------
    float
        In units of the payoffs, 0 or more.
    """
    pure = deviation_payoffs(lost, mixture)
    return max(0.0, *(float(values.max() - own @ values) for own, values in zip(mixture, pure, strict=True)))


def deviation_payoffs(payoff: Real, profile: Profile) -> list[Real]:
    """Compute what each strategy of each player pays against the others' mixtures.

    Parameters
    ----------
    payoff : array (players, *shape)
        Of a game.
    profile : tuple of array (strategies,)
        One distribution per player.

    Returns
    -------
    list of array (strategies,)
        One per player.
    """
    payoffs = []
    for n, values in enumerate(payoff):
        for m in reversed(range(len(profile))):
            if m != n:
                values = np.moveaxis(values, m, -1) @ profile[m]
        payoffs.append(values)
    return payoffs


def pure_equilibria(payoff: Real, players: int) -> Flags:
    """Mark the pure equilibria: no player's strategy pays less than its best reply, ties counted as no gain.

    Parameters
    ----------
    payoff : array (..., players, *shape)
        Of one game or of many, such as resampled payoffs.
    players : int
        Their number.

    Returns
    -------
    array (..., *shape) of bool
        Whether the profile is an equilibrium.
    """
    shape = payoff.shape[payoff.ndim - players :]
    tables = np.ascontiguousarray(payoff, dtype=float).reshape(-1, players, math.prod(shape))
    stays = np.empty((len(tables), math.prod(shape)), dtype=bool)
    mark_pure(tables, np.array(shape, dtype=np.int64), stays)
    return stays.reshape(payoff.shape[: payoff.ndim - players - 1] + shape)


def below_best(payoff: Real) -> Real:
    """Take from every payoff the best that its player can get against the same strategies of the others.

    Differences come first, so that a common level of payoffs does not cost digits.

    Parameters
    ----------
    payoff : array (players, *shape)
        Of a game.

    Returns
    -------
    array (players, *shape)
        0 or less.
    """
    return np.stack([values - values.max(axis=n, keepdims=True) for n, values in enumerate(payoff)])


def ties(one: Real | np.float64, other: Real | np.float64) -> Flags:
    """Where two payoffs are equal, to rounding.

    Parameters
    ----------
    one, other : array
        Of shapes that broadcast.

    Returns
    -------
    array of bool
        Whether they agree to 1e-12 of the larger of the two.
    """
    equal: Flags = np.abs(one - other) <= TIE * np.maximum(np.abs(one), np.abs(other))
    return equal


def own_payoffs(payoff: Real, player: int, cell: Sequence[int]) -> Real:
    """Read off what each strategy of one player gets where the others play as in a pure profile.

    Parameters
    ----------
    payoff : array (players, *shape)
        Of a game.
    player : int
        Whose strategies are compared.
    cell : sequence of int
        The pure profile, as indices; the player's own does not matter.

    Returns
    -------
    array (strategies,)
        The player's payoffs.
    """
    where: Any = (player, *cell[:player], slice(None), *cell[player + 1 :])
    return np.asarray(payoff[where])


def paid(payoff: Real, cell: Sequence[int]) -> Real:
    """Read off what the players get in a pure profile.

    Parameters
    ----------
    payoff : array (players, *shape)
        Of a game.
    cell : sequence of int
        The profile, as indices.

    Returns
    -------
    array (players,)
        Payoffs.
    """
    where: Any = (slice(None), *cell)
    return np.asarray(payoff[where])


def checked_profile(game: Game, profile: Sequence[ArrayLike]) -> Profile:
    """Turn a profile into arrays, and refuse what is none.

    Parameters
    ----------
    game : Game
        Whose profile it is to be.
    profile : sequence of array (strategies,)
        One distribution per player, in the players' order.

    Returns
    -------
    tuple of array (strategies,)
        Copies, as floats.

    Raises
    ------
    InputError
        Unless it holds one distribution per player.
    """
    if len(profile) != len(game.players):
        raise InputError(f"profile: must be one distribution per player ({len(game.players)}), got {len(profile)}")
    mixtures = []
    for player, size, given in zip(game.players, game.shape, profile, strict=True):
        mixture = checked_numbers(f"profile of {player}", given).copy()
        if mixture.shape != (size,):
            raise InputError(f"profile of {player}: must have shape ({size},), got {mixture.shape}")
        if not (mixture >= 0).all() or abs(mixture.sum() - 1) > SUM:
            raise InputError(f"profile of {player}: must be probabilities that sum to 1, got {one_line(given)}")
        mixtures.append(mixture)
    return tuple(mixtures)


def chosen(game: Game, profile: Sequence[str | int], what: str = "profile") -> tuple[int, ...]:
    """Turn a pure profile given by names or indices into indices.

    Parameters
    ----------
    game : Game
        Whose profile it is to be.
    profile : sequence of str or int
        One strategy per player.
    what : str
        What an error calls it.

    Returns
    -------
    tuple of int
        Indices of strategies.

    Raises
    ------
    InputError
        Where one is unknown, or there is not one per player.
    """
    if isinstance(profile, str) or len(profile) != len(game.players):
        raise InputError(f"{what}: must be one strategy per player ({len(game.players)}), got {one_line(profile)}")
    indices = []
    for n, strategy in enumerate(profile):
        if isinstance(strategy, str):
            indices.append(game.strategy(n, strategy))
        elif (
            isinstance(strategy, bool)
            or not isinstance(strategy, int | np.integer)
            or not 0 <= strategy < game.shape[n]
        ):
            rule = f"must be a name or an index below {game.shape[n]}"
            raise InputError(f"{what}: strategy of {game.players[n]}: {rule}, got {one_line(strategy)}")
        else:
            indices.append(int(strategy))
    return tuple(indices)


def best_replies(game: Game) -> Flags:
    """Whether each player's policy is a best reply to the others' in a cell.

    Parameters
    ----------
    game : Game
        Of any number of players.

    Returns
    -------
    array (players, *shape) of bool
        True at each best reply, several where they tie; a cell where all are True is a pure Nash equilibrium.

    Examples
    --------
    >>> best_replies(Game.symmetric([[3, 0], [5, 1]]))[0].tolist()
    [[False, False], [True, True]]
    """
    return np.stack([values == values.max(axis=n, keepdims=True) for n, values in enumerate(game.payoff)])


def pure_cells(game: Game) -> list[tuple[int, ...]]:
    """Find the pure equilibria.

    Parameters
    ----------
    game : Game
        Of any number of players.

    Returns
    -------
    list of tuple of int
        Profiles, as indices of strategies.
    """
    return [tuple(cell) for cell in np.argwhere(pure_equilibria(game.payoff, len(game.players))).tolist()]


def named(game: Game, cell: Sequence[Any]) -> tuple[str, ...]:
    """Name the strategies of a pure profile.

    Parameters
    ----------
    game : Game
        Whose profile it is.
    cell : sequence of int
        The profile, as indices.

    Returns
    -------
    tuple of str
        One strategy per player.
    """
    return tuple(names[int(a)] for names, a in zip(game.strategies, cell, strict=True))


def pure(game: Game, cell: Sequence[int]) -> Profile:
    """Turn a pure profile into distributions.

    Parameters
    ----------
    game : Game
        Whose profile it is.
    cell : sequence of int
        The profile, as indices.

    Returns
    -------
    tuple of array (strategies,)
        One per player, with probability 1 in one place.
    """
    return tuple(np.eye(size)[a] for size, a in zip(game.shape, cell, strict=True))
