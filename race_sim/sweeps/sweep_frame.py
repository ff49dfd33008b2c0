"""A sweep as a DataFrame that Jupyter shows with units, status and errors."""

from typing import Any

import pandas as pd

from race_sim.sweeps.engine.tables import ERROR, HIGH, LOW
from race_sim.text.frames import ROWS, ShownFrame
from race_sim.text.markup import faint, lines, table, titled, with_unit
from race_sim.text.rounding import with_error


class SweepTable(ShownFrame):
    """A sweep's points, one row each: parameters, then runs, then means, each with its error and interval beside it.

    ``attrs["unit"]`` and ``attrs["status"]`` hold the units of columns and the status of parameters; ``attrs["title"]``
    says what was swept.
    """

    def _repr_html_(self) -> str:
        names = [str(name) for name in self.columns if not str(name).endswith((ERROR, LOW, HIGH))]
        unit, status = self.attrs.get("unit", {}), self.attrs.get("status", {})
        head = [
            lines([with_unit(name, unit.get(name, "")), *([faint(status[name])] if name in status else [])])
            for name in names
        ]
        rows = [[_text(row, name) for name in names] for row in self.head(ROWS).to_dict("records")]
        numbers = [place for place, name in enumerate(names) if pd.api.types.is_numeric_dtype(self[name])]
        return titled(
            self.attrs.get("title", "Sweep"), faint("mean ± standard error"), table(head, rows, numbers), self._more()
        )


def _text(row: dict[Any, Any], name: str) -> str:
    value = row[name]
    if name + ERROR in row:
        return with_error(float(value), float(row[name + ERROR]))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
