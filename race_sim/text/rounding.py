"""Numbers to the digits that their errors support."""

import math


def with_error(mean: float, error: float | None, sign: str = " ± ") -> str:
    """Write a mean to the digits that its standard error supports, and the error.

    Parameters
    ----------
    mean : float
        In any unit; NaN is undefined, which says that nobody survived.
    error : float or None
        Its standard error in the same unit; None or 0 where it is exact.
    sign : str
        What stands between the two.

    Returns
    -------
    str
        ``0.0123 ± 0.0004``; the mean alone, to six digits, where it is exact.

    Examples
    --------
    >>> with_error(0.012345, 0.00041), with_error(3.0, None)
    ('0.01235 ± 0.00041', '3')
    """
    if not math.isfinite(mean):
        return "undefined (nobody survived)"
    if error is None or not math.isfinite(error) or error == 0.0 or mean == 0.0:
        return f"{mean:.6g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    if digits > 9:
        return f"{mean:.4g}{sign}{error:.1e}"
    return f"{mean:.{digits}f}{sign}{error:.{digits}f}"
