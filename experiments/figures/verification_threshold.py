"""How much verification makes a treaty keep itself, and what leaving it openly gains."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots import look, response_curves

NONE = 1.2  # where the figure shows that no verification is enough
NAMES = {"us": "US", "china": "China"}


def thresholds(tables: Tables, provenance: Provenance) -> Figure:
    """Least verification against the penalty (left), and what leaving openly would gain (right), a row per lag."""
    table = tables["table.csv"]
    lags, enmities = (list(dict.fromkeys(table[name])) for name in ("lag", "enmity"))
    shown = sorted({enmities[0], enmities[len(enmities) // 2], enmities[-1]})
    figure = Figure(figsize=(7.0, 0.6 + 2.5 * len(lags)))
    axes = figure.subplots(len(lags), 2, sharex="col", sharey="col", width_ratios=(3, 2), squeeze=False)
    for (left, right), lag in zip(axes, lags, strict=True):
        here = chosen(table, lag=lag)
        _least(left, here, shown)
        left.set_title(f"China {lag:g} months behind", fontsize=10, loc="left")
        _leaving(right, here[here["penalty"] == here["penalty"].min()])
    axes[-1, 0].set_xlabel("penalty (yearly market values)")
    axes[-1, 1].set_xlabel("enmity (0 to 1)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower left", ncols=3, fontsize=8)
    return figure


def _least(ax: Axes, table: pd.DataFrame, enmities: list[float]) -> None:
    for number, enmity in enumerate(enmities):
        rows = chosen(table, enmity=enmity).sort_values("penalty")
        middle = rows["least_verification"].fillna(NONE)
        low, high = rows["low"].clip(upper=NONE), rows["high"].clip(upper=NONE)
        ax.errorbar(np.arange(len(rows)) + 0.22 * (number - 1), middle,
                    yerr=[(middle - low).clip(lower=0), (high - middle).clip(lower=0)], fmt=look(number).marker,
                    color=look(number).colour, markersize=5, capsize=2, linewidth=1.2, label=f"enmity {enmity:g}",
                    )  # fmt: skip
    penalties = sorted(table["penalty"].unique())
    ax.set_xticks(np.arange(len(penalties)), [f"{penalty:g}" for penalty in penalties])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1, NONE], ["0", "0.25", "0.5", "0.75", "1", "none"])
    ax.set_ylabel("least verification against\ncheating (0 to 1); 90 % band")


def _leaving(ax: Axes, rows: pd.DataFrame) -> None:
    rows = rows.sort_values("enmity")
    response_curves(rows["enmity"], {"gain": (rows["gain_from_leaving"], rows["standard_error"])}, xlabel="",
                    ylabel="largest gain by leaving\n(yearly market values)", ax=ax)  # fmt: skip
    ax.axhline(0.0, color="black", linewidth=0.8)
    leavers = zip(rows["leaver"], rows["leaves_for"], strict=True)
    leaving = dict.fromkeys(f"{NAMES.get(who, who)} ({how})" for who, how in leavers)
    ax.set_title(f"by {', '.join(leaving)}", fontsize=9, loc="left")


NUMBERS = ("lag", "enmity", "penalty", "least_verification", "low", "high", "gain_from_leaving", "standard_error")
KINDS = (
    Kind("thresholds", "How much verification makes a treaty keep itself?",
         {"table.csv": Columns(("leaver", "leaves_for"), NUMBERS)}, thresholds),
)  # fmt: skip
