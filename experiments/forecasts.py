"""What does the baseline say of the ends of 2027 and 2028, on which it can be scored then?

Question: what does us-china-2026, in which everybody races, say of six things that can be looked up at the ends of 2027
and 2028? Design: 4,000 runs of three years from the start of 2026, parameters drawn as the scenario has them; each
quantity with its mean or probability, its quantiles over runs, and how it will be scored, from which source and
when. Nothing here is fitted to 2026 or later. The rows are a register: once written they stay, and a later version
of the model adds its own beside them.
Prediction, as everything in the table: and of the score, that the naive forecasts of no change are beaten on China's
lag and the ratio of compute, and not on the time before release, which the model lets grow.
"""

import argparse

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments._base.results import ExperimentResult, publish
from experiments.calibrate_baseline import MONTHS, _months_behind
from experiments.figures.forecasts import KINDS as KINDS
from race_sim import Scenario, simulate
from race_sim.runs.provenance import provenance

ANSWER = "a serious mishap is unlikely by then, China stays well under a year behind, and nothing binding is signed"

ISSUED, SCORED = "2026-11-27", {2027: "2028-03-31", 2028: "2029-03-31"}
SCENARIO, START = "us-china-2026", 2026
SOURCES = {
    "serious mishap": "Brier score; an event caused by AI with 50 or more deaths or 100 billion dollars of damage, as "
    "the AI Incident Database and two international news agencies report it",
    "hazard of a serious mishap in that year": "no score of its own; it says how the probability comes about",
    "China's lag": "CRPS of the logarithm; mean of the year's monthly lags in Epoch AI's capabilities index, best "
    "Chinese behind best US model; naive: 7 months",
    "US over Chinese compute": "CRPS of the logarithm; ratio of the largest training runs by country in Epoch AI's "
    "table of notable models; naive: that of the end of 2025",
    "time before release of the leader": "CRPS of the logarithm; median over the year's flagship models of the "
    "leading lab, from the end of training, as stated in system cards, to release; naive: 0.04 years",
    "binding rules after a mishap": "Brier score; a law, in force in the US or in China, that restricts frontier AI "
    "and that was passed after and because of a serious mishap",
    "US-China agreement": "Brier score; a treaty or agreement in force that binds both on frontier AI",
}
Real = NDArray[np.float64]


def quantities(runs: int, seed: int) -> dict[int, dict[str, Real]]:
    """One value per run, by the end of a year and quantity; events are 0 or 1."""
    years = max(SCORED) - START + 1
    data = simulate(Scenario.load(SCENARIO).replace({"time.horizon": years}), runs, seed, trajectories=True)

    def of_labs(name: str) -> Real:
        return np.asarray(data[f"lab_{name}_path"].transpose("run", "period", "lab").values, dtype=float)

    american = data["nation_of_lab"].values == "us"
    capability, delay, hazard, mishap = (of_labs(name) for name in ("capability", "delay", "hazard", "mishap"))
    ahead, behind = (np.maximum.accumulate(capability[:, :, labs].max(axis=2), axis=1)
                     for labs in (american, ~american))  # fmt: skip
    leader, rows = capability.argmax(axis=2), np.arange(runs)
    result = {}
    for year in SCORED:
        last = (year - START + 1) * MONTHS
        lags = [_months_behind(ahead, behind, month) for month in range(last - MONTHS, last)]
        result[year] = {
            "serious mishap": (mishap[:, :last] > 0.0).any(axis=(1, 2)).astype(float),
            "hazard of a serious mishap in that year": hazard[:, last - MONTHS : last].sum(axis=2).mean(axis=1),
            "China's lag": np.mean(lags, axis=0),
            "US over Chinese compute": 10.0 ** (ahead[:, last - 1] - behind[:, last - 1]),
            "time before release of the leader": delay[rows, last - 1, leader[:, last - 1]],
            "binding rules after a mishap": (data["nation_regulation_path"].values[:, :last] > 0.0).any(axis=(1, 2))
            .astype(float),
            "US-China agreement": (data["treaty_in_force_path"].values[:, :last] > 0.0).any(axis=1).astype(float),
        }  # fmt: skip
    return result


UNITS = {"hazard of a serious mishap in that year": "1/yr", "China's lag": "months", "US over Chinese compute": "ratio",
         "time before release of the leader": "yr"}  # fmt: skip


def register(by_year: dict[int, dict[str, Real]]) -> pd.DataFrame:
    """One row per year and quantity."""
    rows = []
    for year, values in by_year.items():
        for name, value in values.items():
            low, middle, high = np.quantile(value, [0.05, 0.5, 0.95]) if name in UNITS else (np.nan,) * 3
            rows.append((ISSUED, name, f"{year}-12-31", UNITS.get(name, "probability"), value.mean(),
                         value.std(ddof=1) / np.sqrt(len(value)), low, middle, high, SCORED[year],
                         SOURCES[name]))  # fmt: skip
    return pd.DataFrame(rows, columns=["issued", "quantity", "of", "unit", "mean", "standard_error", "low", "median",
                                       "high", "scored_on", "scored_by"])  # fmt: skip


def findings(table: pd.DataFrame) -> list[str]:
    """The register in words."""
    lines = [f"Issued {ISSUED}, for a race from the start of {START}; intervals of 90 % over runs:"]
    for row in table.itertuples():
        inside = f", {row.low:.3g} to {row.high:.3g}" if row.unit != "probability" else ""
        lines.append(f"- {row.quantity}, {row.of}: {row.mean:.3g} (s.e. {row.standard_error:.1g}) {row.unit}{inside}; "
                     f"scored on {row.scored_on}.")  # fmt: skip
    return lines


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Simulate, and write the register."""
    runs, seed = (40, 1) if options.quick else (4000, 1)
    table = register(quantities(runs, seed))
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "runs": runs, "issued": ISSUED}
    return ExperimentResult({"table.csv": table}, origin, findings(table))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("forecasts", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
