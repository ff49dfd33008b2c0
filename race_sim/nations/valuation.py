"""What nations want apart from what happens: payoffs at any catastrophe cost, rivalry, prize and enmity at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from race_sim.nations.policy_games import Profile, simulate_profiles
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Real

VALUES = ("nation.catastrophe_cost", "nation.rivalry", "prize.prize", "prize.enmity")
_SCALE = 1e3  # unit at which the parts are measured: large against the market, so that differences keep their digits


@dataclass(frozen=True)
class PayoffParts:
    """Parts of payoffs, each (runs, nations, profiles).

    market: what the labs earn, less penalties. catastrophe: discounted probability of a catastrophe. lead: discounted
    years x OOM of lead. shared: discounted probability that somebody crosses the line. won: that it is this nation.
    """

    market: Real
    catastrophe: Real
    lead: Real
    shared: Real
    won: Real

    def payoffs(self, catastrophe_cost: float, rivalry: float, prize: float, enmity: float) -> Real:
        """Payoffs (runs, nations, profiles) of nations that value these things so.

        ``market - cost x catastrophe + rivalry x lead + prize x [(1 - enmity) x shared + enmity x won]``
        """
        return (
            self.market
            - catastrophe_cost * self.catastrophe
            + rivalry * self.lead
            + prize * ((1.0 - enmity) * self.shared + enmity * self.won)
        )

    def mean_payoffs(
        self, catastrophe_cost: ArrayLike, rivalry: ArrayLike, prize: ArrayLike, enmity: ArrayLike
    ) -> Real:
        """Means over runs, (points, nations, profiles), at many points; each argument (points,) or a number."""
        cost, rival, prizes, hostile = (
            np.atleast_1d(np.asarray(value, dtype=float))[:, None, None]
            for value in np.broadcast_arrays(catastrophe_cost, rivalry, prize, enmity)
        )
        market, catastrophe, lead, shared, won = (
            part.mean(axis=0) for part in (self.market, self.catastrophe, self.lead, self.shared, self.won)
        )
        total: Real = market - cost * catastrophe + rival * lead + prizes * ((1.0 - hostile) * shared + hostile * won)
        return total


def payoff_parts(
    scenario: Scenario | str,
    profiles: Sequence[Profile],
    runs: int = 1000,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: bool | None = None,
) -> PayoffParts:
    """The parts of which payoffs are made, from five simulations of the same runs.

    What labs do depends on none of ``VALUES``, and payoffs are linear in catastrophe cost, in rivalry, in the prize and
    in prize times enmity: so five simulations give the payoffs at all values of these four.

    >>> parts = payoff_parts("duopoly", [("race", "race")], runs=10)
    >>> direct = simulate_profiles(Scenario.load("duopoly"), [("race", "race")], Sampling(10)).payoffs
    >>> bool(np.allclose(parts.payoffs(600, 0.2, 20, 0.6), direct, rtol=1e-9))
    True
    """
    scenario = Scenario.load(scenario)
    sampling = Sampling(runs, seed, threads=threads, progress=progress, least=2)

    def paid(catastrophe_cost: float, rivalry: float, prize: float, enmity: float) -> Real:
        here = scenario.replace(dict(zip(VALUES, (catastrophe_cost, rivalry, prize, enmity), strict=True)))
        return simulate_profiles(here, profiles, sampling).payoffs

    market = paid(0.0, 0.0, 0.0, 0.0)
    return PayoffParts(
        market,
        (market - paid(_SCALE, 0.0, 0.0, 0.0)) / _SCALE,
        (paid(0.0, _SCALE, 0.0, 0.0) - market) / _SCALE,
        (paid(0.0, 0.0, _SCALE, 0.0) - market) / _SCALE,
        (paid(0.0, 0.0, _SCALE, 1.0) - market) / _SCALE,
    )
