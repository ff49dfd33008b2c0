"""Detection rates for dangerous capabilities: how far evaluations lag behind the truth."""

import math
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.solvers.game import Citation


class Bova2024(PublishedGame):
    """Tests find a lower bound of danger, so estimates lag the truth by what the tests' rate leaves undetected.

    A system's true danger is y. Tests at each severity u <= y detect it at a rate r(u); the estimate is the highest
    severity detected, so it never exceeds y and P(estimate < tau) = exp(-integral of r from tau to y). With a constant
    rate r, a threshold tau is detected with probability ``1 - exp(-r (y - tau))`` and the bias of the estimate, 0 where
    nothing is detected, is ``-(1 - exp(-r y)) / r``. At r = 0 nothing ever is, and the bias is -y. There are no
    players: this is what those see who decide on the grounds of tests.
    """

    citation: ClassVar[Citation] = Citation(
        "bova2024",
        ("Paolo Bova", "Alessandro Di Stefano", "The Anh Han"),
        "Quantifying detection rates for dangerous capabilities: "
        "a theoretical model of dangerous capability evaluations",
        2024,
        "arXiv preprint",
        arxiv="2412.15433",
    )
    r: float = parameter(1.0, "detection rate per unit of severity", 0)
    y: float = parameter(1.0, "true danger", 0)
    tau: float = parameter(0.5, "threshold of danger that policy turns on, at most y", 0)

    @model_validator(mode="after")
    def _threshold_is_crossed(self) -> "Bova2024":
        if self.tau > self.y:
            raise ValueError(f"tau: must be at most y = {self.y}, got {self.tau}")
        return self

    @finite
    def results(self) -> dict[str, Any]:
        """Probability of detecting that the threshold is crossed, and the bias of the estimate.

        Returns
        -------
        dict
            ``detection_probability`` and ``missed``, its complement; ``bias`` and ``mean_estimate``, in units of
            severity.
        """
        missed = math.exp(-self.r * (self.y - self.tau))
        bias = math.expm1(-self.r * self.y) / self.r if self.r > 0 else -self.y
        return {
            "detection_probability": -math.expm1(-self.r * (self.y - self.tau)),
            "bias": bias,
            "mean_estimate": self.y + bias,
            "missed": missed,
        }

    def simulate(self, systems: int, generator: np.random.Generator) -> NDArray[np.float64]:
        """Simulate tests at Poisson-distributed severities up to y.

        Parameters
        ----------
        systems : int
            Number of systems that are tested.
        generator : numpy.random.Generator
            Of all draws.

        Returns
        -------
        array (systems,)
            Estimates: the highest severity detected, or 0 without any.

        Examples
        --------
        >>> estimates = Bova2024(r=2, y=3).simulate(1000, np.random.default_rng(1))
        >>> bool((estimates <= 3).all())
        True
        """
        tests = generator.poisson(self.r * self.y, systems)
        highest = np.zeros(systems)
        some = tests > 0
        # The largest of k uniform draws is distributed as one draw to the power 1/k.
        highest[some] = self.y * generator.random(int(some.sum())) ** (1 / tests[some])
        return highest

    @classmethod
    def checks(cls) -> list[Check]:
        """The constant rate at one point, and that estimates are lower bounds.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """

        def row(result: str, place: str, value: float, key: str) -> Check:
            return Check(
                f"{result}, r = 1, y = 1, tau = 0.5", place, value, lambda: cls().results()[key], 5e-6, "reading"
            )

        return [
            row("detection probability", "1 - exp(-r (y - tau))", 0.39347, "detection_probability"),
            row("bias", "-(1 - exp(-r y)) / r", -0.63212, "bias"),
            row("mean estimate", "integral of 1 - exp(-r (y - u)) over u", 0.36788, "mean_estimate"),
            Check("the estimate against the truth", "the estimate is a lower bound", "never above",
                  lambda: "never above" if max(cls(r=r).results()["bias"] for r in (0.1, 1, 10)) < 0 else "above"),
        ]  # fmt: skip
