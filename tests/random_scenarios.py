"""Random valid scenarios over all parameters, rules, policies, estimators, and shapes of the race."""

from typing import Any

import numpy as np

from race_sim.kernels.rules import NAMES
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario

_BASE = Scenario.load("us-china-2026-point")
_RULES, _POLICIES = sorted(NAMES), sorted(POLICIES)


def _value(known: Any, random: np.random.Generator, widen: float) -> float:
    """Uniform over the plausible range, widened around its middle and cut to the bounds; often at an end."""
    low, high = known.plausible
    middle, half = 0.5 * (low + high), 0.5 * (high - low) * widen
    low, high = max(known.at_least, middle - half), min(known.at_most, middle + half)
    if known.neutral is not None and not low <= known.neutral <= high and random.random() < 0.5:
        return float(known.neutral)  # a law that is off
    position = random.choice([0.0, 1.0, random.random(), random.random()])
    value = low + position * (high - low)
    return float(round(value)) if known.whole else float(value)


def random_scenario(seed: int, widen: float = 1.0, years: float | None = None) -> Scenario:
    """A valid scenario: every parameter in its plausible range, ``widen`` times as wide, cut to its bounds."""
    random = np.random.default_rng(seed)
    tables = _BASE.to_dict()
    known = {p.path: p.about for p in _BASE.parameters()}
    for path, about in known.items():
        section, *rest = path.split(".")
        if len(rest) == 1 and about.plausible is not None:
            tables[section][rest[0]] = _value(about, random, widen)
    per_year = int(random.choice([4, 12, 24]))
    tables["time"] = {
        "periods_per_year": per_year,
        "horizon": float(years or random.choice([1, 2, 3])),
        "decision_interval": float(random.choice([1, 2, 4])) / per_year,
    }
    tables["prize"]["threshold"] = float(random.choice([0.5, 2.0, tables["prize"]["threshold"]]))
    tables["lab"]["rule"] = _RULES[seed % len(_RULES)]
    nations = [f"nation_{n}" for n in range(1 + random.integers(4))]
    labs = [f"lab_{i}" for i in range(len(nations) + random.integers(5))]
    signing = random.random() < 0.5
    tables["nations"] = {
        name: {
            "policy": str(random.choice(["treaty", "covert_defection"] if signing and n < 2 else _POLICIES)),
            "lag": _value(known["nations.china.lag"], random, widen),
            "growth_multiplier": _value(known["nations.china.growth_multiplier"], random, widen),
            "risk_perception": float(random.choice([1.0, 3.0 * random.random()])),
            **({"catastrophe_cost": float(1e4 * random.random())} if random.random() < 0.3 else {}),
        }
        for n, name in enumerate(nations)
    }
    if seed % 3 == 0:
        tables["nations"][nations[0]]["policy"] = _POLICIES[(seed // 3) % len(_POLICIES)]
    tables["labs"] = {
        name: {
            "nation": nations[i % len(nations)],
            "capability": float(random.choice([0.0, -random.random()])),
            "resources": float(random.choice([1.0, 0.1 + random.random()])),
            "risk_perception": float(random.choice([1.0, 3.0 * random.random()])),
            **({"rule": str(random.choice(_RULES))} if random.random() < 0.5 else {}),
            **({"initial_share": float(0.95 * random.random())} if random.random() < 0.3 else {}),
        }
        for i, name in enumerate(labs)
    }
    if seed % 2:
        tables["capability"]["growth_rate"] = {"distribution": "triangular", "low": 0.86, "mode": 1.1, "high": 1.45}
        tables["incidents"]["catastrophe_probability"] = {"distribution": "lognormal", "median": 0.01, "sigma": 1.0}
    if seed % 5 == 0:  # a race in which much happens
        tables["incidents"]["mishap_hazard"] = float(random.choice([1.0, 20.0]))
        tables["incidents"]["gap_sensitivity"] = 1.0
        tables["incidents"]["hazard_ceiling"] = float(random.choice([1e300, 5.0]))
        tables["assurance"]["initial_gap"] = 1.0 + random.random()
        if random.random() < 0.5:
            tables["incidents"]["catastrophe_probability"] = 0.3
    return Scenario.from_dict({**tables, "name": f"random-{seed}"})
