"""Counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, SC'11), addressed, never consumed in order.

A draw is addressed by (seed, run, period, actor, purpose). Any split of the work therefore gives the same numbers,
and two policies compared at the same address are compared on the same luck.
"""

import math

import numpy as np

from race_sim.kernels.compile import inlined
from race_sim.kernels.elementary import cos_of_turn, log

# Purposes: what a draw is for. Each address yields two independent uniforms.
PARAMETER, ADVANCE, SEVERITY, REGULATE, MONITOR, DECIDE, EXPLORE, BOOTSTRAP = range(8)

_MASK = np.uint64(0xFFFFFFFF)
_LOW = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_DROP = np.uint64(11)
_BYTE = np.uint64(8)


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Compute ten rounds of Philox4x32 on 32-bit words held in uint64.

    Parameters
    ----------
    c0, c1, c2, c3 : uint64
        Counter.
    k0, k1 : uint64
        Key.

    Returns
    -------
    tuple of uint64
        The four output words.

    References
    ----------
    .. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC'11.
    """
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _LOW) ^ c1 ^ k0
        c1 = p1 & _MASK
        c2 = (p0 >> _LOW) ^ c3 ^ k1
        c3 = p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@inlined
def uniforms(seed, run, period, actor, purpose):
    """Draw two uniforms with 53 bits each at an address.

    Parameters
    ----------
    seed : uint64
        Seed of all draws.
    run, period, actor, purpose : int
        The address: number of the run, of the period, of the lab or nation, and what the draw is for.

    Returns
    -------
    tuple of float
        Two independent uniforms in [0, 1).
    """
    number = np.uint64(run)
    c0, c1, c2, c3 = philox(
        number & _MASK,
        np.uint64(period) & _MASK,
        np.uint64(actor) & _MASK,
        np.uint64(purpose) | ((number >> _LOW) << _BYTE),
        np.uint64(seed) & _MASK,
        np.uint64(seed) >> _LOW,
    )
    first = float(((c0 << _LOW) | c1) >> _DROP) * 2.0**-53
    second = float(((c2 << _LOW) | c3) >> _DROP) * 2.0**-53
    return first, second


@inlined
def standard_normal(first, second):
    """Make a standard normal of two uniforms.

    Parameters
    ----------
    first, second : float
        Uniforms in [0, 1).

    Returns
    -------
    float
        The normal.

    References
    ----------
    .. [1] G. E. P. Box, M. E. Muller 1958, Annals of Mathematical Statistics 29:610.
    """
    return math.sqrt(-2.0 * log(1.0 - first)) * cos_of_turn(second)


@inlined
def parameter_uniforms(seed, runs, actor, out):
    """Draw one uniform per run for a parameter.

    Parameters
    ----------
    seed : uint64
        Seed of all draws.
    runs : array (n,)
        Numbers of the runs.
    actor : int
        The parameter's stable number.
    out : array (n,)
        Gets uniforms in [0, 1).
    """
    for index in range(len(runs)):
        out[index] = uniforms(seed, runs[index], 0, actor, PARAMETER)[0]
