"""Results as text for people."""

import math
from typing import TYPE_CHECKING

from race_sim.runs.estimation import Estimate, Estimated, by_key
from race_sim.runs.screening import Screened
from race_sim.scenario.scenario import Scenario
from race_sim.text.rounding import with_error

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SCREEN_HEADER = (
    f"{'name':48s} {'from':>8s} {'to':>8s}  {'outcome':28s} {'effect':>11s} {'std. error':>10s} {'z':>8s}  "
    "where it acts"
)


def outcome_table(result: Estimate) -> str:
    """Write every outcome with its standard error and 95 % interval, grouped: the race, then nations, then labs.

    Parameters
    ----------
    result : Estimate
        As ``estimate`` gives it.

    Returns
    -------
    str
        One line per outcome, with its unit and meaning.
    """
    policies = ", ".join(f"{name}: {policy}" for name, policy in result.scenario.policies.items())
    lines = [
        f"{result.scenario.name}: {result.runs} runs, seed {result.seed}, {result.estimator} estimator ({policies})",
        "mean +- standard error, 95 % interval",
    ]
    titles = {"run": "The race", "nation": "Nations", "lab": "Labs"}
    for level, title in titles.items():
        lines.append(f"\n{title}")
        for key, item in result.outcomes.items():
            if item.outcome.level == level:
                unit = "" if item.outcome.unit == "1" else item.outcome.unit
                lines.append(f"  {key:28s} {_number(item, result.runs):46s} {unit:14s} {item.outcome.long_name}")
    return "\n".join(lines)


def _number(item: Estimated, runs: int) -> str:
    """``0.21 +- 0.05 [0.12, 0.34]``, or, where no run met an event, the bound that this leaves."""
    text = f"{with_error(item.mean, item.standard_error, ' +- '):>24s}"
    if not math.isfinite(item.low + item.high) or item.low == item.high:
        return text
    if item.events == 0.0:
        return f"{f'no event in {runs} runs: below {item.high:.2g} at 95 %':>46s}"
    digits = max(0, 1 - math.floor(math.log10(item.high - item.low)))
    places = f".{digits}f" if digits <= 9 else ".4g"
    return f"{text} [{item.low:{places}}, {item.high:{places}}]"


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
