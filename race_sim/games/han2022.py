"""Han, Lenaerts, Santos and Pereira (2022): voluntary commitments as an escape from over-regulation."""

from typing import Any

import numpy as np

from race_sim.games._base.published import Check, parameter
from race_sim.games._base.rounds import RaceInRounds
from race_sim.games.han2020 import race_payoff
from race_sim.games.han2021 import punished_race
from race_sim.solvers.evolution.reports import population_results
from race_sim.solvers.game import Citation, Game, Real

STRATEGIES = ("AS-out", "AU-out", "AS-in", "AU-in", "PS-in")
PLAYS_UNSAFE = np.array([0.0, 1.0, 0.0, 1.0, 0.0])


class Commitments(RaceInRounds):
    """Labs may commit to safety; a commitment binds when both sign, and a punisher goes after those who break it.

    The race is that of ``han2020``, punishment that of ``han2021``. An agreement is made if both labs are in, at a
    cost eps to each; without one, those who are in play unsafe. With SS, SU, US, UU the payoffs of AS and AU, and
    P = P(PS, AU), Q = P(AU, PS):

    ======  ====  ====  ========  ========  ========
    AS-out  SS    SU    SU        SU        SU
    AU-out  US    UU    UU        UU        UU
    AS-in   US    UU    SS - eps  SU - eps  SS - eps
    AU-in   US    UU    US - eps  UU - eps  Q - eps
    PS-in   US    UU    SS - eps  P - eps   SS - eps
    ======  ====  ====  ========  ========  ========

    The paper finds that the individual threshold meets the social one, p_r > 1 - 1/s: hardly any over-regulation.

    Examples
    --------
    >>> Commitments(p_r=0.6).results()["unsafe"] < 0.05
    True
    """

    citation = Citation(
        "han2022",
        ("The Anh Han", "Tom Lenaerts", "Francisco C. Santos", "Luís Moniz Pereira"),
        "Voluntary safety commitments provide an escape from over-regulation in AI development",
        2022,
        "Technology in Society 68:101843",
        doi="10.1016/j.techsoc.2021.101843",
        arxiv="2104.03741",
    )
    p_fo: float = parameter(0.0, "probability per round that unsafe play is found out", 0, 1)
    Z: int = parameter(100, "population size", 2, 10_000)
    beta: float = parameter(0.01, "selection strength", 0)
    s_a: float = parameter(0.3, "speed that punishing costs the punisher", 0)
    s_b: float = parameter(1.5, "speed that punishing takes from the punished", 0)
    eps: float = parameter(0.0, "cost of an agreement to each side", 0)
    self_interaction: bool = parameter(False, "whether average payoffs include play against oneself")

    @property
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def payoff(self) -> Real:
        """Payoffs per round of the five strategies.

        Returns
        -------
        array (5, 5)
            Row against column.
        """
        race = race_payoff(self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r)
        (SS, SU), (US, UU) = race[:2, :2]
        P, Q = punished_race(self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r, self.s_a, self.s_b)
        eps = self.eps
        return np.array(
            [
                [SS, SU, SU, SU, SU],
                [US, UU, UU, UU, UU],
                [US, UU, SS - eps, SU - eps, SS - eps],
                [US, UU, US - eps, UU - eps, Q - eps],
                [US, UU, SS - eps, P - eps, SS - eps],
            ]
        )

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is named when it is reported
    def results(self) -> dict[str, Any]:
        """Compute payoffs, what evolution makes of them, and how often play is unsafe in the long run.

        Returns
        -------
        dict
            ``payoff``, ``log_fixation``, ``stationary``, ``reason``; ``unsafe``, the share of AU-out and AU-in.
        """
        results = population_results(self.payoff, STRATEGIES, self.Z, self.beta, self.self_interaction)
        return {**results, "unsafe": float(PLAYS_UNSAFE @ results["stationary"])}

    def game(self) -> Game:
        """The race of two as a symmetric game.

        Returns
        -------
        Game
            Of the five strategies.
        """
        return Game.symmetric(
            self.payoff, STRATEGIES, name="AI race with commitments", unit="per round", citation=self.citation
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """Unsafe play with commitments and punishment at (s_a, s_b) = (0.3, 1.5).

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        figure = "figures, p_fo = 0, beta = 0.01, W = 100, self-interaction"
        return [
            Check(
                "unsafe play, p_r = 0.1",
                figure,
                0.952,
                lambda: cls(p_r=0.1, self_interaction=True).results()["unsafe"],
                5e-4,
            ),
            Check(
                "unsafe play, p_r = 0.6",
                figure,
                0.026,
                lambda: cls(p_r=0.6, self_interaction=True).results()["unsafe"],
                5e-4,
            ),
        ]
