"""Which belief about the risk makes a nation slow down: thresholds of its perception, and of the cost that it sees."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from race_sim.errors import InputError, checked_names, one_line, unknown
from race_sim.kernels.run import run_block
from race_sim.nations.levers import Difference
from race_sim.nations.policy_games import Profile
from race_sim.runs.footprint import check_profiles
from race_sim.runs.outcomes import Real, perceived_payoff
from race_sim.runs.records import build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import BASELINE, Scenario

PAIR = ("race", "unilateral_slowdown")


@dataclass(frozen=True)
class Quotient:
    """A quotient of two means over the same runs, with its 95 % interval by Fieller's theorem.

    Attributes
    ----------
    value : float
        The quotient.
    low, high : float
        Its interval; infinite on both sides where the divisor cannot be told from 0.
    """

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, dividend: Real, divisor: Real) -> "Quotient":
        """Estimate a quotient of means.

        Parameters
        ----------
        dividend, divisor : array (runs,)
            Paired values, two runs or more.

        Returns
        -------
        Quotient
            The quotient of both means. A value r is in its interval where the mean of dividend - r divisor is not told
            from 0 by Student's t [1]_.

        References
        ----------
        .. [1] E. C. Fieller 1954, Some problems in interval estimation, Journal of the Royal Statistical Society B
           16:175.

        Examples
        --------
        >>> Quotient.of(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0])).value
        2.0
        """
        runs = len(dividend)
        a, b = float(dividend.mean()), float(divisor.mean())
        (dividend_spread, both), (_, divisor_spread) = (np.cov(dividend, divisor) / runs).tolist()
        t = float(stdtrit(runs - 1, 0.975))
        square = b * b - t * t * divisor_spread
        if square <= 0.0:
            return cls(a / b if b else math.nan, -math.inf, math.inf)
        middle = (a * b - t * t * both) / square
        rest = (a * a - t * t * dividend_spread) / square
        half = math.sqrt(max(0.0, middle * middle - rest))
        return cls(a / b, middle - half, middle + half)


@dataclass(frozen=True)
class PerceptionThreshold:
    """Where a nation's choice between two policies turns, while all others keep one of them.

    Attributes
    ----------
    nation : str
        The nation.
    others : str
        Policy of all others.
    perception : Quotient
        ``risk_perception`` at which both policies are worth the same to it.
    break_even_cost : Quotient
        Cost of a catastrophe, V yr, at which they are, at a perception of 1; its own cost does not enter.
    price : Difference
        What the first policy is worth more than the second apart from the catastrophe's cost, V yr.
    saved : Difference
        By how much the second lowers the expected, discounted cost of a catastrophe, V yr.
    """

    nation: str
    others: str
    perception: Quotient
    break_even_cost: Quotient
    price: Difference
    saved: Difference

    def chooses(self, perception: float) -> int:
        """Say which policy is worth more to the nation.

        Parameters
        ----------
        perception : float
            Its ``risk_perception``.

        Returns
        -------
        int
            0 for the first policy, 1 for the second.

        Examples
        --------
        >>> known = Difference(1.0, 0.1), Difference(2.0, 0.1)
        >>> one = PerceptionThreshold("us", "race", Quotient(0.5, 0.4, 0.6), Quotient(300.0, 200.0, 400.0), *known)
        >>> one.chooses(0.4), one.chooses(0.6)
        (0, 1)
        """
        return int(self.price.mean < perception * self.saved.mean)


def perception_thresholds(
    scenario: Scenario | str | Path = BASELINE,
    policies: Sequence[str] = PAIR,
    runs: int = 1000,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: bool | None = None,
) -> list[PerceptionThreshold]:
    """Compute which belief about the risk turns each nation's choice between two policies.

    A nation's perceived payoff is A - rho cost D, with A its payoff without the catastrophe's cost, D the discounted
    probability of a catastrophe and rho its ``risk_perception``. What labs do depends on neither, so that one
    simulation of each profile gives, for the policies p and q of a nation while the others keep one of them,
    ``rho* = (A_p - A_q) / (cost (D_p - D_q))``: with D_p > D_q it chooses q where its perception is above.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file; its nations' perceptions do not count.
    policies : sequence of str
        Two policies.
    runs : int
        Runs of every profile, 2 or more.
    seed : int
        Seed of the runs.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.

    Returns
    -------
    list of PerceptionThreshold
        For each nation, while all others keep the first policy, and the second.

    Raises
    ------
    InputError
        If an argument is not valid, or there is one nation only.

    Examples
    --------
    >>> first = perception_thresholds("duopoly", runs=20)[0]
    >>> first.nation, first.others
    ('east', 'race')
    """
    scenario = Scenario.load(scenario)
    sampling = Sampling(runs, seed, threads=threads, progress=progress, least=2)
    pair = tuple(checked_names("policies", policies))
    for policy in pair:
        if policy not in POLICIES:
            raise InputError(f"policies: {unknown('policy', policy, POLICIES)}")
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InputError(f"policies: must be two different policies, got {one_line(list(pair))}")
    names = scenario.nation_names
    if len(names) < 2:
        raise InputError(f"nations: must be two or more, got {len(names)}")
    cells = {
        (n, own, others): tuple(own if m == n else others for m in range(len(names)))
        for n in range(len(names))
        for own in pair
        for others in pair
    }
    profiles = list(dict.fromkeys(cells.values()))
    check_profiles(scenario, sampling.runs, len(profiles))
    played = {profile: _played(scenario, sampling, profile) for profile in profiles}
    thresholds = []
    for n, name in enumerate(names):
        for others in pair:
            (worth, risk, cost), (other_worth, other_risk, other_cost) = (
                (part[:, n] for part in played[cells[n, own, others]]) for own in pair
            )
            price, saved = worth - other_worth, cost - other_cost
            thresholds.append(
                PerceptionThreshold(
                    name,
                    others,
                    Quotient.of(price, saved),
                    Quotient.of(price, risk - other_risk),
                    Difference.of(price),
                    Difference.of(saved),
                )
            )
    return thresholds


def _played(scenario: Scenario, sampling: Sampling, profile: Profile) -> Real:
    """Of every run and nation: payoff without the catastrophe's cost, its discounted probability, its expected cost."""
    names = scenario.nation_names
    blind = {f"nations.{name}.risk_perception": 0.0 for name in names}
    policies = {f"nations.{name}.policy": policy for name, policy in zip(names, profile, strict=True)}
    here = scenario.replace({**blind, **policies})

    def batch(numbers: NDArray[np.int64]) -> Real:
        records = build(here, sampling.seed, numbers, sampling.estimator)
        run_block(*records)
        cost = records.nations["catastrophe_cost"]
        risk = np.broadcast_to(records.worlds["discounted_catastrophe"][:, np.newaxis], cost.shape)
        return np.stack([perceived_payoff(records), risk, risk * cost])

    return np.concatenate(list(sampling.batches(batch, scenario.name)), axis=1)
