"""Published values beside ours as a DataFrame that Jupyter shows with places, sources and reasons."""

import pandas as pd

from race_sim.text.frames import ROWS, ShownFrame
from race_sim.text.markup import bold, faint, lines, table, titled


class ReproductionTable(ShownFrame):
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


def _value(value: object) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "unknown"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
