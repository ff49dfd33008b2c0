"""The tragedy of the AI commons: when enough stakeholders keep an ethical guideline to avert a shared loss."""

import math
from itertools import product
from typing import Any, ClassVar

import numpy as np
from pydantic import model_validator

from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.roots import root_between
from race_sim.solvers.game import Citation, Game

LARGEST_TABLE = 12  # players up to which the normal form, of players x 2^players numbers, is written out


class Lacroix2022(PublishedGame):
    """Keeping to guidelines spreads only from a critical share on; small groups, cheap care and felt risk lower it.

    Groups of N are drawn from a large population. If fewer than n_star of a group cooperate, each member loses m with
    probability r; cooperating costs c. With the share x of cooperators, another cooperator matters only where exactly
    n_star - 1 of the other N - 1 cooperate, so cooperation gains on defection by
    ``G(x) = r m C(N-1, n_star-1) x^(n_star-1) (1-x)^(N-n_star) - c`` and the replicator equation is
    dx/dt = x (1 - x) G(x). G has one peak, at x = (n_star - 1)/(N - 1), so at most one root on either side of it: the
    lower unstable, the upper stable. ``boundary``: whether nobody (0) and everybody (1) cooperating is stable.
    """

    citation: ClassVar[Citation] = Citation(
        "lacroix2022",
        ("Travis LaCroix", "Aydin Mohseni"),
        "The tragedy of the AI commons",
        2022,
        "Synthese 200:289",
        doi="10.1007/s11229-022-03763-2",
        arxiv="2006.05203",
    )
    N: int = parameter(6, "size of a group", 2, 1000)
    n_star: int = parameter(3, "cooperators in a group that avert the loss", 1, 1000)
    r: float = parameter(0.9, "probability of the loss where there are too few", 0, 1)
    c: float = parameter(0.1, "cost of cooperating", 0)
    m: float = parameter(1.0, "loss of each member", 0)

    @model_validator(mode="after")
    def _threshold_within_group(self) -> "Lacroix2022":
        if self.n_star > self.N:
            raise ValueError(f"n_star: must be at most N = {self.N}, got {self.n_star}")
        return self

    @finite
    def results(self) -> dict[str, Any]:
        """Rest points of the replicator equation, and whether they are stable.

        Returns
        -------
        dict
            ``roots`` inside (0, 1), each with ``x`` and ``stable``; ``boundary``, whether ``0`` and ``1`` are stable;
            ``gradient_peak`` with ``x`` and ``value``.
        """
        peak = (self.n_star - 1) / (self.N - 1)
        return {
            "roots": self._roots(peak),
            "boundary": {"0": self._sign_inside(0.0) < 0, "1": self._sign_inside(1.0) > 0},
            "gradient_peak": {"x": peak, "value": self.gradient(peak)},
        }

    def gradient(self, x: float) -> float:
        """What a cooperator gains on a defector, G(x).

        Parameters
        ----------
        x : float
            Share of cooperators, in [0, 1].

        Returns
        -------
        float
            In the unit of the loss.
        """
        log_ways = math.lgamma(self.N) - math.lgamma(self.n_star) - math.lgamma(self.N - self.n_star + 1)
        logs = [log_ways]
        for base, power in ((x, self.n_star - 1), (1 - x, self.N - self.n_star)):
            if power > 0:
                logs.append(power * math.log(base) if base > 0 else -math.inf)
        return self.r * self.m * math.exp(sum(logs)) - self.c

    def _roots(self, peak: float) -> list[dict[str, Any]]:
        top = self.gradient(peak)
        if top == 0 and 0 < peak < 1 and self.c > 0:
            return [{"x": peak, "stable": False}]
        roots: list[dict[str, Any]] = []
        if top > 0 and self.c > 0:
            if self.gradient(0.0) < 0:
                roots.append({"x": root_between(self.gradient, 0.0, peak), "stable": False})
            if self.gradient(1.0) < 0:
                roots.append({"x": root_between(self.gradient, peak, 1.0), "stable": True})
        return roots

    def _sign_inside(self, end: float) -> int:
        """Sign of the gradient just inside an end of [0, 1], where at the end itself it may be 0."""
        value = self.gradient(end)
        if value != 0:
            return 1 if value > 0 else -1
        if self.r * self.m == 0:
            return 0
        at_peak = (self.n_star - 1) / (self.N - 1) == end
        return -1 if at_peak else 1

    def game(self) -> Game | None:
        """The normal form of one group.

        Returns
        -------
        Game or None
            Cooperate or defect; None for groups of more than 12.
        """
        if self.N > LARGEST_TABLE:
            return None
        payoff = np.empty((self.N, *(2,) * self.N))
        for choices in product((0, 1), repeat=self.N):  # 0: cooperate
            lost = self.r * self.m if choices.count(0) < self.n_star else 0.0
            cell: Any = (slice(None), *choices)
            payoff[cell] = [-lost - self.c * (choice == 0) for choice in choices]
        names = tuple(f"member {number + 1}" for number in range(self.N))
        moves = (("cooperate", "defect"),) * self.N
        return Game(names, moves, payoff, name="lacroix2022", citation=self.citation)

    @classmethod
    def checks(cls) -> list[Check]:
        """Both rest points, and the abstract's three levers.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        place = "roots of the gradient"

        def row(index: int, kind: str, published: float) -> tuple[Check, Check]:
            def root() -> dict[str, Any]:
                rest_point: dict[str, Any] = cls().results()["roots"][index]
                return rest_point

            where = "N = 6, n* = 3, r m = 0.9, c = 0.1"
            return (
                Check(f"{kind} share, {where}", place, published, lambda: root()["x"], 5e-4, "reading"),
                Check(f"stability of the {kind} share, {where}", place, kind,
                      lambda: "stable" if root()["stable"] else "unstable", source="reading"),
            )  # fmt: skip

        def lever(name: str, **change: float) -> Check:
            def moves() -> str:
                return "falls" if cls(**change)._critical() < cls()._critical() else "does not fall"

            return Check(f"critical share with {name}", "abstract", "falls", moves)

        return [
            *row(0, "unstable", 0.130),
            *row(1, "stable", 0.723),
            lever("smaller groups (N 6 to 4, n* = N/2)", N=4, n_star=2),
            lever("lower cost (c 0.1 to 0.05)", c=0.05),
            lever("higher perceived risk (r 0.9 to 1)", r=1.0),
        ]

    def _critical(self) -> float:
        share: float = self.results()["roots"][0]["x"]
        return share
