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
    """Columns that a table must have: of texts (or truth values), and of numbers."""

    texts: Sequence[str] = ()
    numbers: Sequence[str] = ()


def _always(tables: Tables, provenance: Provenance) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One figure of a result: its name, the question it answers, the tables it needs by file name, how it is drawn.

    draw: (tables, provenance) -> Figure, called in the house style. fits: whether these tables can be drawn so. A
    module's ``KINDS`` are its kinds; the first that fits is the main one.
    """

    name: str
    question: str
    tables: Mapping[str, Columns]
    draw: Callable[[Tables, Provenance], Figure]
    fits: Callable[[Tables, Provenance], bool] = _always


def nearest(values: pd.Series, wanted: float) -> float:
    """The value in a column of numbers that lies nearest.

    >>> nearest(pd.Series([0.0, 0.5, 1.0]), 0.6)
    0.5
    """
    return float(values.iloc[(values - wanted).abs().argmin()])


def chosen(table: pd.DataFrame, **where: float | str) -> pd.DataFrame:
    """The rows with given values in given columns.

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
    """The levels of two columns of a table, and other columns on the grid that these make, (up, across) each.

    >>> table = pd.DataFrame({"x": [0, 1], "y": [5, 5], "risk": [0.1, 0.2]})
    >>> grid(table, "x", "y", "risk")[2][0].tolist()
    [[0.1, 0.2]]
    """
    wide = [table.pivot(index=up, columns=across, values=name) for name in values]
    levels = [axis.to_numpy(dtype=float).tolist() for axis in (wide[0].columns, wide[0].index)]
    return levels[0], levels[1], [part.to_numpy() for part in wide]
