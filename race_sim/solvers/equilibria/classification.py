"""Which of the textbook's 2x2 games a game is: prisoner's dilemma, stag hunt, chicken, harmony, deadlock, and so on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_choices,
    checked_kind,
    checked_names,
    one_line,
    unknown,
)
from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.regret import Flags, chosen, ties
from race_sim.solvers.game import Game, Real

CLASSES = ("prisoner's dilemma", "stag hunt", "chicken", "harmony", "deadlock", "battle of the sexes", "other")
LETTERS = ("R", "S", "T", "P")


@dataclass(frozen=True)
class Classification:
    """The class of a 2x2 game, how sure it is, and each player's order of the four outcomes.

    Attributes
    ----------
    class_ : str
        One of ``CLASSES``.
    probability : mapping of str to float
        Of every class, over resampled payoffs; 1 for ``class_`` where payoffs are exact.
    orders : mapping of str to str
        For each player, such as ``T > R > P > S``.
    cooperate, defect : mapping of str to str
        The strategies that count as cooperation and as defection, by player.
    """

    class_: str
    probability: Mapping[str, float]
    orders: Mapping[str, str]
    cooperate: Mapping[str, str]
    defect: Mapping[str, str]

    def __str__(self) -> str:
        likely = sorted((name for name in CLASSES if self.probability[name]), key=lambda name: -self.probability[name])
        chances = ", ".join(f"{name} {100 * self.probability[name]:.4g} %" for name in likely)
        orders = "; ".join(f"{player}: {order}" for player, order in self.orders.items())
        return f"{self.class_} ({chances}); {orders}"


@checked_arguments(game=checked_kind(Game), cooperate=checked_choices)
def classify(
    game: Game, cooperate: Sequence[str | int] = (0, 0), *, draws: int = 1000, seed: int = 0
) -> Classification:
    """The class of a 2x2 game by both players' orders of the four outcomes.

    For each player R: both cooperate, S: it alone cooperates, T: it alone defects, P: both defect. A class needs BOTH
    players to satisfy its condition; it looks at no other comparison, so that the players' numbers may differ:

    - prisoner's dilemma: ``T > R > P > S``; defection dominates, and mutual cooperation would be better;
    - deadlock: ``T > R``, ``P > S``, ``P > R``; defection dominates, and mutual defection is better too;
    - harmony: ``R > T``, ``S > P``, ``R > P``; cooperation dominates, and mutual cooperation is better;
    - stag hunt: ``R > T``, ``P > S``, ``R > P``; both symmetric profiles are equilibria, and both players prefer
      cooperation (games of assurance and of pure coordination are among them);
    - chicken: ``T > R > S > P``; each wants to do the opposite of the other, but to meet in
      cooperation rather than to give in;
    - battle of the sexes: two strict equilibria that both players prefer to the two other profiles, one's favourite
      being not the other's. Either both do the same in them, ``min(R, P) > max(S, T)`` with ``R > P`` for one player
      and ``P > R`` for the other; or each does the opposite, ``min(S, T) > max(R, P)`` with ``T > S`` for both or
      ``S > T`` for both;
    - other: everything else: players of different classes, and ties (to rounding) in a comparison that decides.

    Parameters
    ----------
    game : Game
        Two players with two strategies each.
    cooperate : sequence of str or int
        The strategy that counts as cooperation, by name or index, one per player.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    Classification
        With the probability of every class.

    Raises
    ------
    InputError
        For other than two players with two strategies each, and for a strategy that there is not.

    Examples
    --------
    >>> print(classify(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"))))
    prisoner's dilemma (prisoner's dilemma 100 %); row: T > R > P > S; column: T > R > P > S
    >>> classify(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")), ("defect", "defect")).class_
    'other'
    """
    cells = _cooperation(game, cooperate)
    drawn = None if game.samples is None else bootstrap_payoffs(game, draws, seed)
    return _classification(game, cells, drawn)


def _names_or_letters(name: str, value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, str) else checked_names(name, value)


@checked_arguments(game=checked_kind(Game), order=_names_or_letters)
def subgame_classes(
    game: Game, order: Sequence[str] = (), *, draws: int = 1000, seed: int = 0
) -> dict[tuple[str, str], Classification]:
    """The class of every 2x2 subgame between two strategies that both players have.

    Parameters
    ----------
    game : Game
        Of two players.
    order : sequence of str
        Strategies from the most to the least cooperative; of each pair the earlier one counts as cooperation. Only
        strategies in it are compared (default: those of the first player that the second has too, in its order).
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    dict of tuple to Classification
        By (cooperate, defect).

    Raises
    ------
    InputError
        For other than two players, and for strategies that one of them lacks.

    Examples
    --------
    >>> race = Game.symmetric([[3, 0, 3], [5, 1, 1], [3, 0, 3]], ("slow down", "race", "treaty"))
    >>> {pair: one.class_ for pair, one in subgame_classes(race, ("slow down", "race")).items()}
    {('slow down', 'race'): "prisoner's dilemma"}
    """
    if len(game.players) != 2:
        raise InputError(f"game: 2x2 subgames need two players, got {len(game.players)}")
    shared = [name for name in game.strategies[0] if name in game.strategies[1]]
    for name in order:
        if name not in shared:
            raise InputError(f"order: {unknown('shared strategy', name, shared)}")
    drawn = None if game.samples is None else bootstrap_payoffs(game, draws, seed)
    classes = {}
    for pair in combinations(order or shared, 2):
        kept = [[game.strategy(n, name) for name in pair] for n in (0, 1)]
        cells: Any = np.ix_(*kept)
        part = None if drawn is None else drawn[(slice(None), slice(None), *cells)]
        classes[pair] = _classification(game.subgame([pair, pair]), (0, 0), part)
    return classes


def four_payoffs(payoff: Real, cooperate: tuple[int, ...]) -> Real:
    """Read off each player's payoffs in the four outcomes of a 2x2 game: R, S, T, P.

    Parameters
    ----------
    payoff : array (..., 2, 2, 2)
        By player, the first player's strategy and the second's.
    cooperate : tuple of int
        The strategy of each player that counts as cooperation.

    Returns
    -------
    array (..., 2, 4)
        By player: both cooperate, it alone cooperates, it alone defects, both defect.
    """
    a, b = cooperate
    first = [payoff[..., 0, i, j] for i, j in ((a, b), (a, 1 - b), (1 - a, b), (1 - a, 1 - b))]
    second = [payoff[..., 1, i, j] for i, j in ((a, b), (1 - a, b), (a, 1 - b), (1 - a, 1 - b))]
    return np.stack([np.stack(first, axis=-1), np.stack(second, axis=-1)], axis=-2)


def _cooperation(game: Game, cooperate: Sequence[str | int]) -> tuple[int, ...]:
    if game.shape != (2, 2):
        raise InputError(f"game: must have two players with two strategies each, got {one_line(game.shape)}")
    return chosen(game, cooperate, "cooperate")


def _classification(game: Game, cells: tuple[int, ...], drawn: Real | None) -> Classification:
    values = four_payoffs(game.payoff, cells)
    (number,) = _class_numbers(values[None])
    numbers = np.array([number]) if drawn is None else _class_numbers(four_payoffs(drawn, cells))
    counts = np.bincount(numbers, minlength=len(CLASSES)) / len(numbers)
    return Classification(
        CLASSES[number],
        dict(zip(CLASSES, counts.tolist(), strict=True)),
        {player: _order(row) for player, row in zip(game.players, values, strict=True)},
        {player: names[a] for player, names, a in zip(game.players, game.strategies, cells, strict=True)},
        {player: names[1 - a] for player, names, a in zip(game.players, game.strategies, cells, strict=True)},
    )


def _class_numbers(values: Real) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Index in CLASSES for payoffs (draws, players, 4); the conditions exclude each other."""
    r, s, t, p = np.moveaxis(values, -1, 0)

    def above(one: Real, other: Real) -> Flags:
        return (one > other) & ~ties(one, other)

    same = above(np.minimum(r, p), np.maximum(s, t)).all(axis=-1)
    opposite = above(np.minimum(s, t), np.maximum(r, p)).all(axis=-1)
    for_r, for_p = above(r, p), above(p, r)
    battle = same & ((for_r[..., 0] & for_p[..., 1]) | (for_p[..., 0] & for_r[..., 1]))
    battle |= opposite & (above(t, s).all(axis=-1) | above(s, t).all(axis=-1))
    conditions = [
        (above(t, r) & above(r, p) & above(p, s)).all(axis=-1),
        (above(r, t) & above(p, s) & above(r, p)).all(axis=-1),
        (above(t, r) & above(r, s) & above(s, p)).all(axis=-1),
        (above(r, t) & above(s, p) & above(r, p)).all(axis=-1),
        (above(t, r) & above(p, s) & above(p, r)).all(axis=-1),
        battle,
    ]
    return np.select(conditions, range(len(conditions)), default=len(conditions))


def _order(values: Real) -> str:
    """``T > R > P = S``: the four outcomes from best to worst."""
    ranked = sorted(range(len(LETTERS)), key=lambda i: -values[i])
    order = LETTERS[ranked[0]]
    for before, after in pairwise(ranked):
        order += f" {'=' if ties(values[before], values[after]) else '>'} {LETTERS[after]}"
    return order
