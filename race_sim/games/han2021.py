"""Han, Pereira, Lenaerts and Santos (2021): punishing unsafe labs, or rewarding safe ones, in an AI race."""

import math
from functools import partial
from typing import Any, Literal

import numpy as np

from race_sim.games._base.published import Check, parameter
from race_sim.games._base.rounds import RaceInRounds
from race_sim.games.han2020 import race_payoff, stage
from race_sim.solvers.evolution.reports import plain, population_results
from race_sim.solvers.game import Citation, Game, Real


def punished_race(
    b: float, c: float, s: float, p_fo: float, B: float, W: float, p_r: float, s_a: float, s_b: float
) -> tuple[float, float]:
    """Compute payoffs per round of a peer punisher PS and an unsafe lab AU that meet.

    After the first round speeds are s'' = 1 - s_a and s' = s - s_b, and the benefit b is shared by them. Where neither
    moves, the race goes on for ever (R is infinite) and nobody earns b, which goes to those who move; the punisher
    still pays c. The shares have no limit there: this is our reading, and the early limit does not depend on it.

    Parameters
    ----------
    b, c, s, p_fo, B, W, p_r : float
        Of the race, as in ``han2020``.
    s_a, s_b : float
        Speed that punishing costs the punisher, and takes from the punished.

    Returns
    -------
    tuple of float
        P(PS, AU) and P(AU, PS).
    """
    _, pi12, pi21, _ = map(float, stage(b, c, s, p_fo))
    slow, punished = max(0.0, 1 - s_a), max(0.0, s - s_b)
    if punished == slow == 0:
        return -c, 0.0
    later_safe, later_unsafe = b * slow / (punished + slow) - c, b * punished / (punished + slow)
    to_end = max(0.0, W - s) / punished if punished > 0 else math.inf
    safe_to_end = max(0.0, W - 1) / slow if slow > 0 else math.inf
    more = min(to_end, safe_to_end)
    if more == math.inf:  # a speed so small that the time it takes is no float
        return later_safe, later_unsafe
    rounds = 1 + more
    won = _won(to_end, safe_to_end)
    survives = 1 - p_r if won > 0 else 1.0
    safe = (pi12 + B * (1 - won) + more * later_safe) / rounds
    unsafe = survives * (pi21 + B * won + more * later_unsafe) / rounds
    return safe, unsafe


def _won(to_end: float, safe_to_end: float) -> float:
    """The unsafe lab's part of the prize: 1, 0, or a half in a draw."""
    return 0.5 if to_end == safe_to_end else float(to_end < safe_to_end)


class Incentives(RaceInRounds):
    """A lab that is safe itself slows unsafe rivals down, or speeds safe ones up, at a cost to its own speed.

    The race is that of ``han2020``. A punisher PS plays safe; after a first round against an unsafe rival it takes s_b
    off the rival's speed, at a cost s_a to its own: s' = s - s_b, s'' = 1 - s_a. The race lasts
    R = 1 + min((W - s)/s', (W - 1)/s'') rounds, over positive speeds, and

    P(PS, AU) = [pi12 + B if it wins + (R - 1)(b_PS - c)]/R,  P(AU, PS) = q [pi21 + B if it wins + (R - 1) b_AU]/R,

    b_PS and b_AU shares of b by speed (0 where neither moves), q = 1 - p_r if AU wins or draws, else 1; a draw halves
    B. A rewarder RS adds s_b to a safe rival's speed: AS gets pi11 + B (1 + s_b)/W and RS pi11; two RS get
    pi11 + B max(0, 1 + s_b - s_a)/2W; against AU it is AS. Where B/W >> b, PS risk-dominates AU for
    p_r > 1 - 1/(s + 2s') if the unsafe lab still wins, 1 - 1/s if both stop, and 1 - (1 + 2s'')/s if the punisher
    wins; RS for p_r > 1 - (1 + s_b - s_a)/(3s).

    Examples
    --------
    >>> round(Incentives(s_a=0, s_b=0.3).risk_dominance_threshold(), 3)
    0.744
    """

    citation = Citation(
        "han2021",
        ("The Anh Han", "Luís Moniz Pereira", "Tom Lenaerts", "Francisco C. Santos"),
        "Mediating artificial intelligence developments through negative and positive incentives",
        2021,
        "PLoS ONE 16(1):e0244592",
        doi="10.1371/journal.pone.0244592",
    )
    p_fo: float = parameter(0.0, "probability per round that unsafe play is found out", 0, 1)
    Z: int = parameter(100, "population size", 2, 10_000)
    beta: float = parameter(0.01, "selection strength", 0)
    s_a: float = parameter(0.3, "speed that an incentive costs the one who gives it", 0)
    s_b: float = parameter(1.5, "speed that an incentive takes from or gives to the other", 0)
    incentive: Literal["punishment", "reward"] = parameter("punishment", "punish unsafe labs or reward safe ones")
    self_interaction: bool = parameter(False, "whether average payoffs include play against oneself")

    @property
    def strategies(self) -> tuple[str, str, str]:
        """Names of the strategies.

        Returns
        -------
        tuple of str
            AS, AU and PS or RS.
        """
        return ("AS", "AU", "PS" if self.incentive == "punishment" else "RS")

    @property
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def payoff(self) -> Real:
        """Payoffs per round of AS, AU and PS or RS.

        Returns
        -------
        array (3, 3)
            Row against column.
        """
        race = race_payoff(self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r)
        table = race[np.ix_([0, 1, 0], [0, 1, 0])]
        if self.incentive == "punishment":
            rates = self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r, self.s_a, self.s_b
            table[2, 1], table[1, 2] = punished_race(*rates)
        else:
            pi11 = self.b / 2 - self.c
            table[0, 2] = pi11 + self.B * (1 + self.s_b) / self.W
            table[2, 0] = pi11
            table[2, 2] = pi11 + self.B * max(0.0, 1 + self.s_b - self.s_a) / (2 * self.W)
        return table

    def risk_dominance_threshold(self) -> float:
        """Disaster probability above which PS or RS risk-dominates AU, where B/W >> b.

        Returns
        -------
        float
            Below 0 where it always does.
        """
        if self.incentive == "reward":
            return 1 - max(0.0, 1 + self.s_b - self.s_a) / (3 * self.s)
        slow, punished = max(0.0, 1 - self.s_a), max(0.0, self.s - self.s_b)
        to_end = max(0.0, self.W - self.s) / punished if punished > 0 else math.inf
        won = _won(to_end, max(0.0, self.W - 1) / slow if slow > 0 else math.inf)
        speed = max(slow, punished)  # of the winner: B/R is B speed/W
        return 1 - (1 + 2 * (1 - won) * speed) / (self.s + 2 * won * speed)

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is named when it is reported
    def results(self) -> dict[str, Any]:
        """Compute payoffs, what evolution makes of them, and the early threshold.

        Returns
        -------
        dict
            ``payoff``, ``log_fixation``, ``stationary``, ``reason``; ``unsafe``, the share of AU;
            ``risk_dominance_threshold``.
        """
        results = population_results(self.payoff, self.strategies, self.Z, self.beta, self.self_interaction)
        threshold = plain("risk_dominance_threshold", self.risk_dominance_threshold())
        return {**results, "unsafe": results["stationary"][1], "risk_dominance_threshold": threshold}

    def game(self) -> Game:
        """The race of two as a symmetric game.

        Returns
        -------
        Game
            Of AS, AU and PS or RS.
        """
        return Game.symmetric(
            self.payoff, self.strategies, name="AI race with incentives", unit="per round", citation=self.citation
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """The early thresholds and the unsafe shares of the figures.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        shares = [(0.3, 1.5, 0.9, 0.0), (0.0, 0.0, 0.25, 1.0), (0.0, 0.0, 0.5, 1.0), (0.0, 0.0, 0.9, 0.0)]
        return [
            Check(
                "PS risk-dominates AU above p_r, s = 1.5, s' = 1.2",
                "early limit",
                0.744,
                lambda: cls(s_a=0, s_b=0.3).risk_dominance_threshold(),
                5e-4,
            ),
            Check(
                "PS risk-dominates AU above p_r, both stop: 1 - 1/s",
                "early limit",
                1 - 1 / 1.5,
                lambda: cls(s_a=1.0, s_b=1.5).risk_dominance_threshold(),
                1e-12,
            ),
            Check(
                "RS risk-dominates AU above p_r at B = 10^9: 1 - (1 + s_b - s_a)/(3s)",
                "early limit",
                cls(incentive="reward", s_a=0.3, s_b=0.6).risk_dominance_threshold(),
                lambda: _line(cls(incentive="reward", s_a=0.3, s_b=0.6, B=1e9)),
                1e-5,
                "reading",
            ),
            Check(
                "PS risk-dominates AU above p_r at B = 10^12, W = 10^6, s' = 1.2",
                "early limit",
                cls(s_a=0, s_b=0.3).risk_dominance_threshold(),
                lambda: _line(cls(s_a=0, s_b=0.3, B=1e12, W=1e6)),
                1e-5,
                "reading",
            ),
            *(
                Check(
                    f"unsafe share, (s_a, s_b) = ({s_a}, {s_b}), p_r = {p_r}",
                    "figures, p_fo = 0, beta = 0.01",
                    unsafe,
                    partial(_unsafe, s_a, s_b, p_r),
                    0.005,
                )
                for s_a, s_b, p_r, unsafe in shares
            ),
        ]


def _unsafe(s_a: float, s_b: float, p_r: float) -> float:
    return float(Incentives(s_a=s_a, s_b=s_b, p_r=p_r).results()["unsafe"])


def _line(race: Incentives) -> float:
    """The exact threshold; AU's payoffs are proportional to 1 - p_r in the cases in which it is asked for."""
    table = race.model_copy(update={"p_r": 0.0}).payoff
    return float(1 - (table[2, 2] + table[2, 1]) / (table[1, 2] + table[1, 1]))
