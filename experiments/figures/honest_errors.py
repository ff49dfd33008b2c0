"""How often intervals hold the truth."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables

STATED, FEW = 0.95, 5.0  # coverage, events


def coverage(tables: Tables, provenance: Provenance) -> Figure:
    """Coverage of every interval over the events that it could expect, by estimator and number of runs."""
    table = tables["table.csv"]
    table = table[table["point"] < 1.0]
    estimators, runs = list(dict.fromkeys(table["estimator"])), sorted(table["runs"].unique())
    figure = Figure(figsize=(6.4, 1.0 + 2.4 * len(estimators)))
    axes = figure.subplots(len(estimators), len(runs), squeeze=False, sharex=True, sharey=True)
    for line, estimator in zip(axes, estimators, strict=True):
        for ax, n in zip(line, runs, strict=True):
            here = table[(table["estimator"] == estimator) & (table["runs"] == n)]
            events = here["events"].clip(1e-3, 1e6)
            ax.plot(events, here["normal_coverage"], ".", color="0.75", label="mean ± 1.96 standard errors")
            ax.plot(events, here["coverage"], ".", color="C0", label="95 % interval")
            ax.axhline(STATED, color="black", linewidth=0.8)
            ax.axvline(FEW, color="black", linewidth=0.5, linestyle=":")
            ax.set(xscale="log", ylim=(0.0, 1.02))
            ax.set_title(f"{estimator}, {n} runs", fontsize=9, loc="left")
        line[0].set_ylabel("samples that hold the truth (1)")
    for ax in axes[-1]:
        ax.set_xlabel("events expected (1)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2, fontsize=8)
    return figure


KINDS = (
    Kind("coverage", "How often do intervals hold the truth?",
         {"table.csv": Columns(("scenario", "estimator", "outcome"),
                               ("runs", "events", "coverage", "normal_coverage", "point"))}, coverage),
)  # fmt: skip
