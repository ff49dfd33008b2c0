"""Who gains from how much visibility and sharing."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen, grid
from race_sim.plots import effect_map

WHO = {"leader": "leader (US)", "laggard": "laggard (China)"}
MARKS = {
    "leader": (-0.34, "o", 6),
    "laggard": (0.0, "s", 6),
    "bargain": (0.34, "*", 10),
}  # place in the cell, mark, size
MONEY = ("leader_gain", "leader_error", "laggard_gain", "laggard_error")


def who_gains(tables: Tables, provenance: Provenance) -> Figure:
    """Gains of leader (left) and laggard (right) over both levers at each head start, with the optima marked."""
    cells, best = (chosen(tables[name], price="as it is") for name in ("table.csv", "optima.csv"))
    lags = sorted(cells["lag"].unique())
    figure = Figure(figsize=(6.4, 0.8 + 2.3 * len(lags)))
    axes = figure.subplots(len(lags), 2, squeeze=False)
    for line, lag in zip(axes, lags, strict=True):
        here = chosen(cells, lag=lag)
        for ax, (who, title) in zip(line, WHO.items(), strict=True):
            columns, rows, (gain, error) = grid(here, "benchmarks", "sharing", f"{who}_gain", f"{who}_error")
            effect_map(columns, rows, gain, error, ax=ax, higher_is_worse=False, digits=1,
                       largest=cells[f"{who}_gain"].abs().max(), xlabel="",
                       ylabel="sharing of safety work (0 to 1)" if ax is line[0] else "")  # fmt: skip
            _mark(ax, chosen(best, lag=lag).dropna(), columns, rows)
            ax.set_title(f"{title} gains, lag {lag:g} months", fontsize=9, loc="left")
    for ax in axes[-1]:
        ax.set_xlabel("visibility: benchmarks (0 to 1)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    names = ["Nash bargain" if label == "bargain" else f"best for {label}" for label in labels]
    figure.legend(handles, names, loc="outside lower center", ncols=3, fontsize=8)
    figure.suptitle("gain over a race of both (yearly market values of 2026): blue gain, orange loss;\n"
                    "in brackets: within two standard errors of none", fontsize=9, x=0.01, ha="left")  # fmt: skip
    return figure


def _mark(ax: Axes, best: pd.DataFrame, columns: list[float], rows: list[float]) -> None:
    for _, row in best.iterrows():
        shift, marker, size = MARKS[row["whose"]]
        column, line = columns.index(row["benchmarks"]), rows.index(row["sharing"])
        ax.plot(column + shift, line - 0.3, marker, color="black", markersize=size, label=row["whose"],
                linestyle="none", markeredgecolor="white", clip_on=False)  # fmt: skip


KINDS = (
    Kind("who_gains", "Who gains from how much visibility and how much sharing, at which head start?",
         {"table.csv": Columns(("price",), ("lag", "benchmarks", "sharing", *MONEY)),
          "optima.csv": Columns(("price", "whose"), ("lag", "benchmarks", "sharing"))}, who_gains),
)  # fmt: skip
