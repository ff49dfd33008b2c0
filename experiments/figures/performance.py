"""How fast the kernel is, against what was asked of it."""

import re
from textwrap import fill

import pandas as pd
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.plots import margins

TARGET = re.compile(r"(at most|below|at least) ([\d,.]+(?:e-?\d+)?)")


def ratios(tables: Tables, provenance: Provenance) -> Figure:
    """Every measurement that has a target: by which factor it is better than asked."""
    rows = []
    for _, row in tables["table.csv"].dropna(subset=["target"]).iterrows():
        match = TARGET.fullmatch(row["target"])
        if match:
            asked = float(match[2].replace(",", ""))
            times = row["value"] / asked if match[1] == "at least" else asked / row["value"]
            unit = "" if pd.isna(row["unit"]) else f" {row['unit']}"
            value = f"{row['value']:,.0f}" if row["value"] >= 1000 else f"{row['value']:.3g}"
            rows.append((fill(row["what"], 46), times, f"{value}{unit} ({row['target']})"))
    names, factors, texts = zip(*rows, strict=True)
    figure = Figure(figsize=(7.0, 1.0 + 0.34 * len(rows)))
    ax = figure.subplots()
    margins(names, factors, texts, xlabel="times better than asked (factor, logarithmic)", ax=ax)
    ax.tick_params(axis="y", labelsize=8)
    ax.set_title("measured (asked)", fontsize=9, loc="right")
    return figure


KINDS = (
    Kind("ratios", "How fast is the kernel, against what was asked of it?",
         {"table.csv": Columns(("what", "target"), ("value",))}, ratios),
)  # fmt: skip
