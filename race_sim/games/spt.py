"""The safety-performance tradeoff in its smallest form: whether cheaper safety makes a race safer."""

import math
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.roots import every_root
from race_sim.solvers.game import Citation


class Spt(PublishedGame):
    """Making technology safer can leave a race as dangerous as before, or make it more so: racers compensate.

    Two players choose performance p >= 0. The one who wins the contest is safe with probability sigma(k p) and then
    gets 1; the loser gets 0. k: how much safety a unit of performance costs; x = k p is the safety given up (the
    slope of the tradeoff times performance). Contest: ``ratio`` p_i / (p_i + p_j), ``logistic``
    1 / (1 + exp(p_j - p_i)). Safety: ``exponential`` sigma = exp(-x), ``linear`` sigma = 1 - x.

    Symmetric first-order condition h(x) = contest's marginal gain + log-slope of safety = 0. Ratio: h = 1/(2 x) +
    sigma'/sigma, free of k, so x = 1/2 (exponential) or 1/3 (linear) whatever safety costs. Logistic and linear:
    h = 1/(2 k) - 1/(1 - x), so safety = 2 k below k = 1/2: cheaper safety LOWERS it; from k = 1/2 on nobody gives up
    any (x = 0). Logistic and exponential is refused: h = 1/(2 k) - 1 does not depend on x, so players either race
    without end or not at all. Log payoffs are concave, so the one root is the equilibrium, and the only one.
    """

    citation: ClassVar[Citation] = Citation(
        "spt",
        ("Robert Trager", "Paolo Bova", "Nicholas Emery-Xu", "Eoghan Stafford", "Allan Dafoe"),
        "Welfare implications of safety-performance tradeoffs in AI safety research",
        2022,
        "Working paper, with the web application of Modeling Cooperation",
        url="https://spt.modelingcooperation.com",
        note="Smallest form of the model. Two of its findings are those stated on the web application; authors, title "
        "and year of the working paper are recalled and were not seen.",
    )
    contest: Literal["ratio", "logistic"] = parameter("ratio", "contest success function")
    sigma: Literal["exponential", "linear"] = parameter("exponential", "safety of the winner as a function of x")
    k: float = parameter(1.0, "safety given up per unit of performance", above=0)

    @model_validator(mode="after")
    def _not_degenerate(self) -> "Spt":
        if self.contest == "logistic" and self.sigma == "exponential":
            raise ValueError(
                "sigma: must not be 'exponential' with the logistic contest (the gain and the cost of performance are "
                "then both constant: players race without end below k = 1/2 and not at all above)"
            )
        return self

    @finite
    def results(self) -> dict[str, Any]:
        """What is given up, performance and safety in equilibrium.

        Returns
        -------
        dict
            ``x``, ``performance``, ``safety``, the probability that the winner is safe, and
            ``safety_falls_when_cheaper``.
        """
        x = {"exponential": 1 / 2, "linear": 1 / 3}[self.sigma]
        if self.contest == "logistic":
            x = max(0.0, 1 - 2 * self.k)
        return {
            "x": x,
            "performance": x / self.k,
            "safety": self._safety(x),
            "safety_falls_when_cheaper": self.contest == "logistic" and self.k <= 0.5,
        }

    def _safety(self, x: float) -> float:
        return math.exp(-x) if self.sigma == "exponential" else max(0.0, 1 - x)

    def log_payoff(self, own: float, other: float) -> float:
        """Compute the log of the payoff of one performance against another.

        Parameters
        ----------
        own, other : float
            Performances, at least 0.

        Returns
        -------
        float
            Natural logarithm; -inf for certain failure.
        """
        if self.contest == "logistic":
            winning = 1 / (1 + math.exp(min(700.0, other - own)))
        else:
            winning = own / (own + other) if own + other > 0 else 0.5
        value = winning * self._safety(self.k * own)
        return math.log(value) if value > 0 else -math.inf

    def numerical_equilibria(self) -> list[float]:
        """Find every symmetric x at which a small step of one player's performance does not pay, from the payoff alone.

        Returns
        -------
        list of float
            Lowest first; 0 where nobody gives up any safety.
        """
        step = 1e-5 / self.k

        def gain(x: float) -> float:
            p = x / self.k
            return self.log_payoff(p + step, p) - self.log_payoff(p - step, p)

        high = 2.0 if self.sigma == "exponential" else 1 - 2e-5
        roots = every_root(gain, 2e-5, high, 400)
        return roots or [0.0]

    @classmethod
    def checks(cls) -> list[Check]:
        """The four cases of the smallest form, and the web application's two insights.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        linear = {"contest": "logistic", "sigma": "linear"}
        form, insights = "smallest form", "web application, key insights"

        def row(result: str, key: str, published: float, tolerance: float, **parameters: Any) -> Check:
            game = cls(**parameters)
            return Check(result, form, published, lambda: game.results()[key], tolerance, "reading")

        def when_cheaper(**parameters: Any) -> str:
            dear, cheap = (cls(**parameters, k=k).results()["safety"] for k in (0.4, 0.2))
            return "falls" if cheap < dear - 1e-12 else "rises" if cheap > dear + 1e-12 else "unchanged"

        return [
            row("x, ratio, exponential", "x", 0.5, 1e-12),
            *(row(f"safety, ratio, exponential, k = {k}", "safety", 0.6065, 5e-5, k=k) for k in (0.1, 1, 10)),
            row("safety, ratio, linear", "safety", 0.6667, 5e-5, sigma="linear"),
            *(row(f"safety, logistic, linear, k = {k}", "safety", 2 * k, 1e-12, **linear, k=k) for k in (0.1, 0.4)),
            Check("total safety as the tradeoff flattens, ratio", insights, "unchanged", when_cheaper),
            Check("total safety as the tradeoff flattens, logistic", insights, "falls", lambda: when_cheaper(**linear)),
            Check("logistic with exponential safety", form, "refused", cls._degenerate, source="reading"),
        ]

    @classmethod
    def _degenerate(cls) -> str:
        """Whether players race without end just below k = 1/2 and stand still just above, so no x can be reported."""
        ends = []
        for k in (0.49, 0.51):
            game = cls.model_construct(contest="logistic", sigma="exponential", k=k)
            ends.append([game.log_payoff(p + 0.01, p) - game.log_payoff(p, p) for p in (0.0, 1.0, 50.0)])
        return "refused" if min(ends[0]) > 0 > max(ends[1]) else "an interior equilibrium"
