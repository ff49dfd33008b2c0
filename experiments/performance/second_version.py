"""What the laws that are off by default cost where they are on: CPU time of a run over that with every one neutral."""

import numpy as np

from experiments.performance.clock import Row, cpu, paired
from race_sim import Scenario
from race_sim.kernels.run import run_block
from race_sim.runs.records import build

FIXED_DELAY = {  # every law on; labs keep the delay of the start
    "lab.foresight": 1.0, "lab.doubt": 0.5, "incidents.hazard_ceiling": 0.2, "capability.absorption": 1.0,
    "market.wear": 0.0, "cooperation.benchmark_wear": 0.03, "release.initial": 0.04, "release.test_yield": 1.0,
    "release.test_time": 0.05, "alarm.voice": 0.05, "alarm.whistle": 0.1, "alarm.unease": 0.5,
    "assurance.initial_gap": 1.0,
}  # fmt: skip
CHOSEN = {**FIXED_DELAY, "release.longest": 1.0}


def rows(quick: bool) -> list[Row]:
    """Ratios of CPU time, by the delay being fixed or chosen."""
    plain = Scenario.load("us-china-2026-point")

    def seconds(scenario: Scenario) -> float:
        records = build(scenario, 1, np.arange(16))
        return cpu(lambda: run_block(*records))

    seconds(plain)
    measured = []
    for name, changes, target in (("fixed", FIXED_DELAY, "at most 1.15"), ("chosen", CHOSEN, "at most 3")):
        full = plain.replace(changes)
        ratio = paired(lambda full=full: seconds(full), lambda: seconds(plain), 3 if quick else 51)
        measured.append((f"CPU time of a run with all laws, delay {name} / with all neutral", ratio, "", target))
    return measured
