"""Does the second version of the laws meet targets that have a date, in every year? (No result is shipped of it yet.)

Run as ``python -m experiments.calibrate_baseline.dated``. The laws that are neutral by default are on (``SECOND``), and
two values are solved for: the ceiling of the hazard, so that both elicited chances of a serious mishap, by the end of
2035 and of 2049, are missed equally, as logarithms of the cumulative hazard, in opposite directions or not at all; and
the median of the catastrophe probability, so that the chance of a catastrophe by 2100 is the geometric mean of what
superforecasters and domain experts said. The mishap hazard stays at the upper end of its range, 0.06: at 0.2 and with a
ceiling of 0.07 both chances are met exactly, as elicited hazards are flat; the last lines compare how much care matters
then. The race begins at the start of 2026.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from experiments._base.results import write_table
from race_sim import Lognormal, Scenario, simulate
from race_sim.kernels.outlook import prospect
from race_sim.kernels.run import run_block
from race_sim.kernels.stage_game import freeze, look
from race_sim.runs.records import build

Real = NDArray[np.float64]
SECOND: dict[str, Any] = {
    "labs.china_1.resources": 0.19, "labs.china_2.resources": 0.17, "labs.china_3.resources": 0.15,
    "labs.china_4.resources": 0.11, "capability.idea_difficulty": 0.08, "capability.diffusion_rate": 0.5,
    "capability.absorption": 1.0, "incidents.mishap_hazard": 0.06, "incidents.gap_sensitivity": 0.2,
    "incidents.severity_growth": 0.01, "assurance.initial_gap": 1.0, "assurance.growth_rate": 2.4,
    "market.safety_premium": 0.3, "market.wear": 0.0, "cooperation.benchmark_wear": 0.03, "lab.foresight": 1.0,
    "lab.doubt": 0.5, "release.initial": 0.04, "release.shortest": 0.0, "release.longest": 1.0,
    "release.regulated": 0.0, "release.test_yield": 1.0, "release.test_time": 0.05, "alarm.start": 0.35,
    "alarm.rate": 1.0, "alarm.sensitivity": 0.19, "alarm.jolt": 0.3, "alarm.voice": 0.05, "alarm.whistle": 0.1,
    "alarm.exposure": 0.5, "alarm.unease": 0.5, "nations.us.catastrophe_cost": 1130.0,
    "nations.china.catastrophe_cost": 940.0,
}  # fmt: skip
CEILING, CHANCE = "incidents.hazard_ceiling", "incidents.catastrophe_probability"
BY_2035, BY_2049, BY_2100 = 0.31, 0.62, 0.05
SHARES = ("us_1", "us_2", "china_1")
HORIZONS = (10, 24, 74)
MONTHS, PLAN = 12, 4  # periods of a year; years ahead of which labs plan
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


def second(ceiling: float, median: float, **changes: Any) -> Scenario:
    """The baseline by the second version of the laws."""
    chance = Lognormal(median=median, sigma=0.8, low=0.0006, high=0.2)
    return Scenario.load("us-china-2026").replace({**SECOND, CEILING: ceiling, CHANCE: chance, **changes})


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
        chances = paths(second(float(np.exp(logarithm)), 0.003), 24, runs).chances
        early, late = (np.log1p(-chances[f"mishap by {year}"][0]) / np.log1p(-asked)
                       for year, asked in ((2035, BY_2035), (2049, BY_2049)))  # fmt: skip
        return float(np.log(early) + np.log(late))

    ceiling = _rounded(float(np.exp(brentq(early_less_late, np.log(0.05), np.log(0.5), xtol=0.02))))

    def beyond(logarithm: float) -> float:
        reached = paths(second(ceiling, float(np.exp(logarithm))), 74, runs // 2).chances["catastrophe by 2099"][0]
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


def main(arguments: list[str] | None = None) -> None:
    """Solve, and print every target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few runs, to see that it works")
    parser.add_argument("--into", help="keep the table in this folder")
    chosen = parser.parse_args(arguments)
    runs = 160 if chosen.quick else 6000
    ceiling, median = (0.14, 0.0032) if chosen.quick else solved(runs // 4)
    scenario = second(ceiling, median)
    result = table(scenario, runs)
    print(f"{CEILING} = {ceiling:g}, median of {CHANCE} = {median:g}")
    for horizon, rows in result.groupby("horizon"):
        print(f"over {horizon} years:")
        for row in rows.itertuples():
            print(f"  {row.target} ({row.when}): {row.reached:.4g} (s.e. {row.standard_error:.2g}), asked "
                  f"{row.low:g} to {row.high:g} ({row.source}): {'met' if row.met else 'MISSED'}")  # fmt: skip
    within = ((result["low"] <= result["reached"]) & (result["reached"] <= result["high"])).sum()
    print(f"{result['met'].sum()} of {len(result)} targets are met, {within} of them without the two standard errors.")
    misses = planned_less_realised(scenario, 4 if chosen.quick else 60)
    print(f"Planned gaps less realised ones, {PLAN} years later: {misses.mean():+.2f} OOM on average, by lab from "
          f"{misses.min():+.2f} to {misses.max():+.2f}.")  # fmt: skip
    for hazard, lower in ((SECOND["incidents.mishap_hazard"], ceiling), (0.2, 0.07)):
        tried = second(lower, median, **{"incidents.mishap_hazard": hazard})
        chances = paths(tried, 24, runs // 6).chances
        little, more = (
            paths(tried.replace({"lab.rule": "fixed", "lab.initial_share": share}), 10, runs // 6).hazard[0].mean()
            for share in (0.1, 0.2)
        )
        print(f"With a hazard of {hazard:g} and a ceiling of {lower:g}: {chances['mishap by 2035'][0]:.3f} by 2035, "
              f"{chances['mishap by 2049'][0]:.3f} by 2049; shares of .2 instead of .1 leave {more / little:.2f} "
              f"of the hazard of ten years.")  # fmt: skip
    if chosen.into:
        Path(chosen.into).mkdir(parents=True, exist_ok=True)
        print(write_table(Path(chosen.into) / "dated_targets.csv", result))


if __name__ == "__main__":
    main()
