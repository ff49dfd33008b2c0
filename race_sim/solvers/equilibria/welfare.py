"""What all players together could get, and how much of it their equilibria lose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from race_sim.errors import InputError, checked_arguments, checked_kind, checked_numbers, one_line
from race_sim.solvers.equilibria.nash import nash_equilibria
from race_sim.solvers.equilibria.regret import expected_payoffs, named
from race_sim.solvers.game import Game, Real


@dataclass(frozen=True)
class SocialOptimum:
    """The pure profile with the highest welfare.

    Attributes
    ----------
    profile : tuple of str
        One strategy per player.
    welfare : float
        In the unit of payoffs.
    """

    profile: tuple[str, ...]
    welfare: float


@dataclass(frozen=True)
class PriceOfAnarchy:
    """Welfare at the optimum, at the best and at the worst equilibrium, and what lies between.

    Attributes
    ----------
    optimum, best, worst : float
        Welfare, in the unit of payoffs.
    loss : float
        Optimum minus worst.
    price_of_anarchy : float or None
        Optimum / worst; None where the worst is not positive, since a ratio says nothing there.
    price_of_stability : float or None
        Optimum / best; None where the best is not positive.
    complete : bool
        Whether all equilibria were compared.
    """

    optimum: float
    best: float
    worst: float
    loss: float
    price_of_anarchy: float | None
    price_of_stability: float | None
    complete: bool


@checked_arguments(game=checked_kind(Game))
def social_optimum(game: Game, weights: ArrayLike | None = None) -> SocialOptimum:
    """The pure profile where the sum of payoffs is highest; no mixture does better.

    Parameters
    ----------
    game : Game
        Of any number of players.
    weights : array (players,), optional
        Of each player's payoff; by default 1.

    Returns
    -------
    SocialOptimum
        Of profiles that tie, the first.

    Raises
    ------
    InputError
        Unless weights are finite and not negative.

    Examples
    --------
    >>> social_optimum(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")))
    SocialOptimum(profile=('cooperate', 'cooperate'), welfare=6.0)
    """
    welfare = np.tensordot(_weights(game, weights), game.payoff, axes=1)
    cell = np.unravel_index(int(welfare.argmax()), game.shape)
    return SocialOptimum(named(game, cell), float(welfare[cell]))


@checked_arguments(game=checked_kind(Game))
def price_of_anarchy(game: Game, weights: ArrayLike | None = None) -> PriceOfAnarchy | None:
    """Welfare at the social optimum against that at the worst equilibrium.

    Price of anarchy = optimum / worst equilibrium [1]_, price of stability = optimum / best. Ratios exist only where
    welfare is positive; the loss, optimum minus worst, always. Two players: over all equilibria, a continuum included,
    as welfare is lowest and highest at extreme points. More players: over pure ones.

    Parameters
    ----------
    game : Game
        Of any number of players.
    weights : array (players,), optional
        Of each player's payoff; by default 1.

    Returns
    -------
    PriceOfAnarchy or None
        None where no equilibrium is known.

    Raises
    ------
    InputError
        Unless weights are finite and not negative.

    References
    ----------
    .. [1] Koutsoupias, E., and Papadimitriou, C. (1999). Worst-case equilibria. STACS 99, Lecture Notes in Computer
       Science 1563:404-413. doi:10.1007/3-540-49116-3_38

    Examples
    --------
    >>> price_of_anarchy(Game.symmetric([[3, 0], [5, 1]])).price_of_anarchy
    3.0
    """
    values = _weights(game, weights)
    equilibria = nash_equilibria(game, draws=1)
    if not len(equilibria):
        return None
    optimum = social_optimum(game, weights).welfare
    reached = [float(values @ expected_payoffs(game, one.profile)) for one in equilibria]
    best, worst = max(reached), min(reached)
    ratios = [optimum / welfare if welfare > 0 else None for welfare in (worst, best)]
    return PriceOfAnarchy(optimum, best, worst, optimum - worst, ratios[0], ratios[1], equilibria.complete)


def _weights(game: Game, weights: ArrayLike | Sequence[float] | None) -> Real:
    values = np.ones(len(game.players)) if weights is None else checked_numbers("weights", weights)
    if values.shape != (len(game.players),) or not np.isfinite(values).all() or (values < 0).any():
        raise InputError(f"weights: must be one number per player, at least 0, got {one_line(weights)}")
    return values
