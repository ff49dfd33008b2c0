"""How far an input moves the distribution of an output: the moment-independent index delta, from any sample.

Not by SALib, whose version 1.6 leaves out classes of an input in which the output is constant: an output that is a step
of one input would then depend on it less than on inputs that do nothing.
"""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]
RESAMPLES = 100
CELLS = 512  # in which outputs are counted
MOST_CLASSES = 48


def density_indices(unit: Real, output: Real, seed: int = 0) -> dict[str, Real]:
    """Compute delta [1]_ and first-order indices from a sample of independent inputs.

    delta is the mean over an input's values of the total variation distance between the output's distribution and its
    distribution given that value: 0 for an input that does nothing, at most 1. The input is cut into classes of equal
    frequency [2]_. Both distributions are smoothed by the same Gaussian kernel, which has Silverman's bandwidth for the
    whole sample: that brings them nearer to each other, and makes none differ that are equal. The bias that a finite
    sample has is taken out by the bootstrap [2]_, so that an estimate may come out a little below 0.

    Parameters
    ----------
    unit : array (points, inputs)
        The inputs.
    output : array (points,)
        The output, not all equal.
    seed : int, default 0
        Seed of the bootstrap.

    Returns
    -------
    mapping of str to array (inputs,)
        ``delta``; ``half``, half of its 95 % interval; ``first_order``, the share of the output's variance that lies
        between the classes.

    References
    ----------
    .. [1] Borgonovo, E. (2007). A new uncertainty importance measure. Reliability Engineering & System Safety
       92(6):771-784. doi:10.1016/j.ress.2006.04.015
    .. [2] Plischke, E., Borgonovo, E., and Smith, C. L. (2013). Global sensitivity measures from given data. European
       Journal of Operational Research 226(3):536-550, equations 26 and 30. doi:10.1016/j.ejor.2012.11.047

    Examples
    --------
    >>> unit = np.random.default_rng(1).random((400, 2))
    >>> density_indices(unit, unit[:, 0] + 0.3 * unit[:, 1])["delta"].round(1).tolist()
    [0.5, 0.1]
    """
    points = len(output)
    width = (0.75 * points) ** -0.2 * output.std(ddof=1)
    cells = np.linspace(output.min() - 3.0 * width, output.max() + 3.0 * width, CELLS)
    kernel = np.exp(-0.5 * ((cells[:, np.newaxis] - cells) / width) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)
    cell = np.rint((output - cells[0]) / (cells[1] - cells[0])).astype(np.int64)
    drawn = np.random.default_rng(seed).integers(points, size=(RESAMPLES, points))
    resampled = np.array([_distances(unit[rows], cell[rows], kernel) for rows in drawn])
    corrected = 2.0 * _distances(unit, cell, kernel) - resampled
    inside = [sum(len(rows) * output[rows].var() for rows in classes) / points for classes in _classes(unit)]
    return {
        "delta": corrected.mean(axis=0),
        "half": 1.96 * corrected.std(axis=0, ddof=1),
        "first_order": 1.0 - np.array(inside) / output.var(),
    }


def _classes(unit: Real) -> list[list[NDArray[np.intp]]]:
    """For each input the rows of its classes of equal frequency, as many as Plischke et al. take."""
    points = len(unit)
    number = int(np.ceil(points ** (2.0 / (7.0 + np.tanh((1500.0 - points) / 500.0)))))
    return [np.array_split(order, min(number, MOST_CLASSES)) for order in np.argsort(unit, axis=0, kind="stable").T]


def _distances(unit: Real, cell: NDArray[np.int64], kernel: Real) -> Real:
    """Mean over an input's classes of the distance between the output's distributions there and everywhere."""
    result = []
    for classes in _classes(unit):
        counts = np.array([np.bincount(cell[rows], minlength=CELLS) for rows in classes])
        share = counts.sum(axis=1) / len(cell)
        smooth = counts / counts.sum(axis=1, keepdims=True) @ kernel
        result.append(0.5 * share @ np.abs(smooth - share @ smooth).sum(axis=1))
    return np.array(result)
