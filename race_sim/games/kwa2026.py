"""Labs whose systems must all be aligned: how much each puts into safety while it competes for its share."""

import math
from typing import Any, ClassVar, Self

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.reading import Reading, Verdict
from race_sim.games._base.roots import root_between
from race_sim.solvers.game import Citation

FARTHEST = 1e6  # |log odds of s| within which the condition changes sign, whatever the parameters


class Kwa2026(PublishedGame):
    """With every lab's system a single point of failure, competing labs still align theirs with fair probability.

    Lab i puts the share s of its effort into safety. Its system is aligned with probability
    ``p = k s^a / (k s^a + 1 - s)``, its part of the future is proportional to ``(1 - s)^w``, and its payoff is that
    part times the probability that ALL n systems are aligned. Symmetric labs, independent systems. The log odds of p
    are log k + a log s - log(1 - s), so the symmetric first-order condition is
    ``(1 - p) (a (1 - s)/s + 1) = w (n - 1)/n``. Its left side falls from infinity to 0 in s: one root, at any
    parameters. For a = 1: n (k - 1) p^2 - [n (2k - 1) + w (n - 1)] p + n k = 0, of which one root lies in (0, 1).
    """

    citation: ClassVar[Citation] = Citation(
        "kwa2026",
        ("Kwa",),
        "A race between labs whose systems must all be aligned",
        2026,
        "Informal publication",
        note="Known from a summary only: first name, title, place and link could not be verified, and the title is "
        "descriptive. Symmetric, independent case.",
    )
    mapping: ClassVar[str] = (
        "n nations; k from the simulated probability of no catastrophe at equal effort, w = elasticity of speed to "
        "effort: parts of the future in proportion to speed"
    )
    n: int = parameter(2, "number of labs", 2, 1000)
    k: float = parameter(33.9, "odds of alignment at equal effort on safety and capability", above=0)
    a: float = parameter(1.0, "returns of effort on safety", above=0)
    w: float = parameter(1.0, "how strongly effort on capability decides a lab's share", above=0)

    @finite
    def results(self) -> dict[str, Any]:
        """The symmetric equilibrium; the only root is the selected one.

        Returns
        -------
        dict
            ``s``, the share of effort on safety; ``p``, the probability that one system is aligned; ``aligned_all``,
            that all are; ``roots``, the one; ``exists``.
        """
        odds = self._log_odds()
        log_p = -_softplus(-self._log_odds_aligned(odds))
        s, p = math.exp(-_softplus(-odds)), math.exp(log_p)
        return {
            "s": s,
            "p": p,
            "aligned_all": math.exp(self.n * log_p),
            "roots": [{"s": s, "p": p, "selected": True}],
            "exists": True,
        }

    def closed_form(self) -> float | None:
        """Solve a = 1 by the root of the quadratic that lies in (0, 1).

        Returns
        -------
        float or None
            The probability p; None for other a.
        """
        if self.a != 1:
            return None
        # Divided by n; written so that k = 1, where the quadratic is a line, needs no case of its own.
        linear = 2 * self.k - 1 + self.w * (self.n - 1) / self.n
        return 2 * self.k / (linear + math.sqrt(linear * linear - 4 * self.k * (self.k - 1)))

    def payoff(self, own: float, others: float) -> float:
        """Compute the payoff of a safety share where all others choose another, from the definitions alone.

        Parameters
        ----------
        own, others : float
            Shares of effort on safety, in (0, 1).

        Returns
        -------
        float
            In units of an aligned future.
        """

        def aligned(s: float) -> float:
            odds: float = self.k * s**self.a / (1 - s)
            return odds / (1 + odds)

        strength, rival = math.pow(1 - own, self.w), math.pow(1 - others, self.w)
        part = strength / (strength + (self.n - 1) * rival)
        return math.pow(aligned(others), self.n - 1) * aligned(own) * part

    def _log_odds_aligned(self, odds: float) -> float:
        return math.log(self.k) - self.a * _softplus(-odds) + _softplus(odds)

    def _log_odds(self) -> float:
        """Log odds of s at which the logs of both sides of the first-order condition agree."""
        target = math.log(self.w) + math.log((self.n - 1) / self.n)

        def excess(odds: float) -> float:
            gain = math.log(self.a) - odds
            return target + _softplus(self._log_odds_aligned(odds)) - _softplus(gain)

        return root_between(excess, -FARTHEST, FARTHEST)

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """Labs' parts of the future are in proportion to speed; k is what is safe where half the effort is for safety.

        Parameters
        ----------
        reading : Reading
            Of a race scenario.

        Returns
        -------
        Kwa2026
            The race of its nations.

        Raises
        ------
        InputError
            Where a catastrophe is impossible or certain at equal effort.
        """
        bad = reading.even_probability
        if not 0 < bad < 1:
            raise InputError(
                f"kwa2026: k: needs a probability of catastrophe within (0, 1) at equal effort, got {bad:g}"
            )
        # The paper's p is per lab and all must be aligned: (1 - bad) = p^n.
        aligned = (1 - bad) ** (1 / reading.nations)
        return cls(n=reading.nations, k=aligned / (1 - aligned), w=reading.effort_elasticity)

    def answer(self, reading: Reading) -> Verdict:
        """Racing is an equilibrium where labs put less than the standard into safety.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            The risk is that not all are aligned.
        """
        results = self.results()
        standard = 1 - reading.speed ** (-1 / reading.effort_elasticity)
        says = f"labs put {results['s']:.3g} of their effort into safety, the standard is {standard:.3g}"
        return Verdict(results["s"] < standard, results["s"] >= standard, 1 - results["aligned_all"], says)

    @classmethod
    def checks(cls) -> list[Check]:
        """The closed form at one point: its value, and the first-order condition there.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        return [
            Check("p, n = 2, w = 1, k = 33.9, a = 1", "closed form", 0.897, lambda: cls().results()["p"], 5e-4,
                  "reading"),
            Check("p by the quadratic less p by the first-order condition", "closed form", 0.0,
                  lambda: (cls().closed_form() or math.nan) - cls().results()["p"], 1e-12, "reading"),
        ]  # fmt: skip


def _softplus(t: float) -> float:
    """log(1 + e^t)."""
    return max(t, 0.0) + math.log1p(math.exp(-abs(t)))
