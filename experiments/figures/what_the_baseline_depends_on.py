"""Which assumptions the baseline's outcomes depend on."""

from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.figures.sensitivity import LABELS, ROWS_OF_SEVERAL, panel

NAMES = {
    "catastrophe_probability": "probability of a catastrophe",
    "welfare": "welfare",
    "safety_share": "safety share, mean of labs",
}


def indices(tables: Tables, provenance: Provenance) -> Figure:
    """Total and first-order indices of the most influential parameters, one panel per outcome."""
    table = tables["table.csv"]
    outcomes = list(dict.fromkeys(table["outcome"]))
    shown = min(ROWS_OF_SEVERAL, table["parameter"].nunique())
    figure = Figure(figsize=(6.2, len(outcomes) * (0.9 + 0.2 * shown)))
    for ax, outcome in zip(figure.subplots(len(outcomes), 1, squeeze=False)[:, 0], outcomes, strict=True):
        of_ranks = outcome in provenance.get("ranks", ())
        panel(chosen(table, outcome=outcome), ax, shown, LABELS["total"])
        name = NAMES.get(outcome, outcome)
        ax.set_title(f"ranks of {name}" if of_ranks else name, fontsize=10, loc="left")
    return figure


def what_indices_show(tables: Tables, provenance: Provenance) -> str:
    """Of the finding: the two parameters with the largest total indices for the first outcome."""
    table = tables["table.csv"]
    rows = chosen(table, outcome=table["outcome"].iloc[0]).nlargest(2, "total")
    named = " and ".join(f"{row.parameter} ({100 * row.total:.0f} %)" for row in rows.itertuples())
    return f"The {NAMES.get(table['outcome'].iloc[0], 'first outcome')} varies most with {named}"


ENDS = ("", "_low", "_high")
KINDS = (
    Kind("indices", "Which of the assumptions do the results depend on?",
         {"table.csv": Columns(("outcome", "parameter"),
                               [f"{kind}{end}" for kind in ("total", "first_order") for end in ENDS])}, indices,
         finding=what_indices_show),
)  # fmt: skip
