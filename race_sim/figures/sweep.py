"""Outcomes over the parameters that a sweep varies: what ``race-sim sweep --out`` leaves."""

from textwrap import fill
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim.figures.kinds import Kind, Provenance, Tables, grid
from race_sim.plots import cloud, estimates, level_map, response_curves
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.tables import ERROR, HIGH, LOW

HEADLINES = ("catastrophe_probability", "safety_share", "welfare")  # drawn unless others are asked for
MOST_CURVES, MOST_ROWS, MOST_CLOUDS = 8, 48, 12
POINTS = "points"


class Swept(NamedTuple):
    """What a sweep's table holds.

    Attributes
    ----------
    table : DataFrame
        One row per point.
    numbers : list of str
        Parameters that take several values there, and these are numbers.
    names : list of str
        Parameters that take several values there, and these are names, such as decision rules.
    outcomes : dict of str to str
        Outcome -> label, with its unit in brackets.
    """

    table: pd.DataFrame
    numbers: list[str]
    names: list[str]
    outcomes: dict[str, str]

    @property
    def groups(self) -> dict[str, pd.DataFrame]:
        """The rows of every combination of names, by what distinguishes it from the others."""
        if not self.names:
            return {"": self.table}
        grouped = self.table.groupby(self.names, sort=False)
        return {", ".join(map(str, key)): rows for key, rows in grouped}


def swept_from(tables: Tables, provenance: Provenance) -> Swept:
    """Find out which parameters vary and which outcomes are drawn.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sweep's points, as ``points``.
    provenance : mapping
        The sweep's manifest.

    Returns
    -------
    Swept
        The table with both.
    """
    table = tables[POINTS]
    paths = list(table.columns[1 : table.columns.get_loc("runs")])
    varied = [path for path in paths if table[path].nunique() > 1]
    units = {key: value for key, value in provenance["units"].items() if key in table}
    drawn = [key for key in HEADLINES if key in units] if len(units) > len(HEADLINES) else list(units)
    labels = {key: fill(f"{units[key][1]} ({units[key][0]})", 34) for key in drawn or list(units)[: len(HEADLINES)]}
    numeric = [path for path in varied if pd.api.types.is_numeric_dtype(table[path])]
    return Swept(table, numeric, [path for path in varied if path not in numeric], labels)


def with_unit(path: str, provenance: Provenance) -> str:
    """Label a parameter with its unit.

    Parameters
    ----------
    path : str
        Of the parameter.
    provenance : mapping
        The sweep's manifest, which holds the scenario.

    Returns
    -------
    str
        ``prize.enmity (1)``.
    """
    known = {item.path: item.about.unit for item in Scenario.from_kept(provenance["scenario_toml"]).parameters()}
    return f"{path} ({known.get(path, '1')})"


def _scaled(ax: Axes, path: str, provenance: Provenance) -> None:
    """A logarithmic x axis where the sweep's steps are even in the logarithm: ``prize.prize=10:1000:3:log``."""
    axes = provenance["sweep"]["design"]["axes"]
    if any(axis.startswith(f"{path}=") and axis.endswith(":log") for axis in axes):
        ax.set_xscale("log")


def _panels(swept: Swept, width: float, height: float) -> tuple[Figure, dict[str, Axes]]:
    """One panel per outcome, one below the other."""
    figure = Figure(figsize=(width, height * len(swept.outcomes)))
    axes = figure.subplots(len(swept.outcomes), 1, squeeze=False)[:, 0]
    return figure, dict(zip(swept.outcomes, axes, strict=True))


def _on_one_axis(tables: Tables, provenance: Provenance) -> bool:
    swept = swept_from(tables, provenance)
    if len(swept.numbers) != 1 or len(swept.groups) > MOST_CURVES:
        return False
    levels = {tuple(sorted(rows[swept.numbers[0]])) for rows in swept.groups.values()}
    return len(levels) == 1 and not swept.table.duplicated([*swept.numbers, *swept.names]).any()


def curves(tables: Tables, provenance: Provenance) -> Figure:
    """Draw every outcome over the one number that varies, a curve for each combination of names.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sweep's points, as ``points``.
    provenance : mapping
        The sweep's manifest.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    swept = swept_from(tables, provenance)
    (path,) = swept.numbers
    figure, panels = _panels(swept, 6.0, 3.0)
    for key, ax in panels.items():
        lines = {}
        for name, rows in swept.groups.items():
            rows = rows.sort_values(path)
            lines[name] = (rows[key], rows[key + LOW], rows[key + HIGH])
        response_curves(sorted(swept.table[path].unique()), lines, ylabel=swept.outcomes[key], ax=ax,
                        xlabel=with_unit(path, provenance))  # fmt: skip
        _scaled(ax, path, provenance)
    if swept.names:
        figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3,
                      title=", ".join(swept.names))  # fmt: skip
    return figure


def _on_a_grid(tables: Tables, provenance: Provenance) -> bool:
    swept = swept_from(tables, provenance)
    if len(swept.numbers) != 2 or swept.names:
        return False
    columns, rows = (swept.table[path].nunique() for path in swept.numbers)
    return columns * rows == len(swept.table.drop_duplicates(swept.numbers)) == len(swept.table)


def maps(tables: Tables, provenance: Provenance) -> Figure:
    """Draw every outcome as a map over the two numbers that vary.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sweep's points, as ``points``.
    provenance : mapping
        The sweep's manifest.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    swept = swept_from(tables, provenance)
    along, up = swept.numbers
    figure, panels = _panels(swept, 6.2, 3.8)
    for key, ax in panels.items():
        columns, lines, (mean, error) = grid(swept.table, along, up, key, key + ERROR)
        level_map(columns, lines, mean, error, xlabel=with_unit(along, provenance),
                  ylabel=with_unit(up, provenance), label=swept.outcomes[key], ax=ax)  # fmt: skip
    return figure


def _few(tables: Tables, provenance: Provenance) -> bool:
    swept = swept_from(tables, provenance)
    return len(swept.table) <= MOST_ROWS or not swept.numbers


def rows(tables: Tables, provenance: Provenance) -> Figure:
    """Draw every outcome's estimates, one row per point.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sweep's points, as ``points``.
    provenance : mapping
        The sweep's manifest.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    swept = swept_from(tables, provenance)
    varied = [*swept.numbers, *swept.names]
    names = _distinguished(varied)
    labels = [", ".join(f"{names[path]} {row[path]:.4g}" if path in swept.numbers else f"{names[path]} {row[path]}"
                        for path in varied) or "the only point" for _, row in swept.table.iterrows()]  # fmt: skip
    figure, panels = _panels(swept, 6.4, 0.9 + 0.22 * len(labels))
    for key, ax in panels.items():
        mean, error, *bounds = (swept.table[key + end] for end in ("", ERROR, LOW, HIGH))
        estimates(labels, mean, error, xlabel=swept.outcomes[key].replace("\n", " "), ax=ax, intervals=tuple(bounds))
    return figure


def _distinguished(paths: list[str]) -> dict[str, str]:
    """The last words of paths, as many as distinguish them: ``us.policy``, ``enmity``."""
    for words in range(1, 4):
        short = {path: ".".join(path.split(".")[-words:]) for path in paths}
        if len(set(short.values())) == len(paths):
            break
    return short


def _scattered(tables: Tables, provenance: Provenance) -> bool:
    return len(swept_from(tables, provenance).numbers) > 0


def clouds(tables: Tables, provenance: Provenance) -> Figure:
    """Draw the first outcome at every point, against each number that varies.

    Shown are the dozen numbers with the largest rank correlations with the outcome, these first.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        The sweep's points, as ``points``.
    provenance : mapping
        The sweep's manifest.

    Returns
    -------
    Figure
        The figure, on no canvas of pyplot's.
    """
    swept = swept_from(tables, provenance)
    key, label = next(iter(swept.outcomes.items()))
    ranks = swept.table[swept.numbers].rank().corrwith(swept.table[key].rank()).abs().fillna(0.0)
    paths = list(ranks.sort_values(ascending=False, kind="stable").index[:MOST_CLOUDS])
    lines = -(-len(paths) // 2)
    figure = Figure(figsize=(6.6, 0.4 + 2.3 * lines))
    axes = figure.subplots(lines, 2, sharey=True, squeeze=False).ravel()
    for number, (ax, path) in enumerate(zip(axes, paths, strict=False)):
        cloud(swept.table[path], swept.table[key], xlabel=with_unit(path, provenance), ax=ax,
              ylabel=label if number % 2 == 0 else "")  # fmt: skip
        _scaled(ax, path, provenance)
    for ax in axes[len(paths) :]:
        ax.set_axis_off()
    axes[0].legend(fontsize=8)
    return figure


KINDS = (
    Kind("curves", "How do outcomes depend on the parameter that varies?", {}, curves, _on_one_axis),
    Kind("map", "How do outcomes depend on the two parameters that vary?", {}, maps, _on_a_grid),
    Kind("rows", "What are the outcomes at every point of the sweep?", {}, rows, _few),
    Kind("clouds", "Which of the parameters that vary does the outcome go along with?", {}, clouds, _scattered),
)
