"""What it takes to compute a result again."""

import platform
from importlib.metadata import version
from typing import Any

import race_sim
from race_sim.kernels.shipped import compiled_by
from race_sim.scenario.scenario import Scenario

PACKAGES = ("numpy", "numba", "scipy")
LARGEST_WHOLE = 2**31 - 1  # that netCDF 3 keeps as a number


def versions(*more: str) -> dict[str, str]:
    """Look up the versions of whatever computes.

    Parameters
    ----------
    *more : str
        Names of further packages.

    Returns
    -------
    dict
        Versions of race_sim, of Python and of the packages, by name.
    """
    packages = {name: version(name) for name in (*PACKAGES, *more)} | {"numba": compiled_by()}
    return {"race_sim": race_sim.__version__, "python": platform.python_version(), **packages}


def provenance(scenario: Scenario, seed: int, estimator: str, *packages: str) -> dict[str, Any]:
    """Gather what it takes to compute a result again.

    Parameters
    ----------
    scenario : Scenario
        What was simulated.
    seed : int
        Seed of all draws; kept as text where it is too large for netCDF 3.
    estimator : str
        ``integrated`` or ``sampled``.
    *packages : str
        Further packages whose versions matter.

    Returns
    -------
    dict
        ``scenario``, ``scenario_toml``, ``seed``, ``estimator`` and versions.
    """
    return {
        "scenario": scenario.name,
        "scenario_toml": scenario.to_toml(),
        "seed": int(seed) if seed <= LARGEST_WHOLE else str(seed),
        "estimator": estimator,
        **versions(*packages),
    }
