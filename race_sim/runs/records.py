"""Scenario -> the arrays that the kernels run on: one row per run, parameters drawn."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels import rules
from race_sim.kernels.random import parameter_uniforms
from race_sim.kernels.sources import COMPILES
from race_sim.kernels.state import LAB, NATION, WORLD
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.parameters import About, Section, about
from race_sim.scenario.policies import FLAGS, POLICIES
from race_sim.scenario.scenario import Scenario

MONTHS_PER_YEAR = 12.0
_SECTIONS = tuple(
    (key, field.annotation)
    for key, field in Scenario.model_fields.items()
    if key != "time" and isinstance(field.annotation, type) and issubclass(field.annotation, Section)
)
PARAMETERS = np.dtype(
    [
        *(
            (f"{key}_{name}", np.float64)
            for key, section in _SECTIONS
            for name in section.model_fields
            if about(section, name) is not None
        ),
        *((field, np.float64) for field in rules.SPARE),
    ]
)


class Records(NamedTuple):
    """What a batch of runs starts from, and what it turns into: structured arrays with one row per run."""

    labs: NDArray[np.void]  # (runs, labs) of LAB
    nations: NDArray[np.void]  # (runs, nations) of NATION
    worlds: NDArray[np.void]  # (runs,) of WORLD
    parameters: NDArray[np.void]  # (runs,) of PARAMETERS


def with_attributes(array: NDArray[np.void]) -> NDArray[np.void]:
    """Give an array whose fields are attributes where kernels run uncompiled (NUMBA_DISABLE_JIT=1).

    Parameters
    ----------
    array : structured array
        Records of labs, nations, worlds or parameters.

    Returns
    -------
    structured array
        The same, or a view of it.
    """
    return array if COMPILES else array.view(np.recarray)


def draw(
    path: str, value: float | Distribution, known: About, seed: int, runs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Draw one parameter for some runs.

    The draw is addressed by the parameter's path, so that it is the same whatever else is drawn.

    Parameters
    ----------
    path : str
        Dotted path, e.g. ``prize.enmity``.
    value : float or Distribution
        What the scenario gives.
    known : About
        Bounds, to which a distribution is truncated.
    seed : int
        Seed of all draws.
    runs : array (n,)
        Numbers of the runs.

    Returns
    -------
    array (n,)
        A constant, or one draw per run.
    """
    if not isinstance(value, Distribution):
        return np.full(len(runs), value)
    uniform = np.empty(len(runs))
    parameter_uniforms(np.uint64(seed), runs, zlib.crc32(path.encode()), uniform)
    return value.draw(uniform, known.at_least, known.at_most)


def build(
    scenario: Scenario,
    seed: int,
    runs: NDArray[np.int64],
    estimator: str = "integrated",
    changes: Mapping[str, NDArray[Any]] | None = None,
) -> Records:
    """Build the state at the start of some runs of a scenario.

    A run's row is that of the scenario with its own changes, and depends on seed, run number and these only, never on
    the other rows: runs of many variants of a scenario can stand in one block.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    seed : int
        Seed of all draws.
    runs : array (n,)
        Numbers of the runs.
    estimator : str
        ``integrated`` or ``sampled``.
    changes : mapping of str to array (n,), optional
        Other values per run at the paths of parameters, policies and decision rules, taken as valid.

    Returns
    -------
    Records
        Labs (n, labs), nations (n, nations), worlds (n,) and parameters (n,).
    """
    changed = changes or {}
    unchanged = (p for p in scenario.every_parameter() if p.path not in changed)
    drawn = {p.path: draw(p.path, p.value, p.about, seed, runs) for p in unchanged} | dict(changed)
    labs = np.zeros((len(runs), len(scenario.labs)), LAB)
    nations = np.zeros((len(runs), len(scenario.nations)), NATION)
    worlds = np.zeros(len(runs), WORLD)
    parameters = np.zeros(len(runs), PARAMETERS)
    for key, section in _SECTIONS:
        for name in section.model_fields:
            if about(section, name) is not None:
                parameters[f"{key}_{name}"] = drawn[f"{key}.{name}"]
    for name in rules.added():
        parameters[rules.FIELDS[name]] = drawn[f"rules.{name}"]
    index = {name: n for n, name in enumerate(scenario.nations)}
    head_start = np.zeros((len(runs), len(index)))
    for n, (name, nation) in enumerate(scenario.nations.items()):
        policies = changed.get(f"nations.{name}.policy", (nation.policy,))
        for flag in FLAGS:
            nations[flag][:, n] = [getattr(POLICIES[policy], flag) for policy in policies]
        nations["growth_multiplier"][:, n] = drawn[f"nations.{name}.growth_multiplier"]
        nations["risk_perception"][:, n] = drawn[f"nations.{name}.risk_perception"]
        nations["catastrophe_cost"][:, n] = drawn.get(
            f"nations.{name}.catastrophe_cost", drawn["nation.catastrophe_cost"]
        )
        head_start[:, n] = -drawn[f"nations.{name}.lag"] / MONTHS_PER_YEAR * drawn["capability.growth_rate"]
    default_rules: Sequence[str] | NDArray[Any] = changed.get("lab.rule", (scenario.lab.rule,))
    for i, (name, lab) in enumerate(scenario.labs.items()):
        row = labs[:, i]
        n = index[lab.nation]
        row["nation"] = n
        own_rules = changed.get(f"labs.{name}.rule", (lab.rule,) if lab.rule else default_rules)
        row["rule"] = [rules.NAMES.index(rule) for rule in own_rules]
        row["funding"] = drawn[f"labs.{name}.resources"]
        row["risk_perception"] = drawn[f"labs.{name}.risk_perception"]
        row["capability"] = drawn[f"labs.{name}.capability"] + head_start[:, n]
        row["assurance"] = row["capability"] - drawn["assurance.initial_gap"]
        growth = drawn["capability.growth_rate"] * drawn[f"nations.{lab.nation}.growth_multiplier"]
        row["deployed"] = row["capability"] - growth * drawn["release.initial"]
        row["delay_chosen"] = row["delay_step"] = drawn["release.initial"]
        row["alarm"] = drawn["alarm.start"]
        row["chosen"] = drawn.get(f"labs.{name}.initial_share", drawn["lab.initial_share"])
    worlds["first_capability"] = labs["capability"].max(axis=1)
    labs["boost"] = 1.0
    labs["trust"] = 1.0
    labs["idle_drive"] = 1.0  # of a share of 0
    labs["arm"] = -1
    worlds["seed"] = np.uint64(seed)
    worlds["run"] = runs
    worlds["sampled"] = estimator == "sampled"
    per_year = drawn["time.periods_per_year"]
    worlds["periods"] = np.rint(drawn["time.horizon"] * per_year)
    worlds["periods_per_decision"] = np.rint(drawn["time.decision_interval"] * per_year)
    worlds["dt"] = 1.0 / per_year
    worlds["alive"] = 1
    worlds["survival"] = 1.0
    worlds["survival_before"] = 1.0
    return Records(*(with_attributes(array) for array in (labs, nations, worlds, parameters)))
