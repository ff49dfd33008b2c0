"""Who moves first: Stackelberg equilibria of two-player games."""

from dataclasses import dataclass

import numpy as np

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_text
from race_sim.solvers.equilibria.regret import named, ties
from race_sim.solvers.game import Game


@dataclass(frozen=True)
class Stackelberg:
    """What the leader commits to and the follower answers.

    Attributes
    ----------
    leader : str
        Who moves first.
    profile : tuple of str
        The strategies, in the players' order.
    payoffs : dict of str to float
        By player.
    at_worst : float
        What the leader could still be sure of, by its best commitment for that case, if a follower that is indifferent
        chose what is worst for it. Equal to the leader's payoff where no tie matters.
    """

    leader: str
    profile: tuple[str, ...]
    payoffs: dict[str, float]
    at_worst: float


@checked_arguments(game=checked_kind(Game), leader=checked_text)
def stackelberg(game: Game, leader: str) -> Stackelberg:
    """Let the leader commit to a pure strategy, which the follower sees and replies to.

    ``max over a of u_leader(a, b(a))`` with b(a) a best reply, of several the one that the leader likes best (strong
    Stackelberg equilibrium); of commitments that tie, the first.

    Parameters
    ----------
    game : Game
        Of two players.
    leader : str
        Name of the player that commits.

    Returns
    -------
    Stackelberg
        Commitment and reply.

    Raises
    ------
    InputError
        For another number of players or an unknown leader.

    Examples
    --------
    >>> chicken = Game.symmetric([[3, 2], [4, 0]], ("swerve", "straight"), ("us", "china"))
    >>> stackelberg(chicken, "us").profile, stackelberg(chicken, "china").profile
    (('straight', 'swerve'), ('swerve', 'straight'))
    """
    if len(game.players) != 2:
        raise InputError(f"game: a leader and a follower are two players, got {len(game.players)}")
    first = game.player(leader)
    own, other = (np.moveaxis(game.payoff[n], first, 0) for n in (first, 1 - first))
    best = ties(other, other.max(axis=1, keepdims=True))
    hoped = np.where(best, own, -np.inf)
    commitment = int(hoped.max(axis=1).argmax())
    reply = int(hoped[commitment].argmax())
    cell = (commitment, reply) if first == 0 else (reply, commitment)
    payoffs = {player: float(game.payoff[(n, *cell)]) for n, player in enumerate(game.players)}
    return Stackelberg(leader, named(game, cell), payoffs, float(np.where(best, own, np.inf).min(axis=1).max()))
