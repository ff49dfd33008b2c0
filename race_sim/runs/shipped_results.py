"""Tables of the experiments as they were computed for this version: all in a checkout, the smaller ones installed."""

from pathlib import Path
from typing import TYPE_CHECKING

from race_sim.errors import InputError, checked_text, unknown

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = Path(__file__).parent.parent
PLACES = (PACKAGE / "results", PACKAGE.parent / "results")  # installed; of a checkout
LARGEST = 100_000  # bytes of a table that is installed


def shipped_result(experiment: str, table: str = "table.csv") -> "pd.DataFrame":
    """Read a table of a shipped result.

    Parameters
    ----------
    experiment : str
        Name of the experiment, such as ``which_dilemma``.
    table : str
        Name of the file; those above 100 kB are in a checkout only.

    Returns
    -------
    pandas.DataFrame
        As the experiment wrote it.

    Raises
    ------
    InputError
        For a name that there is not.

    Examples
    --------
    >>> shipped_result("cost_of_a_billion_runs")["cores"].tolist()[:2]
    [1, 100]
    """
    import pandas as pd

    folder = next((place for place in PLACES if place.is_dir()), PLACES[0])
    known = sorted({path.parent.name for path in folder.glob("*/*.csv")})
    if checked_text("experiment", experiment) not in known:
        raise InputError(f"experiment: {unknown('experiment', experiment, known)}")
    tables = sorted(path.name for path in folder.glob(f"{experiment}/*.csv"))
    if checked_text("table", table) not in tables:
        raise InputError(f"table: {unknown('table', table, tables)}")
    return pd.read_csv(folder / experiment / table)
