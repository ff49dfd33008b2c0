"""Which parameters do outcomes hang on? Global sensitivity over plausible ranges, on the same luck everywhere."""

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import rankdata

from race_sim.errors import InputError, unknown
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario
from race_sim.sweeps.engine.axes import Axis
from race_sim.sweeps.engine.design import LIMIT, table
from race_sim.sweeps.engine.indices import LEADING, analyse, sample
from race_sim.sweeps.evaluate import space
from race_sim.sweeps.sweep import sweep

Real = NDArray[np.float64]


def assumed(scenario: Scenario | str) -> list[str]:
    """Paths of all parameters that are only assumed and have a plausible range.

    >>> "prize.enmity" in assumed("us-china-2026")
    True
    """
    result = []
    for parameter in Scenario.load(scenario).parameters():
        plausible = parameter.about.plausible
        if parameter.about.status == "assumed" and plausible is not None and plausible[0] < plausible[1]:
            result.append(parameter.path)
    return result


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
) -> xr.Dataset:
    """Sensitivity of outcomes to parameters, drawn uniformly from their plausible ranges and independently.

    parameters: paths (their plausible range; every name for policies and rules) or axes such as
    ``prize.prize=1:500:log`` or ``lab.rule=fixed,human``; None stands for all that are only assumed. method: ``sobol``
    (``first_order`` and ``total`` with the ends of their 95 % bootstrap intervals), ``morris``, ``pawn`` or ``delta``
    (race_sim/sweeps/engine/indices.py says what each gives and costs; all but the first need race-sim[sensitivity]).

    ranks: outcomes of which the rank among all points is explained instead of the value. Indices are shares of
    variance, and that of a payoff may lie in a handful of points: totals far above 1 are the sign of it.

    Every point sees the same ``runs`` replicates, so that a parameter that does nothing has an index of exactly 0.
    ``noise_share`` is what the noise of finitely many replicates would add to the variance between points, as a share
    of it: mean squared standard error / variance (of values; NaN for ranks). Where it is not small, take more runs. An
    outcome that is undefined at some point, because nobody survives there, has indices of NaN. ``out`` keeps the sweep
    behind it, resumably. Raises InputError for what is not valid.

    >>> found = sensitivity_indices("duopoly", ["prize.enmity", "trust.recovery"], 16, 4, outcomes=["welfare"])
    >>> sorted(found.data_vars)[:3]
    ['first_order', 'first_order_high', 'first_order_low']
    """
    scenario = Scenario.load(scenario)
    here = space(scenario)
    texts = assumed(scenario) if parameters is None else parameters
    if not texts:
        raise InputError("parameters: at least one is needed, got none")
    axes = [(item if isinstance(item, Axis) else Axis.parse(item)).checked(here) for item in texts]
    paths = [axis.path for axis in axes]
    for path in paths:
        if paths.count(path) > 1:
            raise InputError(f"parameters: {path}: must be given once, got {paths.count(path)} times")
    for outcome in ranks:
        if outcome not in outcomes:
            raise InputError(f"ranks: {unknown('outcome to explain', outcome, outcomes)}")
    sampling = Sampling(runs, seed, threads=threads, least=2)
    if samples * (len(axes) + 2) > LIMIT:
        raise InputError(f"samples: must lead to at most {LIMIT:,} points, got {samples * (len(axes) + 2):,}")
    unit = sample(method, samples, len(axes), sampling.seed % 2**32)
    columns = {axis.path: axis.at(unit[:, place], here[axis.path]) for place, axis in enumerate(axes)}
    result = sweep(
        scenario,
        table(columns),
        sampling.runs,
        sampling.seed,
        outcomes,
        out,
        executor,
        threads=threads,
        workers=workers,
        progress=progress,
    )
    indices = _indices(result, axes, unit, method, ranks, sampling.seed % 2**32)
    return indices.assign_attrs(samples=samples, **result.attrs)


def ordered(indices: xr.Dataset, outcome: str) -> pd.DataFrame:
    """One outcome's indices as a table, the most influential parameter first."""
    frame = indices.sel(outcome=outcome).drop_dims("outcome", errors="ignore").to_dataframe()
    kept = [str(name) for name, values in indices.data_vars.items() if "parameter" in values.dims]
    leading = LEADING[str(indices.attrs["method"])]
    return frame[["range", *kept]].sort_values([leading], ascending=False, kind="stable")


def _indices(
    result: xr.Dataset, axes: list[Axis], unit: Real, method: str, ranks: Sequence[str], seed: int
) -> xr.Dataset:
    outcomes = [str(key) for key in result["outcome"].values]
    columns: dict[str, list[Real]] = {}
    for outcome in outcomes:
        output = result["mean"].sel(outcome=outcome).values
        defined = bool(np.isfinite(output).all())
        output = rankdata(output) if outcome in ranks else output
        for name, values in analyse(method, unit, output if defined else np.zeros_like(output), seed).items():
            columns.setdefault(name, []).append(values if defined else np.full_like(values, np.nan))
    data = {name: (("parameter", "outcome"), np.stack(values, axis=1)) for name, values in columns.items()}
    variance = result["mean"].var("point", skipna=False).values
    noise = (result["standard_error"] ** 2).mean("point", skipna=False).values
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
