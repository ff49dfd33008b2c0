"""Exponentials, logarithms, powers and a cosine, from additions, multiplications, divisions and square roots alone.

Those four are rounded correctly everywhere (IEEE 754), so that a run has the same bits on every processor and in
WebAssembly; with the functions of a system's mathematics library it has not. At thousands of points each, compared with
mpmath (tests/test_elementary.py), no error was above 0.65 units in the last place for exp, exp10 and log, 1.1 for log1p
and power, 1.8 for expm1 and the cosine. Results below 3e-308 are 0.

References
----------
.. [1] J.-M. Muller 2016, Elementary Functions: Algorithms and Implementation, 3rd edition, chapters 9 to 11.
.. [2] K. C. Ng 1993, FDLIBM (coefficients of the sine and the cosine), Sun Microsystems.
.. [3] T. J. Dekker 1971, A floating-point technique for extending the available precision, Numerische Mathematik 18.
"""

import math

import numpy as np

from race_sim.kernels.compile import inlined

LN10 = 2.302585092994046
LARGEST, SMALLEST = 709.0, -708.0  # arguments beyond which an exponential is infinite or 0
SHIFT = 6755399441055744.0  # 1.5 x 2^52: a sum with it is rounded to a whole number, which stands in its last bits
LOG2_E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10
STEPS_E, STEP_E_HIGH, STEP_E_LOW = 184.6649652337873, 0.005415212347998022, 1.2655086083325438e-13  # of ln 2 / 128
STEPS_10, STEP_10_HIGH, STEP_10_LOW = 425.20679614558236, 0.002351796840912357, 2.1249623132825997e-13  # of lg 2 / 128
SPLIT = 134217729.0  # 2^27 + 1
MANTISSA, BIAS = np.int64(52), np.int64(1022)
FIRST = np.int64(0x3FF0000000000000 - (151 << 44))  # bits of 0.705: 1 lies within a part of the table of logarithms
LAST, SHIFT_OF_STEP = np.int64(127), np.int64(45)
SMALLEST_NORMAL, TWO_TO_54 = 2.2250738585072014e-308, 18014398509481984.0


def _powers_of_2():
    """Powers 2^(i / 128): their bits, less those that a step of the exponent adds, and what rounding took, relative."""
    one = 1 << 400
    root = 2 * one
    for _ in range(7):
        root = math.isqrt(root * one)
    bits, rests, power = [], [], one
    for place in range(128):
        value = power / one  # of whole numbers: correctly rounded
        bits.append(np.float64(value).view(np.int64) - (np.int64(place) << SHIFT_OF_STEP))
        rests.append((power - int(value * 2.0**52) * (one >> 52)) / power)
        power = power * root // one
    return np.array(bits), np.array(rests)


def _logarithms():
    """Middles c of the parts, 1 / c, ln c as a number of few bits and what is missing of it."""
    middles, logs, lows = [], [], []
    for place in range(128):
        middle = (FIRST + (np.int64(2 * place + 1) << np.int64(44))).view(np.float64).item()
        top, bottom = (middle - 1.0).as_integer_ratio(), (middle + 1.0).as_integer_ratio()
        part = (top[0] * bottom[1] << 150) // (top[1] * bottom[0])  # ln c = 2 artanh((c - 1) / (c + 1))
        power, total = part, 0
        for odd in range(1, 61, 2):
            total += power // odd
            power = power * part * part >> 300
        high = (2 * total) >> 108
        middles.append(middle)
        logs.append(high / 2.0**42)
        lows.append((2 * total - (high << 108)) / (1 << 150))
    return np.array(middles), 1.0 / np.array(middles), np.array(logs), np.array(lows)


POWERS, RESTS = _powers_of_2()
MIDDLES, INVERSES, LOGS, LOGS_LOW = _logarithms()


@inlined
def grown(r):
    """Compute exp(r) - 1 near 0.

    Parameters
    ----------
    r : float
        In [-0.35, 0.35].

    Returns
    -------
    float
        The value.
    """
    r2 = r * r
    r4 = r2 * r2
    low = (0.5 + 0.1666666666666667 * r) + r2 * (0.04166666666666667 + 0.008333333333326141 * r)
    middle = (0.0013888888888883752 + 0.00019841269874800683 * r) + r2 * (
        2.4801587325533502e-05 + 2.75572554255029e-06 * r
    )
    high = (2.7557273661174726e-07 + 2.5105206475334834e-08 * r) + r2 * 2.091467944897855e-09
    return r + r2 * (low + r4 * (middle + r4 * high))


@inlined
def half_power_of_2(shifted):
    """Compute 2^(n - 1) for a whole number.

    Parameters
    ----------
    shifted : float
        Sum n + SHIFT, n in [-1021, 1024].

    Returns
    -------
    float
        The power.
    """
    return np.int64((np.float64(shifted).view(np.int64) + BIAS) << MANTISSA).view(np.float64)


@inlined
def exp(x):
    """Compute e^x, as 2^(n / 128) e^r with the power from a table.

    Parameters
    ----------
    x : float
        Exponent.

    Returns
    -------
    float
        The power; 0 below an exponent of -708, infinite above 709.
    """
    shifted = x * STEPS_E + SHIFT
    n = shifted - SHIFT
    r = (x - n * STEP_E_HIGH) - n * STEP_E_LOW
    step = np.float64(shifted).view(np.int64)
    place = step & LAST
    scale = np.int64(POWERS[place] + (step << SHIFT_OF_STEP)).view(np.float64)
    r2 = r * r
    bend = (0.4999999999999906 + r * 0.16666666666666533) + r2 * (0.04166667686916893 + r * 0.00833333479083362)
    value = scale + scale * ((RESTS[place] + r) + r2 * bend)
    if x < SMALLEST:
        value = 0.0
    elif x > LARGEST:
        value = math.inf
    return value


@inlined
def exp10(x):
    """Compute 10^x, likewise.

    Parameters
    ----------
    x : float
        Exponent, in [-300, 300].

    Returns
    -------
    float
        The power.
    """
    shifted = x * STEPS_10 + SHIFT
    n = shifted - SHIFT
    r = (x - n * STEP_10_HIGH) - n * STEP_10_LOW
    step = np.float64(shifted).view(np.int64)
    place = step & LAST
    scale = np.int64(POWERS[place] + (step << SHIFT_OF_STEP)).view(np.float64)
    r2 = r * r
    bend = (2.6509490552391495 + r * 2.03467859229346) + r2 * (1.1712554357058664 + r * 0.5393830235336743)
    return scale + scale * ((RESTS[place] + r * LN10) + r2 * bend)


@inlined
def expm1(x):
    """Compute e^x - 1, as exact for a small x.

    Parameters
    ----------
    x : float
        Exponent.

    Returns
    -------
    float
        The difference; -1 below an exponent of -708.
    """
    within = min(max(x, SMALLEST), LARGEST)
    shifted = within * LOG2_E + SHIFT
    n = shifted - SHIFT
    part = grown((within - n * LN2_HIGH) - n * LN2_LOW)
    half = half_power_of_2(shifted)
    value = 2.0 * (half * part + (half - 0.5))
    return value if x <= LARGEST else x + math.inf


@inlined
def log_parts(x):
    """Compute ln x as n ln 2 + ln c + ln(1 + r), c the middle of one of 128 parts of [0.7, 1.4], from a table.

    Parameters
    ----------
    x : float
        Positive and finite.

    Returns
    -------
    tuple of float
        Two numbers, the second far smaller, whose sum is the logarithm to more than the precision of one.
    """
    small = x < SMALLEST_NORMAL
    bits = np.float64(x * TWO_TO_54 if small else x).view(np.int64)
    above = bits - FIRST
    whole = above >> MANTISSA
    place = (above >> SHIFT_OF_STEP) & LAST
    r = (np.int64(bits - (whole << MANTISSA)).view(np.float64) - MIDDLES[place]) * INVERSES[place]
    n = float(whole - np.int64(54) if small else whole)
    r2 = r * r
    far = (0.25 - r * 0.2) + r2 * (0.16666666666666666 - r * 0.14285714285714285)
    bend = (0.5 - r * 0.3333333333333333) + r2 * far
    exact = n * LN2_HIGH + LOGS[place]
    high = exact + r
    return high, ((exact - high) + r) + ((n * LN2_LOW + LOGS_LOW[place]) - r2 * bend)


@inlined
def log(x):
    """Compute ln x.

    Parameters
    ----------
    x : float
        At least 0.

    Returns
    -------
    float
        The logarithm; minus infinity at 0.
    """
    if not 0.0 < x < math.inf:
        return -math.inf if x == 0.0 else math.nan if x < 0.0 else x
    high, low = log_parts(x)
    return high + low


@inlined
def log1p(x):
    """Compute ln(1 + x), as exact for a small x.

    Parameters
    ----------
    x : float
        At least -1.

    Returns
    -------
    float
        The logarithm; minus infinity at -1.
    """
    whole = 1.0 + x
    if not 0.0 < whole < math.inf:
        return log(whole)
    return log(whole) + (x - (whole - 1.0)) / whole


@inlined
def exact_product(a, b):
    """Compute a product, and what rounding took from it [3]_.

    Parameters
    ----------
    a : float
        A factor.
    b : float
        The other.

    Returns
    -------
    tuple of float
        The rounded product, and the rest.
    """
    product = a * b
    a_wide, b_wide = a * SPLIT, b * SPLIT
    a_high, b_high = a_wide - (a_wide - a), b_wide - (b_wide - b)
    a_low, b_low = a - a_high, b - b_high
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


@inlined
def power(base, exponent):
    """Compute base^exponent.

    Parameters
    ----------
    base : float
        At least 0.
    exponent : float
        Any; a square root is taken at 0.5, which costs an eighth.

    Returns
    -------
    float
        The power; 1 at an exponent of 0, otherwise NaN of a negative number or NaN.
    """
    if exponent == 0.5:
        return math.sqrt(base)
    if not 0.0 < base < math.inf or exponent == 0.0:
        if exponent == 0.0:
            return 1.0
        if not base >= 0.0:
            return math.nan
        return 0.0 if (base == 0.0) == (exponent > 0.0) else math.inf
    high, low = log_parts(base)
    total = high + low
    y, error = exact_product(exponent, total)
    error += exponent * (low - (total - high))
    value = exp(y)
    return value + value * error if value < math.inf else value


@inlined
def cos_of_turn(part):
    """Compute cos(2 pi part).

    Parameters
    ----------
    part : float
        Part of a turn, in [0, 1].

    Returns
    -------
    float
        The cosine.
    """
    s = 0.25 - abs(part - 0.5)  # the cosine is -sin(2 pi s)
    near = abs(s) <= 0.125
    angle = 2.0 * math.pi * (s if near else 0.25 - abs(s))
    z = angle * angle
    if near:
        sine = 8.33333333332248946124e-03 + z * (
            -1.98412698298579493134e-04
            + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10))
        )
        return -(angle + z * angle * (-1.66666666666666324348e-01 + z * sine))
    cosine = 4.16666666666666019037e-02 + z * (
        -1.38888888888741095749e-03
        + z
        * (
            2.48015872894767294178e-05
            + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))
        )
    )
    half = 0.5 * z
    whole = 1.0 - half
    value = whole + (((1.0 - whole) - half) + z * z * cosine)
    return -value if s > 0.0 else value
