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

from experiments.results import folder, write_provenance, write_table, write_text
from race_sim import Scenario, estimate
from race_sim.simulation import provenance

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


def main(arguments: list[str] | None = None) -> None:
    """Solve, and write values, targets and what was reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few runs, to see that it works")
    parser.add_argument("--into", help="write here instead of results/")
    options = parser.parse_args(arguments)
    runs, seed = (150, 1) if options.quick else (4000, 1)
    baseline = Scenario.load("us-china-2026")
    mishap, catastrophe = (rounded(value) for value in solve(baseline, runs, seed))
    print(f"{MISHAP} = {mishap:g}, median of {CATASTROPHE} = {catastrophe:g}")
    calibrated = with_values(baseline, mishap, catastrophe)
    reached = estimate(calibrated, runs, seed)
    point = estimate(with_values(Scenario.load("us-china-2026-point"), mishap, catastrophe), runs, seed)
    table = pd.DataFrame(
        [
            (name, target, low, high, unit, status, reached[name].mean, reached[name].standard_error, point[name].mean)
            for name, target, low, high, unit, status in TARGETS
        ],
        columns=["outcome", "target", "low", "high", "unit", "status", "reached", "standard_error", "without_draws"],
    )
    table["within"] = (table["low"] <= table["reached"]) & (table["reached"] <= table["high"])
    print(table.to_string(index=False))
    missed = list(table["outcome"][~table["within"]])
    print(f"targets that cannot be met together: {', '.join(missed) or 'none'}")
    out = folder("calibrate_baseline", options.into)
    write_table(out / "targets.csv", table)
    write_text(out / "values.toml", f'"{MISHAP}" = {mishap:g}\n"{CATASTROPHE}.median" = {catastrophe:g}\n')
    write_provenance(out / "provenance.json", {**provenance(baseline, seed, "integrated"), "runs": runs})
    print(f"written to {out}")


if __name__ == "__main__":
    main()
