"""The nations' policy game solved, as one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from race_sim.nations.levers import Difference
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
from race_sim.solvers.game import Game

RISK = "catastrophe_probability"
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class SolvedGame:
    """A game with its equilibria, the classes of its 2x2 subgames and what they lose in welfare.

    subgames: by (more, less) cooperative strategy, for two players. slowing: the price of slowing down alone, by
    nation.
    """

    game: Game
    equilibria: EquilibriumSet
    subgames: Mapping[Pair, Classification]
    factors: Mapping[Pair, Mapping[str, CooperationFactors]]
    optimum: SocialOptimum
    anarchy: PriceOfAnarchy | None
    slowing: Mapping[str, Difference]

    def to_dict(self) -> dict[str, Any]:
        """Plain values; matrices are nested lists over the players' strategies, in the players' order.

        What a published game does not have, standard errors and a risk of catastrophe, is None.
        """
        game, errors = self.game, self.game.standard_error
        return {
            "players": list(game.players),
            "policies": _by_player(game, [list(names) for names in game.strategies]),
            "payoff": _by_player(game, game.payoff.tolist()),
            "standard_error": None if errors is None else _by_player(game, errors.tolist()),
            RISK: game.outcomes[RISK].tolist() if RISK in game.outcomes else None,
            "equilibria": [one.to_dict(game) for one in self.equilibria],
            "subgames": {
                subgame_name(game, pair): {
                    "class": result.class_,
                    "probability": result.probability[result.class_],
                    "probabilities": dict(result.probability),
                }
                for pair, result in self.subgames.items()
            },
            "social_optimum": {
                "profile": _by_player(game, list(self.optimum.profile)),
                "welfare": self.optimum.welfare,
            },
            "price_of_anarchy": None if self.anarchy is None else self.anarchy.price_of_anarchy,
            "unilateral_slowdown_price": {
                player: {"mean": price.mean, "standard_error": price.standard_error}
                for player, price in self.slowing.items()
            },
        }


def solve_game(game: Game, slowing: Mapping[str, Difference] | None = None, seed: int = 0) -> SolvedGame:
    """Everything that the command ``game`` tells about a game, simulated or published; seed: of the bootstrap.

    Of two policies the more cooperative one counts as cooperation, of two other strategies the one that comes first.

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
    """``race/unilateral_slowdown``: both policies in the order in which they are offered.

    >>> game = Game.symmetric([[3, 0], [5, 1]], ("race", "treaty"))
    >>> subgame_name(game, ("treaty", "race"))
    'race/treaty'
    """
    return "/".join(sorted(pair, key=game.strategies[0].index))


def own_class(factors: CooperationFactors) -> str:
    """The class that a subgame would have if the other player saw it as this one does."""
    r, s, t, p = factors.reward, factors.sucker, factors.temptation, factors.punishment
    return classify(Game.symmetric([[r, s], [t, p]])).class_


def best_replies(game: Game) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Whether each player's policy is a best reply to the others' in a cell; (players, *shape).

    >>> best_replies(Game.symmetric([[3, 0], [5, 1]]))[0].tolist()
    [[False, False], [True, True]]
    """
    return np.stack([values == values.max(axis=n, keepdims=True) for n, values in enumerate(game.payoff)])


def _by_player(game: Game, values: list[Any]) -> dict[str, Any]:
    return dict(zip(game.players, values, strict=True))
