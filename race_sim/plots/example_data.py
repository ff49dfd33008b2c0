"""Arrays for the examples of plots."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def read_only(values: ArrayLike, dtype: type = float) -> NDArray[Any]:
    """Copy values into an array that cannot be changed, as plots must work with.

    Parameters
    ----------
    values : array
        Of any shape.
    dtype : type
        Of the numbers.

    Returns
    -------
    array
        A copy of the same shape.

    Examples
    --------
    >>> read_only([1, 2]).flags.writeable
    False
    """
    array: NDArray[Any] = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
