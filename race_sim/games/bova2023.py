"""Bova, Di Stefano and Han (2023): incentives that keep the eyes of private regulators open."""

from functools import partial
from typing import Any, Literal

import numpy as np

from race_sim.games._base.published import Check, PublishedGame, parameter
from race_sim.solvers.evolution import log_fixation, log_fixation_constant, populations_log_rates, stationary_of
from race_sim.solvers.evolution.reports import plain
from race_sim.solvers.game import Citation, Real

FIRMS, REGULATORS = ("AS", "AU", "VS"), ("HQ", "LQ")
STATES = tuple(f"{firm},{regulator}" for firm in FIRMS for regulator in REGULATORS)
ACTS_SAFELY = np.array([[True, True], [False, False], [True, False]])  # firms x regulators


class RegulatoryMarket(PublishedGame):
    """Firms race under private regulators of high (HQ) or low quality (LQ), whom a government pays for what they find.

    VS firms are safe iff their regulator is HQ. A regulator finds an unsafe firm out with probability p_fo: p_h or p_l.
    Firms, SAFE (1) or UNSAFE (2), with q = 1 - p_r:

    P11 = B/2W + b/2 - c,                      P12 = b (1-p_fo)(1 - p_r gamma)/(s+1) + (b + B/W) p_fo - c,
    P21 = q (1-p_fo)(s b/(s+1) + s B/W),       P22 = q (1-p_fo^2)(b/2 + s B/2W)(1 - p_r gamma).

    Regulators get r (r_h or r_l), and from two safe firms g more with vigilant incentives, nothing with bounties; from
    two unsafe ones vigilant g p_fo^2, bounties 2 g p_fo more; from a mixed pair the mean of the two. Firms and
    regulators imitate within their own population while the other is of one kind; mutants are rare, and each of the
    three neighbours of a homogeneous state is as likely to be tried.

    Examples
    --------
    >>> round(RegulatoryMarket(scheme="vigilant", p_r=0.3).results()["unsafe"], 3)
    0.371
    """

    citation = Citation(
        "bova2023",
        ("Paolo Bova", "Alessandro Di Stefano", "The Anh Han"),
        "Both eyes open: Vigilant Incentives help Regulatory Markets improve AI Safety",
        2023,
        "arXiv preprint",
        arxiv="2303.03174",
    )
    b: float = parameter(4.0, "benefit per round", above=0)
    c: float = parameter(1.0, "cost of safety per round", 0)
    B: float = parameter(1e4, "prize of the race", 0)
    W: float = parameter(100.0, "rounds of the race", 1)
    s: float = parameter(1.5, "speed of an unsafe firm, a safe one's is 1", above=0)
    p_r: float = parameter(0.5, "probability that unsafe development ends in disaster", 0, 1)
    gamma: float = parameter(0.0, "share of the harm of a disaster that falls on the other firm", 0, 1)
    p_h: float = parameter(0.8, "probability that a high-quality regulator finds an unsafe firm out", 0, 1)
    p_l: float = parameter(0.0, "the same of a low-quality regulator", 0, 1)
    r_l: float = parameter(0.0, "payoff of a low-quality regulator without incentives")
    r_h: float = parameter(-1.0, "payoff of a high-quality regulator without incentives")
    g: float = parameter(1.2, "size of the incentive", 0)
    scheme: Literal["bounty", "vigilant"] = parameter("bounty", "what the government pays for")
    Z_firms: int = parameter(100, "number of firms", 2, 10_000)
    Z_regulators: int = parameter(100, "number of regulators", 2, 10_000)
    beta: float = parameter(1.0, "selection strength", 0)

    def actions_payoff(self, p_fo: float) -> Real:
        """Compute payoffs of SAFE and UNSAFE under a regulator that finds unsafe firms out with a given probability.

        Parameters
        ----------
        p_fo : float
            That probability.

        Returns
        -------
        array (2, 2)
            P11, P12; P21, P22.
        """
        b, s, harmed, survives = self.b, self.s, 1 - self.p_r * self.gamma, 1 - self.p_r
        prize, escapes = self.B / self.W, 1 - p_fo
        return np.array(
            [
                [prize / 2 + b / 2 - self.c, b * escapes * harmed / (s + 1) + (b + prize) * p_fo - self.c],
                [
                    survives * escapes * (s * b / (s + 1) + s * prize),
                    survives * (1 - p_fo**2) * (b / 2 + s * prize / 2) * harmed,
                ],
            ]
        )

    def firms_payoff(self, regulator: int) -> Real:
        """Compute payoffs of AS, AU and VS under one kind of regulator.

        Parameters
        ----------
        regulator : int
            0: HQ; 1: LQ.

        Returns
        -------
        array (3, 3)
            Row against column.
        """
        action = np.where(ACTS_SAFELY[:, regulator], 0, 1)
        return np.asarray(self.actions_payoff((self.p_h, self.p_l)[regulator])[np.ix_(action, action)])

    def regulators_payoff(self, regulator: int) -> Real:
        """What one kind of regulator gets from a pair of firms.

        Parameters
        ----------
        regulator : int
            0: HQ; 1: LQ.

        Returns
        -------
        array (3, 3)
            By the kinds of the two firms, AS, AU, VS.
        """
        base, p_fo = ((self.r_h, self.p_h), (self.r_l, self.p_l))[regulator]
        vigilant = self.scheme == "vigilant"
        safe = base + (self.g if vigilant else 0.0)
        unsafe = base + (self.g * p_fo**2 if vigilant else 2 * self.g * p_fo)
        pay = np.where(ACTS_SAFELY[:, regulator], safe, unsafe)
        return np.asarray((pay[:, None] + pay[None, :]) / 2)

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is named when it is reported
    def results(self) -> dict[str, Any]:
        """Compute payoffs, and shares of time in the six homogeneous states.

        Returns
        -------
        dict
            ``payoff_firms`` and ``payoff_regulators``, by kind of regulator; ``stationary`` by state, such as
            ``AS,HQ``; ``unsafe`` and ``low_quality``, shares of time; ``reason``, what is wrong with the distribution,
            or empty.
        """
        firms = [self.firms_payoff(k) for k in (0, 1)]
        regulators = [self.regulators_payoff(k) for k in (0, 1)]
        invade_firms = np.stack([log_fixation(table, self.Z_firms, self.beta) for table in firms], axis=1)
        gain = np.diag(regulators[0]) - np.diag(regulators[1])  # of HQ, by the kind of firms
        none = np.full(3, np.nan)
        to_low, to_high = (log_fixation_constant(sign * gain, self.Z_regulators, self.beta) for sign in (-1, 1))
        invade_regulators = np.stack([np.stack([none, to_low], axis=1), np.stack([to_high, none], axis=1)], axis=1)
        chain = stationary_of(populations_log_rates([invade_firms, invade_regulators]))
        share = chain.probability.reshape(3, 2)
        return {
            "payoff_firms": {name: plain("payoff", table) for name, table in zip(REGULATORS, firms, strict=True)},
            "payoff_regulators": {
                name: plain("payoff", table) for name, table in zip(REGULATORS, regulators, strict=True)
            },
            "stationary": dict(zip(STATES, plain("stationary", chain.probability), strict=True)),
            "unsafe": float(share[~ACTS_SAFELY].sum()),
            "low_quality": float(share[:, 1].sum()),
            "reason": chain.reason(STATES),
        }

    @classmethod
    def checks(cls) -> list[Check]:
        """Long-run unsafe play and low quality with either scheme.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        figure = "figures, p_r = 0.1 to 0.5"
        low = (0.1, 0.3, 0.5)
        return [
            *(
                Check(f"bounties: {words}, p_r = {p_r}", figure, value, partial(_at, "bounty", p_r, key), 5e-4)
                for words, key, value in (("unsafe play", "unsafe", 0.977), ("low quality", "low_quality", 0.974))
                for p_r in low
            ),
            *(
                Check(
                    f"vigilant incentives: unsafe play, p_r = {p_r}",
                    figure,
                    0.371,
                    partial(_at, "vigilant", p_r),
                    5e-4,
                )
                for p_r in low
            ),
            Check(
                "vigilant incentives with g = 0.9: unsafe play as with bounties",
                "only for g > 1",
                "yes",
                lambda: "yes" if cls(scheme="vigilant", g=0.9, p_r=0.3).results()["unsafe"] > 0.95 else "no",
            ),
        ]


def _at(scheme: str, p_r: float, key: str = "unsafe") -> float:
    return float(RegulatoryMarket(scheme=scheme, p_r=p_r).results()[key])
