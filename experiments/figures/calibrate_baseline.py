"""What the baseline was calibrated to, and what it reaches, by year."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots.style import look

ASKED = {"color": "0.85", "zorder": 0, "label": "asked"}
SHARES = "safety share of "


def by_date(ax: Axes, curves: dict[str, pd.DataFrame], ylabel: str) -> None:
    """What is reached against the middle of its years, on a band of what is asked."""
    for number, (label, rows) in enumerate(curves.items()):
        ends = rows["when"].str.partition("-")
        middle = [(int(first) + int(last or first) + 1) / 2 for first, last in zip(ends[0], ends[2], strict=True)]
        if number == 0:
            ax.fill_between(middle, rows["low"], rows["high"], **ASKED)
        style = look(number)
        ax.errorbar(middle, rows["reached"], 2 * rows["standard_error"], color=style.colour, marker=style.marker,
                    markersize=3, linewidth=1, label=label)  # fmt: skip
    ax.set_ylabel(ylabel)
    ax.set_ylim(0, None)


def targets(tables: Tables, provenance: Provenance) -> Figure:
    """Every target with its bounds, and what the baseline reaches."""
    table = tables["targets.csv"].astype({"when": str})
    figure = Figure(figsize=(7.0, 7.6))
    axes = figure.subplots(2, 2)
    chances = table[table["target"].str.startswith("chance")]
    ax = axes[0, 0]
    for row, item in enumerate(chances.itertuples()):
        ax.barh(row, item.high - item.low, left=item.low, height=0.5, **ASKED)
        ax.errorbar(item.reached, row, xerr=2 * item.standard_error, color=look(0).colour, marker="o", markersize=4)
    names = [name.removeprefix("chance of a ").replace(" by ", "\nby ") for name in chances["target"]]
    ax.set_yticks(range(len(names)), names)
    ax.set_xlim(0, 1)
    ax.set_xlabel("probability (0 to 1)")
    by_date(axes[0, 1], {"all labs": chosen(table, target="hazard of a mishap, 1/yr")}, "hazard of a mishap (1/yr)")
    labs = [name for name in dict.fromkeys(table["target"]) if name.startswith(SHARES)]
    by_date(
        axes[1, 0], {name.removeprefix(SHARES): chosen(table, target=name) for name in labs}, "safety share (0 to 1)"
    )
    by_date(axes[1, 1], {"best Chinese lab": chosen(table, target="China's lag, months")}, "China's lag (months)")
    axes[1, 1].set_xticks([2026.5, 2027.5, 2028.5], ["2026", "2027", "2028"])
    axes[1, 0].legend(fontsize=8)
    for ax in axes[1]:
        ax.set_xlabel("time (year)")
    axes[0, 1].set_xlabel("time (year)")
    return figure


def finding(tables: Tables, provenance: Provenance) -> str:
    """How many targets are met."""
    met = tables["targets.csv"]["met"]
    return f"{met.sum()} of {len(met)} targets are met: what is reached, and what was asked (grey)"


KINDS = (
    Kind("targets", "Does the baseline meet what has been elicited and measured, in every year?",
         {"targets.csv": Columns(("target", "when", "met"), ("low", "high", "reached", "standard_error"))}, targets,
         finding=finding),
)  # fmt: skip
