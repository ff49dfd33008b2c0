"""DataFrames that Jupyter shows with an HTML display of their own."""

from collections.abc import Callable

import pandas as pd

from race_sim.text.markup import Markup, faint

ROWS = 60  # rows that are shown


class ShownFrame(pd.DataFrame):
    """A DataFrame with an HTML display of its own, and pandas' where columns that it needs are gone."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return type(self)

    def _more(self) -> Markup:
        return faint(f"the first {ROWS} of {len(self):,} rows") if len(self) > ROWS else Markup("")
