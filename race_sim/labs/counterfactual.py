"""Races in which labs do what they would not do by themselves: count what falls on others, or follow a script."""

import numbers
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, checked_numbers, one_line
from race_sim.kernels import other_regarding as kernel
from race_sim.kernels.other_regarding import OtherRegarding
from race_sim.runs.footprint import check_runs
from race_sim.runs.outcomes import Real
from race_sim.runs.records import Records, build
from race_sim.runs.sampling import Sampling
from race_sim.scenario.scenario import Scenario

__all__ = ["OtherRegarding", "other_regarding_runs", "scripted_runs"]


def other_regarding_runs(
    scenario: Scenario | str,
    other_regarding: OtherRegarding,
    runs: int,
    seed: int = 0,
    *,
    threads: int | None = None,
    progress: bool | None = None,
) -> tuple[Records, NDArray[np.int64]]:
    """Run races in which labs, at each decision date, play the equilibrium of an other-regarding stage game.

    Replies go round one lab after another, from the last shares. Where labs count nothing of others this is the rule
    ``stage_nash``; where they count everything each lab maximises the sum of all labs' objectives less all nations'
    catastrophe costs, and where such replies come to rest is an equilibrium among the labs, not always the planner's
    optimum.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    other_regarding : OtherRegarding
        What labs count besides their own objective, each 0 or 1.
    runs : int
        Number of runs.
    seed : int
        Seed of all draws.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.

    Returns
    -------
    tuple
        Records of the runs at their ends; and (runs,) the number of decision dates at which some share still moved by a
        thousandth or more after the last round of replies.

    Raises
    ------
    InputError
        If an argument is not valid.

    Examples
    --------
    >>> records, unsettled = other_regarding_runs("duopoly", OtherRegarding(stake=0, home=0, trust=0, abroad=0), runs=2)
    >>> records.worlds["catastrophe"].shape, int(unsettled.sum())
    ((2,), 0)
    """
    if not isinstance(other_regarding, OtherRegarding) or any(
        not isinstance(flag, numbers.Integral) or flag not in (0, 1) for flag in other_regarding
    ):
        raise InputError(f"other_regarding: must be OtherRegarding of 0 and 1, got {one_line(other_regarding)}")

    def batch(numbers: NDArray[np.int64], records: Records) -> NDArray[np.int64]:
        unsettled = np.zeros(len(numbers), dtype=np.int64)
        kernel.run_other_regarding(*records, other_regarding, unsettled)
        return unsettled

    return _steered(scenario, batch, Sampling(runs, seed, threads=threads, progress=progress))


def scripted_runs(
    scenario: Scenario | str,
    shares: Real,
    seed: int = 0,
    *,
    delays: Real | None = None,
    threads: int | None = None,
    progress: bool | None = None,
) -> Records:
    """Run races in which labs' shares, and delays before release, follow a script, whatever happens; floors apply.

    Run r has the draws that it has in ``simulate``.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    shares : array (runs, periods, labs)
        Safety shares in [0, 1], e.g. ``lab_share_path`` of ``simulate(..., trajectories=True)`` of another scenario
        with as many periods and labs.
    seed : int
        Seed of all draws.
    delays : array (runs, periods, labs), optional
        Delays before release, years, e.g. ``lab_delay_path``; without them labs keep the delay of the start.
    threads : int, optional
        How many; all cores by default.
    progress : bool, optional
        Whether a bar is shown; by default where it takes a while.

    Returns
    -------
    Records
        The runs at their ends.

    Raises
    ------
    InputError
        If shares or delays have another shape, shares lie outside [0, 1] or delays below 0, or another argument is not
        valid.

    Examples
    --------
    >>> from race_sim import simulate
    >>> free = simulate("duopoly", runs=2, seed=3, trajectories=True)
    >>> shares, delays = free["lab_share_path"].values, free["lab_delay_path"].values
    >>> replayed = scripted_runs("duopoly", shares, seed=3, delays=delays)
    >>> bool((replayed.worlds["catastrophe"] == free["catastrophe_probability"].values).all())
    True
    """
    scenario = Scenario.load(scenario)
    script = _script("shares", shares, scenario)
    if not ((script >= 0.0) & (script <= 1.0)).all():
        raise InputError("shares: must lie in [0, 1] in every run, period and lab, got one that does not")
    waits = np.empty((len(script), 0, 0)) if delays is None else _script("delays", delays, scenario)
    if len(waits) != len(script):
        raise InputError(f"delays: must be of as many runs as the shares, {len(script)}, got {len(waits)}")
    if not ((waits >= 0.0) & (waits < np.inf)).all():
        raise InputError("delays: must be 0 or more in every run, period and lab, got one that is not")

    def batch(numbers: NDArray[np.int64], records: Records) -> NDArray[np.int64]:
        kernel.run_scripted(*records, script[numbers], waits[numbers])
        return numbers

    return _steered(scenario, batch, Sampling(len(script), seed, threads=threads, progress=progress))[0]


def _script(name: str, given: Real, scenario: Scenario) -> Real:
    script = np.ascontiguousarray(checked_numbers(name, given))
    shape = (scenario.periods, len(scenario.labs))
    if script.ndim != 3 or script.shape[1:] != shape:
        raise InputError(f"{name}: must have shape (runs, {shape[0]}, {shape[1]}), got {script.shape}")
    return script


def _steered(
    scenario: Scenario | str,
    steer: Callable[[NDArray[np.int64], Records], NDArray[np.int64]],
    sampling: Sampling,
) -> tuple[Records, NDArray[np.int64]]:
    """All labs keep what ``steer`` lets them choose; records of all runs, and what it returns of each."""
    scenario = Scenario.load(scenario)
    rules = {f"labs.{name}.rule": "fixed" for name in scenario.lab_names}
    steered = scenario.replace({"lab.rule": "fixed", **rules})
    check_runs(scenario, sampling.runs, copies=2.0)

    def batch(numbers: NDArray[np.int64]) -> tuple[Records, NDArray[np.int64]]:
        records = build(steered, sampling.seed, numbers)
        return records, steer(numbers, records)

    parts = list(sampling.batches(batch, scenario.name))
    joined = Records(*(np.concatenate(arrays) for arrays in zip(*(records for records, _ in parts), strict=True)))
    return joined, np.concatenate([returned for _, returned in parts])
