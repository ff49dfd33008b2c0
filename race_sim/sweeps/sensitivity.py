"""Which parameters do outcomes depend on? Global sensitivity over plausible ranges, with common random numbers."""

import sys
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_count,
    checked_list,
    checked_names,
    checked_text,
    one_line,
    unknown,
)
from race_sim.runs.memory import check_fits
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import LIMIT, Design
from race_sim.sweeps.engine.indices import LEADING, analyse, check_samples, points_per_sample, sample
from race_sim.sweeps.evaluate import space
from race_sim.sweeps.request import BYTES_PER_CELL, BYTES_PER_POINT
from race_sim.sweeps.sweep import sweep

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Real = NDArray[np.float64]
BYTES_PER_VALUE = 72  # of memory, of a parameter at a point: in the unit cube, in the design, and in copies of both


def assumed(scenario: Scenario | str) -> list[str]:
    """List the parameters that are only assumed and have a plausible range.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.

    Returns
    -------
    list of str
        Paths of parameters with the status ``assumed`` whose plausible range is not a single value.

    Examples
    --------
    >>> "prize.enmity" in assumed("us-china-2026")
    True
    """
    paths = []
    for parameter in Scenario.load(scenario).parameters():
        plausible = parameter.about.plausible
        if parameter.about.status == "assumed" and plausible is not None and plausible[0] < plausible[1]:
            paths.append(parameter.path)
    return paths


def _parameters(name: str, value: Any) -> list[str | Axis]:
    given = list(checked_list(name, value))
    if not all(isinstance(one, str | Axis) for one in given):
        raise InputError(f"{name}: must be a list of paths, or of axes such as prize.enmity=0:1, got {one_line(value)}")
    return given


@checked_arguments(parameters=_parameters, samples=checked_count, method=checked_text, ranks=checked_names)
def sensitivity_indices(
    scenario: Scenario | str,
    parameters: Sequence[str | Axis] | None = None,
    samples: int = 512,
    runs: int = 16,
    seed: int = 0,
    outcomes: Sequence[str] = ("catastrophe_probability",),
    method: str = "sobol",
    ranks: Sequence[str] = (),
    out: str | Path | None = None,
    executor: Executor | None = None,
    *,
    threads: int | None = None,
    workers: int | None = None,
    progress: bool | str | None = None,
    lock: bool = True,
) -> "xr.Dataset":
    """Sensitivity of outcomes to parameters that are drawn uniformly from their ranges and independently.

    Indices are shares of the variance of an outcome's mean between points [1]_; that of a payoff may lie in a handful
    of points: totals far above 1 are the sign of it, and ``ranks`` the remedy. Every point has the same ``runs``
    replicates (common random numbers), so that a parameter that does nothing has an index of exactly 0.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    parameters : sequence of str or Axis, optional
        Paths (their plausible range; every name for policies and rules) or axes such as ``prize.prize=1:500:log`` or
        ``lab.rule=fixed,human``; by default all parameters that are only assumed.
    samples : int
        Samples n of the design, at least 4, and a power of 2 for ``sobol``. The number of points is n (d + 2) for d
        parameters with ``sobol``, n (d + 1) with ``morris``, n with the others.
    runs : int
        Replicates at each point, at least 2.
    seed : int
        Seed of the design and of the replicates.
    outcomes : sequence of str
        Keys of the outcomes to explain.
    method : {'sobol', 'morris', 'pawn', 'delta'}
        ``race_sim.sweeps.engine.indices`` says what each gives and costs; all but the first need race-sim[sensitivity].
    ranks : sequence of str
        Outcomes of which the rank among all points is explained instead of the value.
    out : str or Path, optional
        Folder that keeps the sweep behind the indices, resumably.
    executor : concurrent.futures.Executor, optional
        Where points are computed, instead of in threads.
    threads : int, optional
        Threads of this process; by default all cores.
    workers : int, optional
        Processes to use instead of threads.
    progress : bool or str, optional
        As in ``race_sim.sweep``.
    lock : bool
        As in ``race_sim.sweep``.

    Returns
    -------
    xarray.Dataset
        Along ``parameter`` and ``outcome``: the method's indices, such as ``first_order`` and ``total`` with the ends
        of their 95 % intervals (``_low``, ``_high``), which take 256 samples; NaN for an outcome that is undefined at
        some point, because nobody survives there. Along ``outcome``: ``variance`` of means between points, and
        ``noise_share``, what the noise of finitely many replicates would add to it, as a share of it: mean squared
        standard error / variance (of values; NaN for ranks). Where that is not small, take more runs.

    Raises
    ------
    InputError
        For parameters, outcomes or ranks that are not known or given twice, for too many points, for a method that is
        not known or not installed, and for whatever ``race_sim.sweep`` refuses.

    References
    ----------
    .. [1] Saltelli, A., Annoni, P., Azzini, I., Campolongo, F., Ratto, M., and Tarantola, S. (2010). Variance based
       sensitivity analysis of model output: design and estimator for the total sensitivity index. Computer Physics
       Communications 181(2):259-270. doi:10.1016/j.cpc.2009.09.018

    Examples
    --------
    >>> indices = sensitivity_indices("duopoly", ["prize.enmity", "trust.recovery"], 16, 4, outcomes=["welfare"])
    >>> sorted(indices.data_vars)[:3]
    ['first_order', 'first_order_high', 'first_order_low']
    >>> float(indices["total"].sel(parameter="prize.enmity", outcome="welfare").round(3))
    0.895
    """
    scenario = Scenario.load(scenario)
    allowed = space(scenario)
    varied = assumed(scenario) if parameters is None else parameters
    if not varied:
        raise InputError("parameters: at least one is needed, got none")
    axes = [(item if isinstance(item, Axis) else Axis.parse(item)).checked(allowed) for item in varied]
    paths = [axis.path for axis in axes]
    for path in paths:
        if paths.count(path) > 1:
            raise InputError(f"parameters: {path}: must be given once, got {paths.count(path)} times")
    for outcome in ranks:
        if outcome not in outcomes:
            raise InputError(f"ranks: {unknown('outcome to explain', outcome, outcomes)}")
    sampling = Sampling(runs, seed, threads=threads, least=2)
    _check_size(checked_count("samples", samples), method, len(axes), len(outcomes))
    check_samples(method, samples)
    if progress == "lines" and method == "sobol":  # before scipy is imported, which takes a second
        print(f"drawing {samples * points_per_sample(method, len(axes)):,} points", file=sys.stderr, flush=True)
    unit = sample(method, samples, len(axes), sampling.seed % 2**32)
    columns = {axis.path: axis.at(unit[:, place], allowed[axis.path]) for place, axis in enumerate(axes)}
    estimates = sweep(
        scenario,
        Design("table", columns=columns),
        sampling.runs,
        sampling.seed,
        outcomes,
        out,
        executor,
        threads=threads,
        workers=workers,
        progress=progress,
        lock=lock,
    )
    indices = _indices(estimates, axes, unit, method, ranks, sampling.seed % 2**32)
    return indices.assign_attrs(samples=samples, **estimates.attrs)


def ordered(indices: "xr.Dataset", outcome: str) -> "pd.DataFrame":
    """Arrange one outcome's indices as a table, the most influential parameter first.

    Parameters
    ----------
    indices : xarray.Dataset
        As ``sensitivity_indices`` returns it.
    outcome : str
        Key of one of its outcomes.

    Returns
    -------
    pandas.DataFrame
        One row per parameter, with its range and its indices, by falling ``total`` (``sobol``), ``mu_star``
        (``morris``), ``median`` (``pawn``) or ``delta`` (``delta``).
    """
    frame = indices.sel(outcome=outcome).drop_dims("outcome", errors="ignore").to_dataframe()
    kept = [str(name) for name, values in indices.data_vars.items() if "parameter" in values.dims]
    leading = LEADING[str(indices.attrs["method"])]
    return frame[["range", *kept]].sort_values([leading], ascending=False, kind="stable")


def _check_size(samples: int, method: str, inputs: int, outcomes: int) -> None:
    """Refuse a design with too many points, or one that does not fit into memory."""
    points = points_per_sample(method, inputs)

    def allowed(count: int) -> int:
        return count if method != "sobol" or count == 0 else 2 ** (count.bit_length() - 1)

    if samples * points > LIMIT:
        raise InputError(
            f"samples: must lead to at most {LIMIT:,} points, got {samples * points:,}: "
            f"at most {allowed(LIMIT // points):,} samples do"
        )
    each = points * (BYTES_PER_POINT + BYTES_PER_VALUE * inputs + BYTES_PER_CELL * outcomes)
    check_fits("samples", samples, each, what=f"samples of {inputs} parameters", allowed=allowed)


def _indices(
    estimates: "xr.Dataset", axes: list[Axis], unit: Real, method: str, ranks: Sequence[str], seed: int
) -> "xr.Dataset":
    import xarray as xr
    from scipy.stats import rankdata

    outcomes = [str(key) for key in estimates["outcome"].values]
    columns: dict[str, list[Real]] = {}
    for outcome in outcomes:
        output = estimates["mean"].sel(outcome=outcome).values
        defined = bool(np.isfinite(output).all())
        output = rankdata(output) if outcome in ranks else output
        for name, values in analyse(method, unit, output if defined else np.zeros_like(output), seed).items():
            columns.setdefault(name, []).append(values if defined else np.full_like(values, np.nan))
    data = {name: (("parameter", "outcome"), np.stack(values, axis=1)) for name, values in columns.items()}
    variance = estimates["mean"].var("point", skipna=False).values
    noise = (estimates["standard_error"] ** 2).mean("point", skipna=False).values
    share = np.divide(noise, variance, out=np.where(variance == 0.0, 0.0, np.nan), where=variance > 0.0)
    share[[outcome in ranks for outcome in outcomes]] = np.nan
    data |= {"noise_share": (("outcome",), share), "variance": (("outcome",), variance)}  # type: ignore[dict-item]
    coordinates = {
        "parameter": [axis.path for axis in axes],
        "range": ("parameter", [str(axis).partition("=")[2] for axis in axes]),
        "outcome": outcomes,
        "of_ranks": ("outcome", [outcome in ranks for outcome in outcomes]),
    }
    return xr.Dataset(data, coordinates, {"method": method})
