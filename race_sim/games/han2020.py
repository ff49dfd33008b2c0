"""Han, Pereira, Santos and Lenaerts (2020): to regulate an idealised AI race, or not."""

import math
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import model_validator

from race_sim.games._base.published import Check, parameter
from race_sim.games._base.reading import Reading, Verdict
from race_sim.games._base.rounds import RaceInRounds
from race_sim.solvers.evolution import group_log_fixation, log_fixation, stationary_distribution
from race_sim.solvers.evolution.reports import plain, population_results, rare_mutants
from race_sim.solvers.game import Citation, Game, Real

STRATEGIES = ("AS", "AU", "CS")
SELF = "the paper prints averages without self-interaction; its figures come from averages with it"


def stage(b: ArrayLike, c: ArrayLike, s: ArrayLike, p_fo: ArrayLike) -> tuple[Any, Any, Any, Any]:
    """Compute payoffs of one round of SAFE (1) and UNSAFE (2).

    Parameters
    ----------
    b, c, s, p_fo : array
        Benefit, cost of safety, speed of UNSAFE and probability that it is found out, of shapes that broadcast.

    Returns
    -------
    tuple of array
        The paper's pi11, pi12, pi21, pi22: row against column.
    """
    b, c, s, p_fo = (np.asarray(value, dtype=float) for value in (b, c, s, p_fo))
    both_safe = -c + b / 2
    safe = -c + (1 - p_fo) * b / (s + 1) + p_fo * b
    unsafe = (1 - p_fo) * s * b / (s + 1)
    return both_safe, safe, unsafe, (1 - p_fo**2) * b / 2


def race_payoff(
    b: ArrayLike,
    c: ArrayLike,
    s: ArrayLike,
    p_fo: ArrayLike,
    B: ArrayLike,
    W: ArrayLike,
    p_r: ArrayLike,
    gamma: ArrayLike = 0.0,
) -> Real:
    """Compute payoffs per round of AS, AU, CS over a whole race.

    Parameters
    ----------
    b, c, s, p_fo : array
        Benefit, cost of safety, speed of UNSAFE and probability that it is found out, of shapes that broadcast.
    B, W : array
        Prize, and steps to the end of the race.
    p_r : array
        Probability of disaster.
    gamma : array
        Share of its harm that falls on a safe rival.

    Returns
    -------
    array (..., 3, 3)
        Row against column.

    Examples
    --------
    >>> race_payoff(b=4, c=1, s=1.5, p_fo=0.5, B=1e4, W=100, p_r=0.5)[1].round(5).tolist()
    [75.6, 38.25, 75.74775]
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        pi11, pi12, pi21, pi22 = stage(b, c, s, p_fo)
        s, B, W, p_r, gamma = (np.asarray(value, dtype=float) for value in (s, B, W, p_r, gamma))
        survives, shared = 1 - p_r, 1 - p_r * gamma
        safe = B / (2 * W) + pi11
        rows = [
            [safe, pi12 * shared, safe],
            [
                survives * (s * B / W + pi21),
                survives * (s * B / (2 * W) + pi22),
                survives * (s * B / W + s / W * (pi21 + (W / s - 1) * pi22)),
            ],
            [safe, s / W * (pi12 + (W / s - 1) * pi22) * shared, safe],
        ]
    entries = np.broadcast_arrays(*(entry for row in rows for entry in row))
    return np.stack(entries, axis=-1).reshape(*entries[0].shape, 3, 3)


class IdealisedRace(RaceInRounds):
    """Labs develop safely or not, round by round, until the fastest takes a prize that a disaster may destroy.

    SAFE costs c a round and advances by 1, UNSAFE is free and advances by s. A round's benefit b is shared by speed; an
    unsafe lab is found out with probability p_fo and gets nothing. The first to W steps takes B, shared in a tie; a lab
    that was unsafe loses all with probability p_r, and then the share gamma of that harm falls on a safe rival. AS is
    always safe, AU always unsafe, CS is safe first and then does what the other did. Labs imitate who does better
    (Fermi, selection beta, Z labs). Payoffs per round, with q = 1 - p_r and pi from ``stage``:

    ========  ==========================  ====================================  ==================================
    row       against AS                  against AU                            against CS
    AS        B/2W + pi11                 pi12                                  B/2W + pi11
    AU        q (sB/W + pi21)             q (sB/2W + pi22)                      q [sB/W + (s/W)(pi21 + (W/s-1) pi22)]
    CS        B/2W + pi11                 (s/W)(pi12 + (W/s-1) pi22)            B/2W + pi11
    ========  ==========================  ====================================  ==================================

    Safety is socially preferred for p_r > 1 - 1/s and risk-dominant for p_r > 1 - 1/(3s) where B/W >> b, in groups of N
    1 - 1/(N H_N s). Groups of N > 2 are drawn without replacement; at N = 2 they are not the pair game unless p_fo = 0.

    Examples
    --------
    >>> IdealisedRace(p_r=0.9).results()["zones"]["social"]
    0.33333333333333337
    """

    citation = Citation(
        "han2020",
        ("The Anh Han", "Luís Moniz Pereira", "Francisco C. Santos", "Tom Lenaerts"),
        "To Regulate or Not: A Social Dynamics Analysis of an Idealised AI Race",
        2020,
        "Journal of Artificial Intelligence Research 69:881-921",
        doi="10.1613/jair.1.12225",
    )
    mapping: ClassVar[str] = (
        "SAFE keeps the standard, UNSAFE spends nothing on safety; s from law 3.2, p_r simulated, a round is a "
        "decision, b its revenue, B what the winner has more than others, c = 0 (safety costs speed only), p_fo = 0, "
        "gamma = 1 (a catastrophe spares nobody)"
    )
    gamma: float = parameter(0.0, "share of the harm of a disaster that falls on a safe rival", 0, 1)
    Z: int = parameter(100, "population size", 2, 10_000)
    beta: float = parameter(0.1, "selection strength", 0)
    self_interaction: bool = parameter(False, "whether average payoffs include play against oneself")
    mutation: float = parameter(0.0, "probability of a random strategy per step; 0 is the limit of rare mutants", 0, 1)
    N: int = parameter(2, "labs in a race", 2, 10_000)

    @model_validator(mode="after")
    def _groups_fit(self) -> "IdealisedRace":
        if self.N > self.Z:
            raise ValueError(f"N must be at most Z = {self.Z}, got {self.N}")
        if self.N > 2 and (self.mutation > 0 or self.self_interaction):
            raise ValueError(
                "N above 2 is defined for groups of two strategies, rare mutants, without self-interaction"
            )
        return self

    @property
    def payoff(self) -> Real:
        """Payoffs per round of AS, AU, CS in pairs.

        Returns
        -------
        array (3, 3)
            Row against column.
        """
        return race_payoff(self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r, self.gamma)

    def group_payoff(self) -> Real:
        """Compute payoffs in groups of N.

        With k safe of N: pi_S(k) = -c + (1-p_fo) b/(k + s(N-k)) + p_fo b/k, or -c + b/N for k = N; pi_U(k) =
        (1-p_fo) s b/(k + s(N-k)). AS|AU(k) = pi_S(k), AU|AS(k) = q [sB/(W(N-k)) + pi_U(k)], CS|AU(k) =
        (s/W)(pi_S(k) + (W/s-1) pi_U(0)), AU|CS(k) = q [sB/(W(N-k)) + (s/W)(pi_U(k) + (W/s-1) pi_U(0))].

        Returns
        -------
        array (3, 3, N + 1)
            By [a, b, k]: of a player of a in a group with k players of a, itself included, and N - k of b.
        """
        N, s, W, late = self.N, self.s, self.W, self.W / self.s - 1
        safe = np.arange(1, N)
        fast = safe + s * (N - safe)
        escapes = 1 - self.p_fo
        pi_safe = -self.c + escapes * self.b / fast + self.p_fo * self.b / safe
        k = np.arange(N)
        pi_unsafe = escapes * s * self.b / (k + s * (N - k))
        prize = s * self.B / (W * (N - k))
        harmed, survives = 1 - self.p_r * self.gamma, 1 - self.p_r
        all_safe = self.B / (N * W) - self.c + self.b / N
        always = survives * (prize + pi_unsafe)
        conditional = survives * (prize + s / W * (pi_unsafe + late * pi_unsafe[0]))
        table = np.full((3, 3, N + 1), all_safe)
        table[0, 1, 1:N] = harmed * pi_safe
        table[2, 1, 1:N] = harmed * s / W * (pi_safe + late * pi_unsafe[0])
        table[1, 0, 1:] = always[::-1]
        table[1, 2, 1:] = conditional[::-1]
        table[1, 1, :] = always[0]
        return table

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is named when it is reported
    def results(self) -> dict[str, Any]:
        """Compute payoffs, what evolution makes of them, and thresholds.

        Returns
        -------
        dict
            ``payoff`` (None for groups of more than 2), ``log_fixation``, ``stationary``, ``reason``, ``zones``,
            ``late``, ``line``, and ``frequency`` with mutation.
        """
        if self.N > 2:
            logs = group_log_fixation(self.group_payoff(), self.Z, self.beta)
            results = {"payoff": None, **rare_mutants(logs, STRATEGIES)}
        else:
            results = population_results(
                self.payoff, STRATEGIES, self.Z, self.beta, self.self_interaction, self.mutation
            )
        return {**results, "zones": self.zones(), "late": self.late(), "line": self.line()}

    def zones(self) -> dict[str, float]:
        """Disaster probabilities above which safety is socially preferred, and risk-dominant, where B/W >> b.

        Returns
        -------
        dict of str to float
            ``social`` and ``risk_dominance``.
        """
        sum_of_inverses = (
            float(sum(Fraction(1, n) for n in range(1, self.N + 1))) if self.N < 1000 else _harmonic(self.N)
        )
        limits = {"social": 1 - 1 / self.s, "risk_dominance": 1 - 1 / (self.N * sum_of_inverses * self.s)}
        return {name: plain(f"zones.{name}", value) for name, value in limits.items()}

    def late(self) -> dict[str, float | None]:
        """The thresholds where the end is far, W large: of AS and CS against AU, and socially.

        Returns
        -------
        dict of str to float
            ``AS``, ``CS``, ``social``; None where UNSAFE earns nothing against itself.
        """
        pi11, pi12, pi21, pi22 = map(float, stage(self.b, self.c, self.s, self.p_fo))
        if pi22 == 0.0:
            return {"AS": None, "CS": None, "social": None}
        margin = (self.b - 2 * self.c) / (self.b * (1 - self.p_fo**2))
        limits = {"AS": 1 - (pi11 + pi12) / (pi21 + pi22), "CS": 0.5 - margin / 2, "social": 1 - margin}
        return {name: plain(f"late.{name}", value) for name, value in limits.items()}

    def line(self) -> dict[str, float | None]:
        """The exact disaster probabilities at these parameters above which AS and CS risk-dominate AU in pairs.

        Returns
        -------
        dict of str to float
            ``AS``, ``CS``; None where there is no such number.
        """
        table = race_payoff(self.b, self.c, self.s, self.p_fo, self.B, self.W, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            limits = {
                name: 1 - (table[i, i] + table[i, 1]) / (table[1, i] + table[1, 1])
                for name, i in (("AS", 0), ("CS", 2))
            }
        return {name: float(value) if np.isfinite(value) else None for name, value in limits.items()}

    def scan(self, speeds: ArrayLike, risks: ArrayLike) -> Real:
        """Compute stationary shares of AS, AU, CS on a grid of speeds and disaster probabilities, in one call.

        Parameters
        ----------
        speeds : array (speeds,)
            Values of s.
        risks : array (risks,)
            Values of p_r.

        Returns
        -------
        array (speeds, risks, 3)
            Shares of time.

        Examples
        --------
        >>> IdealisedRace().scan([1.5, 3.0], [0.2, 0.6, 0.99]).shape
        (2, 3, 3)
        """
        s, p_r = np.asarray(speeds, dtype=float)[:, None], np.asarray(risks, dtype=float)[None, :]
        payoff = race_payoff(self.b, self.c, s, self.p_fo, self.B, self.W, p_r, self.gamma)
        return stationary_distribution(payoff, self.Z, self.beta, self.self_interaction).probability

    def game(self) -> Game | None:
        """The race of two as a symmetric game.

        Returns
        -------
        Game or None
            None for groups of more.
        """
        if self.N > 2:
            return None
        return Game.symmetric(
            self.payoff, STRATEGIES, name="Idealised AI race", unit="per round", citation=self.citation
        )

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """SAFE keeps the standard, UNSAFE spends nothing on safety, and a round is a decision.

        Parameters
        ----------
        reading : Reading
            Of a race scenario.

        Returns
        -------
        IdealisedRace
            The race of two labs.
        """
        return cls(
            s=reading.speed,
            p_r=reading.unsafe_probability,
            W=max(1.0, reading.rounds),
            c=0.0,
            p_fo=0.0,
            b=reading.revenue_per_round,
            B=reading.prize * reading.enmity,
            gamma=1.0,
        )

    def answer(self, reading: Reading) -> Verdict:
        """Equilibria of AS and AU as a game of two; the risk from the share of time in which AU rules.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            With the probability of disaster beside the paper's zones.
        """
        results = self.results()
        pay, unsafe = results["payoff"], results["stationary"][1]
        return Verdict(
            pay[1][1] >= pay[0][1],
            pay[0][0] >= pay[1][0],
            unsafe * reading.unsafe_probability,
            f"always unsafe {100 * unsafe:.3g} % of the time; p_r {reading.unsafe_probability:.3g} against zones "
            f"{results['zones']['social']:.3g} and {results['zones']['risk_dominance']:.3g}",
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """The zones, stationary shares and transitions of the paper's figures.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        figure = "Figure 1, self-interaction"
        return [
            Check(
                "safety socially preferred above p_r, s = 1.5",
                "Section 3",
                0.333,
                lambda: cls().zones()["social"],
                5e-4,
            ),
            Check(
                "safety risk-dominant above p_r, s = 1.5",
                "Section 3",
                0.778,
                lambda: cls().zones()["risk_dominance"],
                5e-4,
            ),
            Check(
                "safety risk-dominant above p_r, N = 5",
                "N-player race",
                0.942,
                lambda: cls(N=5).zones()["risk_dominance"],
                5e-4,
            ),
            *(
                Check(f"share of {name}, p_r = {p_r}", figure, share, partial(_share, p_r, i), 0.005)
                for p_r, shares in ((0.9, (0.5, 0.0, 0.5)), (0.6, (0.0, 1.0, 0.0)))
                for i, (name, share) in enumerate(zip(STRATEGIES, shares, strict=True))
            ),
            Check("AU to AS, in units of 1/Z, p_r = 0.9", figure, 0.18, lambda: _relative(0.9, 1, 0), 0.005),
            Check("AU to CS, in units of 1/Z, p_r = 0.9", figure, 0.12, lambda: _relative(0.9, 1, 2), 0.005),
            Check("CS to AU, in units of 1/Z, p_r = 0.6", figure, 62.9, lambda: _relative(0.6, 2, 1), 0.05),
            Check("AS to AU, in units of 1/Z, p_r = 0.6", figure, 62.4, lambda: _relative(0.6, 0, 1), 0.05),
            Check(
                "AU to AS, in units of 1/Z, p_r = 0.9, without self-interaction",
                "Figure 1, averages as printed",
                0.18,
                lambda: _relative(0.9, 1, 0, False),
                0.005,
                reason=SELF,
            ),
            Check(
                "AS risk-dominates AU above p_r, W = 100",
                "exact line",
                0.768,
                partial(_line, "AS", 100.0),
                5e-4,
                "reading",
            ),
            *(
                Check(
                    f"{name} risk-dominates AU above p_r, W = 10^9: the late limit",
                    "late safety threshold",
                    cls().late()[name],
                    partial(_line, name, 1e9),
                    1e-4,
                    "reading",
                )
                for name in ("AS", "CS")
            ),
            Check(
                "safe pairs do better than unsafe ones above p_r, W = 10^9: the late limit",
                "late safety threshold",
                cls().late()["social"],
                lambda: _social_line(cls(W=1e9, p_r=0.0)),
                1e-4,
                "reading",
            ),
        ]


def _harmonic(n: int) -> float:
    return float((1.0 / np.arange(n, 0, -1)).sum())


def _share(p_r: float, strategy: int) -> float:
    return float(IdealisedRace(p_r=p_r, self_interaction=True).results()["stationary"][strategy])


def _relative(p_r: float, resident: int, invader: int, self_interaction: bool = True) -> float:
    logs = log_fixation(IdealisedRace(p_r=p_r).payoff, 100, 0.1, self_interaction)
    return float(100 * np.exp(logs[resident, invader]))


def _line(name: str, W: float) -> float:
    line = IdealisedRace(W=W).line()[name]
    return math.nan if line is None else line


def _social_line(race: IdealisedRace) -> float:
    return float(1 - race.payoff[0, 0] / race.payoff[1, 1])
