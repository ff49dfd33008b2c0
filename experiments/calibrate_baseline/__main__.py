"""Which hazards make the baseline agree with what has been elicited and measured about the status quo?

Question: surveys and forecasts put the hazard of a serious mishap at 0.04 per year (0.017-0.05) and of a catastrophe
at 0.0007 per year (0.0003-0.0016) while everybody races; leading labs' safety shares are 0.03-0.20; the best Chinese
lab is 4 to 14 months behind. Design: two unknowns, ``incidents.mishap_hazard`` and the median of
``incidents.catastrophe_probability``, against the two hazards, each solved on a logarithmic scale with common random
numbers, in turn until neither moves. gap_sensitivity, severity_growth and the market's parameters stay at their
assumed values: a mean over ten years cannot tell them apart, and the shares are inside their band without them, which
is checked here.
Prediction: a wide band for the shares; with a lower hazard, labs fear less and spend less.
"""

import argparse
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from experiments._base.results import ExperimentResult, publish
from race_sim import Scenario, estimate
from race_sim.runs.provenance import provenance

MISHAP, CATASTROPHE = "incidents.mishap_hazard", "incidents.catastrophe_probability"
TARGETS = (
    ("mishap_hazard", 0.04, 0.017, 0.05, "1/yr", "elicited"),
    ("catastrophe_hazard", 0.0007, 0.0003, 0.0016, "1/yr", "elicited"),
    ("leader_safety_share", None, 0.03, 0.20, "1", "measured, elicited"),
    ("safety_share.us_1", None, 0.03, 0.20, "1", "measured, elicited"),
    ("safety_share.us_2", None, 0.03, 0.20, "1", "measured, elicited"),
    ("lag.china", 7.0, 4.0, 14.0, "months", "measured"),
)


def with_values(scenario: Scenario, mishap_hazard: float, median: float) -> Scenario:
    """The scenario with a mishap hazard and a median (or value) of the catastrophe probability."""
    tables: dict[str, Any] = scenario.to_dict()
    tables["incidents"]["mishap_hazard"] = mishap_hazard
    given = tables["incidents"]["catastrophe_probability"]
    tables["incidents"]["catastrophe_probability"] = {**given, "median": median} if isinstance(given, dict) else median
    return Scenario.from_dict(tables)


def solve(scenario: Scenario, runs: int, seed: int) -> tuple[float, float]:
    """The mishap hazard and the median catastrophe probability that meet both elicited hazards."""
    values = {"mishap_hazard": 0.0042, "catastrophe_hazard": 0.0052}
    brackets = {"mishap_hazard": (0.0005, 0.01), "catastrophe_hazard": (0.0011, 0.045)}
    targets = {name: target for name, target, *_ in TARGETS if target is not None}
    while True:
        before = dict(values)
        for name, (low, high) in brackets.items():

            def miss(logarithm: float, name: str = name) -> float:
                tried = {**values, name: float(np.exp(logarithm))}
                changed = with_values(scenario, tried["mishap_hazard"], tried["catastrophe_hazard"])
                return float(np.log(estimate(changed, runs, seed)[name].mean / targets[name]))

            values[name] = float(np.exp(brentq(miss, np.log(low), np.log(high), xtol=1e-3)))
            print(f"  {name}: {values[name]:.5f}", flush=True)
        if all(abs(np.log(values[name] / before[name])) < 5e-3 for name in values):
            return values["mishap_hazard"], values["catastrophe_hazard"]


def rounded(value: float) -> float:
    """Two significant digits: more would claim a precision that the targets do not have."""
    return float(f"{value:.2g}")


def findings(mishap: float, catastrophe: float, table: pd.DataFrame) -> list[str]:
    """The values, what they reach, and what cannot be met."""
    lines = [f"{MISHAP} = {mishap:g}, median of {CATASTROPHE} = {catastrophe:g} reach:"]
    for _, row in table.iterrows():
        asked = f"{row['low']:g} to {row['high']:g} {row['unit']}, {row['status']}"
        lines.append(f"- {row['outcome']}: {row['reached']:.4g} (s.e. {row['standard_error']:.2g}; asked: {asked}); "
                     f"without draws of parameters {row['without_draws']:.4g}.")  # fmt: skip
    missed = list(table["outcome"][~table["within"]])
    return [*lines, f"Targets that cannot be met together: {', '.join(missed) or 'none'}."]


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Solve, and say what is reached."""
    runs, seed = (150, 1) if options.quick else (4000, 1)
    baseline = Scenario.load("us-china-2026")
    mishap, catastrophe = (rounded(value) for value in solve(baseline, runs, seed))
    reached = estimate(with_values(baseline, mishap, catastrophe), runs, seed)
    point = estimate(with_values(Scenario.load("us-china-2026-point"), mishap, catastrophe), runs, seed)
    table = pd.DataFrame(
        [
            (name, target, low, high, unit, status, reached[name].mean, reached[name].standard_error, point[name].mean)
            for name, target, low, high, unit, status in TARGETS
        ],
        columns=["outcome", "target", "low", "high", "unit", "status", "reached", "standard_error", "without_draws"],
    )
    table["within"] = (table["low"] <= table["reached"]) & (table["reached"] <= table["high"])
    values = f'"{MISHAP}" = {mishap:g}\n"{CATASTROPHE}.median" = {catastrophe:g}\n'
    origin = {**provenance(baseline, seed, "integrated"), "runs": runs}
    words = findings(mishap, catastrophe, table)
    return ExperimentResult({"targets.csv": table}, origin, words, {"values.toml": values})


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("calibrate_baseline", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
