"""The nations' policy game: every profile of policies simulated on the same luck, as a finite game with errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, checked_seed, one_line, unknown
from race_sim.kernels.run import run_block
from race_sim.kernels.survey import form_groups
from race_sim.runs.batches import in_batches
from race_sim.runs.controls import Controls, martingale_names, martingales
from race_sim.runs.estimation import columns
from race_sim.runs.moments import Halves, adjusted
from race_sim.runs.outcomes import keys
from race_sim.runs.records import build, checked_estimator
from race_sim.runs.simulation import provenance
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

    payoffs: (runs, nations, profiles). luck: the runs' martingales, (runs, martingales, profiles). halves: moments of
    every outcome of each profile.
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
    """The finite game whose players are the nations, whose strategies are policies and whose payoffs are simulated.

    policies: one list for all nations, or a list for each nation by name (a nation that is not named keeps the policy
    that it has in the scenario); all policies by default. Every cell is simulated on the same ``runs`` runs, so that
    payoff differences are paired: common random numbers. The game has ``samples`` (runs, nations, *shape), each run's
    payoffs in V yr, less what its luck explains (``race_sim.runs.controls``) unless ``controlled`` is False, and
    ``outcomes`` with ``outcome_errors``: every outcome of the race as a whole (``catastrophe_probability``,
    ``welfare``, ``safety_share``) in every cell, where it is defined in all of them.
    The same numbers come out whatever the threads.

    Raises InputError unless there are two nations or more, two runs or more, and a nation that has a choice.

    >>> game = policy_game("duopoly", ["race", "unilateral_slowdown"], runs=20)
    >>> game.players, game.samples.shape, game.outcomes["catastrophe_probability"].shape
    (('east', 'west'), (20, 2, 2, 2), (2, 2))
    """
    scenario = Scenario.load(scenario)
    offered = offered_policies(scenario, policies)
    cells: list[Profile] = list(product(*offered.values()))
    shape = tuple(map(len, offered.values()))
    played = simulate_profiles(
        scenario, cells, runs, seed, first_run=first_run, estimator=estimator, threads=threads, progress=progress
    )
    payoffs, controls = played.payoffs, Controls(scenario, ())
    if controlled and estimator == "integrated":
        controls = Controls.of(scenario, runs)
        payoffs = less_luck(controls, seed, np.arange(first_run, first_run + runs), played)
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
    """The policies between which each nation chooses, by nation; see ``policy_game``.

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
        offered = {name: tuple(policies.get(name, (scenario.policies[name],))) for name in names}
    else:
        offered = {name: tuple(policies) for name in names}
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
    runs: int,
    seed: int = 0,
    *,
    first_run: int = 0,
    estimator: str = "integrated",
    threads: int | None = None,
    progress: bool | None = None,
) -> Profiles:
    """Simulate profiles (one policy per nation each) on the same runs. Profiles that cannot differ run once."""
    checked_count("runs", runs, at_least=2)
    checked_seed(seed)
    checked_count("first_run", first_run, at_least=0)
    checked_estimator(estimator)
    acts = [acting_flags(scenario, profile) for profile in profiles]
    distinct = list(dict.fromkeys(acts))
    races = [_playing(scenario, profiles[acts.index(flags)]) for flags in distinct]
    payoffs = np.empty((runs, len(scenario.nations), len(races)))
    luck = np.empty((runs, len(martingale_names(scenario)), len(races)))
    controls = Controls.of(scenario, runs, estimator)
    halves: list[Halves | None] = [None] * len(races)

    def batch(numbers: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64], Real, Real, Halves]]:
        pieces = []
        for race in np.unique(numbers // runs):
            rows = numbers[numbers // runs == race] % runs
            records = build(races[race], seed, first_run + rows, estimator)
            run_block(*records)
            known = martingales(records)
            part = Halves.of(first_run + rows, *columns(records), controls.columns(seed, first_run + rows, known))
            pieces.append((int(race), rows, records.nations["payoff"].copy(), known, part))
        return pieces

    # The runs of all profiles as one sequence: one progress bar, and no thread waits for a profile to end.
    for pieces in in_batches(batch, runs * len(races), 0, threads, progress, scenario.name):
        for race, rows, paid, known, part in pieces:
            payoffs[rows, :, race] = paid
            luck[rows, :, race] = known
            before = halves[race]
            halves[race] = part if before is None else before.merge(part)
    where = [distinct.index(flags) for flags in acts]
    result = tuple(part for part in (halves[race] for race in where) if part is not None)
    return Profiles(payoffs[:, :, where], luck[:, :, where], result)


def less_luck(controls: Controls, seed: int, runs: NDArray[np.int64], played: Profiles) -> Real:
    """Payoffs (runs, nations, profiles) of integrated runs less what luck explains.

    What mishaps cost is replaced by what they were expected to cost, which takes no fitting. Of the controls each
    profile gets those, if any, that leave the least squared errors.
    """
    names = martingale_names(controls.scenario)
    damages = [names.index(f"damages.{nation}") for nation in controls.scenario.nations]
    payoffs = played.payoffs + played.luck[:, damages]
    for profile, halves in enumerate(played.halves):
        plain = payoffs[:, :, profile].copy()
        for count in controls.usable(halves):
            columns = controls.columns(seed, runs, played.luck[:, :, profile], count)
            result = adjusted(runs, plain, columns)
            if result.var(axis=0).sum() < payoffs[:, :, profile].var(axis=0).sum():
                payoffs[:, :, profile] = result
    return payoffs


def acting_flags(scenario: Scenario, profile: Profile) -> tuple[tuple[int, ...], ...]:
    """What a profile changes in the race: profiles with equal flags give equal bits.

    The kernels say whether its treaty comes into force and who shares with whom; what a nation has signed has no effect
    without a treaty.

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
    """Standard errors of payoff differences from independent plain runs over those of the game, one per difference.

    The differences are those between two policies of one nation while the others keep theirs; those that are zero in
    every run are left out. The game's are smaller because its cells share their luck and because controls take out
    what luck explains. A gain of 3 is worth nine times the runs.

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
