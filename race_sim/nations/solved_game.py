"""The nations' policy game solved, as one object."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from race_sim.nations.levers import Difference
from race_sim.runs.powers import interval_of
from race_sim.scenario.policies import POLICIES, by_cooperation
from race_sim.solvers.equilibria import (
    Classification,
    CooperationFactors,
    EquilibriumSet,
    PriceOfAnarchy,
    SocialOptimum,
    classify,
    cooperation_factors,
    nash_equilibria,
    price_of_anarchy,
    social_optimum,
    subgame_classes,
)
from race_sim.solvers.game import Game, Real

RISK = "catastrophe_probability"
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class SolvedGame:
    """A game with its equilibria, the classes of its 2x2 subgames and what they lose in welfare.

    Attributes
    ----------
    game : Game
        Simulated or published.
    equilibria : EquilibriumSet
        Its Nash equilibria.
    subgames : mapping of tuple of str to Classification
        Class of each 2x2 subgame, by (more, less) cooperative strategy; empty unless there are two players.
    factors : mapping of tuple of str to mapping of str to CooperationFactors
        What would make each player cooperate more readily, by the same pairs and by player.
    optimum : SocialOptimum
        The profile with the highest welfare.
    anarchy : PriceOfAnarchy or None
        What equilibria lose; None where none is known.
    slowing : mapping of str to Difference
        Price of slowing down alone, by nation; empty where it was not computed.
    """

    game: Game
    equilibria: EquilibriumSet
    subgames: Mapping[Pair, Classification]
    factors: Mapping[Pair, Mapping[str, CooperationFactors]]
    optimum: SocialOptimum
    anarchy: PriceOfAnarchy | None
    slowing: Mapping[str, Difference]

    def to_dict(self) -> dict[str, Any]:
        """Give the game and its solution as plain values, fit for JSON.

        Returns
        -------
        mapping of str to Any
            Matrices are nested lists over the players' strategies, in the players' order; ``low`` and ``high`` are
            bounds of 95 % intervals. What a published game does not have, errors and a risk of catastrophe, is None.

        Examples
        --------
        >>> solve_game(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"))).to_dict()["social_optimum"]
        {'profile': {'row': 'cooperate', 'column': 'cooperate'}, 'welfare': 6.0}
        """
        game, errors = self.game, self.game.standard_error
        bounds = {"low": None, "high": None} if game.samples is None else _bounds(game, game.samples)
        return {
            "players": list(game.players),
            "policies": _by_player(game, [list(names) for names in game.strategies]),
            "payoff": _by_player(game, game.payoff.tolist()),
            "standard_error": None if errors is None else _by_player(game, errors.tolist()),
            **bounds,
            RISK: game.outcomes[RISK].tolist() if RISK in game.outcomes else None,
            "equilibria": [one.to_dict(game) for one in self.equilibria],
            "possible_equilibria": [one.to_dict(game) for one in self.equilibria.possible],
            "verdict": self.equilibria.verdict,
            "subgames": {
                subgame_name(game, pair): {
                    "class": classification.class_,
                    "probability": classification.probability[classification.class_],
                    "probabilities": dict(classification.probability),
                }
                for pair, classification in self.subgames.items()
            },
            "social_optimum": {
                "profile": _by_player(game, list(self.optimum.profile)),
                "welfare": self.optimum.welfare,
            },
            "price_of_anarchy": None if self.anarchy is None else self.anarchy.price_of_anarchy,
            "unilateral_slowdown_price": {
                player: {name: _finite(getattr(price, name)) for name in ("mean", "standard_error", "low", "high")}
                for player, price in self.slowing.items()
            },
        }


def solve_game(game: Game, slowing: Mapping[str, Difference] | None = None, seed: int = 0) -> SolvedGame:
    """Solve a game, simulated or published: everything that the command ``game`` shows.

    Of two policies the more cooperative one counts as cooperation, of two other strategies the one that comes first.

    Parameters
    ----------
    game : Game
        Of any number of players; subgames are classified for two.
    slowing : mapping of str to Difference, optional
        Price of slowing down alone, by nation, as ``price_of_slowing_alone`` returns it.
    seed : int
        Seed of the bootstrap over runs.

    Returns
    -------
    SolvedGame
        Equilibria, classes, factors of cooperation and welfare.

    Examples
    --------
    >>> solved = solve_game(Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")))
    >>> solved.to_dict()["subgames"]["cooperate/defect"]["class"]
    "prisoner's dilemma"
    """
    subgames: dict[Pair, Classification] = {}
    factors: dict[Pair, Mapping[str, CooperationFactors]] = {}
    if len(game.players) == 2:
        shared = [name for name in game.strategies[0] if name in game.strategies[1]]
        order = by_cooperation(shared) if set(shared) <= set(POLICIES) else shared
        subgames = subgame_classes(game, order, seed=seed) if len(shared) > 1 else {}
        factors = {pair: cooperation_factors(game.subgame([pair, pair]), seed=seed) for pair in subgames}
    return SolvedGame(
        game,
        nash_equilibria(game, seed=seed),
        subgames,
        factors,
        social_optimum(game),
        price_of_anarchy(game),
        slowing or {},
    )


def subgame_name(game: Game, pair: Pair) -> str:
    """Name a 2x2 subgame by both policies, in the order in which they are offered.

    Parameters
    ----------
    game : Game
        The game that it is part of.
    pair : tuple of str
        The two policies, in any order.

    Returns
    -------
    str
        Such as ``race/unilateral_slowdown``.

    Examples
    --------
    >>> game = Game.symmetric([[3, 0], [5, 1]], ("race", "treaty"))
    >>> subgame_name(game, ("treaty", "race"))
    'race/treaty'
    """
    return "/".join(sorted(pair, key=game.strategies[0].index))


def own_class(factors: CooperationFactors) -> str:
    """Classify a subgame as if the other player's payoffs were this one's.

    Parameters
    ----------
    factors : CooperationFactors
        Of one player; its four payoffs R, S, T and P count.

    Returns
    -------
    str
        Class of the symmetric game ``[[R, S], [T, P]]``.
    """
    r, s, t, p = factors.reward, factors.sucker, factors.temptation, factors.punishment
    return classify(Game.symmetric([[r, s], [t, p]])).class_


def _by_player(game: Game, values: list[Any]) -> dict[str, Any]:
    return dict(zip(game.players, values, strict=True))


def _bounds(game: Game, samples: Real) -> dict[str, Any]:
    """Bounds of the 95 % intervals of every payoff, by player."""
    bounds: list[Real] = [
        np.reshape(bound, game.payoff.shape) for bound in interval_of(samples.reshape(len(samples), -1))
    ]
    return {name: _by_player(game, list(bound.tolist())) for name, bound in zip(("low", "high"), bounds, strict=True)}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
