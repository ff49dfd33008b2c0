"""Sums of products of columns, in a fixed order: the same to the last bit whatever the linear-algebra library."""

from race_sim.kernels.compile import jit


@jit
def accumulate_products(left, right, out):
    """Add left' right to a matrix, row by row.

    Parameters
    ----------
    left : array (rows, p)
        One factor.
    right : array (rows, q)
        The other.
    out : array (p, q)
        Changed in place.
    """
    for row in range(left.shape[0]):
        for i in range(left.shape[1]):
            factor = left[row, i]
            for j in range(right.shape[1]):
                out[i, j] += factor * right[row, j]
