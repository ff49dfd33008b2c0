"""Two-player games with too many strategies to solve every system of equations: quantecon's vertex enumeration."""

import numpy as np

from race_sim.equilibria.regret import Profile, exploitability
from race_sim.equilibria.vertices import REGRET
from race_sim.game import Game, Real


def enumerated_by_quantecon(game: Game) -> list[Profile]:
    """Equilibria that quantecon finds by Qhull (MIT licence); those that stand the test of exploitability.

    quantecon 0.11 matches exact sets of tight inequalities, of facets that Qhull has cut into simplices: where payoffs
    tie it may return a profile twice or miss some, and unscaled payoffs of 1e8 or 1e-8 can end in an error of
    Qhull. Payoffs are scaled to [0, 1] first; nothing certifies that the list is complete.
    """
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    first, second = (_scaled(values, axis) for axis, values in enumerate(game.payoff))
    found = vertex_enumeration(NormalFormGame((Player(first), Player(np.ascontiguousarray(second.T)))))
    scale = float(np.ptp(game.payoff, axis=(1, 2)).max())
    distinct = {tuple(np.round(np.concatenate(pair), 9)): pair for pair in found}
    return [pair for pair in distinct.values() if exploitability(game, pair) <= REGRET * scale]


def _scaled(values: Real, axis: int) -> Real:
    """Payoffs in [0, 1] with the same best replies: each column's lowest payoff 0, the widest column's highest 1."""
    above: Real = values - values.min(axis=axis, keepdims=True)
    widest = above.max()
    return np.asarray(above / widest) if widest > 0 else above
