"""Which of the assumptions do the results depend on?

Question: of everything in us-china-2026 that is only assumed, what moves the probability of a catastrophe, welfare and
safety shares, and by how much? Design: Sobol indices over all assumed parameters at once, each uniform on
its plausible range, with the same luck at every point, so that a parameter that does nothing has an index of 0. Of
welfare the ranks are explained, since nearly all of its variance lies in a few points.
Prediction: few parameters carry nearly all of the variance: how fast assurance grows, how sharply mishaps follow the
gap, and what labs believe they lose; initial endowments and parameters of cooperation, which act only under treaties,
carry none under racing.
"""

import argparse

import pandas as pd
import xarray as xr

from experiments._base.results import ExperimentResult, publish
from experiments.figures.what_the_baseline_depends_on import KINDS as KINDS
from race_sim import Scenario, sensitivity_indices
from race_sim.runs.provenance import provenance
from race_sim.sweeps.sensitivity import ordered

ANSWER = "the risk depends most on the size and the rate of breakthroughs; most assumptions hardly matter"

SCENARIO = "us-china-2026"
OUTCOMES = ("catastrophe_probability", "welfare", "safety_share")
RANKS = ("welfare",)  # its variance lies in few points: those where the market grows by powers of ten
FEW = ["lab.initial_share", "incidents.gap_sensitivity", "prize.enmity"]
SEED, SMALL = 1, 0.01


def long_table(indices: xr.Dataset) -> pd.DataFrame:
    """One row per outcome and parameter, the most influential first."""
    tables = [ordered(indices, outcome).reset_index().assign(outcome=outcome) for outcome in OUTCOMES]
    table = pd.concat(tables, ignore_index=True)
    return table[["outcome", *(name for name in table.columns if name != "outcome")]]


def findings(indices: xr.Dataset) -> list[str]:
    """The main results in words; every number is read off the table."""
    lines = [
        f"{indices.sizes['parameter']} assumed parameters of {SCENARIO}, {indices.attrs['samples']} base samples, "
        f"{indices.attrs['runs']} runs at each point; total indices with 95 % intervals:"
    ]
    for outcome in OUTCOMES:
        table = ordered(indices, outcome)
        first = ", ".join(
            f"{path} {row['total']:.2f} ({row['total_low']:.2f} to {row['total_high']:.2f})"
            for path, row in table.head(4).iterrows()
        )
        small, none = int((table["total"] < SMALL).sum()), int((table["total"] == 0.0).sum())
        noise = 100 * float(indices["noise_share"].sel(outcome=outcome))
        remark = "" if outcome in RANKS else f"; noise of the replicates {noise:.1f} %"
        lines.append(
            f"- {outcome}{' (ranks)' if outcome in RANKS else ''}: {first}. Below {SMALL}: {small} parameters, "
            f"of which {none} do nothing at all; main effects add up to {table['first_order'].sum():.2f}{remark}."
        )
    return lines


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Sweep, and put the results into words."""
    parameters, samples, runs = (FEW, 8, 2) if options.quick else (None, 512, 8)
    indices = sensitivity_indices(SCENARIO, parameters, samples, runs, SEED, OUTCOMES, "sobol", RANKS, options.sweep)
    origin = {**provenance(Scenario.load(SCENARIO), SEED, "integrated"), "samples": samples, "runs": runs,
            "ranks": RANKS, "parameters": [str(path) for path in indices["parameter"].values]}  # fmt: skip
    return ExperimentResult({"table.csv": long_table(indices)}, origin, findings(indices))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish(
        "what_the_baseline_depends_on",
        __doc__,
        compute,
        arguments,
        {"--sweep": "keep the sweep behind it in this folder, and go on from there"},
    )


if __name__ == "__main__":
    main()
