"""DataFrames that Jupyter shows with units, status and errors."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from race_sim.text.markup import Markup, bold, faint, lines, table, titled, with_unit
from race_sim.text.rounding import with_error

ROWS = 60  # rows that are shown
ERROR = ".standard_error"


class _Shown(pd.DataFrame):
    """A DataFrame with an HTML display of its own, and pandas' where columns that it needs are gone."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return type(self)

    def _more(self) -> Markup:
        return faint(f"the first {ROWS} of {len(self):,} rows") if len(self) > ROWS else Markup("")


class SweepTable(_Shown):
    """A sweep's points, one row each: parameters, then runs, then means, each with its ``.standard_error`` beside it.

    ``attrs["unit"]`` and ``attrs["status"]`` hold the units of columns and the status of parameters; ``attrs["title"]``
    says what was swept.
    """

    def _repr_html_(self) -> str:
        names = [str(name) for name in self.columns if not str(name).endswith(ERROR)]
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


class ReproductionTable(_Shown):
    """Published values beside ours, one row per check; see ``race_sim.reproduce``."""

    def _repr_html_(self) -> str:
        if not {"game", "result", "place", "published", "ours", "tolerance", "status", "source", "reason"} <= set(self):
            return str(pd.DataFrame(self)._repr_html_())  # type: ignore[operator]
        rows = []
        for row in self.head(ROWS).itertuples():
            same = row.status == "reproduced"
            reason = [faint(row.reason)] if row.reason else []
            rows.append((
                row.game, lines([row.result, faint(row.place)]), _value(row.published), _value(row.ours),
                f"{row.tolerance:.3g}", row.status if same else bold(row.status), lines([row.source, *reason]),
            ))  # fmt: skip
        counts = ", ".join(f"{count} {status}" for status, count in self["status"].value_counts().items())
        head = ["game", "result and place", "published", "ours", "tolerance", "status", "source, reason"]
        return titled(f"Published values and ours: {counts}", table(head, rows, [2, 3, 4]), self._more())


def _text(row: dict[Any, Any], name: str) -> str:
    value = row[name]
    if name + ERROR in row:
        return with_error(float(value), float(row[name + ERROR]))
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _value(value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "unknown"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
