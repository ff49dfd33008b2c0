"""Copies and sums written out as loops: an array expression brings in a check of shapes, and what raises its error."""

from race_sim.kernels.compile import inlined


@inlined
def copy_into(source, target):
    """Copy numbers one by one.

    Parameters
    ----------
    source : array (n,)
        What is copied.
    target : array (n,)
        Filled.
    """
    for i in range(len(source)):
        target[i] = source[i]


@inlined
def normalise(weight):
    """Divide weights by their sum.

    Parameters
    ----------
    weight : array (n,)
        Changed in place.
    """
    total = 0.0
    for i in range(len(weight)):
        total += weight[i]
    for i in range(len(weight)):
        weight[i] /= total
