"""Does the baseline meet targets that have a date, in every year?

Question: surveys and forecasts put the chance of a serious mishap at .31 by the end of 2035 and at .62 by that of 2049,
that of a catastrophe by 2100 at .021 to .12; leading labs' safety shares are .03 to .20; the best Chinese lab is 4 to
14 months behind; the frontier grows by .8 to 1.3 OOM a year. Does us-china-2026 meet all of it by year, over horizons
of 10, 24 and 74 years? Design: two values are solved for on a logarithmic scale, with common random numbers: the
ceiling of the hazard, so that both elicited chances of a serious mishap are missed equally, as logarithms of the
cumulative hazard, in opposite directions or not at all; and the median of the catastrophe probability, so that the
chance of a catastrophe by 2100 is the geometric mean of what superforecasters and domain experts said. The mishap
hazard stays at the upper end of its range, 0.06: at 0.2 and with a ceiling of 0.07 both chances are met exactly, as
elicited hazards are flat; the last lines compare how much care matters then. A target is met where what is reached lies
within its bounds or within two standard errors of them. The race begins at the start of 2026.
Prediction, from a trial of the same laws with hazard .045 and ceiling .2 (mishaps by 2035 .29 to .31, by 2049 .67 to
.72): all targets are met together; plans miss the gap that follows by less than .4 OOM.
"""

import argparse
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from experiments._base.results import ExperimentResult, publish, verdict
from experiments.figures.calibrate_baseline import KINDS as KINDS
from race_sim import Lognormal, Scenario, simulate
from race_sim.kernels.outlook import prospect
from race_sim.kernels.run import run_block
from race_sim.kernels.stage_game import freeze, look
from race_sim.runs.provenance import provenance
from race_sim.runs.records import build

ANSWER = "yes, all of them; the ceiling of the hazard and the median chance of a catastrophe are solved for"

BASELINE = Scenario.load("us-china-2026")
Real = NDArray[np.float64]
CEILING, CHANCE = "incidents.hazard_ceiling", "incidents.catastrophe_probability"
BY_2035, BY_2049, BY_2100 = 0.31, 0.62, 0.05
SHARES = ("us_1", "us_2", "china_1")
HORIZONS = (10, 24, 74)
MONTHS, PLAN = 12, 4  # periods of a year; years ahead of which labs plan
RUNS, LEAST_MISS = 6000, 0.4
MISHAPS = "LEAP wave 9, 2026: experts .62 by 2050, half of it by 2035; superforecasters .70"
LEADERS = "leading labs' safety staff, papers and compute, 2020 to 2025"


class Target(NamedTuple):
    """What is asked, and of when."""

    name: str
    when: str
    low: float
    high: float
    source: str


class Paths(NamedTuple):
    """What is seen of the runs of one horizon: the means over runs and their standard errors, by year or at an end."""

    chances: dict[str, tuple[float, float]]
    hazard: tuple[Real, Real]
    shares: dict[str, tuple[Real, Real]]
    growth: tuple[float, float]
    lag: tuple[Real, Real]


def with_values(ceiling: float, median: float, **changes: Any) -> Scenario:
    """The baseline with a ceiling of the hazard and a median of the catastrophe probability."""
    given = BASELINE.incidents.catastrophe_probability
    assert isinstance(given, Lognormal)
    chance = Lognormal(median=median, sigma=given.sigma, low=given.low, high=given.high)
    return BASELINE.replace({CEILING: ceiling, CHANCE: chance, **changes})


def paths(scenario: Scenario, horizon: int, runs: int, seed: int = 1) -> Paths:
    """Simulate over a horizon and gather what targets ask for; hazards and shares are those of worlds that survive."""
    batch = max(1, 40_000 // horizon)
    parts = [
        _seen(scenario.replace({"time.horizon": horizon}), horizon, min(batch, runs - first), seed, first)
        for first in range(0, runs, batch)
    ]
    survived = np.concatenate([part["survived"] for part in parts])  # (runs, years), at their start
    means: dict[str, tuple[Real, Real]] = {}
    for name in parts[0]:
        values = np.concatenate([part[name] for part in parts])
        weight = survived if name in ("hazard", *SHARES) else np.ones_like(values)
        mean = (weight * values).sum(axis=0) / weight.sum(axis=0)
        spread = weight * (values - mean) / weight.mean(axis=0)
        means[name] = mean, spread.std(axis=0, ddof=1) / np.sqrt(runs)
    chances = {
        f"{what} by {2025 + year}": (float(means[what][0][year - 1]), float(means[what][1][year - 1]))
        for what in ("mishap", "catastrophe") for year in HORIZONS if year <= horizon
    }  # fmt: skip
    growth = means["growth"]
    return Paths(chances, means["hazard"], {lab: means[lab] for lab in SHARES}, (float(growth[0]), float(growth[1])),
                 means["lag"])  # fmt: skip


def _seen(scenario: Scenario, years: int, runs: int, seed: int, first: int) -> dict[str, Real]:
    """By run: yearly means of hazards and shares, and whether what had happened by each year's end."""
    data = simulate(scenario, runs, seed, trajectories=True, first_run=first, progress=False)

    def of_labs(name: str) -> Real:
        return np.asarray(data[name].transpose("run", "period", "lab").values, dtype=float)

    def yearly(values: Real) -> Real:
        result: Real = values.reshape(runs, years, MONTHS).mean(axis=2)
        return result

    survival = data["survival_path"].values
    begun = np.concatenate([np.ones((runs, 1)), survival[:, :-1]], axis=1)[:, ::MONTHS]
    mishap = np.maximum.accumulate(of_labs("lab_mishap_path").sum(axis=2) > 0.0, axis=1)
    labs, capability, share = data["lab"].values.tolist(), of_labs("lab_capability_path"), of_labs("lab_share_path")
    american = data["nation_of_lab"].values == "us"
    ahead, behind = (np.maximum.accumulate(capability[:, :, which].max(axis=2), axis=1)
                     for which in (american, ~american))  # fmt: skip
    return {
        "survived": begun,
        "mishap": mishap[:, MONTHS - 1 :: MONTHS].astype(float),
        "catastrophe": 1.0 - survival[:, MONTHS - 1 :: MONTHS],
        "hazard": yearly(of_labs("lab_hazard_path").sum(axis=2)),
        **{lab: yearly(share[:, :, labs.index(lab)]) for lab in SHARES},
        "growth": capability.max(axis=2)[:, 3 * MONTHS - 1] / 3.0,
        "lag": np.stack([_months_behind(ahead, behind, year * MONTHS - 1) for year in (1, 2, 3)], axis=1),
    }


def _months_behind(ahead: Real, behind: Real, now: int) -> Real:
    """How long ago the best American lab had what the best Chinese one has now; before the start, at the first pace."""
    result = np.zeros(len(ahead))
    for run, (path, level) in enumerate(zip(ahead[:, : now + 1], behind[:, now], strict=True)):
        if level >= path[-1]:
            continue
        after = int(np.searchsorted(path, level, side="right"))
        pace = path[after] - path[after - 1] if after > 0 else path[MONTHS - 1] / MONTHS
        result[run] = now - after + (path[after] - level) / pace
    return result


def solved(runs: int) -> tuple[float, float]:
    """The ceiling and the median, to two digits."""

    def early_less_late(logarithm: float) -> float:
        chances = paths(with_values(float(np.exp(logarithm)), 0.003), 24, runs).chances
        early, late = (np.log1p(-chances[f"mishap by {year}"][0]) / np.log1p(-asked)
                       for year, asked in ((2035, BY_2035), (2049, BY_2049)))  # fmt: skip
        return float(np.log(early) + np.log(late))

    ceiling = _rounded(float(np.exp(brentq(early_less_late, np.log(0.05), np.log(0.5), xtol=0.02))))

    def beyond(logarithm: float) -> float:
        reached = paths(with_values(ceiling, float(np.exp(logarithm))), 74, runs // 2).chances["catastrophe by 2099"][0]
        return reached - BY_2100

    return ceiling, _rounded(float(np.exp(brentq(beyond, np.log(0.001), np.log(0.02), xtol=0.02))))


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def compared(horizon: int, seen: Paths) -> Iterator[tuple[Target, float, float]]:
    """Every target of a horizon, with what is reached and its standard error."""
    known = {"mishap by 2035": (0.25, 0.37, MISHAPS), "mishap by 2049": (0.55, 0.72, MISHAPS),
             "catastrophe by 2099": (0.021, 0.12, "XPT 2022: superforecasters .0213, domain experts .12")}  # fmt: skip
    for name, (mean, error) in seen.chances.items():
        if name in known and name.endswith(str(2025 + horizon)):
            yield (
                Target(f"chance of a {'serious ' if 'mishap' in name else ''}{name}", name[-4:], *known[name]),
                mean,
                error,
            )
    if horizon == HORIZONS[0]:
        hazard, error = seen.hazard
        for year in range(10):
            asked = Target("hazard of a mishap, 1/yr", str(2026 + year), 0.01, 0.08, MISHAPS)
            yield asked, hazard[year], error[year]
        ratio = hazard[9] / hazard[0]
        both = ratio * float(np.hypot(error[9] / hazard[9], error[0] / hazard[0]))
        yield (
            Target("hazard of a mishap, over that of 2026", "2035", 0.0, 4.0, "elicited hazards are flat"),
            ratio,
            both,
        )
        yield (
            Target("frontier, OOM/yr", "2026-28", 0.8, 1.3, "Epoch: compute and algorithms, 2010 to 2026"),
            *seen.growth,
        )
        for year in range(3):
            asked = Target("China's lag, months", str(2026 + year), 4.0, 14.0, "Epoch: 7 (4 to 14), 2023 to 2025")
            yield asked, seen.lag[0][year], seen.lag[1][year]
    for lab, (mean, error) in seen.shares.items():
        spans = [(year, year + 1) for year in range(10)] if horizon == 10 else [
            (start, min(start + 5, horizon)) for start in range(HORIZONS[HORIZONS.index(horizon) - 1], horizon, 5)
        ]  # fmt: skip
        for start, stop in spans:
            when = str(2026 + start) if stop == start + 1 else f"{2026 + start}-{2025 + stop}"
            asked = Target(f"safety share of {lab}", when, 0.03, 0.20, LEADERS)
            yield asked, float(mean[start:stop].mean()), float(error[start:stop].max())


def table(scenario: Scenario, runs: int) -> pd.DataFrame:
    """Every target, by horizon: met where what is reached lies within, or within two standard errors of it."""
    rows = [
        (horizon, *target[:4], reached, error, target.low - 2.0 * error <= reached <= target.high + 2.0 * error,
         target.source)
        for horizon, part in zip(HORIZONS, (1, 3, 8), strict=True)
        for target, reached, error in compared(horizon, paths(scenario, horizon, runs // part))
    ]  # fmt: skip
    return pd.DataFrame(
        rows, columns=["horizon", "target", "when", "low", "high", "reached", "standard_error", "met", "source"]
    )


def planned_less_realised(scenario: Scenario, runs: int) -> Real:
    """Mean gap that plans foresee, less the mean gap ``PLAN`` years later, over runs and three dates, by lab, OOM."""
    misses = []
    for year in (0, 2, 4):
        plan, end = (build(scenario.replace({"time.horizon": max(length, 1)}), 2, np.arange(runs))
                     for length in (year, year + PLAN))  # fmt: skip
        if year:
            run_block(*plan)
        run_block(*end)
        for run in range(runs):
            state = plan.labs[run], plan.nations[run], plan.worlds[run], plan.parameters[run]
            freeze(*state)
            look(state[0]["share"].copy() if year else state[0]["chosen"].copy(), *state)
            for i, lab in enumerate(state[0]):
                q = prospect(i, *state)
                care = (lab["safety_work"] + q.spill) ** scenario.assurance.elasticity
                planned = lab["outlook_deployed"] - q.assured - q.lift_per_care * care
                last = end.labs[run, i]
                misses.append(planned - (last["deployed"] - last["assurance"] - last["tested"]))
    return np.array(misses).reshape(-1, len(scenario.labs)).mean(axis=0)


def how_much_care_matters(ceiling: float, median: float, runs: int) -> Iterator[str]:
    """What twice the safety shares leave of the hazard, as calibrated and where both elicited chances are met."""
    for hazard, lower in ((BASELINE.incidents.mishap_hazard, ceiling), (0.2, 0.07)):
        tried = with_values(lower, median, **{"incidents.mishap_hazard": hazard})
        chances = paths(tried, 24, runs).chances
        little, more = (
            paths(tried.replace({"lab.rule": "fixed", "lab.initial_share": share}), 10, runs).hazard[0].mean()
            for share in (0.1, 0.2)
        )
        yield (f"With a hazard of {hazard:g} and a ceiling of {lower:g}: {chances['mishap by 2035'][0]:.3f} by 2035, "
               f"{chances['mishap by 2049'][0]:.3f} by 2049; shares of .2 instead of .1 leave {more / little:.2f} "
               f"of the hazard of ten years.")  # fmt: skip


def findings(ceiling: float, median: float, result: pd.DataFrame, misses: Real) -> list[str]:
    """Every target and what is reached, and the prediction."""
    lines = [f"{CEILING} = {ceiling:g}, median of {CHANCE} = {median:g} reach:"]
    for horizon, rows in result.groupby("horizon"):
        lines.append(f"over {horizon} years:")
        lines += [
            f"- {row.target} ({row.when}): {row.reached:.4g} (s.e. {row.standard_error:.2g}), asked "
            f"{row.low:g} to {row.high:g} ({row.source}): {'met' if row.met else 'MISSED'}"
            for row in rows.itertuples()
        ]
    within = ((result["low"] <= result["reached"]) & (result["reached"] <= result["high"])).sum()
    missed = [f"{row.target} ({row.when}, over {row.horizon} years)" for row in result[~result["met"]].itertuples()]
    return [
        *lines,
        f"{result['met'].sum()} of {len(result)} targets are met, {within} of them without the two standard errors. "
        f"Targets that cannot be met with the others: {'; '.join(missed) or 'none'}.",
        "Prediction:",
        verdict(1, not missed, f"{len(missed)} of {len(result)} targets are missed"),
        verdict(2, bool(np.abs(misses).max() < LEAST_MISS), f"planned gaps less realised ones, {PLAN} years later: "
                f"{misses.mean():+.2f} OOM on average, by lab from {misses.min():+.2f} to {misses.max():+.2f}"),
    ]  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Solve, and compare with every target."""
    runs = 160 if options.quick else RUNS
    ceiling, median = (0.14, 0.0032) if options.quick else solved(runs // 4)
    scenario = with_values(ceiling, median)
    result = table(scenario, runs)
    misses = planned_less_realised(scenario, 4 if options.quick else 60)
    words = [*findings(ceiling, median, result, misses), *how_much_care_matters(ceiling, median, runs // 6)]
    values = f'"{CEILING}" = {ceiling:g}\n"{CHANCE}.median" = {median:g}\n'
    origin = {**provenance(scenario, 1, "integrated"), "runs": runs, "horizons": HORIZONS}
    return ExperimentResult({"targets.csv": result}, origin, words, {"values.toml": values})


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("calibrate_baseline", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
