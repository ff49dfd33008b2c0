"""What the number of labs, and of nations that they belong to, does."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots import response_curves

PERCENT = ("catastrophe_probability", "safety_share")
OUTCOMES = {
    "catastrophe_probability": "probability of a\ncatastrophe (%)",
    "safety_share": "safety share (%)",
    "capability": "best capability at\nthe horizon (OOM)",
    "welfare_per_nation": "payoff per nation\n(yearly market values)",
}


def racers(tables: Tables, provenance: Provenance) -> Figure:
    """Outcomes against the number of labs, one column per way of giving them resources."""
    table = tables["table.csv"]
    resources, homes = (list(dict.fromkeys(table[name])) for name in ("resources", "home"))
    counts = sorted(table["labs"].unique())
    figure = Figure(figsize=(6.4, 8.4))
    axes = figure.subplots(len(OUTCOMES), len(resources), sharex=True, sharey="row", squeeze=False)
    for line, (outcome, label) in zip(axes, OUTCOMES.items(), strict=True):
        for ax, given in zip(line, resources, strict=True):
            curves = {}
            for home in homes:
                rows = chosen(table, resources=given, home=home, outcome=outcome).set_index("labs").reindex(counts)
                scale = 100 if outcome in PERCENT else 1
                curves[home] = (scale * rows["mean"], scale * rows["standard_error"])
            response_curves(counts, curves, xlabel="", ylabel=label if ax is line[0] else "", ax=ax)
    for ax, given in zip(axes[0], resources, strict=True):
        ax.set_title(given, loc="left", fontsize=10)
    for ax in axes[-1]:
        ax.set_xlabel("labs (number)")
        ax.set_xticks(counts)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


KINDS = (
    Kind("racers", "Do more racers make the race more dangerous?",
         {"table.csv": Columns(("resources", "home", "outcome"), ("labs", "mean", "standard_error"))}, racers),
)  # fmt: skip
