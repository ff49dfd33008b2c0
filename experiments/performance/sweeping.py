"""What does a sweep cost beside its runs?

Question: does the memory of a sweep grow with its runs, and what does a cluster on this machine cost beside threads?
Design: us-china-2026 with the rule fixed at 1,000 values of the enmity, kept on disk, each sweep in a
process of its own: peak memory of that process, at all the runs and at a tenth of them; CPU time of that process and of
all that it starts, of the cluster against the mean of sweeps on threads before and after it.
"""

import json
import os
import subprocess
import sys
import tempfile

from experiments.performance.clock import Row
from race_sim.runs.batches import available_threads

SWEEP = """
import json, resource, sys
from contextlib import nullcontext
from race_sim import Scenario, sweep

if __name__ == "__main__":
    cluster, points, runs, out, threads = sys.argv[1], *sys.argv[2:4], sys.argv[4], int(sys.argv[5])
    scenario = Scenario.load("us-china-2026").replace({"lab.rule": "fixed"})
    there = nullcontext()
    if cluster == "dask":
        from race_sim.sweeps.engine.cluster import connected
        there = connected("local", threads)
    with there as executor:
        design = {"prize.enmity": f"0:1:{points}"}
        sweep(scenario, design, int(runs), 1, None, out, executor, threads=threads, progress=False)
    own, started = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(item.ru_utime + item.ru_stime for item in (own, started))
    print(json.dumps({"cpu": spent, "peak": own.ru_maxrss / 1024}))
"""


def swept(cluster: str, points: int, runs: int) -> dict[str, float]:
    """CPU seconds of a sweep, with all processes that it starts, and the peak memory in MB of its own process."""
    with tempfile.TemporaryDirectory() as place:
        script = os.path.join(place, "sweep.py")  # worker processes import it again
        with open(script, "w") as file:
            file.write(SWEEP)
        out = os.path.join(place, "sweep")
        command = [sys.executable, script, cluster, str(points), str(runs), out, str(available_threads())]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def rows(quick: bool) -> list[Row]:
    """Measure."""
    points, runs = (20, 10) if quick else (1000, 1000)
    few, many = swept("threads", points, runs // 10), swept("threads", points, runs)
    there, again = swept("dask", points, runs), swept("threads", points, runs)
    here = (many["cpu"] + again["cpu"]) / 2
    size = f"{points * runs:,} runs of {points:,} points"
    return [
        (f"sweep: peak memory at {size}", many["peak"], "MB", "below 1,000"),
        (f"sweep: peak memory at {size} / at a tenth of the runs", many["peak"] / few["peak"], "", "flat"),
        (f"sweep: CPU time of {size}, dask local / threads", there["cpu"] / here, "", "at most 1.15"),
    ]
