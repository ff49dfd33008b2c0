"""What of a run stands for each row of the targets, defined before any run of the hindcast.

All are read at the end of 2025 (five years) unless stated. Capability k is in OOM of effective compute.

=====  =============================================================================================================
row    output of a run
=====  =============================================================================================================
T1     largest training run: 3.14e23 x 10^(s k), k of the best lab, s the part of growth that was compute's, .674 / .9
T2     ratio of compute records: 10^(k of the best US lab - k of the best Chinese one); algorithms are taken as shared
T3     China's lag: months since the best US lab had what the best Chinese one has, mean of the ends of 2023 to 2025
T6     China's share of notable models: odds .18 / .82 at the start, times the growth of Chinese over US money
T7     ratio of investment at the end of 2024: 5.5 at the start, times the growth of US labs' money over China's
T8     incidents a year: 85, times the mean hazard of a mishap in 2025 over that of the first month
T9     testing time of the leader: delay before release at the end of 2025 over that at the end of 2023; 1 where none
T10    safety score, US over Chinese labs: mean safety share of US labs over that of Chinese ones
T13a   trust in AI in the US: 50 % times the mean trust of US labs
T11a   federal rule: regulation in the US has moved
T11b   rule in the EU or a US state: regulation has moved anywhere
T12b   agreement: a treaty has been in force
T14    event: some lab has had a mishap
=====  =============================================================================================================

The first month's hazard is next to nothing where there is no gap then, which makes T8 wide: ``T8 by year``, added after
the first run and no row, is 85 times the mean hazard of 2025 over that of 2021.
"""

import numpy as np
from numpy.typing import NDArray

from experiments.calibrate_baseline import _months_behind
from experiments.hindcast.variants import ALGORITHMS, COMPUTE
from race_sim import Scenario, simulate
from race_sim.runs.records import draw

Real = NDArray[np.float64]
MONTHS = 12
SCORED = ("T1", "T2", "T3", "T6", "T7", "T8", "T9", "T10", "T13a")
BY_YEAR = "T8 by year"
EVENTS = ("T11a", "T11b", "T12b", "T14")


def outputs(scenario: Scenario, runs: int, seed: int) -> dict[str, Real]:
    """One value per run for each row; 0 or 1 for an event."""
    data = simulate(scenario, runs, seed, trajectories=True, progress=False)
    american = data["nation_of_lab"].values == "us"
    capability, share, delay, hazard, boost, trust, mishap = (
        np.asarray(data[f"lab_{name}_path"].transpose("run", "period", "lab").values, dtype=float)
        for name in ("capability", "share", "delay", "hazard", "boost", "trust", "mishap")
    )
    regulation = data["nation_regulation_path"].transpose("run", "period", "nation").values
    home = list(data["nation"].values).index("us")
    ahead, behind = (capability[:, :, labs].max(axis=2) for labs in (american, ~american))
    ahead_so_far, behind_so_far = (np.maximum.accumulate(path, axis=1) for path in (ahead, behind))
    ends = [year * MONTHS - 1 for year in (3, 4, 5)]
    lag = np.mean([_months_behind(ahead_so_far, behind_so_far, end) for end in ends], axis=0)
    money = _money(scenario, boost, trust, seed)
    relative = money[:, :, ~american].sum(axis=2) / money[:, :, american].sum(axis=2)
    start = float(relative_at_start(scenario, american))
    odds = 0.18 / 0.82 * relative[:, -1] / start
    total = hazard.sum(axis=2)
    leaders = capability.argmax(axis=2)
    rows = np.arange(runs)
    then, now = (delay[rows, end, leaders[rows, end]] for end in (ends[0], ends[-1]))
    us_share, china_share = (share[:, -1, labs].mean(axis=1) for labs in (american, ~american))
    return {
        "T1": 3.14e23 * 10.0 ** (COMPUTE / (COMPUTE + ALGORITHMS) * capability[:, -1].max(axis=1)),
        "T2": 10.0 ** (ahead[:, -1] - behind[:, -1]),
        "T3": np.maximum(lag, 0.1),
        "T6": odds / (1.0 + odds),
        "T7": 5.5 * start / relative[:, 4 * MONTHS - 1],
        "T8": 85.0 * _ratio(total[:, -MONTHS:].mean(axis=1), total[:, 0]),
        BY_YEAR: 85.0 * _ratio(total[:, -MONTHS:].mean(axis=1), total[:, :MONTHS].mean(axis=1)),
        "T9": _ratio(now, then),
        "T10": _ratio(us_share, china_share),
        "T13a": 50.0 * trust[:, -1, american].mean(axis=1),
        "T11a": (regulation[:, :, home] > 0.0).any(axis=1).astype(float),
        "T11b": (regulation > 0.0).any(axis=(1, 2)).astype(float),
        "T12b": (data["treaty_in_force_path"].values > 0.0).any(axis=1).astype(float),
        "T14": (mishap > 0.0).any(axis=(1, 2)).astype(float),
    }


def relative_at_start(scenario: Scenario, american: NDArray[np.bool_]) -> float:
    """China's resources over those of the US at the start."""
    resources = _resources(scenario)
    return float(resources[~american].sum() / resources[american].sum())


def _resources(scenario: Scenario) -> Real:
    given = [lab.resources for lab in scenario.labs.values()]
    assert all(isinstance(value, float) for value in given)
    return np.array(given, dtype=float)


def _money(scenario: Scenario, boost: Real, trust: Real, seed: int) -> Real:
    """Resources of every lab (runs, periods, labs): its own, boosted, less what lost trust withholds."""
    elasticity = next(p for p in scenario.parameters() if p.path == "trust.investment_elasticity")
    power = draw(elasticity.path, elasticity.value, elasticity.about, seed, np.arange(len(boost)))
    resources = _resources(scenario)
    result: Real = resources * boost * trust ** power[:, np.newaxis, np.newaxis]
    return result


def _ratio(one: Real, other: Real) -> Real:
    """One over the other, 1 where both are nothing; kept within 1e-3 and 1e3, as scores are of logarithms."""
    both = np.where((one <= 0.0) & (other <= 0.0), 1.0, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(both > 0.0, 1.0, one / other)
    result: Real = np.clip(ratio, 1e-3, 1e3)
    return result
