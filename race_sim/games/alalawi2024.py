"""Alalawi and others (2024): users who trust, creators who comply, regulators who regulate."""

from itertools import product
from typing import Any

import numpy as np

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, parameter
from race_sim.solvers.evolution import log_fixation_constant, populations_log_rates, stationary_of
from race_sim.solvers.evolution.reports import plain
from race_sim.solvers.game import Citation, Game, Real

PLAYERS = ("user", "creator", "regulator")
STATES = tuple("".join(state) for state in product("TN", "CD", "CD"))
COOPERATES, DEFECTS = 0, 1


class TrustInRegulation(PublishedGame):
    """Users trust (T) or not (N), creators comply (C) or not (D), regulators regulate (C) or not (D).

    Payoffs of user, creator and regulator:

    ====  ========  =======  =====================
    TCC   bU        bP - cP  bR - cR
    TCD   bU        bP - cP  bR
    TDC   eps bU    bP - u   bR - cR - v + b_fo
    TDD   eps bU    bP       bR
    NCC   0         -cP      -cR
    NCD   0         -cP      0
    NDC   0         0        -cR
    NDD   0         0        0
    ====  ========  =======  =====================

    With conditional trust, T trusts iff the regulator regulates. A mutant's payoff depends on the other populations
    only, so that its advantage is constant; mutants are rare, and each population is as likely to have the next one.

    Examples
    --------
    >>> round(sum(TrustInRegulation(cR=0.5, conditional=True).results()["stationary"].values()), 12)
    1.0
    """

    citation = Citation(
        "alalawi2024",
        (
            "Zainab Alalawi",
            "Paolo Bova",
            "Theodor Cimpeanu",
            "Alessandro Di Stefano",
            "Manh Hong Duong",
            "Elias Fernández Domingos",
            "The Anh Han",
            "Marcus Krellner",
            "Bianca Ogbo",
            "Simon T. Powers",
            "Filippo Zimmaro",
        ),
        "Trust AI Regulation? Discerning users are vital to build trust and effective AI regulation",
        2024,
        "arXiv preprint",
        arxiv="2403.09510",
    )
    bU: float = parameter(4.0, "benefit of a user from a trusted, compliant system", 0)
    bP: float = parameter(4.0, "benefit of a creator from a user's trust", 0)
    bR: float = parameter(4.0, "benefit of a regulator from a user's trust", 0)
    cP: float = parameter(0.5, "cost of compliance", 0)
    u: float = parameter(1.5, "penalty of a creator found not to comply", 0)
    v: float = parameter(0.5, "cost of penalising a creator", 0)
    cR: float = parameter(0.5, "cost of regulating", 0)
    b_fo: float = parameter(0.0, "reward of a regulator for finding a creator out", 0)
    eps: float = parameter(0.2, "benefit of a user from a defective system, as a share of bU", -10, 10)
    Z_users: int = parameter(100, "number of users", 2, 10_000)
    Z_creators: int = parameter(100, "number of creators", 2, 10_000)
    Z_regulators: int = parameter(100, "number of regulators", 2, 10_000)
    beta: float = parameter(0.1, "selection strength", 0)
    conditional: bool = parameter(False, "whether trusting users trust only where the regulator regulates")

    @property
    def payoff(self) -> Real:
        """Payoffs of user, creator and regulator, by the strategies of the three.

        Returns
        -------
        array (3, 2, 2, 2)
            By player, then T or N, C or D, C or D.
        """
        table = np.zeros((3, 2, 2, 2))
        for trusts, defects, idle in np.ndindex(2, 2, 2):
            used = trusts == COOPERATES and not (self.conditional and idle)
            caught = used and defects and not idle
            table[:, trusts, defects, idle] = (
                used * self.bU * (self.eps if defects else 1.0),
                used * self.bP - (not defects) * self.cP - caught * self.u,
                used * self.bR - (not idle) * self.cR + caught * (self.b_fo - self.v),
            )
        return table

    def results(self) -> dict[str, Any]:
        """Compute stationary shares of the eight homogeneous states and the three marginals.

        Returns
        -------
        dict
            ``stationary`` by state, such as ``TCC`` (user, creator, regulator); ``trust``, ``comply`` and ``regulate``,
            shares of time; ``reason``, what is wrong with the distribution, or empty.

        Raises
        ------
        InputError
            Where payoffs are too large for a float.
        """
        table = self.payoff
        if not np.isfinite(table).all():
            raise InputError("payoff: must be finite at these parameters, got one that is not")
        tables = []
        for player, size in enumerate((self.Z_users, self.Z_creators, self.Z_regulators)):
            cooperate, defect = np.moveaxis(table[player], player, 0)
            gain = np.stack([cooperate - defect, defect - cooperate], axis=-1)  # by invader
            logs = log_fixation_constant(gain, size, self.beta)
            tables.append(np.stack([logs, logs], axis=player))
        chain = stationary_of(populations_log_rates(tables))
        share = chain.probability.reshape(2, 2, 2)
        return {
            "stationary": dict(zip(STATES, plain("stationary", chain.probability), strict=True)),
            "trust": float(share[0].sum()),
            "comply": float(share[:, 0].sum()),
            "regulate": float(share[:, :, 0].sum()),
            "reason": chain.reason(STATES),
        }

    def game(self) -> Game:
        """The three-player game.

        Returns
        -------
        Game
            Of one user, one creator and one regulator.
        """
        trust = "T if regulated" if self.conditional else "T"
        strategies = ((trust, "N"), ("C", "D"), ("C", "D"))
        return Game(PLAYERS, strategies, self.payoff, name="Trust in AI regulation", citation=self.citation)

    @classmethod
    def checks(cls) -> list[Check]:
        """What rewards for regulators and discerning users do.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """

        def says(holds: bool) -> str:
            return "yes" if holds else "no"

        def of(key: str, **parameters: Any) -> float:
            return float(cls(**parameters).results()[key])

        return [
            Check(
                "rewards for regulators, b_fo = 5, raise compliance above one half, eps = 0.2",
                "rewards",
                "yes",
                lambda: says(of("comply") < 0.1 and of("comply", b_fo=5.0) > 0.5),
            ),
            Check(
                "rewards work in part only: compliance stays below 0.9",
                "rewards",
                "yes",
                lambda: says(max(of("comply", b_fo=reward) for reward in (2.0, 5.0, 20.0)) < 0.9),
            ),
            Check(
                "rewards do not help where systems are too risky, eps = -1",
                "rewards",
                "yes",
                lambda: says(of("comply", b_fo=5.0, eps=-1.0) < 0.1 and of("trust", b_fo=5.0, eps=-1.0) < 0.1),
            ),
            Check(
                "discerning users make creators comply where regulating is cheap, cR = 0.5",
                "conditional trust",
                "yes",
                lambda: says(of("comply", conditional=True) > 0.9),
            ),
            Check(
                "they do not where it is dear, cR = 5",
                "conditional trust",
                "yes",
                lambda: says(of("comply", conditional=True, cR=5.0) < 0.1),
            ),
        ]
