"""Treaties among n nations: who has a reason to leave, and who to join."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_names, one_line
from race_sim.solvers.equilibria.bootstrap import bootstrap_payoffs
from race_sim.solvers.equilibria.regret import ties
from race_sim.solvers.game import Game, Real

Cell = tuple[int, ...]


@dataclass(frozen=True)
class Treaty:
    """A coalition of signatories and what holds it together.

    Attributes
    ----------
    members : tuple of str
        The signatories; none in the empty coalition.
    payoffs : dict of str to float
        Of every player while these have signed.
    welfare : float
        The sum of the payoffs.
    gain_from_leaving : dict of str to float
        For each member, what it would gain by leaving alone.
    gain_from_joining : dict of str to float
        For each outsider, what it would gain by joining alone.
    internally_stable, externally_stable : bool
        Whether no member gains by leaving, and no outsider by joining.
    bootstrap_share : float or None
        Share of resampled payoffs in which the treaty is stable; None for exact payoffs.
    """

    members: tuple[str, ...]
    payoffs: dict[str, float]
    welfare: float
    gain_from_leaving: dict[str, float]
    gain_from_joining: dict[str, float]
    internally_stable: bool
    externally_stable: bool
    bootstrap_share: float | None = None

    @property
    def stable(self) -> bool:
        """Whether no member gains by leaving and no outsider by joining.

        Returns
        -------
        bool
            Internally and externally stable.
        """
        return self.internally_stable and self.externally_stable


def _policies(name: str, value: object) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else checked_names(name, value)


@checked_arguments(game=checked_kind(Game), signed=_policies, outside=_policies)
def treaty_stability(
    game: Game,
    signed: str | Sequence[str] = "treaty",
    outside: str | Sequence[str] = "race",
    *,
    draws: int = 1000,
    seed: int = 0,
) -> list[Treaty]:
    """Internal and external stability of every coalition of signatories, the empty one first.

    Members play ``signed``, all others ``outside``. With u_i(S) what player i then gets: S is internally stable where
    ``u_i(S) >= u_i(S without i)`` for all i in S, externally where ``u_i(S) >= u_i(S with i)`` for all others [1]_
    [2]_.

    Parameters
    ----------
    game : Game
        Of any number of players.
    signed, outside : str or sequence of str
        A strategy's name, or one per player.
    draws, seed : int
        Of the bootstrap, for games with samples.

    Returns
    -------
    list of Treaty
        One per coalition, 2 to the power of the number of players.

    Raises
    ------
    InputError
        For strategies that there are not, and where the two are the same for a player.

    References
    ----------
    .. [1] d'Aspremont, C., Jacquemin, A., Gabszewicz, J. J., and Weymark, J. A. (1983). On the stability of collusive
       price leadership. Canadian Journal of Economics 16:17-25. doi:10.2307/134972
    .. [2] Barrett, S. (1994). Self-enforcing international environmental agreements. Oxford Economic Papers 46:878-894.
       doi:10.1093/oep/46.Supplement_1.878

    Examples
    --------
    >>> game = Game.symmetric([[3, 0], [1, 1]], ("treaty", "race"), ("us", "china"))
    >>> [treaty.members for treaty in treaty_stability(game) if treaty.stable]
    [(), ('us', 'china')]
    """
    inside, without = _strategies(game, "signed", signed), _strategies(game, "outside", outside)
    if any(one == other for one, other in zip(inside, without, strict=True)):
        raise InputError(f"signed: must differ from outside for every player, got {one_line(signed)}")
    players = range(len(game.players))
    coalitions = [group for size in range(len(players) + 1) for group in combinations(players, size)]
    cells = [tuple(inside[n] if n in group else without[n] for n in players) for group in coalitions]
    drawn = None if game.samples is None else bootstrap_payoffs(game, draws, seed)
    treaties = []
    for group, cell in zip(coalitions, cells, strict=True):
        moved = [_replaced(cell, n, without[n] if n in group else inside[n]) for n in players]
        share = None if drawn is None else float((_gains(drawn, cell, moved) <= 0).all(axis=1).mean())
        treaties.append(_treaty(game, group, cell, _gains(game.payoff[None], cell, moved)[0], share))
    return treaties


def _treaty(game: Game, group: tuple[int, ...], cell: Cell, gains: Real, share: float | None) -> Treaty:
    names = game.players
    leaving = {names[n]: float(gains[n]) for n in group}
    joining = {name: float(gain) for name, gain in zip(names, gains, strict=True) if name not in leaving}
    payoffs = {name: float(game.payoff[(n, *cell)]) for n, name in enumerate(names)}
    stays, keeps_out = (all(gain <= 0 for gain in part.values()) for part in (leaving, joining))
    return Treaty(tuple(leaving), payoffs, sum(payoffs.values()), leaving, joining, stays, keeps_out, share)


def _gains(payoff: Real, cell: Cell, moved: list[Cell]) -> Real:
    """What each player gains by its own move, (draws, players); ties are 0. payoff: (draws, players, *shape)."""
    gains = []
    for n, other in enumerate(moved):
        here, there = _in_cell(payoff, n, cell), _in_cell(payoff, n, other)
        gains.append(np.where(ties(here, there), 0.0, there - here))
    return np.stack(gains, axis=1)


def _in_cell(payoff: Real, player: int, cell: Cell) -> Real:
    where: Any = (slice(None), player, *cell)
    values: Real = payoff[where]
    return values


def _replaced(cell: Cell, player: int, strategy: int) -> Cell:
    return (*cell[:player], strategy, *cell[player + 1 :])


def _strategies(game: Game, what: str, given: str | Sequence[str]) -> Cell:
    names = [given] * len(game.players) if isinstance(given, str) else list(given)
    if len(names) != len(game.players):
        raise InputError(f"{what}: must be one strategy per player ({len(game.players)}), got {one_line(given)}")
    return tuple(game.strategy(n, name) for n, name in enumerate(names))
