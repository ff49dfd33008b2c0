"""Parameters that are drawn per run: quantiles of truncated distributions, the same bits on every processor.

References
----------
.. [1] W. J. Cody 1969, Rational Chebyshev approximations for the error function, Mathematics of Computation 23:631.
.. [2] M. J. Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution, Applied Statistics
   37:477.
"""

import math

from race_sim.kernels.compile import inlined, jit
from race_sim.kernels.elementary import exp, log

UNIFORM, TRIANGULAR, NORMAL, LOGNORMAL = range(4)
ROOT_OF_TURN = 0.3989422804014327  # 1 / sqrt(2 pi)
NEAR, MIDDLE = 0.67448975, 5.656854249492381  # ends of Cody's three approximations, standard deviations
FARTHEST = 38.6  # beyond, less than any number
SIXTEENTHS = 16.0


@inlined
def lower_tail(x):
    """Compute the probability that a standard normal is below a value that is not positive.

    Parameters
    ----------
    x : float
        At most 0, or minus infinity.

    Returns
    -------
    float
        The probability, with small relative error down to the least that a number can be.
    """
    y = -x
    if y <= NEAR:
        s = y * y
        top = ((((0.065682337918207449113 * s + 2.2352520354606839287) * s + 161.02823106855587881) * s
                + 1067.6894854603709582) * s + 18154.981253343561249)  # fmt: skip
        bottom = ((((s + 47.20258190468824187) * s + 976.09855173777669322) * s + 10260.932208618978205) * s
                  + 45507.789335026729956)  # fmt: skip
        return 0.5 - y * (top / bottom)
    if y > FARTHEST:
        return 0.0
    if y <= MIDDLE:
        top = ((((((((1.0765576773720192317e-8 * y + 0.39894151208813466764) * y + 8.8831497943883759412) * y
                    + 93.506656132177855979) * y + 597.27027639480026226) * y + 2494.5375852903726711) * y
                 + 6848.1904505362823326) * y + 11602.651437647350124) * y + 9842.7148383839780218)  # fmt: skip
        bottom = ((((((((y + 22.266688044328115691) * y + 235.38790178262499861) * y + 1519.377599407554805) * y
                       + 6485.558298266760755) * y + 18615.571640885098091) * y + 34900.952721145977266) * y
                   + 38912.003286093271411) * y + 19685.429676859990727)  # fmt: skip
        part = top / bottom
    else:
        s = 1.0 / (y * y)
        top = (((((0.02307344176494017303 * s + 0.21589853405795699) * s + 0.1274011611602473639) * s
                 + 0.022235277870649807) * s + 0.001421619193227893466) * s + 2.9112874951168792e-5)  # fmt: skip
        bottom = (((((s + 1.28426009614491121) * s + 0.468238212480865118) * s + 0.0659881378689285515) * s
                   + 0.00378239633202758244) * s + 7.29751555083966205e-5)  # fmt: skip
        part = (ROOT_OF_TURN - s * top / bottom) / y
    coarse = math.floor(y * SIXTEENTHS) / SIXTEENTHS  # its square is exact
    return exp(-0.5 * coarse * coarse) * exp(-0.5 * (y - coarse) * (y + coarse)) * part


@inlined
def lower_quantile(part):
    """Compute the standard normal's quantile at a probability of at most one half.

    Parameters
    ----------
    part : float
        Probability.

    Returns
    -------
    float
        The quantile; minus infinity at 0 and below.
    """
    if part <= 0.0:
        return -math.inf
    q = part - 0.5
    if q >= -0.425:
        r = 0.180625 - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                   + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.3871328727963666080)  # fmt: skip
        bottom = (((((((5226.4952788528545610 * r + 28729.085735721942674) * r + 39307.895800092710610) * r
                      + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.18700749205790830) * r
                   + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * top / bottom
    r = math.sqrt(-log(part))
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.74545014278341407640e-4 * r + 0.0227238449892691845833) * r + 0.241780725177450611770) * r
                   + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.76949722146069140550) * r
                + 4.63033784615654529590) * r + 1.42343711074968357734)  # fmt: skip
        bottom = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 0.0151986665636164571966) * r
                      + 0.148103976427480074590) * r + 0.689767334985100004550) * r + 1.67638483018380384940) * r
                   + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.00124266094738807843860) * r
                   + 0.0265321895265761230930) * r + 0.296560571828504891230) * r + 1.78482653991729133580) * r
                + 5.46378491116411436990) * r + 6.65790464350110377720)  # fmt: skip
        bottom = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
                       + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
                     + 0.0148753612908506148525) * r + 0.136929880922735805310) * r
                   + 0.599832206555887937690) * r + 1.0)  # fmt: skip
    return -(top / bottom)


@inlined
def standardised(kind, first, second, value):
    """Turn a value of a normal or lognormal distribution into standard deviations from the middle.

    Parameters
    ----------
    kind : int
        ``NORMAL`` or ``LOGNORMAL``.
    first, second : float
        Mean and standard deviation, or median and that of the natural logarithm.
    value : float
        May be infinite.

    Returns
    -------
    float
        The distance.
    """
    if kind == NORMAL:
        return (value - first) / second
    return log(value / first) / second if value > 0.0 else -math.inf


@inlined
def triangular_part(low, mode, high, value):
    """Compute the probability below a value of a triangular distribution.

    Parameters
    ----------
    low, mode, high : float
        Of the distribution.
    value : float
        May be infinite.

    Returns
    -------
    float
        The probability.
    """
    if value <= low:
        return 0.0
    if value >= high:
        return 1.0
    if value < mode:
        return (value - low) * (value - low) / ((high - low) * (mode - low))
    return 1.0 - (high - value) * (high - value) / ((high - low) * (high - mode))


@jit
def quantiles(kind, first, second, third, low, high, parts, out):
    """Fill in the quantiles of a distribution that is cut off at both ends.

    Parameters
    ----------
    kind : int
        ``UNIFORM``, ``TRIANGULAR``, ``NORMAL`` or ``LOGNORMAL``.
    first, second, third : float
        Low and high; low, mode and high; mean and standard deviation; median and standard deviation of the natural
        logarithm. What a kind does not have does not matter.
    low, high : float
        Where it is cut off; infinite where it is not.
    parts : array (n,)
        Probabilities in [0, 1].
    out : array (n,)
        Filled: values from low to high.
    """
    mirror, below, above, whole = False, 0.0, 0.0, 1.0
    if kind == UNIFORM:
        bottom, top = max(low, first), min(high, second)
    elif kind == TRIANGULAR:
        bottom, top = triangular_part(first, second, third, low), triangular_part(first, second, third, high)
    else:
        bottom, top = standardised(kind, first, second, low), standardised(kind, first, second, high)
        if bottom > 0.0:  # probabilities are counted from the side on which the ends lie: a far tail keeps its digits
            mirror, bottom, top = True, -top, -bottom
        below = lower_tail(bottom)
        above = lower_tail(-top) if top > 0.0 else 0.0
        whole = (1.0 - above if top > 0.0 else lower_tail(top)) - below
    for index in range(len(parts)):
        part = parts[index]
        if kind == UNIFORM:
            value = bottom + (top - bottom) * part
        elif kind == TRIANGULAR:
            part = bottom + (top - bottom) * part
            span = third - first
            if part * span < second - first:
                value = first + math.sqrt(part * span * (second - first))
            else:
                value = third - math.sqrt((1.0 - part) * span * (third - second))
        else:
            part = 1.0 - part if mirror else part
            at = below + whole * part
            at = lower_quantile(at) if at <= 0.5 else -lower_quantile(above + whole * (1.0 - part))
            at = second * (-at if mirror else at)
            value = first + at if kind == NORMAL else first * exp(at)
        out[index] = min(max(value, low), high)
