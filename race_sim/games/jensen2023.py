"""The safety tax: what the price of compute does to safety when labs split spending between safety and performance."""

import math
from typing import Any, ClassVar, Literal

import numpy as np

from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.roots import every_root, lowest
from race_sim.solvers.game import Citation

WIDEST = 700.0  # |log safety| beyond which a float overflows
BENT = 40.0  # logs further than this from every constant in them make the first-order conditions straight lines
CLOSEST = -1e9  # log of the least distance from the least possible safety at which a root is looked for


class Jensen2023(PublishedGame):
    """Dearer compute makes a race safer if and only if performance scales faster with spending than safety does.

    Lab i spends X_s on safety and X_p on performance, each at the price r:
    ``s_i = A X_s^alpha p_i^-theta`` and ``p_i = B X_p^beta``. It wins with probability p_i / sum p and is safe with
    probability Q_i = s_i / (1 + s_i). No disaster: with ``multiplicative`` risk if all are safe (probability prod Q),
    with ``winner`` risk if the winner is. Payoff ``sum_j sigma_j q_j rho_ij - (1 - sum_j sigma_j q_j) d_i
    - r (X_s + X_p)``, where sigma_j is the probability of no disaster if j wins, q_j the contest share, rho_ij 1 for
    one's own win and otherwise 0, d the cost of a disaster.

    Symmetric first-order conditions, with S = Q^n and m = (1/n + d) S (1 - Q) (``multiplicative``), or S = Q and
    m = (1 + d) Q (1 - Q) / n (``winner``): X_s = alpha m / r and X_p = (beta / r) [S (n - 1) / n^2 - theta m]. The
    definition of s closes them. X_p is positive only above the safety s0 = theta m n^2 / ((n - 1) S (1 - Q)) - 1, so
    they are solved for log(s - max(0, s0)), which reaches roots however close to s0; an X_p too small for a float is 0.
    Of two roots the upper one is selected and both are listed; at the lower one a little more safety of all breeds
    still more. A root is a Nash equilibrium only if a lab does not prefer to spend nothing at all: compare ``payoff``
    with ``payoff_of_spending_nothing``. Where no root exists, values are None; ``price_threshold`` is the price beyond
    which that is so, None if there is none.
    """

    citation: ClassVar[Citation] = Citation(
        "jensen2023",
        ("Mckay Jensen", "Nicholas Emery-Xu", "Robert Trager"),
        "Industrial policy for advanced AI: compute pricing and the safety tax",
        2023,
        "arXiv preprint",
        arxiv="2302.11436",
    )
    n: int = parameter(2, "number of labs", 2, 1000)
    r: float = parameter(0.01, "price of a unit of spending (compute), in units of the prize", above=0)
    d: float = parameter(0.0, "cost of a disaster to each lab, in units of the prize", 0)
    A: float = parameter(1.0, "productivity of spending on safety", above=0)
    B: float = parameter(1.0, "productivity of spending on performance", above=0)
    alpha: float = parameter(1.0, "returns to scale of safety", above=0)
    beta: float = parameter(1.0, "returns to scale of performance", above=0)
    theta: float = parameter(0.0, "how much performance makes safety harder", 0)
    risk: Literal["multiplicative", "winner"] = parameter("multiplicative", "who must be safe: all, or the winner")

    @finite
    def results(self) -> dict[str, Any]:
        """The upper root of the first-order conditions, all roots, and when there is none.

        Returns
        -------
        dict
            Of the upper root: ``safety``, ``performance``, ``X_s``, ``X_p``, ``success`` (the probability of no
            disaster), ``payoff``, ``payoff_of_spending_nothing``. ``roots``, each with ``safety`` and ``performance``;
            ``exists``; ``safety_falls_with_price``; ``price_threshold``.
        """
        roots = self._roots()
        selected = roots[-1] if roots else None
        named = [
            {
                "safety": math.exp(self._log_safety(root)),
                "performance": math.exp(self._log_performance(root)),
                "selected": root is selected,
            }
            for root in roots
        ]
        results: dict[str, Any] = dict.fromkeys(
            ("safety", "performance", "X_s", "X_p", "success", "payoff", "payoff_of_spending_nothing")
        )
        if selected is not None:
            spending = {
                "X_s": math.exp(self._log_on_safety(selected)),
                "X_p": math.exp(self._log_on_performance(selected)),
            }
            results |= spending
            results |= {"safety": named[-1]["safety"], "performance": named[-1]["performance"]}
            results["success"] = math.exp(self._log_success(selected))
            results["payoff"] = (
                results["success"] / self.n - (1 - results["success"]) * self.d - self.r * (sum(spending.values()))
            )
            results["payoff_of_spending_nothing"] = self._outside(selected)
        return {
            **results,
            "roots": named,
            "exists": bool(roots),
            "safety_falls_with_price": self.alpha > self.beta * self.theta,
            "price_threshold": self.price_threshold(),
        }

    def roots(self) -> list[float]:
        """Find every log s at which the first-order conditions hold.

        Returns
        -------
        list of float
            Lowest first.
        """
        return [self._log_safety(root) for root in self._roots()]

    def _roots(self) -> list[float]:
        """The roots in u, with s = max(0, s0) + e^u."""
        low, high = self._bent()
        roots = every_root(self._excess, low, high, 1 + math.ceil(5 * (high - low)))
        for left, right in ((CLOSEST, low), (high, WIDEST)):
            roots += every_root(self._excess, left, right, 9)
        return sorted(set(roots))

    def price_threshold(self) -> float | None:
        """Price beyond which no symmetric interior equilibrium exists.

        Returns
        -------
        float or None
            None where one exists at any price.
        """
        slope = self.alpha - self.theta * self.beta
        # The slope of the excess as s -> 0. Where it is negative, or X_p -> 0 at s0 > 0, the excess has no upper bound.
        at_zero = slope * self._labs_that_must_be_safe - 1 - (self.theta * self.beta if self._least == 0 else 0.0)
        if at_zero < 0 or self._least > 0:
            return None
        # The excess is highest where it is bent, or falls all the way from the low end.
        low, high = self._bent()
        places = [-WIDEST, *np.linspace(low, high, 1 + math.ceil(2 * (high - low))).tolist()]
        top = max(range(len(places)), key=lambda index: self._excess(places[index]))
        around = places[max(0, top - 1)], places[min(len(places) - 1, top + 1)]
        best = max(self._excess(lowest(lambda u: -self._excess(u), *around)), self._excess(places[top]))
        # The excess falls by slope * log r as the price rises, the same everywhere.
        return math.exp(math.log(self.r) + best / slope)

    def payoff(self, on_safety: float, on_performance: float, others: tuple[float, float]) -> float:
        """Compute the payoff of a lab's spending where every other lab spends alike, from the definitions alone.

        Parameters
        ----------
        on_safety, on_performance : float
            Its own X_s and X_p.
        others : tuple of float
            X_s and X_p of every other lab.

        Returns
        -------
        float
            In units of the prize.
        """

        def produced(x_s: float, x_p: float) -> tuple[float, float]:
            p = self.B * x_p**self.beta
            s = self.A * x_s**self.alpha * p**-self.theta if p > 0 or self.theta == 0 else math.inf
            return p, 1.0 if s == math.inf else s / (1 + s)

        (own_p, own_safe), (rival_p, rival_safe) = produced(on_safety, on_performance), produced(*others)
        share = own_p / (own_p + (self.n - 1) * rival_p)
        if self.risk == "multiplicative":
            of_own = of_rival = own_safe * rival_safe ** (self.n - 1)
        else:
            of_own, of_rival = own_safe, rival_safe
        safe = of_own * share + of_rival * (1 - share)
        return of_own * share - (1 - safe) * self.d - self.r * (on_safety + on_performance)

    @property
    def _labs_that_must_be_safe(self) -> int:
        return self.n if self.risk == "multiplicative" else 1

    @property
    def _stake(self) -> float:
        return 1 / self.n + self.d if self.risk == "multiplicative" else (1 + self.d) / self.n

    @property
    def _least(self) -> float:
        """s0, the safety up to which X_p is not positive; below 0 where it always is."""
        return self.theta * self._stake * self.n**2 / (self.n - 1) - 1

    def _log_safety(self, u: float) -> float:
        return _log_sum(u, self._least)

    def _log_success(self, u: float) -> float:
        return -self._labs_that_must_be_safe * _softplus(-self._log_safety(u))

    def _log_on_safety(self, u: float) -> float:
        marginal = self._log_success(u) - _softplus(self._log_safety(u))
        return math.log(self.alpha) + math.log(self._stake) - math.log(self.r) + marginal

    def _log_on_performance(self, u: float) -> float:
        # S (n - 1)/n^2 - theta m = S (n - 1)/n^2 (s - s0)/(1 + s)
        part = _log_sum(u, -self._least) - _softplus(self._log_safety(u))
        contest = math.log((self.n - 1) / self.n**2)
        return math.log(self.beta) - math.log(self.r) + self._log_success(u) + contest + part

    def _log_performance(self, u: float) -> float:
        return math.log(self.B) + self.beta * self._log_on_performance(u)

    def _excess(self, u: float) -> float:
        """Log of the safety that the conditions imply at a safety, less the log of that safety."""
        hindered = self.theta * self._log_performance(u) if self.theta > 0 else 0.0
        return math.log(self.A) + self.alpha * self._log_on_safety(u) - hindered - self._log_safety(u)

    def _bent(self) -> tuple[float, float]:
        """Between which u the excess is curved."""
        size = math.log(abs(self._least)) if self._least != 0 else 0.0
        if size > WIDEST - 2 * BENT:
            raise OverflowError
        return min(0.0, size) - BENT, max(0.0, size) + BENT

    def _outside(self, u: float) -> float:
        """Payoff of spending nothing while others are at a root; no work at all is safe where theta > 0."""
        others_safe = math.exp(-_softplus(-self._log_safety(u)))
        if self.risk == "winner":
            return 0.0 - (1 - others_safe) * self.d
        all_safe = others_safe ** (self.n - 1) if self.theta > 0 else 0.0
        return 0.0 - (1 - all_safe) * self.d

    @classmethod
    def checks(cls) -> list[Check]:
        """The authors' solver at one point, our closed form at two, and the abstract's first finding.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """

        def row(key: str, r: float, published: float, tolerance: float, place: str, source: Any) -> Check:
            reason = _STOPS_SHORT if source == "paper" else ""
            return Check(
                f"{key}, r = {r}", place, published, lambda: cls(r=r).results()[key], tolerance, source, reason
            )

        printed = "printed by the authors' solver"
        derived = "first-order conditions, solved again"
        return [
            row("safety", 0.01, 5.504, 5e-4, printed, "paper"),
            row("performance", 0.01, 17.905, 5e-4, printed, "paper"),
            row("safety", 0.01, 5.5049, 5e-5, derived, "reading"),
            row("performance", 0.01, 17.9043, 5e-5, derived, "reading"),
            row("safety", 0.05, 1.4236, 5e-5, derived, "reading"),
            row("performance", 0.05, 1.7252, 5e-5, derived, "reading"),
            row("price_threshold", 0.01, 2 / 27, 1e-9, derived, "reading"),
            Check("an interior equilibrium at r = 0.075 > 2/27", derived, "none",
                  lambda: "exists" if cls(r=0.075).results()["exists"] else "none", source="reading"),
            Check("dearer compute is safer iff performance scales faster", "abstract, finding 1", "holds",
                  cls._finding_1),
        ]  # fmt: skip

    @classmethod
    def _finding_1(cls) -> str:
        """Whether safety moves with the price as the rule says, on a grid on both sides of alpha = beta theta."""

        def falls(alpha: float, theta: float) -> bool:
            cheap, dear = (cls(alpha=alpha, theta=theta, r=r).roots()[-1] for r in (0.01, 0.011))
            return dear < cheap

        grid = [(alpha, theta) for alpha in (0.4, 0.8, 1.0) for theta in (0.0, 0.3, 0.6, 0.9)]
        return "holds" if all(falls(alpha, theta) == (alpha > theta) for alpha, theta in grid) else "fails"


_STOPS_SHORT = (
    "the printed pair does not solve the model's first-order conditions to the digits printed: they reduce to "
    "2 r (1 + s)^3 = s, whose upper root is 5.50488; a numerical solver stopped within 0.001 of it"
)


def _softplus(t: float) -> float:
    """log(1 + e^t)."""
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))


def _log_sum(u: float, constant: float) -> float:
    """log(e^u + max(0, constant))."""
    if constant <= 0:
        return u
    other = math.log(constant)
    return max(u, other) + math.log1p(math.exp(-abs(u - other)))
