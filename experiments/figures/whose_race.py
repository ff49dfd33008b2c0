"""Which failure of choice makes how much of the risk."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Columns, Kind, Provenance, Tables, chosen
from race_sim.plots import contributions, estimates

LADDER = {  # failures corrected one after another
    "labs as they are": (),
    "labs look 10 years ahead": ("horizon",),
    "and bear their nation's stake": ("horizon", "stake"),
    "and a nation's labs act as one": ("horizon", "stake", "home"),
    "and count the trust commons": ("horizon", "stake", "home", "trust"),
    "and act for the world": ("horizon", "stake", "home", "trust", "abroad"),
}
FAILURES = LADDER["and act for the world"]
SHARE = ("share_of_excess", "share_standard_error")
RISK = "catastrophe_probability"


def _panels(table: pd.DataFrame) -> tuple[Figure, dict[str, Axes]]:
    """One panel per market, one below the other."""
    markets = list(dict.fromkeys(table["market"]))
    figure = Figure(figsize=(5.8, 0.6 + 2.1 * len(markets)))
    return figure, dict(zip(markets, figure.subplots(len(markets), 1, sharex=True, squeeze=False)[:, 0], strict=True))


def failures(tables: Tables, provenance: Provenance) -> Figure:
    """Each failure's part of the excess risk, a panel for each market."""
    names = provenance.get("failures", {})
    figure, panels = _panels(tables["parts.csv"])
    for market, ax in panels.items():
        rows = chosen(tables["parts.csv"], market=market)
        rows = rows[rows["failure"] != "sum"].sort_values("risk_added", ascending=False)
        contributions([names.get(name, name) for name in rows["failure"]], 100 * rows["risk_added"],
                      100 * rows["standard_error"], ax=ax, xlabel="", digits=3)  # fmt: skip
        ax.set_title(market, fontsize=10, loc="left")
    ax.set_xlabel("part of the excess risk of a catastrophe in 10 years\n(percentage points, Shapley value)")
    lows, highs = zip(*(panel.dataLim.intervalx for panel in panels.values()), strict=True)
    room = 0.2 * max(highs)  # for the numbers at the ends of the bars
    ax.set_xlim(min(0.0, *lows) - room, max(highs) + room)
    return figure


def what_failures_show(tables: Tables, provenance: Provenance) -> str:
    """Of the finding: the failure that makes most of the excess risk in the first market."""
    table = tables["parts.csv"]
    rows = chosen(table, market=table["market"].iloc[0])
    rows = rows[rows["failure"] != "sum"]
    most = rows.loc[rows["risk_added"].idxmax()]
    named = provenance.get("failures", {}).get(most["failure"], most["failure"])
    how_much = "Most" if most["share_of_excess"] > 0.5 else "The largest part"
    return (
        f"{how_much} of the excess risk, {100 * most['share_of_excess']:.0f} % (s.e. "
        f"{100 * most['share_standard_error']:.0f}), comes from one failure: {named}"
    )


def ladder(tables: Tables, provenance: Provenance) -> Figure:
    """The risk as failures are corrected one after another, a panel for each market."""
    figure, panels = _panels(tables["table.csv"])
    for market, ax in panels.items():
        cells = chosen(tables["table.csv"], market=market, outcome=RISK).set_index(
            [f"{name}_mended" for name in FAILURES]
        )
        steps = cells.loc[[tuple(int(name in corrected) for name in FAILURES) for corrected in LADDER.values()]]
        means, errors = 100 * steps["mean"], 100 * steps["standard_error"]
        estimates(list(LADDER), means, errors, ax=ax, xlabel="")
        ax.set_title(market, fontsize=10, loc="left")
    ax.set_xlim(left=0.0)
    ax.set_xlabel("probability of a catastrophe within 10 years (%)")
    return figure


KINDS = (
    Kind("failures", "Which failure of choice makes how much of the risk?",
         {"parts.csv": Columns(("market", "failure"), ("risk_added", "standard_error", *SHARE))},
         failures, finding=what_failures_show),
    Kind("ladder", "How does the risk fall as failures are corrected one after another?",
         {"table.csv": Columns(("market", "outcome"),
                               (*(f"{name}_mended" for name in FAILURES), "mean", "standard_error"))}, ladder),
)  # fmt: skip
