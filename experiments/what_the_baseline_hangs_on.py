"""Which of the assumptions do the results hang on?

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
from matplotlib import pyplot as plt

from experiments.results import folder, write_figure, write_provenance, write_table, write_text
from race_sim import Scenario, sensitivity_indices
from race_sim.plots import house_style, index_intervals
from race_sim.sensitivity import ordered
from race_sim.simulation import provenance

SCENARIO = "us-china-2026"
OUTCOMES = ("catastrophe_probability", "welfare", "safety_share")
RANKS = ("welfare",)  # its variance lies in few points: those where the market grows by powers of ten
FEW = ["lab.initial_share", "incidents.gap_sensitivity", "prize.enmity"]
SEED, SHOWN, SMALL = 1, 15, 0.01


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
        told = "" if outcome in RANKS else f"; noise of the replicates {noise:.1f} %"
        lines.append(
            f"- {outcome}{' (ranks)' if outcome in RANKS else ''}: {first}. Below {SMALL}: {small} parameters, "
            f"of which {none} do nothing at all; main effects add up to {table['first_order'].sum():.2f}{told}."
        )
    return lines


def draw(indices: xr.Dataset) -> plt.Figure:
    """Total and first-order indices of the most influential parameters, one panel per outcome."""
    with house_style():
        figure, axes = plt.subplots(1, 3, figsize=(14, 4.5))
        for ax, outcome in zip(axes, OUTCOMES, strict=True):
            table = ordered(indices, outcome).head(SHOWN)
            shown = {
                kind.replace("_", " "): (table[kind], table[f"{kind}_low"], table[f"{kind}_high"])
                for kind in ("total", "first_order")
            }
            of = " of ranks (1)" if outcome in RANKS else " (1)"
            index_intervals(list(table.index), shown, xlabel=f"{outcome}: share of variance{of}", ax=ax)
    return figure


def main(arguments: list[str] | None = None) -> None:
    """Sweep, write table, figure and provenance, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three parameters and few runs, in seconds")
    parser.add_argument("--into", help="write here instead of results/")
    parser.add_argument("--sweep", help="keep the sweep behind it in this folder, and go on from there")
    options = parser.parse_args(arguments)
    parameters, samples, runs = (FEW, 8, 2) if options.quick else (None, 512, 8)
    indices = sensitivity_indices(SCENARIO, parameters, samples, runs, SEED, OUTCOMES, "sobol", RANKS, options.sweep)
    words = findings(indices)
    out = folder("what_the_baseline_hangs_on", options.into)
    write_table(out / "table.csv", long_table(indices))
    write_text(out / "findings.txt", "\n".join(words) + "\n")
    write_provenance(out / "provenance.json", {
        **provenance(Scenario.load(SCENARIO), SEED, "integrated"), "samples": samples, "runs": runs,
        "parameters": [str(path) for path in indices["parameter"].values],
    })  # fmt: skip
    figure = write_figure(out / "indices.png", draw(indices))
    print("\n".join(words))
    print("Figure:", figure, sep="\n")


if __name__ == "__main__":
    main()
