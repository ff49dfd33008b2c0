"""What a sweep of a billion runs costs, by the number of cores."""

import pandas as pd
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots import functions, look

RULES = {"fixed": "fixed shares", "best_response": "best responses"}
SHARES = {"cores at work (%)": "cores at work", "writer at work (%)": "the one writer at work"}


def cost(tables: Tables, provenance: Provenance) -> Figure:
    """Wall time over the number of cores, beside that of a perfect division; below, what is at work."""
    table = tables["table.csv"].sort_values("cores")
    rules = list(dict.fromkeys(table["rule"]))
    cores = sorted(table["cores"].unique())
    times: dict[str, pd.Series] = {}
    work: dict[str, pd.Series] = {}
    for rule in rules:
        rows = chosen(table, rule=rule)
        name = RULES.get(rule, rule)
        times[name] = rows["wall time (h)"]
        times[f"{name}, perfectly divided"] = rows["CPU time (core h)"] / rows["cores"]
        work |= {f"{words}, {name}": rows[column] for column, words in SHARES.items()}
    figure = Figure(figsize=(5.8, 6.4))
    above, below = figure.subplots(2, 1, sharex=True)
    functions(cores, times, xlabel="", ylabel="time until it is done (h)", ax=above)
    above.set_yscale("log")
    above.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    functions(cores, work, xlabel="cores (number)", ylabel="part of the time (%)", ax=below)
    below.set_xscale("log")
    below.set_xticks(cores, [f"{number:,}" for number in cores])
    below.minorticks_off()
    below.set_ylim(0, 105)
    for ax in (above, below):
        for number, line in enumerate(ax.lines):
            line.set(marker=look(number).marker, markersize=5)
        ax.legend(fontsize=8)
    points, runs = (f"{int(provenance[name]):,}" if name in provenance else "its" for name in ("points", "runs"))
    above.set_title(f"a sweep of {points} points at {runs} runs each", fontsize=10, loc="left")
    below.get_legend().set_loc("center left")
    return figure


KINDS = (
    Kind("cost", "What does a sweep of a billion runs cost, on how many cores?",
         {"table.csv": Columns(("rule",), ("cores", "wall time (h)", "CPU time (core h)", *SHARES))}, cost),
)  # fmt: skip
