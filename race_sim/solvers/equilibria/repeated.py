"""Repeated play: how much players must care for the future to keep an agreement that is imperfectly monitored."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from race_sim.errors import InputError, checked_arguments, checked_choices, checked_kind, checked_number, one_line
from race_sim.solvers.equilibria.regret import chosen, own_payoffs, pure_cells
from race_sim.solvers.game import Game


@dataclass(frozen=True)
class CriticalDiscountFactor:
    """The lowest discount factor at which no player gains by breaking the agreement; ``float()`` gives ``value``.

    Attributes
    ----------
    value : float
        The largest of ``by_player``; infinity where no discount factor below 1 is enough.
    by_player : dict of str to float
        What each player needs.
    credible : bool
        Whether the punishment is an equilibrium of the stage game, so that players carry it out.
    """

    value: float
    by_player: dict[str, float]
    credible: bool

    def __float__(self) -> float:
        return self.value


@checked_arguments(
    game=checked_kind(Game),
    cooperate=checked_choices,
    punish=checked_choices,
    detection=checked_number,
    false_alarm=checked_number,
    punishment_length=checked_number,
)
def critical_discount_factor(
    game: Game,
    cooperate: Sequence[str | int],
    punish: Sequence[str | int],
    detection: float = 1.0,
    false_alarm: float = 0.0,
    punishment_length: float = math.inf,
) -> CriticalDiscountFactor:
    """The discount factor from which a trigger strategy keeps everybody to ``cooperate``.

    All play ``cooperate`` until an alarm, then ``punish`` for ``punishment_length`` periods, then ``cooperate`` again.
    With R what a player gets from cooperating, T from its best deviation, P from the punishment, L the length, d and f
    the probabilities of detection and of a false alarm, and D what it loses by an alarm:

    ``D = s (R - P) / (1 + delta f s)`` with ``s = 1 + delta + ... + delta^(L-1)`` and the agreement is kept iff
    ``T - R <= delta (d - f) D``.

    For L infinite: ``delta >= (T - R) / ((T - R)(1 - f) + (d - f)(R - P))``, which is ``(T - R) / (T - P)`` under
    perfect monitoring [1]_; with alarms that may be false, see [2]_. A player without a profitable deviation needs 0.

    Parameters
    ----------
    game : Game
        The stage game, of any number of players.
    cooperate, punish : sequence of str or int
        Pure profiles, names or indices, one per player.
    detection : float
        Probability that a period's deviation raises the alarm.
    false_alarm : float
        Probability that a period without one does.
    punishment_length : float
        Periods: a whole number, or infinite.

    Returns
    -------
    CriticalDiscountFactor
        Per period.

    Raises
    ------
    InputError
        For probabilities outside [0, 1], a length that is neither infinite nor a whole number of at least 1, and
        strategies that there are not.

    References
    ----------
    .. [1] Friedman, J. W. (1971). A non-cooperative equilibrium for supergames. Review of Economic Studies 38:1-12.
       doi:10.2307/2296617
    .. [2] Green, E. J., and Porter, R. H. (1984). Noncooperative collusion under imperfect price information.
       Econometrica 52:87-100. doi:10.2307/1911462

    Examples
    --------
    >>> dilemma = Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"))
    >>> perfect = critical_discount_factor(dilemma, ["cooperate"] * 2, ["defect"] * 2)
    >>> noisy = critical_discount_factor(dilemma, ["cooperate"] * 2, ["defect"] * 2, detection=0.7, false_alarm=0.1)
    >>> round(float(perfect), 6), round(float(noisy), 6)
    (0.5, 0.666667)
    """
    for name, probability in (("detection", detection), ("false_alarm", false_alarm)):
        if not 0 <= probability <= 1:
            raise InputError(f"{name}: must lie in [0, 1], got {one_line(probability)}")
    if not (punishment_length >= 1 and (math.isinf(punishment_length) or punishment_length == int(punishment_length))):
        raise InputError(
            f"punishment_length: must be a whole number, at least 1, or infinite, got {one_line(punishment_length)}"
        )
    kept, punished = chosen(game, cooperate, "cooperate"), chosen(game, punish, "punish")
    by_player = {}
    for n, player in enumerate(game.players):
        values = game.payoff[n]
        reward, punishment = float(values[kept]), float(values[punished])
        temptation = float(own_payoffs(game.payoff, n, kept).max())
        deterrent = (detection - false_alarm) * (reward - punishment)
        by_player[player] = _critical(temptation - reward, deterrent, false_alarm, punishment_length)
    return CriticalDiscountFactor(max(by_player.values()), by_player, punished in pure_cells(game))


def _critical(gain: float, deterrent: float, false_alarm: float, length: float) -> float:
    """Smallest delta with ``gain <= deterrent delta s / (1 + delta false_alarm s)``; its right side grows."""
    if gain <= 0:
        return 0.0
    if deterrent <= 0:
        return math.inf
    if math.isinf(length):
        lowest = gain / (gain * (1 - false_alarm) + deterrent)
        return lowest if lowest < 1 else math.inf

    def excess(delta: float) -> float:
        ahead = length if delta == 1 else (1 - delta**length) / (1 - delta)
        return deterrent * delta * ahead - gain * (1 + delta * false_alarm * ahead)

    from scipy.optimize import brentq

    return math.inf if excess(1.0) <= 0 else float(brentq(excess, 0.0, 1.0, xtol=1e-15))
