"""Strategies that cannot be right whatever the others do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from race_sim.errors import checked_arguments, checked_kind
from race_sim.kernels.vertex_enumeration import TIE
from race_sim.solvers.equilibria.regret import ties
from race_sim.solvers.game import Game, Real


@dataclass(frozen=True)
class Dominated:
    """A strictly dominated strategy, and a mixture that does better whatever the others play.

    Attributes
    ----------
    player, strategy : str
        Whose strategy, and which.
    by : mapping of str to float
        The mixture: probability of each strategy that it uses.
    margin : float
        By how much at least the mixture is better, in the unit of payoffs.
    """

    player: str
    strategy: str
    by: Mapping[str, float]
    margin: float

    def __str__(self) -> str:
        parts = [name if len(self.by) == 1 else f"{name} {share:.4g}" for name, share in self.by.items()]
        return f"{self.player}: {self.strategy} is dominated by {', '.join(parts)} (by at least {self.margin:.4g})"


@dataclass(frozen=True, eq=False)
class Elimination:
    """What iterated elimination removes, round by round, and the game that is left.

    Attributes
    ----------
    rounds : tuple of tuple of Dominated
        What each round removes.
    game : Game
        What is left.
    """

    rounds: tuple[tuple[Dominated, ...], ...]
    game: Game

    @property
    def solves(self) -> bool:
        """Whether one strategy per player is left.

        Returns
        -------
        bool
            That profile is then the only equilibrium.
        """
        return all(size == 1 for size in self.game.shape)


@checked_arguments(game=checked_kind(Game))
def strictly_dominated(game: Game) -> list[Dominated]:
    """Find strategies to which another one, or a mixture of others, is strictly better whatever the others play.

    a is dominated by the mixture s where ``sum_b s_b u(b, others) > u(a, others)`` for every pure profile of the
    others. Where a pure strategy dominates, it is named (that with the largest margin), else the mixture that linear
    programming finds.

    Parameters
    ----------
    game : Game
        Of any number of players.

    Returns
    -------
    list of Dominated
        In the order of players and strategies.

    Examples
    --------
    >>> game = Game.of_two([[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]], [("up", "down", "middle"), ("l", "r")])
    >>> print(*strictly_dominated(game))
    row: middle is dominated by up 0.5, down 0.5 (by at least 0.5)
    """
    dominated = []
    for n, (player, names) in enumerate(zip(game.players, game.strategies, strict=True)):
        values = np.moveaxis(game.payoff[n], n, 0).reshape(len(names), -1)
        for a, name in enumerate(names):
            mixture = _dominating(values, a)
            if mixture is not None:
                by = {names[b]: float(mixture[b]) for b in np.flatnonzero(mixture)}
                dominated.append(Dominated(player, name, by, float((mixture @ (values - values[a])).min())))
    return dominated


@checked_arguments(game=checked_kind(Game))
def iterated_elimination(game: Game) -> Elimination:
    """Remove all strictly dominated strategies of all players, and again in what is left, until none is.

    The order of removal does not matter [1]_; no equilibrium uses what is removed.

    Parameters
    ----------
    game : Game
        Of any number of players.

    Returns
    -------
    Elimination
        Round by round.

    References
    ----------
    .. [1] Gilboa, I., Kalai, E., and Zemel, E. (1990). On the order of eliminating dominated strategies. Operations
       Research Letters 9:85-89. doi:10.1016/0167-6377(90)90046-8

    Examples
    --------
    >>> left = iterated_elimination(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")))
    >>> left.solves, left.game.strategies
    (True, (('defect',), ('defect',)))
    """
    rounds = []
    while gone := strictly_dominated(game):
        rounds.append(tuple(gone))
        out = {(one.player, one.strategy) for one in gone}
        kept = [
            tuple(name for name in names if (player, name) not in out)
            for player, names in zip(game.players, game.strategies, strict=True)
        ]
        game = game.subgame(kept)
    return Elimination(tuple(rounds), game)


def _dominating(values: Real, a: int) -> Real | None:
    """A mixture that strictly dominates row a of values (strategies, profiles of the others); None if none does."""
    better = np.where(ties(values, values[a]), 0.0, values - values[a])
    pure = (better > 0).all(axis=1)
    if pure.any():
        best = int(np.where(pure, better.min(axis=1), -np.inf).argmax())
        return np.asarray(np.eye(len(values))[best])
    if len(values) < 3 or not (better > 0).any(axis=0).all():
        return None
    mixture = _most_better(better)
    if mixture is None:
        return None
    doubt = TIE * mixture @ np.maximum(np.abs(values), np.abs(values[a]))
    return mixture if (mixture @ better > doubt).all() else None


def _most_better(better: Real) -> Real | None:
    """The mixture whose smallest advantage over all columns, each relative to its largest, is largest."""
    scaled = better / np.abs(better).max(axis=0)
    rows, columns = scaled.shape
    from scipy.optimize import linprog

    solved = linprog(
        np.append(np.zeros(rows), -1.0),
        A_ub=np.hstack([-scaled.T, np.ones((columns, 1))]),
        b_ub=np.zeros(columns),
        A_eq=[[1.0] * rows + [0.0]],
        b_eq=[1.0],
        bounds=[(0, 1)] * rows + [(None, None)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if solved.x is None:
        return None
    mixture = np.maximum(solved.x[:-1], 0.0)
    scaled_mixture: Real = mixture / mixture.sum()
    return scaled_mixture
