"""Nash equilibria: all of a two-player game, the pure ones of any game, each with its error."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from race_sim.errors import checked_arguments, checked_kind
from race_sim.solvers.equilibria.cycles import best_reply_cycle
from race_sim.solvers.equilibria.equilibrium import Equilibrium, kind, with_errors
from race_sim.solvers.equilibria.large_games import enumerated_by_quantecon
from race_sim.solvers.equilibria.regret import Profile, expected_with_errors, pure, pure_cells
from race_sim.solvers.equilibria.vertices import vertices
from race_sim.solvers.game import Game

LARGEST = 200_000  # systems of equations per player that are solved at most: 10 x 10 strategies


@dataclass(frozen=True, eq=False)
class EquilibriumSet:
    """The equilibria of a game, pure ones first; a sequence of them.

    Attributes
    ----------
    game : Game
        Whose equilibria they are.
    equilibria : tuple of Equilibrium
        Pure before mixed, few strategies before many.
    components : tuple of tuple of int
        Which of the listed belong to one connected piece, by position.
    degenerate : bool
        Whether the equilibria form a continuum; then those listed are its extreme points: where one player's mixture is
        the same in several of them, any average of the other's mixtures is an equilibrium too. Beyond two players and
        in large games, a continuum is not looked for.
    complete : bool
        Whether these are all: for two players yes, for more only the pure ones are sought.
    """

    game: Game
    equilibria: tuple[Equilibrium, ...]
    components: tuple[tuple[int, ...], ...]
    degenerate: bool
    complete: bool

    def __iter__(self) -> Iterator[Equilibrium]:
        return iter(self.equilibria)

    def __len__(self) -> int:
        return len(self.equilibria)

    def __getitem__(self, index: int) -> Equilibrium:
        return self.equilibria[index]

    @property
    def pure(self) -> tuple[Equilibrium, ...]:
        """The pure ones.

        Returns
        -------
        tuple of Equilibrium
            In their order.
        """
        return tuple(one for one in self.equilibria if one.kind == "pure")

    def to_dict(self) -> dict[str, Any]:
        """Give names and numbers only, fit for JSON.

        Returns
        -------
        dict
            ``equilibria``, ``components``, ``degenerate``, ``complete``.
        """
        return {
            "equilibria": [one.to_dict(self.game) for one in self.equilibria],
            "components": [list(component) for component in self.components],
            "degenerate": self.degenerate,
            "complete": self.complete,
        }

    @property
    def headline(self) -> str:
        """How many there are, and whether these are all.

        Returns
        -------
        str
            Such as ``3 equilibria (all there are)``.
        """
        count = f"{len(self)} {'equilibrium' if len(self) == 1 else 'equilibria'}"
        which = (
            "all there are"
            if self.complete
            else "not all: " + ("pure ones only" if len(self.game.players) != 2 else "a large game")
        )
        if self.degenerate:
            which = f"extreme points of a continuum, {which}"
        return f"{count} ({which})"

    def __repr__(self) -> str:
        return f"EquilibriumSet({self.game.name!r}: {self.headline})"

    def _repr_html_(self) -> str:
        from race_sim.solvers.display import of_equilibria

        return of_equilibria(self, [expected_with_errors(self.game, one.profile) for one in self.equilibria])

    def __str__(self) -> str:
        lines = [self.headline]
        for number, one in enumerate(self.equilibria, start=1):
            share = "" if one.bootstrap_share is None else f", in {100 * one.bootstrap_share:.4g} % of bootstrap draws"
            lines.append(
                f"{number:3d}. {one.kind:5s} {one.line(self.game)}  (exploitability {one.exploitability:.1g}{share})"
            )
        for component in self.components:
            if len(component) > 1:
                lines.append(f"connected: {', '.join(str(i + 1) for i in component)}")
        if not self.pure:
            lines.append(f"no pure equilibrium: {best_reply_cycle(self.game)}")
        return "\n".join(lines)


@checked_arguments(game=checked_kind(Game))
def nash_equilibria(game: Game, *, draws: int = 1000, seed: int = 0) -> EquilibriumSet:
    """All Nash equilibria [1]_ of a two-player game, pure and mixed; the pure ones of a game of any other number.

    A profile is an equilibrium when no player gains by leaving it alone. Two players: every pair of vertices (see
    ``vertices``) in which each strategy is unused or a best reply is an extreme equilibrium, and the set of equilibria
    is made of them [2]_; where a vertex is in several pairs, it is a continuum. Payoffs that differ by no more than
    rounding are ties. With more than about 10 strategies each, quantecon's vertex enumeration takes over and the set
    does not call itself complete.

    Parameters
    ----------
    game : Game
        Of any number of players.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    EquilibriumSet
        Each with its exploitability and, for games with samples, the share of bootstrap draws in which it is one.

    Raises
    ------
    InputError
        For a number of draws or a seed that is none, and for a game of two with more than 64 strategies in all.

    References
    ----------
    .. [1] Nash, J. (1951). Non-cooperative games. Annals of Mathematics 54:286-295. doi:10.2307/1969529
    .. [2] Avis, D., Rosenberg, G. D., Savani, R., and von Stengel, B. (2010). Enumeration of Nash equilibria for
       two-player games. Economic Theory 42:9-37. doi:10.1007/s00199-009-0449-x

    Examples
    --------
    >>> print(nash_equilibria(Game.symmetric([[4, 0], [3, 3]], ("stag", "hare"))))
    3 equilibria (all there are)
      1. pure  row: stag | column: stag  (exploitability 0)
      2. pure  row: hare | column: hare  (exploitability 0)
      3. mixed row: stag 0.75, hare 0.25 | column: stag 0.75, hare 0.25  (exploitability 0)
    """
    joined = None
    if len(game.players) != 2:
        profiles, complete = [pure(game, cell) for cell in pure_cells(game)], False
    elif math.comb(sum(game.shape), game.shape[0]) > LARGEST:
        profiles, complete = enumerated_by_quantecon(game), False
    else:
        (profiles, joined), complete = _extreme_equilibria(game), True
    order = sorted(range(len(profiles)), key=lambda i: _rank(profiles[i]))
    equilibria = with_errors(game, [profiles[i] for i in order], draws, seed)
    labels = range(len(order)) if joined is None else [joined[i] for i in order]
    components = tuple(tuple(k for k, label in enumerate(labels) if label == one) for one in dict.fromkeys(labels))
    return EquilibriumSet(game, equilibria, components, any(len(one) > 1 for one in components), complete)


def _extreme_equilibria(game: Game) -> tuple[list[Profile], list[int]]:
    """Extreme equilibria of two players, and for each the number of its connected component."""
    row, column = vertices(game.payoff[1].T), vertices(game.payoff[0])
    wrong = row.support.astype(np.int64) @ (~column.best).T.astype(np.int64)
    wrong += (~row.best).astype(np.int64) @ column.support.T.astype(np.int64)
    pairs = np.argwhere(wrong == 0)
    return [(row.mixture[i], column.mixture[j]) for i, j in pairs], _components(pairs.tolist())


def _components(pairs: list[list[int]]) -> list[int]:
    """Pairs that share a vertex are connected; for each pair the number of its component."""
    label = list(range(len(pairs)))
    changed = True
    while changed:
        changed = False
        for side in (0, 1):
            lowest: dict[int, int] = {}
            for pair, one in zip(pairs, label, strict=True):
                lowest[pair[side]] = min(one, lowest.get(pair[side], one))
            spread = [lowest[pair[side]] for pair in pairs]
            changed, label = changed or spread != label, spread
    return label


def _rank(profile: Profile) -> tuple[Any, ...]:
    """Pure before mixed, few strategies before many, then in the order of the strategies."""
    support = [tuple(np.flatnonzero(mixture)) for mixture in profile]
    return (kind(profile) != "pure", sum(map(len, support)), support, [tuple(-mixture) for mixture in profile])
