"""Two-player games with too many strategies to solve every system of equations: quantecon's vertex enumeration."""

import numpy as np

from race_sim.errors import InputError
from race_sim.kernels.tight_systems import REGRET
from race_sim.solvers.equilibria.regret import Profile, exploitability
from race_sim.solvers.game import Game, Real

LABELS = 64  # bits in which quantecon keeps which inequalities are tight


def enumerated_by_quantecon(game: Game) -> list[Profile]:
    """Find equilibria of a game of two with quantecon, and keep those that stand the test of exploitability.

    quantecon (MIT licence) enumerates vertices with Qhull. Version 0.11 matches vertices by the corners of simplices,
    so where payoffs tie it misses equilibria: of a game in which nothing matters it finds one profile. With more than
    64 strategies in all its sets of labels overflow and it finds nothing. Payoffs are scaled to [0, 1] first; nothing
    certifies that the list is complete.

    Parameters
    ----------
    game : Game
        Of two players.

    Returns
    -------
    list of tuple of array
        Profiles, each of two distributions.

    Raises
    ------
    InputError
        For more than 64 strategies in all.
    """
    if sum(game.shape) > LABELS:
        raise InputError(f"game: must have at most {LABELS} strategies in all, got {sum(game.shape)}")
    from quantecon.game_theory import NormalFormGame, Player, vertex_enumeration

    first, second = (_scaled(values, axis) for axis, values in enumerate(game.payoff))
    pairs = vertex_enumeration(NormalFormGame((Player(first), Player(np.ascontiguousarray(second.T)))))
    scale = float(np.ptp(game.payoff, axis=(1, 2)).max())
    distinct = {tuple(np.round(np.concatenate(pair), 9)): pair for pair in pairs}
    return [pair for pair in distinct.values() if exploitability(game, pair) <= REGRET * scale]


def _scaled(values: Real, axis: int) -> Real:
    """Payoffs in [0, 1] with the same best replies: each column's lowest payoff 0, the widest column's highest 1."""
    above: Real = values - values.min(axis=axis, keepdims=True)
    widest = above.max()
    return np.asarray(above / widest) if widest > 0 else above
