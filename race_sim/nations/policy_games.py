"""The nations' policy game: every profile of policies simulated on the same runs, as a finite game with errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_names, one_line, unknown
from race_sim.kernels.run import run_block
from race_sim.kernels.survey import form_groups
from race_sim.runs.batches import in_batches
from race_sim.runs.controls import Controls, martingale_names, martingales
from race_sim.runs.estimation import columns
from race_sim.runs.footprint import check_profiles
from race_sim.runs.moments import Halves, adjusted
from race_sim.runs.outcomes import keys, perceived_payoff
from race_sim.runs.provenance import provenance
from race_sim.runs.records import build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Game, Real

Profile = tuple[str, ...]
Offer = Sequence[str] | Mapping[str, Sequence[str]]
UNIT = "V yr"
PLAIN = "standard_error_without_controls"
PAIRING = "median_gain_of_pairing_alone"


@dataclass(frozen=True)
class Profiles:
    """Simulated profiles of policies.

    Attributes
    ----------
    payoffs : array (runs, nations, profiles)
        Payoff of each nation in each run, V yr.
    luck : array (runs, martingales, profiles)
        Control variates of each run: breakthroughs and mishaps less their probabilities
        (``race_sim.runs.controls.martingales``).
    halves : tuple of Halves
        Moments of every outcome, one per profile.
    """

    payoffs: Real
    luck: Real
    halves: tuple[Halves, ...]


def policy_game(
    scenario: Scenario | str,
    policies: Offer | None = None,
    runs: int = 1000,
    seed: int = 0,
    *,
    first_run: int = 0,
    estimator: str = "integrated",
    threads: int | None = None,
    progress: bool | None = None,
    controlled: bool = True,
) -> Game:
    """Simulate the finite game whose players are the nations and whose strategies are their policies.

    Every cell is simulated on the same runs, so that payoff differences are paired (common random numbers [1]_), and
    the same numbers come out whatever the threads. With the ``integrated`` estimator payoffs are less what control
    variates explain (race_sim/MODEL.md, section 3.11), and with the risk of a catastrophe as each nation perceives it.
    Labs decide by their rules inside each cell. Profiles that cannot differ are simulated once.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file; two nations or more.
    policies : sequence of str, or mapping of str to sequence of str, optional
        One list for all nations, or a list for each nation by name, where a nation that is not named keeps the policy
        that it has in the scenario; by default all policies for all.
    runs : int
        Runs of every cell, 2 or more.
    seed : int
        Seed of the runs.
    first_run : int
        Number of the first run.
    estimator : {'integrated', 'sampled'}
        Whether the probability of survival is carried through a run or the catastrophe drawn.
    threads : int, optional
        Threads; by default all cores.
    progress : bool, optional
        True shows a bar, False none; by default one on a terminal or in a notebook when it takes a while.
    controlled : bool
        Whether what control variates explain is taken out.

    Returns
    -------
    Game
        With ``payoff`` (nations, *shape) in V yr, ``samples`` (runs, nations, *shape), and ``outcomes`` with
        ``outcome_errors``: every outcome of the race as a whole (``catastrophe_probability``, ``welfare``,
        ``safety_share``) in every cell, where it is defined in all of them.

    Raises
    ------
    InputError
        For a scenario with one nation, a policy or nation that is not known, nations without any choice, or numbers
        that are not valid.

    References
    ----------
    .. [1] Glasserman, P., and Yao, D. D. (1992). Some guidelines and guarantees for common random numbers. Management
       Science 38(6):884-908. doi:10.1287/mnsc.38.6.884

    Examples
    --------
    >>> game = policy_game("duopoly", ["race", "unilateral_slowdown"], runs=20)
    >>> game.players, game.samples.shape, game.outcomes["catastrophe_probability"].shape
    (('east', 'west'), (20, 2, 2, 2), (2, 2))
    """
    scenario = Scenario.load(scenario)
    offered = offered_policies(scenario, policies)
    cells: list[Profile] = list(product(*offered.values()))
    shape = tuple(map(len, offered.values()))
    sampling = Sampling(runs, seed, estimator, first_run, threads, progress, controlled, least=2)
    check_profiles(scenario, sampling.runs, len(cells))
    played = simulate_profiles(scenario, cells, sampling)
    payoffs, controls = played.payoffs, Controls(scenario, ())
    if controlled and estimator == "integrated":
        controls = Controls.of(scenario, sampling.runs)
        payoffs = less_luck(controls, sampling.seed, sampling.numbers, played)
    samples = payoffs.reshape(runs, len(offered), *shape)
    plain = played.payoffs.std(axis=0, ddof=1).reshape(len(offered), *shape) / np.sqrt(runs)
    outcomes, errors = _outcomes(controls, played.halves, shape)
    return Game(
        tuple(offered),
        tuple(offered.values()),
        samples.mean(axis=0),
        samples,
        outcomes,
        errors,
        {key: outcome.unit for key, outcome in keys(scenario) if key in outcomes},
        name=scenario.name,
        unit=UNIT,
        provenance={
            **provenance(scenario, seed, estimator),
            "runs": runs,
            "first_run": first_run,
            PLAIN: plain.tolist(),
            PAIRING: _median(_error_gains(played.payoffs.reshape(samples.shape), plain)),
        },
    )


def offered_policies(scenario: Scenario, policies: Offer | None = None) -> dict[str, tuple[str, ...]]:
    """List the policies between which each nation chooses.

    Parameters
    ----------
    scenario : Scenario
        Two nations or more.
    policies : sequence of str, or mapping of str to sequence of str, optional
        As in ``policy_game``.

    Returns
    -------
    mapping of str to tuple of str
        By nation, in the scenario's order.

    Raises
    ------
    InputError
        For a scenario with one nation, a policy or nation that is not known, a list that is empty or names a policy
        twice, and where no nation has two policies or more.

    Examples
    --------
    >>> offered_policies(Scenario.load("us-china-2026"), {"us": ["race", "treaty"]})
    {'us': ('race', 'treaty'), 'china': ('race',)}
    """
    names = scenario.nation_names
    if len(names) < 2:
        raise InputError(f"nations: a policy game needs two or more, got {one_line(names)}")
    if isinstance(policies, str):
        raise InputError(f"policies: must be a list of names, got {policies!r}")
    if policies is None:
        policies = tuple(POLICIES)
    if isinstance(policies, Mapping):
        for name in policies:
            if name not in names:
                raise InputError(f"policies: {unknown('nation', name, names)}")
        offered = {
            name: checked_names(f"policies of {name}", policies.get(name, (scenario.policies[name],))) for name in names
        }
    else:
        offered = {name: checked_names("policies", policies) for name in names}
    for name, listed in offered.items():
        for policy in listed:
            if policy not in POLICIES:
                raise InputError(f"policies of {name}: {unknown('policy', policy, POLICIES)}")
        if not listed or len(set(listed)) < len(listed):
            raise InputError(f"policies of {name}: must be different policies, at least one, got {one_line(listed)}")
    if all(len(listed) == 1 for listed in offered.values()):
        only = ", ".join(f"{name}: {listed[0]}" for name, listed in offered.items())
        raise InputError(f"policies: a nation needs two or more to choose between, got one for each ({only})")
    return offered


def simulate_profiles(
    scenario: Scenario,
    profiles: Sequence[Profile],
    sampling: Sampling,
) -> Profiles:
    """Simulate profiles on the same runs; profiles that cannot differ (``acting_flags``) run once.

    Parameters
    ----------
    scenario : Scenario
        Its nations' own policies are replaced by those of each profile.
    profiles : sequence of tuple of str
        One policy per nation each.
    sampling : Sampling
        Runs, seed, estimator and threads.

    Returns
    -------
    Profiles
        In the order of ``profiles``.
    """
    runs, seed, first_run = sampling.runs, sampling.seed, sampling.first_run
    acts = [acting_flags(scenario, profile) for profile in profiles]
    distinct = list(dict.fromkeys(acts))
    races = [_playing(scenario, profiles[acts.index(flags)]) for flags in distinct]
    payoffs = np.empty((runs, len(scenario.nations), len(races)))
    luck = np.empty((runs, len(martingale_names(scenario)), len(races)))
    controls = Controls.of(scenario, runs, sampling.estimator)
    halves: list[Halves | None] = [None] * len(races)

    def batch(numbers: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64], Real, Real, Halves]]:
        pieces = []
        for race in np.unique(numbers // runs):
            rows = numbers[numbers // runs == race] % runs
            records = build(races[race], seed, first_run + rows, sampling.estimator)
            run_block(*records)
            variates = martingales(records)
            part = Halves.of(first_run + rows, *columns(records), controls.columns(seed, first_run + rows, variates))
            pieces.append((int(race), rows, perceived_payoff(records), variates, part))
        return pieces

    # The runs of all profiles as one sequence: one progress bar, and no thread waits for a profile to end.
    for pieces in in_batches(batch, runs * len(races), 0, sampling.threads, sampling.progress, scenario.name):
        for race, rows, paid, variates, part in pieces:
            payoffs[rows, :, race] = paid
            luck[rows, :, race] = variates
            before = halves[race]
            halves[race] = part if before is None else before.merge(part)
    where = [distinct.index(flags) for flags in acts]
    halves_by_profile = tuple(part for part in (halves[race] for race in where) if part is not None)
    return Profiles(payoffs[:, :, where], luck[:, :, where], halves_by_profile)


def less_luck(controls: Controls, seed: int, runs: NDArray[np.int64], played: Profiles) -> Real:
    """Reduce the variance of integrated runs' payoffs by what control variates explain, their expectations unchanged.

    What mishaps cost is replaced by what they were expected to cost, which takes no fitting. Payoffs are then regressed
    on the controls; of the numbers of controls that can be fitted, none included, each half of a profile's runs gets
    that of which the other half expects the least squared errors.

    Parameters
    ----------
    controls : Controls
        Those that so many runs of the scenario can have.
    seed : int
        Seed of the runs.
    runs : array (runs,) of int
        Their numbers.
    played : Profiles
        As of ``simulate_profiles`` with the ``integrated`` estimator.

    Returns
    -------
    array (runs, nations, profiles)
        Payoffs, V yr.
    """
    names = martingale_names(controls.scenario)
    damages = [names.index(f"damages.{nation}") for nation in controls.scenario.nations]
    payoffs = played.payoffs + played.luck[:, damages]
    if not controls.counts:
        return payoffs
    for profile in range(payoffs.shape[2]):
        columns = controls.columns(seed, runs, played.luck[:, :, profile])
        payoffs[:, :, profile] = adjusted(runs, payoffs[:, :, profile], columns, controls.counts, controls.counting)
    return payoffs


def acting_flags(scenario: Scenario, profile: Profile) -> tuple[tuple[int, ...], ...]:
    """Reduce a profile to what it changes in the race: profiles with equal flags give equal bits.

    The kernels say whether its treaty comes into force and who shares with whom; what a nation has signed has no effect
    without a treaty.

    Parameters
    ----------
    scenario : Scenario
        Has the number of signatories that a treaty takes.
    profile : tuple of str
        One policy per nation.

    Returns
    -------
    tuple of tuple of int
        For each nation whether it keeps the standard whatever others do, with which group it shares, and under a treaty
        that exists whether it has signed it and honours it.

    Examples
    --------
    >>> point = Scenario.load("duopoly")
    >>> acting_flags(point, ("treaty", "fundamentals")) == acting_flags(point, ("race", "race"))
    True
    """
    names = scenario.nation_names
    policies = {f"nations.{name}.policy": np.array([policy]) for name, policy in zip(names, profile, strict=True)}
    records = build(scenario, 0, np.zeros(1, dtype=np.int64), changes=policies)
    nations, world = records.nations[0], records.worlds[0]
    form_groups(nations, world, records.parameters[0])
    signed = ("signs", "honours") if world["treaty_in_force"] else ()
    return tuple(tuple(int(nation[name]) for name in ("keeps_standard", "group", *signed)) for nation in nations)


def paired_error_gains(game: Game) -> Real:
    """Compare standard errors of payoff differences: those from independent plain runs over those of the game.

    The differences are those between two policies of one nation while the others keep theirs; those that are zero in
    every run are left out. The game's errors are smaller because its cells have common random numbers and because
    control variates take out noise. A gain of 3 is worth nine times the runs.

    Parameters
    ----------
    game : Game
        As of ``policy_game``.

    Returns
    -------
    array (differences,)
        One ratio per difference.

    Raises
    ------
    InputError
        For a game without samples.

    Examples
    --------
    >>> gains = paired_error_gains(policy_game("duopoly", ["race", "unilateral_slowdown"], runs=50))
    >>> len(gains), bool(gains.min() > 1)
    (4, True)
    """
    if game.samples is None:
        raise InputError("game: must be simulated, got one without samples")
    plain = np.array(game.provenance.get(PLAIN, game.standard_error))
    return _error_gains(game.samples, plain)


def _error_gains(samples: Real, standard_error: Real) -> Real:
    """Errors of differences from independent runs with these errors over those from ``samples``, one per difference."""
    gains = []
    spread = standard_error * np.sqrt(len(samples))
    for player, size in enumerate(samples.shape[2:]):
        alone = np.moveaxis(spread[player], player, -1).reshape(-1, size)
        own = np.moveaxis(samples[:, player], 1 + player, -1).reshape(len(samples), -1, size)
        for a in range(size):
            for b in range(a):
                paired = (own[..., a] - own[..., b]).std(axis=0, ddof=1)
                independent = np.hypot(alone[:, a], alone[:, b])
                gains += list(independent[paired > 0.0] / paired[paired > 0.0])
    return np.array(gains)


def _median(gains: Real) -> float | None:
    return float(np.median(gains)) if len(gains) else None


def _playing(scenario: Scenario, profile: Profile) -> Scenario:
    return scenario.replace(
        {f"nations.{name}.policy": policy for name, policy in zip(scenario.nation_names, profile, strict=True)}
    )


def _outcomes(
    controls: Controls, halves: tuple[Halves, ...], shape: tuple[int, ...]
) -> tuple[dict[str, Real], dict[str, Real]]:
    """Means and standard errors, (*shape) each, of the outcomes of the race that are defined in every cell."""
    known = list(keys(controls.scenario))
    ratios = [controls.estimates(part, [outcome for _, outcome in known]) for part in halves]
    means, errors = (np.array([ratio[which] for ratio in ratios]) for which in (0, 1))
    named: Iterator[tuple[int, Any]] = enumerate(known)
    whole = [(k, key) for k, (key, outcome) in named if outcome.level == "run" and np.isfinite(means[:, k]).all()]
    return (
        {key: means[:, k].reshape(shape) for k, key in whole},
        {key: errors[:, k].reshape(shape) for k, key in whole},
    )
