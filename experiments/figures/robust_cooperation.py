"""Regret, risk and welfare of pairs of policies over everything that is assumed."""

import numpy as np
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.plots import estimates, exceedance


def regret(tables: Tables, provenance: Provenance) -> Figure:
    """How often regret exceeds a value, per profile; below, mean risk and median welfare with their errors."""
    points = tables["points.csv"]
    profiles = list(dict.fromkeys(points["profile"]))
    by_profile = {name: points[points["profile"] == name] for name in profiles}
    figure = Figure(figsize=(6.6, 6.6))
    axes = figure.subplot_mosaic([["regret", "regret"], ["risk", "welfare"]], height_ratios=(1.6, 1))
    exceedance({name: rows["regret"] for name, rows in by_profile.items()}, ax=axes["regret"],
               xlabel="regret in welfare (yearly market values of 2026)",
               ylabel="share of the assumptions' points\nwith as much regret (0 to 1)")  # fmt: skip
    axes["regret"].set_xlim(left=1.0)
    axes["regret"].legend(fontsize=8, loc="lower left")
    counts = np.sqrt([len(rows) for rows in by_profile.values()])
    risks = [100 * rows["risk"] for rows in by_profile.values()]
    estimates(profiles, [risk.mean() for risk in risks], np.array([risk.std() for risk in risks]) / counts,
              xlabel="mean probability of\na catastrophe (%)", ax=axes["risk"])  # fmt: skip
    medians = [_median(rows["welfare"].to_numpy()) for rows in by_profile.values()]
    estimates(profiles, *zip(*medians, strict=True), xlabel="median welfare\n(yearly market values)",
              ax=axes["welfare"])  # fmt: skip
    axes["welfare"].set_yticklabels([])
    axes["welfare"].axvline(0.0, color="black", linewidth=0.8)
    return figure


def _median(values: np.ndarray) -> tuple[float, float]:
    """The median and its standard error, a quarter of the width of the 95 % interval of order statistics."""
    ordered = np.sort(values)
    half = 0.98 * np.sqrt(len(ordered))
    ends = np.clip([len(ordered) / 2 - half, len(ordered) / 2 + half], 0, len(ordered) - 1).astype(int)
    low, high = ordered[ends]
    return float(np.median(ordered)), float(high - low) / 4


KINDS = (
    Kind("regret", "Which way to cooperate does least harm, whatever of our assumptions is wrong?",
         {"points.csv": Columns(("profile",), ("welfare", "risk", "regret"))}, regret),
)  # fmt: skip
