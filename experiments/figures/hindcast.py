"""How well each row of the hindcast was foreseen, by both versions of the laws."""

import numpy as np
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots.style import look

NAMES = {
    "T1": "largest training run", "T2": "US over Chinese compute", "T3": "China's lag", "T6": "China's share of models",
    "T7": "US over Chinese money", "T8": "incidents a year", "T9": "testing time, 2025 over 2023",
    "T10": "safety, US over Chinese labs", "T13a": "trust in the US", "T11a": "federal rule (did not happen)",
    "T11b": "rule in EU or a state (happened)", "T12b": "US-China agreement (did not happen)",
    "T14": "serious mishap (did not happen)",
}  # fmt: skip
VERSIONS = ("first version", "second version")
LEAST = -1.5


def skill(tables: Tables, provenance: Provenance) -> Figure:
    """Skill by row, and what the forecasts were beside what was measured."""
    table = tables["table.csv"]
    rows = list(dict.fromkeys(table["row"]))
    figure = Figure(figsize=(7.2, 5.6))
    axes = figure.subplots(1, 2, sharey=True)
    places = np.arange(len(rows))[::-1]
    for number, version in enumerate(VERSIONS):
        here = chosen(table, variant=version).set_index("row").loc[rows]
        style = look(number)
        shift = 0.18 - 0.36 * number
        axes[0].plot(np.maximum(here["skill"], LEAST), places + shift, linestyle="none", color=style.colour,
                     marker=style.marker, markersize=5, label=version)  # fmt: skip
        scored = here["covered"].notna()
        over = {name: np.log10(here[name][scored] / here["measured"][scored]) for name in ("low", "median", "high")}
        sides = [over["median"] - over["low"], over["high"] - over["median"]]
        axes[1].errorbar(over["median"], (places + shift)[scored], xerr=sides, linestyle="none", color=style.colour,
                         marker=style.marker, markersize=5)  # fmt: skip
    axes[0].set_yticks(places, [NAMES[row] for row in rows], fontsize=8)
    axes[0].axvline(0.0, color="0.4", linewidth=1)
    axes[0].set_xlim(LEAST - 0.1, 1.1)
    axes[0].set_xlabel("skill (0: the best naive forecast,\n1: perfect; worse ones stand at the edge)")
    axes[1].axvline(0.0, color="0.4", linewidth=1)
    axes[1].set_xlim(-2.5, 2.5)
    axes[1].set_xlabel("forecast over what was measured\n(log10; 80 % of the draws)")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def finding(tables: Tables, provenance: Provenance) -> str:
    """Mean skill of both versions."""
    means = tables["means.csv"].set_index("variant")["mean_skill"]
    first, second = (means[version] for version in VERSIONS)
    return f"Begun in 2020, mean skill over the best naive forecast: {first:.2f} (first version), {second:.2f} (second)"


KINDS = (
    Kind("skill", "Do the laws foresee from 2020 what had been measured in 2025?",
         {"table.csv": Columns(("variant", "row"), ("measured", "low", "median", "high", "skill")),
          "means.csv": Columns(("variant",), ("mean_skill",))}, skill, finding=finding),
)  # fmt: skip
