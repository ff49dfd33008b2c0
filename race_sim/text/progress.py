"""Progress bars on terminals and in Jupyter."""

import os
from typing import Any

from tqdm.auto import tqdm

PATIENCE = 0.3  # seconds before a bar appears: with the start of a command less than one


def bar(
    total: int, *, label: str, unit: str, shown: bool | None = None, done: int = 0, patience: float | None = None
) -> Any:
    """Make a progress bar over a number of things, gone at its end.

    tqdm's environment variable TQDM_DISABLE=1 hides bars that nobody asked for.

    Parameters
    ----------
    total : int
        How many things there are.
    label : str
        What is done with them.
    unit : str
        What one of them is.
    shown : bool, optional
        Whether it is shown; by default on a terminal or in Jupyter, if it takes a while.
    done : int
        How many are done at the start.
    patience : float, optional
        Seconds before it appears, unless it is asked for; by default less than a second.

    Returns
    -------
    tqdm
        The bar, to be used in a ``with`` statement.

    Examples
    --------
    >>> with bar(10, label="runs", unit="run") as runs:  # neither here
    ...     runs.update(10)
    """
    hidden = (os.environ.get("TQDM_DISABLE") == "1" or None) if shown is None else not shown
    patience = 0.0 if shown else PATIENCE if patience is None else patience
    return tqdm(total=total, initial=done, desc=label, unit=unit, disable=hidden, delay=patience, leave=False)
