"""How much verification, visibility, penalty or sharing makes a treaty keep itself; what slowing down alone costs."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_count,
    checked_kind,
    checked_names,
    checked_number,
    checked_text,
    one_line,
    unknown,
)
from race_sim.nations.policy_games import Profile, simulate_profiles
from race_sim.runs.powers import interval_of
from race_sim.runs.sampling import Sampling
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Game, Real

FIRST_RUNS = 256
Verdict = Literal["threshold", "everywhere", "nowhere", "not monotone", "undecided"]


@dataclass(frozen=True)
class Lever:
    """A parameter that a treaty may depend on, and the settings at which it is searched.

    Attributes
    ----------
    path : str
        Path of the parameter behind it.
    low, high : float
        Ends of the settings that are searched.
    unit : str
        Unit of a setting.
    meaning : str
        What a setting is.
    value : callable
        The parameter's value at a setting: itself, or 1 - setting for ``prize_sharing``, which is 1 - enmity.
    """

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
    """A difference of payoffs over the same runs.

    Attributes
    ----------
    mean : float
        Mean over runs, V yr.
    standard_error : float
        Standard error of the mean, V yr.
    low, high : float
        Bounds of its 95 % interval (``race_sim.runs.intervals``), V yr; NaN where no runs are given.
    """

    mean: float
    standard_error: float
    low: float = math.nan
    high: float = math.nan

    @classmethod
    def of(cls, paired: Real) -> "Difference":
        """Estimate a difference from paired runs.

        Parameters
        ----------
        paired : array (runs,)
            One difference per run, V yr; two runs or more.

        Returns
        -------
        Difference
            Mean, standard error, ``sd / sqrt(runs)``, and interval.

        Examples
        --------
        >>> Difference.of(np.array([1.0, 2.0, 3.0])).mean
        2.0
        """
        low, high = (float(bound[0]) for bound in interval_of(paired[:, np.newaxis]))
        return cls(float(paired.mean()), float(paired.std(ddof=1) / math.sqrt(len(paired))), low, high)

    @property
    def z(self) -> float:
        """Mean over standard error; 0 where nothing differs in any run.

        Examples
        --------
        >>> Difference(-3.0, 1.5).z, Difference(0.0, 0.0).z
        (-2.0, 0.0)
        """
        if self.standard_error == 0.0:
            return math.copysign(math.inf, self.mean) if self.mean else 0.0
        return self.mean / self.standard_error


@dataclass(frozen=True)
class Margin:
    """What one nation loses by one deviation from the profile.

    Attributes
    ----------
    nation : str
        The nation that deviates.
    policy : str
        Its policy instead of that in the profile.
    loss : Difference
        Its payoff in the profile minus that of deviating: positive where the deviation does not pay.
    """

    nation: str
    policy: str
    loss: Difference


@dataclass(frozen=True)
class Tested:
    """Answer at one setting of a lever to whether the profile is a Nash equilibrium there.

    Attributes
    ----------
    setting : float
        Of the lever, in the lever's unit.
    sign : int
        1 where it is an equilibrium, -1 where it is not, 0 where the runs cannot tell.
    runs : int
        Runs that this took.
    margins : tuple of Margin
        Of all deviations, the most tempting first.
    """

    setting: float
    sign: int
    runs: int
    margins: tuple[Margin, ...]


@dataclass(frozen=True)
class Threshold:
    """The least setting of a lever at which a profile is a Nash equilibrium, as an interval.

    Attributes
    ----------
    lever : str
        Name of the lever.
    profile : tuple of str
        One policy per nation.
    verdict : {'threshold', 'everywhere', 'nowhere', 'not monotone', 'undecided'}
        ``threshold``: the profile is no equilibrium at ``low``, and one at ``high``. ``everywhere``, ``nowhere``: at
        all tested settings. ``not monotone``: an equilibrium at some setting and none at a higher one. ``undecided``:
        the runs cannot tell.
    low, high : float
        Ends of the interval, in the lever's unit; NaN where that end is not known.
    confidence : float
        Probability that every sign on which the verdict rests is right (normal approximation, all tests counted).
    binding : Margin
        The most tempting deviation where the profile just fails: at ``low``; at the highest setting where it fails at
        all; at the lowest where it fails at none; where it is not monotone, at the first setting at which it fails
        again.
    tested : tuple of Tested
        Every tested setting, in order.
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


@checked_arguments(
    lever=checked_text,
    deviations=checked_names,
    profile=checked_names,
    tolerance=checked_number,
    confidence=checked_number,
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
    """Find the least setting of a lever at which no nation gains by a deviation from a profile.

    Every setting is tested on the same runs (common random numbers), whose number doubles from 256 until the sign of
    every deviation's gain is known or ``max_runs`` is reached. Five settings from end to end show whether the answer is
    monotone; then the gap in which the sign changes is halved until it is narrower than ``tolerance`` times the lever's
    range, the signs in it cannot be determined, or ``max_settings`` are tested. Each test may err with probability
    ``(1 - confidence) / tests``, where all tests that there can be are counted: Bonferroni's bound.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    lever : {'verification', 'benchmarks', 'penalty', 'sharing', 'prize_sharing'}
        What is set; ``LEVERS`` has the parameter behind each and its range.
    deviations : sequence of str
        Policies that each nation may play instead of its own.
    profile : sequence of str, optional
        One policy per nation; by default ``treaty`` for all.
    seed : int
        Seed of the runs.
    tolerance : float
        Width of the interval that is good enough, as part of the lever's range, in (0, 1).
    max_runs : int
        Runs at a setting, at most; 256 or more.
    max_settings : int
        Settings that are tested, at most; 5 or more.
    confidence : float
        Probability that all signs are right, in [0.5, 1).
    threads : int, optional
        Threads; by default all cores.
    progress : bool, optional
        True shows a bar, False none; by default one on a terminal or in a notebook when it takes a while.

    Returns
    -------
    Threshold
        An interval, the verdict, and every setting that was tested. As text it is one sentence.

    Raises
    ------
    InputError
        For a lever, a policy or a number that is not valid.

    Examples
    --------
    >>> threshold = least_setting("duopoly", "penalty", ("covert_defection",), max_runs=256, max_settings=5)
    >>> threshold.verdict, threshold.low, threshold.high
    ('threshold', 0.0, 12.5)
    >>> threshold.lever, threshold.binding.policy
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
    from scipy.special import ndtri

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


@checked_arguments(game=checked_kind(Game))
def price_of_slowing_alone(game: Game) -> dict[str, Difference]:
    """Compute what each nation gets by slowing down while all others race, minus what it gets when all race.

    For nation n with payoff u_n: ``u_n(unilateral_slowdown, race) - u_n(race, race)``, paired over the runs of the
    game. Negative where slowing down alone costs.

    Parameters
    ----------
    game : Game
        A policy game (``race_sim.policy_game``) in which every nation has both policies.

    Returns
    -------
    mapping of str to Difference
        By nation, V yr.

    Raises
    ------
    InputError
        For a game without samples, or in which these policies are not offered.

    Examples
    --------
    >>> from race_sim import policy_game
    >>> price = price_of_slowing_alone(policy_game("duopoly", ["race", "unilateral_slowdown"], runs=20))
    >>> {nation: difference.mean < 0 for nation, difference in price.items()}
    {'east': True, 'west': True}
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
    deviating = _deviations(profile, policies)
    profiles = [profile, *((*profile[:n], policy, *profile[n + 1 :]) for n, policy in deviating)]
    payoffs = simulate_profiles(scenario, profiles, sampling).payoffs
    while True:
        losses = [Difference.of(payoffs[:, n, 0] - payoffs[:, n, 1 + d]) for d, (n, _) in enumerate(deviating)]
        sign = _sign(losses, bound)
        runs = len(payoffs)
        if sign != 0 or 2 * runs > max_runs:
            break
        more = replace(sampling, runs=runs, first_run=runs)
        payoffs = np.concatenate([payoffs, simulate_profiles(scenario, profiles, more).payoffs])
    margins = [
        Margin(scenario.nation_names[n], policy, loss) for (n, policy), loss in zip(deviating, losses, strict=True)
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
