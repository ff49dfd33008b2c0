"""What will be scored at the ends of two years."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots.style import look


def register(tables: Tables, provenance: Provenance) -> Figure:
    """Probabilities, and quantities with intervals of 90 %."""
    table = tables["table.csv"]
    figure = Figure(figsize=(7.2, 5.2))
    axes = figure.subplots(2, 2).flat
    years = list(dict.fromkeys(table["of"]))
    events = chosen(table, unit="probability")
    names = list(dict.fromkeys(events["quantity"]))
    ax = next(axes)
    for number, year in enumerate(years):
        rows = chosen(events, of=year).set_index("quantity").loc[names]
        places = [place + 0.16 - 0.32 * number for place in range(len(names))]
        ax.errorbar(rows["mean"], places, xerr=2 * rows["standard_error"], linestyle="none", markersize=5,
                    marker=look(number).marker, color=look(number).colour, label=f"by {year}")  # fmt: skip
    ax.set_yticks(
        range(len(names)), [name.replace(" after", "\nafter").replace("US-China ", "US-China\n") for name in names]
    )
    ax.set_xlabel("probability (0 to 1)")
    ax.set_xlim(left=-0.005)
    measured = table[table["unit"] != "probability"]
    for ax, name in zip(axes, [n for n in dict.fromkeys(measured["quantity"]) if "hazard" not in n], strict=True):
        rows = chosen(measured, quantity=name)
        ax.errorbar(range(len(rows)), rows["median"], [rows["median"] - rows["low"], rows["high"] - rows["median"]],
                    linestyle="none", marker="o", markersize=5, color=look(0).colour)  # fmt: skip
        ax.set_xticks(range(len(rows)), rows["of"])
        ax.set_xlim(-0.5, len(rows) - 0.5)
        ax.set_ylim(0, None)
        ax.set_ylabel(f"{name.replace(' of the leader', '')}\n({rows['unit'].iloc[0]})")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


KINDS = (
    Kind("register", "What does the baseline say of the ends of the next years?",
         {"table.csv": Columns(("quantity", "of", "unit"), ("mean", "standard_error", "low", "median", "high"))},
         register),
)  # fmt: skip
