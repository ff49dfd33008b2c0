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
    """Parts of which nations' payoffs are made.

    Attributes
    ----------
    market : array (runs, nations, profiles)
        What the labs earn, less penalties, V yr.
    catastrophe : array (runs, nations, profiles)
        Discounted probability of a catastrophe, as the nation perceives it.
    lead : array (runs, nations, profiles)
        Discounted lead over the best rival, OOM yr.
    shared : array (runs, nations, profiles)
        Discounted probability that some nation crosses the finish line.
    won : array (runs, nations, profiles)
        Discounted probability that this nation crosses it first.
    """

    market: Real
    catastrophe: Real
    lead: Real
    shared: Real
    won: Real

    def payoffs(self, catastrophe_cost: float, rivalry: float, prize: float, enmity: float) -> Real:
        """Compute payoffs of nations that value these things so.

        ``market - cost x catastrophe + rivalry x lead + prize x [(1 - enmity) x shared + enmity x won]``

        Parameters
        ----------
        catastrophe_cost : float
            What a nation loses in a catastrophe, V yr.
        rivalry : float
            Yearly value of a lead, V/OOM.
        prize : float
            Value of crossing the finish line first, V yr.
        enmity : float
            Part of the prize that the others do not get, in [0, 1].

        Returns
        -------
        array (runs, nations, profiles)
            Payoffs, V yr.

        Examples
        --------
        >>> one = np.ones((1, 1, 1))
        >>> parts = PayoffParts(market=30 * one, catastrophe=0.1 * one, lead=one, shared=0.5 * one, won=0.2 * one)
        >>> parts.payoffs(catastrophe_cost=100, rivalry=1, prize=20, enmity=1).item()
        25.0
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
        """Compute mean payoffs over runs at many points; each argument is an array or a number.

        Parameters
        ----------
        catastrophe_cost, rivalry, prize, enmity : array (points,) or float
            As in ``payoffs``.

        Returns
        -------
        array (points, nations, profiles)
            Mean payoffs, V yr.

        Examples
        --------
        >>> one = np.ones((1, 1, 1))
        >>> parts = PayoffParts(market=30 * one, catastrophe=0.1 * one, lead=one, shared=0.5 * one, won=0.2 * one)
        >>> parts.mean_payoffs([0, 100], rivalry=1, prize=20, enmity=1).ravel().tolist()
        [35.0, 25.0]
        """
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
    """Simulate the parts of which payoffs are made, from five simulations of the same runs.

    What labs do depends on none of ``VALUES``, and payoffs are linear in catastrophe cost, in rivalry, in the prize and
    in prize times enmity: so five simulations give the payoffs at all values of these four.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file; its own values of the four do not count.
    profiles : sequence of tuple of str
        One policy per nation each.
    runs : int
        Runs of every profile, 2 or more.
    seed : int
        Seed of the runs.
    threads : int, optional
        Threads; by default all cores.
    progress : bool, optional
        True shows a bar, False none; by default one on a terminal or in a notebook when it takes a while.

    Returns
    -------
    PayoffParts
        Of every run, nation and profile.

    Raises
    ------
    InputError
        For a scenario or a number that is not valid.

    Examples
    --------
    >>> parts = payoff_parts("duopoly", [("race", "race")], runs=10)
    >>> direct = simulate_profiles(Scenario.load("duopoly"), [("race", "race")], Sampling(10)).payoffs
    >>> bool(np.allclose(parts.payoffs(1000, 0.2, 20, 0.6), direct, rtol=1e-9))
    True
    """
    scenario = Scenario.load(scenario)
    own = {f"nations.{name}.catastrophe_cost": None for name in scenario.nation_names}
    sampling = Sampling(runs, seed, threads=threads, progress=progress, least=2)

    def paid(catastrophe_cost: float, rivalry: float, prize: float, enmity: float) -> Real:
        values = dict(zip(VALUES, (catastrophe_cost, rivalry, prize, enmity), strict=True))
        here = scenario.replace({**values, **own})
        return simulate_profiles(here, profiles, sampling).payoffs

    market = paid(0.0, 0.0, 0.0, 0.0)
    return PayoffParts(
        market,
        (market - paid(_SCALE, 0.0, 0.0, 0.0)) / _SCALE,
        (paid(0.0, _SCALE, 0.0, 0.0) - market) / _SCALE,
        (paid(0.0, 0.0, _SCALE, 0.0) - market) / _SCALE,
        (paid(0.0, 0.0, _SCALE, 1.0) - market) / _SCALE,
    )
