"""How much verification, visibility, penalty or sharing makes a treaty keep itself; what slowing down alone costs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.special import ndtri

from race_sim.errors import InputError, checked_count, one_line, unknown
from race_sim.nations.policy_games import Profile, simulate_profiles
from race_sim.runs.sampling import Sampling
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Game, Real

FIRST_RUNS = 256
Verdict = Literal["threshold", "everywhere", "nowhere", "not monotone", "undecided"]


@dataclass(frozen=True)
class Lever:
    """One lever: the parameter behind it, its value at a setting of the lever, and the settings that are searched."""

    path: str
    low: float
    high: float
    unit: str
    meaning: str
    value: Callable[[float], float] = float


LEVERS: dict[str, Lever] = {
    "verification": Lever("cooperation.verification", 0.0, 1.0, "1", "effort of verification"),
    "benchmarks": Lever("cooperation.benchmarks", 0.0, 1.0, "1", "visibility of safety under shared benchmarks"),
    "penalty": Lever("cooperation.penalty", 0.0, 50.0, "V yr", "what a detected defector pays"),
    "sharing": Lever("cooperation.sharing", 0.0, 1.0, "1", "openness of safety work"),
    "prize_sharing": Lever("prize.enmity", 0.0, 1.0, "1", "part of the prize that others get", lambda x: 1.0 - x),
}


@dataclass(frozen=True)
class Difference:
    """A difference of payoffs over the same runs: its mean and its standard error, V yr."""

    mean: float
    standard_error: float

    @classmethod
    def of(cls, paired: Real) -> "Difference":
        """From one difference per run."""
        return cls(float(paired.mean()), float(paired.std(ddof=1) / math.sqrt(len(paired))))

    @property
    def z(self) -> float:
        """Mean over standard error; 0 where nothing differs in any run."""
        if self.standard_error == 0.0:
            return math.copysign(math.inf, self.mean) if self.mean else 0.0
        return self.mean / self.standard_error


@dataclass(frozen=True)
class Margin:
    """What one nation loses by one deviation from the profile: positive where the deviation does not pay."""

    nation: str
    policy: str
    loss: Difference


@dataclass(frozen=True)
class Tested:
    """One setting of the lever: is the profile an equilibrium there (1), is it not (-1), or can the runs not tell (0)?

    margins: of all deviations, the most tempting first.
    """

    setting: float
    sign: int
    runs: int
    margins: tuple[Margin, ...]


@dataclass(frozen=True)
class Threshold:
    """The least setting of a lever at which a profile is a Nash equilibrium, as an interval.

    verdict: ``threshold`` (the profile is no equilibrium at ``low``, and one at ``high``), ``everywhere`` and
    ``nowhere`` (at all tested settings), ``not monotone`` (an equilibrium at some setting and none at a higher one) or
    ``undecided``. low, high: the interval; NaN where that end is not known. confidence: that every sign on which the
    verdict rests is right (normal approximation, all tests counted). binding: the most tempting deviation where the
    profile just fails (at ``low``; where it fails nowhere, at the lowest setting).
    """

    lever: str
    profile: Profile
    verdict: Verdict
    low: float
    high: float
    confidence: float
    binding: Margin
    tested: tuple[Tested, ...]

    def __str__(self) -> str:
        lever = LEVERS[self.lever]
        ends = f"[{lever.low:g}, {lever.high:g}]"
        where = {
            "threshold": f"from between {self.low:.3g} and {self.high:.3g} on",
            "everywhere": f"at all tested settings of {ends}",
            "nowhere": f"at no tested setting of {ends}",
            "not monotone": f"at some settings of {ends} and not at higher ones",
            "undecided": "where, the runs cannot tell"
            + (f"; none up to {self.low:.3g}" if math.isfinite(self.low) else "")
            + (f"; one from {self.high:.3g} on" if math.isfinite(self.high) else ""),
        }[self.verdict]
        tempting, loss = self.binding, self.binding.loss
        return (
            f"{self.lever}: an equilibrium {where} (confidence {self.confidence:g}); most tempting: {tempting.policy} "
            f"by {tempting.nation}, which gains {-loss.mean:+.3g} +- {loss.standard_error:.2g}"
        )


def least_setting(
    scenario: Scenario | str,
    lever: str = "verification",
    deviations: Sequence[str] = ("covert_defection", "race"),
    profile: Sequence[str] | None = None,
    *,
    seed: int = 0,
    tolerance: float = 0.05,
    max_runs: int = 4096,
    max_settings: int = 16,
    confidence: float = 0.95,
    threads: int | None = None,
    progress: bool | None = None,
) -> Threshold:
    """The least setting of a lever at which no nation gains by a deviation from a profile (``treaty`` by all).

    Every setting is tested on the same runs, whose number doubles from 256 until the sign of every deviation's gain is
    known or ``max_runs`` is reached. Five settings from end to end show whether the answer is monotone; then the gap in
    which the sign changes is halved until it is narrower than ``tolerance`` times the lever's range, the signs in it
    cannot be told, or ``max_settings`` are tested. Each test may err with (1 - confidence) / (all tests there can be).

    Raises InputError for a lever, nation's policy or number that is not valid.

    >>> found = least_setting("duopoly", "penalty", ("covert_defection",), max_runs=256, max_settings=5)
    >>> found.lever, found.binding.policy
    ('penalty', 'covert_defection')
    """
    scenario = Scenario.load(scenario)
    profile = tuple(profile) if profile is not None else ("treaty",) * len(scenario.nations)
    _check(scenario, lever, profile, deviations, tolerance, confidence)
    checked_count("max_runs", max_runs, at_least=FIRST_RUNS)
    checked_count("max_settings", max_settings, at_least=len(_ENDS))
    sampling = Sampling(FIRST_RUNS, seed, threads=threads, progress=progress)
    stages = 1 + math.floor(math.log2(max_runs / FIRST_RUNS))
    tests = max_settings * stages * len(_deviations(profile, deviations))
    bound = float(-ndtri((1.0 - confidence) / tests))
    known = LEVERS[lever]
    span = known.high - known.low

    def test(setting: float) -> Tested:
        here = scenario.replace({known.path: known.value(setting)})
        return _tested(here, setting, profile, deviations, sampling, bound, max_runs)

    tested = [test(known.low + span * part) for part in _ENDS]
    while len(tested) < max_settings:
        setting = _next(tested, tolerance * span)
        if setting is None:
            break
        tested = sorted([*tested, test(setting)], key=lambda one: one.setting)
    return _concluded(lever, profile, confidence, tested)


def price_of_slowing_alone(game: Game) -> dict[str, Difference]:
    """What each nation gets by ``unilateral_slowdown`` against ``race``, minus ``race`` against ``race``, paired.

    Raises InputError for a game without samples, or in which these policies are not offered.

    >>> from race_sim import policy_game
    >>> price = price_of_slowing_alone(policy_game("duopoly", ["race", "unilateral_slowdown"], runs=20))
    >>> sorted(price)
    ['east', 'west']
    """
    if game.samples is None:
        raise InputError("game: must be simulated, got one without samples")
    racing = tuple(game.strategy(n, "race") for n in range(len(game.players)))
    prices = {}
    for n, player in enumerate(game.players):
        slowing = (*racing[:n], game.strategy(n, "unilateral_slowdown"), *racing[n + 1 :])
        own = np.moveaxis(game.samples[:, n], 0, -1)
        prices[player] = Difference.of(own[slowing] - own[racing])
    return prices


_ENDS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _check(
    scenario: Scenario, lever: str, profile: Profile, deviations: Sequence[str], tolerance: float, confidence: float
) -> None:
    if lever not in LEVERS:
        raise InputError(f"lever: {unknown('lever', lever, LEVERS)}")
    if len(profile) != len(scenario.nations):
        raise InputError(f"profile: must be one policy per nation ({len(scenario.nations)}), got {one_line(profile)}")
    for policy in (*profile, *deviations):
        if policy not in POLICIES:
            raise InputError(f"policies: {unknown('policy', policy, POLICIES)}")
    if not _deviations(profile, deviations):
        raise InputError(f"deviations: must hold a policy that is not in the profile, got {one_line(deviations)}")
    if not 0.0 < tolerance < 1.0:
        raise InputError(f"tolerance: must lie in (0, 1), got {tolerance!r}")
    if not 0.5 <= confidence < 1.0:
        raise InputError(f"confidence: must lie in [0.5, 1), got {confidence!r}")


def _deviations(profile: Profile, policies: Sequence[str]) -> list[tuple[int, str]]:
    return [(n, policy) for n in range(len(profile)) for policy in policies if policy != profile[n]]


def _tested(
    scenario: Scenario,
    setting: float,
    profile: Profile,
    policies: Sequence[str],
    sampling: Sampling,
    bound: float,
    max_runs: int,
) -> Tested:
    """Sequential test at one setting: runs double until every sign that matters is known."""
    leaving = _deviations(profile, policies)
    profiles = [profile, *((*profile[:n], policy, *profile[n + 1 :]) for n, policy in leaving)]
    payoffs = simulate_profiles(scenario, profiles, sampling).payoffs
    while True:
        losses = [Difference.of(payoffs[:, n, 0] - payoffs[:, n, 1 + d]) for d, (n, _) in enumerate(leaving)]
        sign = _sign(losses, bound)
        runs = len(payoffs)
        if sign != 0 or 2 * runs > max_runs:
            break
        more = replace(sampling, runs=runs, first_run=runs)
        payoffs = np.concatenate([payoffs, simulate_profiles(scenario, profiles, more).payoffs])
    margins = [
        Margin(scenario.nation_names[n], policy, loss) for (n, policy), loss in zip(leaving, losses, strict=True)
    ]
    return Tested(setting, sign, runs, tuple(sorted(margins, key=lambda margin: margin.loss.mean)))


def _sign(losses: Sequence[Difference], bound: float) -> int:
    """-1 where some deviation surely pays, 1 where every one surely does not, 0 otherwise.

    A deviation that changes no payoff in any run does not pay.
    """
    if any(loss.z < -bound for loss in losses):
        return -1
    return 1 if all(loss.z > bound or loss.mean == loss.standard_error == 0.0 for loss in losses) else 0


def _next(tested: Sequence[Tested], resolution: float) -> float | None:
    """The middle of the widest gap in which the sign may change; None where nothing is left to find out."""
    if _falls(tested) or len({one.sign for one in tested}) == 1:
        return None
    gaps = [
        (after.setting - before.setting, before.setting)
        for before, after in pairwise(tested)
        if before.sign != after.sign and after.setting - before.setting > resolution
    ]
    if not gaps:
        return None
    width, start = max(gaps, key=lambda gap: (gap[0], -gap[1]))
    return start + 0.5 * width


def _falls(tested: Sequence[Tested]) -> bool:
    """Whether the profile is an equilibrium at some setting and not at a higher one."""
    signs = [one.sign for one in tested]
    return 1 in signs and -1 in signs[signs.index(1) :]


def _concluded(lever: str, profile: Profile, confidence: float, tested: Sequence[Tested]) -> Threshold:
    signs = [one.sign for one in tested]
    verdict: Verdict
    low = high = math.nan
    at = tested[0]
    if _falls(tested):
        verdict = "not monotone"
        at = next(one for one in tested[signs.index(1) :] if one.sign == -1)
    elif all(sign == 1 for sign in signs):
        verdict = "everywhere"
    elif all(sign == -1 for sign in signs):
        verdict, at = "nowhere", tested[-1]
    else:
        refused = [one for one in tested if one.sign == -1]
        verdict = "threshold" if refused and 1 in signs else "undecided"
        if refused:
            at = refused[-1]
            low = at.setting
        if 1 in signs:
            high = tested[signs.index(1)].setting
    return Threshold(lever, profile, verdict, low, high, confidence, at.margins[0], tuple(tested))
