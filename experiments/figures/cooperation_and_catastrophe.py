"""What cooperation does to risk, safety shares and welfare, by profile of policies and by lever."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen, nearest
from race_sim.plots import estimates, frontier, response_curves

PERCENT = ("catastrophe_probability", "safety_share", "treaty_in_force")
POINT = {"benchmarks": 1.0, "verification": 0.5, "enmity": 0.6}  # of the levers, where one is not varied
TABLES = {"table.csv": Columns(("profile", "outcome"), (*POINT, "mean", "standard_error"))}
OUTCOMES = (
    ("catastrophe_probability", "probability of\na catastrophe\nwithin 10 years (%)"),
    ("safety_share", "safety share,\nmean of labs (%)"),
    ("welfare_gain", "welfare gained over\na race of both, paired\n(yearly market values)"),
)
PANELS = (
    ("benchmarks", "catastrophe_probability", "probability of a catastrophe\nwithin 10 years (%)",
     ("both race", "both share fundamentals", "treaty kept", "China cheats on treaty")),
    ("verification", "treaty_in_force", "part of the time that\nthe treaty is in force (%)",
     ("treaty kept", "US cheats on treaty", "China cheats on treaty")),
    ("enmity", "welfare", "welfare\n(yearly market values of 2026)",
     ("both race", "both slow down", "both share fundamentals", "treaty kept")),
)  # fmt: skip
LEVERS = {
    "benchmarks": "shared benchmarks: visibility of safety (0 to 1)",
    "verification": "verification (0 to 1)",
    "enmity": "enmity: part of the prize\nthat the loser lacks (0 to 1)",
}


def point(table: pd.DataFrame) -> dict[str, float]:
    """The values of the levers in the table that lie nearest to the standard ones."""
    return {name: nearest(table[name], value) for name, value in POINT.items()}


def policies(tables: Tables, provenance: Provenance) -> Figure:
    """Risk, safety share and welfare of every profile at one point of the levers."""
    table = tables["table.csv"]
    here = point(table)
    figure = Figure(figsize=(7.0, 3.5))
    axes = figure.subplots(1, len(OUTCOMES), sharey=True)
    for ax, (outcome, label) in zip(axes, OUTCOMES, strict=True):
        rows, scale = chosen(table, outcome=outcome, **here), 100 if outcome in PERCENT else 1
        estimates(list(rows["profile"]), scale * rows["mean"], scale * rows["standard_error"], xlabel=label, ax=ax,
                  logarithmic=outcome == "catastrophe_probability")  # fmt: skip
    axes[0].set_ylim(len(rows) - 0.5, -0.5)
    axes[2].axvline(0.0, color="black", linewidth=0.8)
    where = ", ".join(f"{name} {value:g}" for name, value in here.items())
    figure.suptitle(f"at {where}; bars: two standard errors")
    return figure


def what_policies_show(tables: Tables, provenance: Provenance) -> str:
    """Of the finding: what both together do to the risk, against what one does alone."""
    table = tables["table.csv"]
    risk = chosen(table, outcome="catastrophe_probability", **point(table)).set_index("profile")["mean"] * 100
    both = (risk[name] for name in ("both slow down", "both share fundamentals", "treaty kept"))
    return (
        f"Racing, the risk of a catastrophe within ten years is {risk['both race']:.2f} %; what both keep cuts it to "
        f"{' to '.join(f'{value:.2f}' for value in _ends(both))} %, the US alone to {risk['US slows alone']:.2f} %"
    )


def _ends(values: Iterable[float]) -> tuple[float, float]:
    """The least and the largest."""
    known = sorted(values)
    return known[0], known[-1]


def levers(tables: Tables, provenance: Provenance) -> Figure:
    """Risk against benchmarks, treaty time against verification, welfare against enmity."""
    table = tables["table.csv"]
    here = point(table)
    profiles = [name for name in dict.fromkeys(table["profile"]) if any(name in shown for *_, shown in PANELS)]
    figure = Figure(figsize=(7.0, 6.0))
    *axes, key = figure.subplots(2, 2).ravel()
    for ax, (lever, outcome, label, shown) in zip(axes, PANELS, strict=True):
        fixed = {name: value for name, value in here.items() if name != lever}
        levels = sorted(table[lever].unique())
        none = np.full(len(levels), np.nan)
        curves = {}
        for profile in profiles:  # one that is not shown here keeps its colour and its marker for the other panels
            rows = chosen(table, outcome=outcome, profile=profile, **fixed).sort_values(lever)
            scale = 100 if outcome in PERCENT else 1
            own = (scale * rows["mean"], scale * rows["standard_error"])
            curves[profile] = own if profile in shown else (none, none)
        response_curves(levels, curves, xlabel=LEVERS[lever], ylabel=label, ax=ax)
    key.legend(*axes[0].get_legend_handles_labels(), loc="center", title="bands: two standard errors")
    key.set_axis_off()
    return figure


def trade_off(tables: Tables, provenance: Provenance) -> Figure:
    """Welfare against risk, a point per profile at one point of the levers, and which profiles none other beats."""
    table = tables["table.csv"]
    here = point(table)
    gain, risk = (
        chosen(table, outcome=outcome, **here).set_index("profile")[["mean", "standard_error"]]
        for outcome in ("welfare_gain", "catastrophe_probability")
    )
    points = {str(name): (*gain.loc[name], *(100 * risk.loc[name])) for name in gain.index}
    figure = Figure(figsize=(6.2, 5.2))
    ax = figure.subplots()
    frontier(points, xlabel="welfare gained over a race of both, paired\n(yearly market values of 2026)",
             ylabel="probability of a catastrophe within 10 years (%)", ax=ax)  # fmt: skip
    ax.legend().remove()  # it would cover points
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8,
                  title="bars: two standard errors; hollow: another profile has more welfare and less risk",
                  title_fontsize=8)  # fmt: skip
    return figure


KINDS = (
    Kind("policies", "What do eight profiles of policies do to risk, safety and welfare?", TABLES, policies,
         finding=what_policies_show),
    Kind("trade_off", "Which policies give most welfare at least risk?", TABLES, trade_off),
    Kind("levers", "What do shared benchmarks, verification and enmity change?", TABLES, levers),
)  # fmt: skip
