"""What the baseline was calibrated to, and what it reaches."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables
from race_sim.plots import intervals_reached

NAMES = {
    "mishap_hazard": "hazard of a serious mishap",
    "catastrophe_hazard": "hazard of a catastrophe",
    "leader_safety_share": "safety share of the leading lab",
    "safety_share.us_1": "safety share of the lab us_1",
    "safety_share.us_2": "safety share of the lab us_2",
    "lag.china": "China's lag",
}


def targets(tables: Tables, provenance: Provenance) -> Figure:
    """Every target with its interval, and where in it the baseline lies."""
    table = tables["targets.csv"]
    names = [f"{NAMES.get(key, key)} ({unit})" for key, unit in zip(table["outcome"], table["unit"], strict=True)]
    figure = Figure(figsize=(6.6, 1.3 + 0.48 * len(table)))
    ax = figure.subplots()
    intervals_reached(names, table["low"], table["high"], table["reached"], table["standard_error"], table["target"],
                      ax=ax)  # fmt: skip
    figure.suptitle(
        "what surveys and measurements ask for, and what the baseline reaches", fontsize=10, x=0.01, ha="left"
    )
    figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8)
    return figure


KINDS = (
    Kind("targets", "Does the baseline agree with what has been elicited and measured?",
         {"targets.csv": Columns(("outcome", "unit"), ("target", "low", "high", "reached", "standard_error"))},
         targets),
)  # fmt: skip
