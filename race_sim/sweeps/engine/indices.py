"""How much of an output's variance, or range, each input is behind: sample, run, analyse, in three separate steps.

=========  =========================================================================  =========================
method     what it gives                                                              points for n, d inputs
=========  =========================================================================  =========================
sobol      first-order and total indices [1]_ [2]_ [3]_ with 95 % intervals           n (d + 2)
morris     mean absolute and standard deviation of elementary effects [4]_            n (d + 1)
pawn       change of the distribution [5]_                                            n
delta      change of the density [6]_ [7]_                                            n
=========  =========================================================================  =========================

morris and pawn are computed by SALib (the ``sensitivity`` extra). Inputs are uniform on the unit cube.

References
----------
.. [1] Sobol, I. M. (1993). Sensitivity estimates for nonlinear mathematical models. Mathematical Modelling and
   Computational Experiments 1(4):407-414.
.. [2] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., and Tarantola, S. (2010). Variance based
   sensitivity analysis of model output: design and estimator for the total sensitivity index. Computer Physics
   Communications 181(2):259-270. doi:10.1016/j.cpc.2009.09.018
.. [3] Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications
   117(1-2):35-43. doi:10.1016/S0010-4655(98)00154-4
.. [4] Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. Technometrics
   33(2):161-174. doi:10.1080/00401706.1991.10484804
.. [5] Pianosi, F., and Wagener, T. (2015). A simple and efficient method for global sensitivity analysis based on
   cumulative distribution functions. Environmental Modelling & Software 67:1-11. doi:10.1016/j.envsoft.2015.01.004
.. [6] Borgonovo, E. (2007). A new uncertainty importance measure. Reliability Engineering & System Safety
   92(6):771-784. doi:10.1016/j.ress.2006.04.015
.. [7] Plischke, E., Borgonovo, E., and Smith, C. L. (2013). Global sensitivity measures from given data. European
   Journal of Operational Research 226(3):536-550. doi:10.1016/j.ejor.2012.11.047
"""

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_count, unknown
from race_sim.runs.powers import interval_of
from race_sim.sweeps.engine.density import density_indices

Real = NDArray[np.float64]
METHODS = ("sobol", "morris", "pawn", "delta")
LEADING = {"sobol": "total", "morris": "mu_star", "pawn": "median", "delta": "delta"}  # the index to order inputs by
RESULTS = {  # name here -> name where it is computed: in SALib, or in ``density_indices``
    "morris": {"mu_star": "mu_star", "half": "mu_star_conf", "sigma": "sigma"},
    "pawn": {"median": "median", "maximum": "maximum"},
    "delta": {"delta": "delta", "half": "half", "first_order": "first_order"},
}
SCRAMBLES = 8  # independent designs of which a sobol sample consists: what its intervals rest on
FEWEST = 256  # samples from which on intervals hold the truth as often as they say: see results/honest_errors
LEVELS = 4  # of a Morris design


def points_per_sample(method: str, inputs: int) -> int:
    """Count the points that each sample of a method takes.

    Parameters
    ----------
    method : {'sobol', 'morris', 'pawn', 'delta'}
        Which indices they are for.
    inputs : int
        Number of inputs, d.

    Returns
    -------
    int
        ``d + 2``, ``d + 1`` or 1, as the table at the top of this module says.

    Raises
    ------
    InputError
        For a method that is not known.

    Examples
    --------
    >>> points_per_sample("sobol", 3)
    5
    """
    if method not in METHODS:
        raise InputError(f"method: {unknown('method', method, METHODS)}")
    return {"sobol": inputs + 2, "morris": inputs + 1}.get(method, 1)


def check_samples(method: str, samples: int) -> None:
    """Check that a method is known and can draw so many samples.

    Parameters
    ----------
    method : str
        Its name.
    samples : int
        How many; ``sobol`` takes powers of 2.

    Raises
    ------
    InputError
        If it cannot.
    """
    if method not in METHODS:
        raise InputError(f"method: {unknown('method', method, METHODS)}")
    checked_count("samples", samples, at_least=4)
    if method == "sobol" and samples & (samples - 1):
        below = 2 ** (int(samples).bit_length() - 1)
        raise InputError(f"samples: must be a power of 2 ({below} or {2 * below}), got {samples}")


def sample(method: str, samples: int, inputs: int, seed: int = 0) -> Real:
    """Draw the points to run.

    Parameters
    ----------
    method : {'sobol', 'morris', 'pawn', 'delta'}
        Which indices they are for.
    samples : int
        Samples n of the table at the top of this module, at least 4; a power of 2 for ``sobol``.
    inputs : int
        Number of inputs, d.
    seed : int
        Seed of the sample.

    Returns
    -------
    array (points, inputs)
        In the unit cube. For ``sobol`` two samples A and B of n points, then A with each column of B in turn; A and B
        consist of eight independent scrambled Sobol samples, one after the other.

    Raises
    ------
    InputError
        For a method that is not known or not installed, for too few samples, and with ``sobol`` for a number of them
        that is no power of 2.
    """
    check_samples(method, samples)
    if method == "sobol":
        return _pick_freeze(samples, inputs, seed)
    if method == "morris":
        morris = _module("SALib.sample.morris")
        with _guarded():
            unit: Real = morris.sample(_problem(inputs), samples, num_levels=LEVELS, seed=seed + 1)
        return unit
    from scipy.stats import qmc

    drawn: Real = qmc.LatinHypercube(inputs, rng=seed).random(samples)
    return drawn


def analyse(method: str, unit: Real, output: Real, seed: int = 0) -> dict[str, Real]:
    """Compute the indices of every input from the output at the points of ``sample``.

    Parameters
    ----------
    method : {'sobol', 'morris', 'pawn', 'delta'}
        That with which the points were drawn.
    unit : array (points, inputs)
        The points.
    output : array (points,)
        What the model gives there, finite.
    seed : int
        Seed of the resamples (``morris``, ``delta``) and of the input that does nothing.

    Returns
    -------
    mapping of str to array (inputs,)
        Indices by name, all 0 for an output that is constant. ``_low`` and ``_high`` are the ends of 95 % intervals.
        ``dummy`` (``pawn``, ``delta``) is the index of one more input that does nothing: with few points these two give
        it much more than 0, and what is not well above it is not seen.

    Raises
    ------
    InputError
        Where the method needs SALib and SALib is not installed.
    """
    inputs = unit.shape[1]
    if method == "sobol":
        return sobol_indices(output, inputs)
    if np.ptp(output) == 0.0:
        names = [name for name in RESULTS[method] if name != "half"]
        names += [f"{LEADING[method]}{end}" for end in ("_low", "_high") if "half" in RESULTS[method]]
        return {name: np.zeros(inputs) for name in (*names, *(["dummy"] if method != "morris" else []))}
    if method != "morris":
        idle = np.random.default_rng([seed, inputs]).random(len(unit))
        unit = np.column_stack([unit, idle])
    analysis = density_indices(unit, output, seed) if method == "delta" else _by_salib(method, unit, output, seed)
    taken = {name: np.asarray(analysis[key], dtype=float) for name, key in RESULTS[method].items() if key in analysis}
    leading = LEADING[method]
    if "half" in taken:
        half = taken.pop("half")
        taken |= {f"{leading}_low": taken[leading] - half, f"{leading}_high": taken[leading] + half}
    if method != "morris":
        taken["dummy"] = np.full(inputs + 1, taken[leading][-1])
    return {name: values[:inputs] for name, values in taken.items()}


def sobol_indices(output: Real, inputs: int) -> dict[str, Real]:
    """Compute first-order [1]_ and total indices [2]_ with 95 % intervals.

    With f centred and V its variance over A and B,
    ``first_order = E[f(B) (f(A_i) - f(A))] / V`` and ``total = E[(f(A) - f(A_i))^2] / (2 V)``.
    Points of one Sobol sample are not independent, so that neither a bootstrap over them nor a standard error says how
    far an index is off. The samples A and B consist of several that are scrambled independently [3]_: intervals are
    those of a ratio of means over these (``race_sim.runs.intervals``), with Student's t and their skewness.

    Parameters
    ----------
    output : array (samples (inputs + 2),)
        Values of f at the points as ``sample("sobol", ...)`` orders them: A, B, then A_i, which is A with column i of
        B, for each i.
    inputs : int
        Number of inputs.

    Returns
    -------
    mapping of str to array (inputs,)
        ``first_order`` and ``total``, each with the ends ``_low`` and ``_high`` of its 95 % interval, which are NaN
        below 256 samples; 0 where the output is constant.

    References
    ----------
    .. [1] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., and Tarantola, S. (2010). Variance based
       sensitivity analysis of model output: design and estimator for the total sensitivity index. Computer Physics
       Communications 181(2):259-270. doi:10.1016/j.cpc.2009.09.018
    .. [2] Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications
       117(1-2):35-43. doi:10.1016/S0010-4655(98)00154-4
    .. [3] Owen, A. B. (1997). Scrambled net variance for integrals of smooth functions. Annals of Statistics
       25(4):1541-1562. doi:10.1214/aos/1031594731

    Examples
    --------
    >>> unit = sample("sobol", 512, 3)
    >>> indices = sobol_indices(unit[:, 0] + 2.0 * unit[:, 1], 3)
    >>> indices["total"].round(2).tolist()
    [0.2, 0.81, 0.0]
    """
    values = output.reshape(inputs + 2, -1)
    values = values - values[:2].mean()
    values = values / (np.abs(values).max() or 1.0)  # whose fourth powers are summed
    one, other, mixed = values[0], values[1], values[2:]
    variance = (one * one + other * other)[np.newaxis] / 2.0
    named = {"first_order": other * (mixed - one), "total": 0.5 * (one - mixed) ** 2}
    indices: dict[str, Real] = {}
    for name, terms in named.items():
        value, weight = _by_scramble(terms), np.repeat(_by_scramble(variance), inputs, axis=1)
        if not variance.any():
            indices |= {f"{name}{end}": np.zeros(inputs) for end in ("", "_low", "_high")}
            continue
        indices[name] = terms.mean(axis=1) / variance.mean()
        low, high = interval_of(value, weight=weight)
        for end, bound in (("_low", low), ("_high", high)):
            indices[f"{name}{end}"] = bound if len(one) >= FEWEST else np.full(inputs, np.nan)
    return indices


def _by_scramble(terms: Real) -> Real:
    """Means over the points of each independent sample, (scrambles, inputs), of terms (inputs, samples)."""
    inputs, samples = terms.shape
    means: Real = terms.reshape(inputs, min(SCRAMBLES, samples), -1).mean(axis=2).T
    return means


def _pick_freeze(samples: int, inputs: int, seed: int) -> Real:
    """A, B, and for each input A with that column of B: (samples (inputs + 2), inputs)."""
    from scipy.stats import qmc

    scrambles = min(SCRAMBLES, samples)
    luck = np.random.default_rng(seed).spawn(scrambles)
    both = np.concatenate([qmc.Sobol(2 * inputs, rng=one).random(samples // scrambles) for one in luck])
    one, other = both[:, :inputs], both[:, inputs:]
    mixed = np.repeat(one[np.newaxis], inputs, axis=0)
    for column in range(inputs):
        mixed[column, :, column] = other[:, column]
    stacked: Real = np.concatenate([one, other, mixed.reshape(-1, inputs)])
    return stacked


def _by_salib(method: str, unit: Real, output: Real, seed: int) -> Mapping[str, Any]:
    """What SALib makes of the output, with a seed that is never 0, which it takes for none."""
    options = {"num_levels": LEVELS} if method == "morris" else {}
    with _guarded(), warnings.catch_warnings():
        analyze = _module(f"SALib.analyze.{method}").analyze
        warnings.simplefilter("ignore")
        analysis: Mapping[str, Any] = analyze(_problem(unit.shape[1]), unit, output, seed=seed + 1, **options)
    return analysis


def _problem(inputs: int) -> dict[str, Any]:
    names = [f"x{column}" for column in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0.0, 1.0]] * inputs}


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """SALib seeds numpy's global generator, which is not ours to change, and multiplies thousands of small matrices,
    which threads slow down twentyfold on a busy machine.
    """
    limits = _module("threadpoolctl").threadpool_limits(1)
    state = np.random.get_state()  # noqa: NPY002
    try:
        with limits:
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def _module(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise InputError("method: this one needs SALib: pip install 'race-sim[sensitivity]'") from None
