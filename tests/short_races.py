"""Short races with everything at work, against the program in C: exit code 1 where they differ. For ``tests.mutants``.

Run without the compiler (NUMBA_DISABLE_JIT=1), it takes seconds.
"""

import sys
import warnings

import numpy as np

from experiments.performance.in_c import compiled, largest_difference
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
from tests.test_twins import EVERYTHING, POLICIES, races

SHORT = {  # a year in which all happens that may
    "time.horizon": 1.0, "incidents.mishap_hazard": 2.0, "incidents.hazard_ceiling": 4.0, "prize.threshold": 0.6,
    "breakthrough.rate": 4.0, "cooperation.detection_min": 0.8, "cooperation.detection_max": 0.95,
    "cooperation.false_alarm": 0.4, "cooperation.suspension_years": 0.3, "capability.growth_rate": 1.1,
}  # fmt: skip
RUNS, NEAR = 2, 1e-8


def main() -> int:
    """Compare over both rules and all policies; 0 where all is the same."""
    run_in_c = compiled()
    assert set(SHORT) & set(EVERYTHING)
    for rule, cases in (("fixed", range(len(POLICIES))), ("best_response", (0, 1))):
        for case in cases:
            scenario = races(rule)[case].replace(SHORT)
            ours, theirs = (build(scenario, 6 + case, np.arange(RUNS)) for _ in range(2))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers wrap around on purpose
                run_block(*ours)
            run_in_c(theirs)
            apart = largest_difference(ours, theirs)
            print(f"{rule}, {scenario.policies}: {apart:.1e}", flush=True)
            if not apart <= NEAR:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
