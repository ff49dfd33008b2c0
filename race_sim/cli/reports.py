"""Results as text for people."""

import math
from collections.abc import Iterable
from textwrap import shorten, wrap
from typing import TYPE_CHECKING

from race_sim.cli.run_folder import as_csv
from race_sim.errors import InputError, unknown
from race_sim.runs.estimation import Estimate, Estimated, by_key
from race_sim.runs.outcomes import BUILT_IN, OUTCOMES, keys
from race_sim.runs.screening import Screened
from race_sim.scenario.scenario import Scenario
from race_sim.text.rounding import with_error

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

ESTIMATED = ("mean", "standard_error", "low", "high", "events")
SCREEN_HEADER = (
    f"{'name':48s} {'from':>8s} {'to':>8s}  {'outcome':28s} {'effect':>11s} {'std. error':>10s} {'z':>8s}  "
    "where it acts"
)


WIDTH = 100  # columns of a table
MAIN = {  # what a table shows first, by level, with words that fit
    "run": {
        "catastrophe_probability": "a catastrophe by the horizon",
        "mishaps": "ordinary mishaps",
        "safety_share": "share of effort spent on safety",
        "assurance_gap": "capability not assured",
        "capability": "best capability at the end",
        "time_to_threshold": "to the threshold, or end",
        "trust": "public trust, from 0 to 1",
        "regulation": "regulation, from 0 to 1",
        "treaty_in_force": "part of the time with a treaty",
        "welfare": "sum of nations' payoffs",
    },
    "nation": {
        "payoff": "discounted payoff",
        "winner": "reaches the threshold first",
        "safety_share": "spent on safety, its labs",
        "lag": "behind the frontier",
    },
    "lab": {},
}
MORE = "More outcomes: --all; some of them: --outcomes NAME,...; as data: --csv, --json"


def outcome_table(result: Estimate, every: bool = True) -> str:
    """Write outcomes with their standard error and 95 % interval, grouped: the race, then nations, then labs.

    Parameters
    ----------
    result : Estimate
        As ``estimate`` gives it.
    every : bool
        Whether all are shown, or the main ones only.

    Returns
    -------
    str
        One line of at most 100 columns per outcome, with its meaning and unit.
    """
    policies = ", ".join(f"{name}: {policy}" for name, policy in result.scenario.policies.items())
    lines = wrap(
        f"{result.scenario.name}: {result.runs} runs, seed {result.seed}, {result.estimator} estimator ({policies})",
        WIDTH,
    )
    lines.append("mean +- standard error, 95 % interval")
    titles = {"run": "The race", "nation": "Nations", "lab": "Labs"}
    added = {outcome.name for outcome in OUTCOMES[BUILT_IN:]}
    for level, title in titles.items():
        shown = {
            key: item
            for key, item in result.outcomes.items()
            if item.outcome.level == level and (every or item.outcome.name in {*MAIN[level], *added})
        }
        if shown:
            lines.append(f"\n{title}")
            left = max(len(key) for key in shown)
            lines += [_line(key.ljust(left), item, result.runs) for key, item in shown.items()]
    return "\n".join([*lines, *([] if every else ["", MORE])])


def _line(key: str, item: Estimated, runs: int) -> str:
    """An outcome's key, mean, error, interval and meaning with its unit, in at most ``WIDTH`` columns."""
    start = f"  {key} {_number(item, runs)}"
    unit = "" if item.outcome.unit == "1" else f" ({item.outcome.unit})"
    words = MAIN[item.outcome.level].get(item.outcome.name, item.outcome.long_name)
    room = WIDTH - len(start) - 2
    if len(words + unit) > room:
        words = shorten(words, max(0, room - len(unit)), placeholder=" ...")
    text = words + unit
    return f"{start}  {text}".rstrip() if room >= len(text) else start.rstrip()


def _number(item: Estimated, runs: int) -> str:
    """``0.21 +- 0.05 [0.12, 0.34]``, or, where no run met an event, the bound that this leaves."""
    text = f"{with_error(item.mean, item.standard_error, ' +- '):>21s}"
    if not math.isfinite(item.low + item.high) or item.low == item.high:
        return f"{text:39s}"
    if item.events == 0.0:
        return f"{f'no event in {runs} runs: below {item.high:.2g} at 95 %':>39s}"
    digits = max(0, 1 - math.floor(math.log10(item.high - item.low)))
    places = f".{digits}f" if digits <= 9 else ".4g"
    return f"{text} {f'[{item.low:{places}}, {item.high:{places}}]':17s}"


def outcome_csv(result: Estimate) -> str:
    """Write outcomes as CSV, with the columns of ``outcomes.csv``.

    Parameters
    ----------
    result : Estimate
        As ``estimate`` gives it.

    Returns
    -------
    str
        A header, and one line per outcome.
    """
    rows = ((key, *(float(getattr(item, name)) for name in ESTIMATED), item.outcome.unit, item.outcome.long_name)
            for key, item in result.outcomes.items())  # fmt: skip
    return as_csv(("outcome", *ESTIMATED, "unit", "meaning"), rows)


def chosen_outcomes(scenario: Scenario, named: Iterable[str]) -> list[str]:
    """Find the keys of outcomes: each by itself, or all nations' and labs' of a name.

    Parameters
    ----------
    scenario : Scenario
        Whose outcomes they are.
    named : iterable of str
        Keys such as ``payoff.us``, or names such as ``payoff``.

    Returns
    -------
    list of str
        Keys, in the order in which they were named, each once.

    Raises
    ------
    InputError
        For a name that there is not.

    Examples
    --------
    >>> chosen_outcomes(Scenario.load("duopoly"), ["welfare", "winner"])
    ['welfare', 'winner.none', 'winner.east', 'winner.west']
    """
    known = [key for key, _ in keys(scenario)]
    result: dict[str, None] = {}
    for name in named:
        fitting = [key for key in known if key == name or key.startswith(f"{name}.")]
        if not fitting:
            raise InputError(f"--outcomes: {unknown('outcome', name, known)}")
        result |= dict.fromkeys(fitting)
    return list(result)


def parameter_table(scenario: Scenario) -> str:
    """Write every parameter of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    str
        One line per parameter: value, unit, bounds, plausible range, status, meaning and source; then policies and
        rules.
    """
    lines = [f"{scenario.name}: {' '.join(scenario.description.split())}", ""]
    lines.append(
        f"{'parameter':36s} {'value':38s} {'unit':8s} {'bounds':16s} {'plausible':14s} {'status':10s} meaning; source"
    )
    for parameter in scenario.parameters():
        known = parameter.about
        plausible = "" if known.plausible is None else f"{known.plausible[0]:g} - {known.plausible[1]:g}"
        source = "" if known.source == "assumed" else f"; {known.source}"
        lines.append(
            f"{parameter.path:36s} {parameter.text:38s} {known.unit:8s} "
            f"{f'{known.at_least:g} - {known.at_most:g}':16s} {plausible:14s} {known.status:10s} "
            f"{known.meaning}{source}"
        )
    lines.append("")
    lines += [f"nations.{name}.policy = {nation.policy}" for name, nation in scenario.nations.items()]
    lines += [
        f"labs.{name}: nation {lab.nation}, rule {lab.rule or scenario.lab.rule}" for name, lab in scenario.labs.items()
    ]
    return "\n".join(lines)


def screen_row(row: Screened) -> str:
    """Write one line under ``SCREEN_HEADER``.

    Parameters
    ----------
    row : Screened
        A parameter or a claim, and the outcome that it moves most.

    Returns
    -------
    str
        The line.
    """
    effect = row.effect
    z = "exact" if math.isinf(effect.z) else f"{effect.z:.1f}"
    return (
        f"{row.name:48s} {row.before:>8s} {row.after:>8s}  {effect.outcome:28s} {effect.effect:>+11.3g} "
        f"{effect.standard_error:>10.2g} {z:>8s}  {row.context}"
    )


def simulated_runs(
    scenario: Scenario,
    runs: int,
    seed: int,
    estimator: str,
    trajectories: bool,
    threads: int | None,
) -> "tuple[Estimate, pd.DataFrame, xr.Dataset]":
    """Simulate, and give the runs beside the means over them.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    runs : int
        How many runs.
    seed : int
        Seed of all draws.
    estimator : str
        ``integrated`` or ``sampled``.
    trajectories : bool
        Whether every period of every run is kept.
    threads : int or None
        How many; None for all cores.

    Returns
    -------
    (Estimate, DataFrame, Dataset)
        Means and errors, the same as a table, and the runs.
    """
    from race_sim.runs.simulation import simulate
    from race_sim.runs.summary import summarise

    dataset = simulate(scenario, runs, seed, estimator, trajectories, threads=threads)
    table = summarise(dataset)
    numbers = (table[name].to_numpy() for name in ("mean", "standard_error", "low", "high", "events"))
    return Estimate(scenario, runs, seed, estimator, by_key(scenario, numbers)), table, dataset
