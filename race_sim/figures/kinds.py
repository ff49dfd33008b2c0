"""Kinds of figures of a result: which tables one needs, and how it is drawn from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

Tables = Mapping[str, pd.DataFrame]
Provenance = Mapping[str, Any]


@dataclass(frozen=True)
class Columns:
    """Columns that a table must have.

    Attributes
    ----------
    texts : sequence of str
        Those of texts or truth values.
    numbers : sequence of str
        Those of numbers, where NaN is allowed.
    """

    texts: Sequence[str] = ()
    numbers: Sequence[str] = ()


def _always(tables: Tables, provenance: Provenance) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One figure of a result.

    A module's ``KINDS`` are its kinds; the first that fits is the main one.

    Attributes
    ----------
    name : str
        As ``--kind`` takes it.
    question : str
        What the figure answers.
    tables : mapping of str to Columns
        The tables that it needs, by file name.
    draw : callable
        (tables, provenance) -> Figure; called in the house style.
    fits : callable
        (tables, provenance) -> bool, whether these tables can be drawn so; by default always.
    finding : callable
        (tables, provenance) -> str, the figure's title: what these tables show, with numbers; by default the question.
    """

    name: str
    question: str
    tables: Mapping[str, Columns]
    draw: Callable[[Tables, Provenance], Figure]
    fits: Callable[[Tables, Provenance], bool] = _always
    finding: Callable[[Tables, Provenance], str] | None = None


def nearest(values: pd.Series, wanted: float) -> float:
    """Give the value in a column that lies nearest to another one.

    Parameters
    ----------
    values : Series
        Numbers.
    wanted : float
        In their unit.

    Returns
    -------
    float
        One of the values.

    Examples
    --------
    >>> nearest(pd.Series([0.0, 0.5, 1.0]), 0.6)
    0.5
    """
    return float(values.iloc[(values - wanted).abs().argmin()])


def chosen(table: pd.DataFrame, **where: float | str) -> pd.DataFrame:
    """Choose the rows that have given values in given columns.

    Parameters
    ----------
    table : DataFrame
        Where to choose from.
    **where : float or str
        Value by column.

    Returns
    -------
    DataFrame
        Those rows.

    Examples
    --------
    >>> chosen(pd.DataFrame({"labs": [1, 2], "risk": [0.1, 0.2]}), labs=2)["risk"].tolist()
    [0.2]
    """
    keep = pd.Series(True, index=table.index)
    for name, value in where.items():
        keep &= table[name] == value
    return table[keep]


def grid(
    table: pd.DataFrame, across: str, up: str, *values: str
) -> tuple[list[float], list[float], list[NDArray[np.float64]]]:
    """Lay columns of a table out on the grid that two other columns make.

    Parameters
    ----------
    table : DataFrame
        One row per cell of the grid.
    across, up : str
        The columns that make the grid.
    *values : str
        The columns that are laid out.

    Returns
    -------
    (list of float, list of float, list of array (up, across))
        The levels of the two columns, increasing, and the values there.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [0, 1], "y": [5, 5], "risk": [0.1, 0.2]})
    >>> grid(table, "x", "y", "risk")[2][0].tolist()
    [[0.1, 0.2]]
    """
    wide = [table.pivot(index=up, columns=across, values=name) for name in values]
    levels = [axis.to_numpy(dtype=float).tolist() for axis in (wide[0].columns, wide[0].index)]
    return levels[0], levels[1], [part.to_numpy() for part in wide]
