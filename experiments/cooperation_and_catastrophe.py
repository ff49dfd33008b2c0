"""What does cooperation do to the risk of catastrophe?

Question: how do the probability of a catastrophe, welfare and safety shares on us-china-2026 depend on what the
nations do (race, slow down, share fundamentals, keep a treaty, cheat on it) and on three levers: shared benchmarks,
verification and enmity? Design: a full grid of the levers for eight profiles of policies, the same draws in every
cell, so that differences between cells are paired. Prediction: a standard cuts the risk most and benchmarks work
without any floor, because they make safety pay; enmity changes what a race costs, not how labs behave; cheating pays
less when verified.
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd
import xarray as xr
from tqdm import tqdm

from experiments._base.results import ExperimentResult, publish
from experiments.figures.cooperation_and_catastrophe import KINDS as KINDS
from race_sim import Scenario, simulate, summarise
from race_sim.runs.provenance import provenance

ANSWER = (
    "a standard that both nations keep, or benchmarks that both share, cuts the risk by more than half, a treaty most; "
    "slowing down alone is a close call"
)

SCENARIO = "us-china-2026"
PROFILES = {
    "both race": ("race", "race"),
    "US slows alone": ("unilateral_slowdown", "race"),
    "China slows alone": ("race", "unilateral_slowdown"),
    "both slow down": ("unilateral_slowdown", "unilateral_slowdown"),
    "both share fundamentals": ("fundamentals", "fundamentals"),
    "treaty kept": ("treaty", "treaty"),
    "US cheats on treaty": ("covert_defection", "treaty"),
    "China cheats on treaty": ("treaty", "covert_defection"),
}
LEVERS = ("benchmarks", "verification", "enmity")
FULL = {"benchmarks": (0.0, 0.25, 0.5, 0.75, 1.0), "verification": (0.0, 0.5, 1.0), "enmity": (0.0, 0.3, 0.6, 1.0)}
QUICK = {"benchmarks": (0.0, 1.0), "verification": (0.0, 1.0), "enmity": (0.0, 0.6)}
STANDARD = {"benchmarks": 1.0, "verification": 0.5, "enmity": 0.6}
OUTCOMES = (
    "catastrophe_probability",
    "welfare",
    "payoff.us",
    "payoff.china",
    "safety_share",
    "lead",
    "treaty_in_force",
)
Cell = tuple[str, float, float, float]


def scenario_at(profile: str, benchmarks: float, verification: float, enmity: float) -> Scenario:
    """The baseline with a profile of policies and values of the three levers."""
    us, china = PROFILES[profile]
    return Scenario.load(SCENARIO).replace(
        {
            "nations.us.policy": us,
            "nations.china.policy": china,
            "cooperation.benchmarks": benchmarks,
            "cooperation.verification": verification,
            "prize.enmity": enmity,
        }
    )


def sweep(levers: dict[str, tuple[float, ...]], runs: int, seed: int) -> tuple[pd.DataFrame, dict[Cell, xr.Dataset]]:
    """One row per cell and outcome, and the runs of the cells for paired comparisons."""
    cells: list[Cell] = list(product(PROFILES, *(levers[name] for name in LEVERS)))
    rows, kept = [], {}
    for cell in tqdm(cells, desc="cells", unit="cell"):
        dataset = simulate(scenario_at(*cell), runs, seed, progress=False)
        table = summarise(dataset)
        kept[cell] = dataset[["welfare", "nation_payoff"]]
        racing = kept[("both race", *cell[1:])]
        gain, gain_error = difference(dataset["welfare"], racing["welfare"])
        rows.append((*cell, "welfare_gain", gain, gain_error, "V yr"))
        for outcome in OUTCOMES:
            mean, error, unit = table.loc[outcome, ["mean", "standard_error", "unit"]]
            rows.append((*cell, outcome, mean, error, unit))
    return pd.DataFrame(rows, columns=["profile", *LEVERS, "outcome", "mean", "standard_error", "unit"]), kept


def at(table: pd.DataFrame, outcome: str, **where: float | str) -> pd.DataFrame:
    """The rows of one outcome at given values of profile and levers."""
    chosen = table["outcome"] == outcome
    for name, value in where.items():
        chosen &= table[name] == value
    return table[chosen]


def difference(one: xr.DataArray, other: xr.DataArray) -> tuple[float, float]:
    """Mean of one minus the other over the same runs, and the standard error of that difference."""
    paired = one.values - other.values
    return float(paired.mean()), float(paired.std(ddof=1) / np.sqrt(len(paired)))


def findings(table: pd.DataFrame, kept: dict[Cell, xr.Dataset], levers: dict[str, tuple[float, ...]]) -> list[str]:
    """The main results in words; every number is read off the table or paired over runs."""
    here = {name: min(levers[name], key=lambda value, name=name: abs(value - STANDARD[name])) for name in LEVERS}

    def runs_of(profile: str, **changed: float) -> xr.Dataset:
        point = {**here, **changed}
        return kept[(profile, *(point[name] for name in LEVERS))]

    def risk(profile: str, **changed: float) -> str:
        row = at(table, "catastrophe_probability", profile=profile, **here | changed).iloc[0]
        return f"{100 * row['mean']:.3f} % (s.e. {100 * row['standard_error']:.3f})"

    def gain(one: str, other: str, nation: str, **changed: float) -> str:
        first, second = (runs_of(name, **changed)["nation_payoff"].sel(nation=nation) for name in (one, other))
        mean, error = difference(first, second)
        if abs(mean) > 2 * error:
            return f"{'gains' if mean > 0 else 'loses'} {abs(mean):.2f} (s.e. {error:.2f})"
        return f"neither gains nor loses visibly: {mean:+.2f} (s.e. {error:.2f})"

    lowest, highest = (dict(zip(("low", "high"), (min(levers[n]), max(levers[n])), strict=True)) for n in LEVERS[:2])
    text = ", ".join(f"{name} {value:g}" for name, value in here.items())
    return [
        f"At {text}; probabilities of a catastrophe within 10 years; payoffs in yearly market values of 2026:",
        f"- When both race, the risk is {risk('both race')}.",
        f"- When both slow down to the standard it is {risk('both slow down')}; "
        f"a treaty that is kept: {risk('treaty kept')}.",
        f"- Shared fundamentals without any floor: {risk('both share fundamentals')}; the same without benchmarks "
        f"(benchmarks {lowest['low']:g}): {risk('both share fundamentals', benchmarks=lowest['low'])}.",
        f"- Slowing down alone: the US {gain('US slows alone', 'both race', 'us')}, "
        f"China {gain('China slows alone', 'both race', 'china')}, against racing too.",
        f"- Cheating on a treaty that the other keeps, at verification {highest['low']:g}: the US "
        f"{gain('US cheats on treaty', 'treaty kept', 'us', verification=highest['low'])}, China "
        f"{gain('China cheats on treaty', 'treaty kept', 'china', verification=highest['low'])}; "
        f"at verification {highest['high']:g}: the US "
        f"{gain('US cheats on treaty', 'treaty kept', 'us', verification=highest['high'])}, China "
        f"{gain('China cheats on treaty', 'treaty kept', 'china', verification=highest['high'])}.",
    ]


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Sweep, and put the results into words."""
    levers, runs, seed = (QUICK, 20, 1) if options.quick else (FULL, 512, 1)
    table, kept = sweep(levers, runs, seed)
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "runs": runs, "levers": levers,
            "profiles": PROFILES}  # fmt: skip
    return ExperimentResult({"table.csv": table}, origin, findings(table, kept, levers))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("cooperation_and_catastrophe", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
