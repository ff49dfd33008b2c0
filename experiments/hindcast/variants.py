"""What is drawn for a hindcast from the end of 2020, and which laws each variant has.

Ranges are those that could be known then: measured trends up to 2020, and the plausible ranges of parameters whose
sources are no younger or that are assumed; no value was calibrated to 2026. A draw is addressed by the parameter's path
and the run, so that all variants have the same.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from race_sim import Lognormal, Scenario, Triangular, Uniform

GAP = 2.28  # OOM: the largest US training run was 189 times the largest Chinese one
COMPUTE, ALGORITHMS = (
    0.674,
    0.226,
)  # OOM a year: log-linear 2012 to 2020; Hernandez and Brown 2020, twofold in 16 months
CHINESE = {"china_1": 0.0, "china_2": -0.06, "china_3": -0.11, "china_4": -0.21}
MEASURED: dict[str, Any] = {
    # compute .44 to .91 (80 % of the log-linear forecast in hindcast_targets.csv, T1), algorithms .15 to .40
    "capability.growth_rate": Triangular(low=0.60, mode=COMPUTE + ALGORITHMS, high=1.30),
    "nations.china.lag": 0.0,
    **{f"labs.{lab}.capability": offset - GAP for lab, offset in CHINESE.items()},
}
ASSUMED: dict[str, Any] = {
    "capability.effort_elasticity": Uniform(low=0.2, high=0.7),
    "capability.idea_difficulty": Uniform(low=0.0, high=0.10),
    "capability.diffusion_rate": Uniform(low=0.1, high=1.5),
    "breakthrough.rate": Uniform(low=0.0, high=0.6),
    "breakthrough.size": Uniform(low=0.0, high=1.2),
    "breakthrough.investment_boost": Uniform(low=0.0, high=0.6),
    "breakthrough.rival_response": Uniform(low=0.0, high=0.3),
    "breakthrough.boost_decay": Uniform(low=0.0, high=1.5),
    "breakthrough.talent_drain": Uniform(low=0.0, high=0.75),
    "assurance.growth_rate": Uniform(low=0.8, high=3.2),
    "assurance.elasticity": Uniform(low=0.3, high=0.8),
    "assurance.difficulty": Uniform(low=0.0, high=0.15),
    "assurance.initial_gap": Uniform(low=0.0, high=1.5),
    "incidents.mishap_hazard": Lognormal(median=0.006, sigma=1.0, low=0.0005, high=0.06),
    "incidents.gap_sensitivity": Uniform(low=0.1, high=0.6),
    "trust.mishap_loss": Uniform(low=0.02, high=0.5),
    "trust.recovery": Uniform(low=0.1, high=1.0),
    "trust.investment_elasticity": Uniform(low=0.0, high=1.0),
    "regulation.home_probability": Uniform(low=0.28, high=0.83),
    "regulation.abroad_probability": Uniform(low=0.09, high=0.59),
    "regulation.step": Uniform(low=0.0, high=1.0),
    "regulation.decay": Uniform(low=0.05, high=1.0),
    "market.selectivity": Uniform(low=0.3, high=2.0),
    "market.safety_premium": Uniform(low=0.0, high=1.5),
    "market.measurement_reliability": Uniform(low=0.05, high=1.0),
    "lab.liability": Uniform(low=0.0, high=30.0),
    "lab.catastrophe_stake": Uniform(low=0.0, high=600.0),
    "lab.planning_horizon": Uniform(low=0.5, high=8.0),
    "lab.initial_share": Uniform(low=0.0, high=0.3),
}
OF_THE_SECOND: dict[str, Any] = {
    "capability.absorption": Uniform(low=0.0, high=1.0),
    "incidents.hazard_ceiling": Lognormal(median=0.2, sigma=0.8, low=0.05, high=1.0),
    "market.wear": Uniform(low=0.0, high=0.03),
    "lab.doubt": Uniform(low=0.3, high=1.5),
    "release.initial": Uniform(low=0.1, high=0.7),
    "release.regulated": Uniform(low=0.0, high=1.0),
    "release.test_yield": Uniform(low=0.0, high=2.0),
    "release.test_time": Uniform(low=0.03, high=0.3),
    "alarm.start": Uniform(low=0.1, high=0.4),
    "alarm.rate": Uniform(low=0.3, high=3.0),
    "alarm.sensitivity": Uniform(low=0.1, high=0.4),
    "alarm.jolt": Uniform(low=0.0, high=0.5),
    "alarm.voice": Uniform(low=0.0, high=0.2),
    "alarm.whistle": Uniform(low=0.0, high=0.5),
    "alarm.exposure": Uniform(low=0.25, high=2.0),
    "alarm.unease": Uniform(low=0.0, high=1.0),
}
NO_CEILING = 1e300


class Ablation(NamedTuple):
    """A mechanism that is taken out of the second version: the row that it is meant for, and how."""

    row: str
    changes: Mapping[str, Any]


ABLATIONS = {  # which row each is for was written down before any run
    "diffusion": Ablation("T3", {"capability.diffusion_rate": 0.0}),
    "breakthroughs": Ablation("T1", {"breakthrough.rate": 0.0}),
    "idea difficulty": Ablation("T1", {"capability.idea_difficulty": 0.0}),
    "initial gap and ceiling": Ablation("T8", {"assurance.initial_gap": 0.0, "incidents.hazard_ceiling": NO_CEILING}),
    "unease": Ablation("T13a", {"alarm.unease": 0.0}),
    "release": Ablation(
        "T9", {"release.initial": 0.0, "release.longest": 0.0, "release.regulated": 0.0, "release.test_yield": 0.0}
    ),
    "absorption": Ablation("T2", {"capability.absorption": 0.0}),
}
EXPLANATIONS = {  # the second version less one law of it, to see which one moved a row
    "without foresight": {"lab.foresight": 0.0},
    "without doubt": {"lab.doubt": 0.0},
    "without foresight and doubt": {"lab.foresight": 0.0, "lab.doubt": 0.0},
    "without a ceiling": {"incidents.hazard_ceiling": NO_CEILING},
    "without alarm's outlets": {"alarm.voice": 0.0, "alarm.whistle": 0.0, "alarm.unease": 0.0},
    "wear of the first version": {"market.wear": 0.03},
}
LADDER = {  # laws of the second version taken out one after another, on top of each other; written after the first run
    "foresight and doubt": {"lab.foresight": 0.0, "lab.doubt": 0.0},
    "release": ABLATIONS["release"].changes,
    "alarm's outlets": EXPLANATIONS["without alarm's outlets"],
    "the ceiling": {"incidents.hazard_ceiling": NO_CEILING},
    "wear as in the first version": {"market.wear": 0.03},
    "absorption": {"capability.absorption": 0.0},
}
FIRST, SECOND = "first version", "second version"


def scenarios() -> dict[str, Scenario]:
    """Every variant by name: both versions, the ablations and the explanations of the second, and the ladder."""
    first = Scenario.load("us-china-2020-v1").replace({**MEASURED, **ASSUMED})
    second = Scenario.load("us-china-2020").replace({**MEASURED, **ASSUMED, **OF_THE_SECOND})
    without = {f"no {name}": second.replace(ablation.changes) for name, ablation in ABLATIONS.items()}
    steps, taken_out = {}, {}
    for name, changes in LADDER.items():
        taken_out |= changes
        steps[f"less {name}"] = second.replace(taken_out)
    return {FIRST: first, SECOND: second, **without,
            **{name: second.replace(changes) for name, changes in EXPLANATIONS.items()}, **steps}  # fmt: skip
