"""What does a sweep of a billion runs cost, on one core, on a hundred and on ten thousand?

Question: how long does a sweep of a million points at a thousand runs each take, what does it hold in memory, what does
it store, and where would the design break? Design: CPU time per run, time to keep a part, time to start a worker,
bytes per point and peak memory are measured on a small sweep of us-china-2026; the rest is arithmetic on these.
Prediction: time is all in the kernel and falls with the cores, until the one process that writes parts, or parts too
few for the cores, set the pace; memory does not depend on the number of runs.
"""

import argparse
import math
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from experiments._base.results import ExperimentResult, publish
from experiments.figures.cost_of_a_billion_runs import KINDS as KINDS
from experiments.performance.sweeping import swept
from race_sim import Scenario
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import Sampling
from race_sim.sweeps.engine.execution import in_any_order, pool
from race_sim.sweeps.engine.store import opened
from race_sim.sweeps.engine.tables import tables_of
from race_sim.sweeps.evaluate import Job, Part, evaluate
from race_sim.sweeps.request import MOST_PARTS

ANSWER = "days on one core, an hour or two on a hundred, minutes on ten thousand, most of which idle for want of parts"

SCENARIO = Scenario.load("us-china-2026")
RULES = ("fixed", "best_response")
POINTS, RUNS = 10**6, 10**3
CORES = (1, 100, 10_000)
OUTCOMES = ("catastrophe_probability", "welfare", "payoff.us", "payoff.china", "safety_share", "mishaps")


def cpu_per_run(rule: str, runs: int, points: int) -> float:
    """CPU seconds per run at ``points`` points with ``runs`` runs each, everything included, in this thread."""
    job = Job(SCENARIO.replace({"lab.rule": rule}).to_toml(), Sampling(runs, 1), OUTCOMES)
    part = Part(0, 0, {"prize.enmity": np.linspace(0.0, 1.0, points)})
    evaluate(job, Part(0, 0, {"prize.enmity": np.zeros(1)}))
    start = time.thread_time()
    evaluate(job, part)
    return (time.thread_time() - start) / (runs * points)


def keeping(points: int) -> tuple[float, float]:
    """Seconds to keep a part of ``points`` points, and its bytes per point (all of OUTCOMES)."""
    job = Job(SCENARIO.replace({"lab.rule": "fixed"}).to_toml(), Sampling(2, 1), OUTCOMES)
    columns = {f"parameter_{n}": np.random.default_rng(n).random(points) for n in range(10)}
    evaluated = evaluate(job, Part(0, 0, {"prize.enmity": columns["parameter_0"]}))
    layout = {"kinds": ["points"], "points": 9 * points, "points_per_part": points, "parts": 9}
    with tempfile.TemporaryDirectory() as place, opened(Path(place), {}, layout, print) as store:
        times = []
        for part in range(9):
            start = time.perf_counter()
            store.write(part, tables_of(part * points, columns, OUTCOMES, evaluated))
            times.append(time.perf_counter() - start)
        size = (Path(place) / "points" / "part-00000.parquet").stat().st_size
    return float(np.median(times)), size / points


def starting_a_worker() -> float:
    """Seconds until a new worker process has evaluated its first point."""
    job = Job(SCENARIO.replace({"lab.rule": "fixed"}).to_toml(), Sampling(1, 1), OUTCOMES)
    part = Part(0, 0, {"prize.enmity": np.zeros(1)})
    start = time.perf_counter()
    with pool(workers=1) as chosen:
        list(in_any_order(_Evaluated(job), [part], chosen))
    return time.perf_counter() - start


class _Evaluated:
    """``evaluate`` for one job, fit to travel."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __call__(self, part: Part) -> int:
        return len(evaluate(self.job, part).runs)


def measured(quick: bool) -> dict[str, float]:
    """Every number that the arithmetic rests on."""
    runs, points = (100, 2) if quick else (1000, 8)
    measures = {f"CPU per run, {rule} (s)": cpu_per_run(rule, runs, points) for rule in RULES}
    for few in (1, 10):
        dear = cpu_per_run("fixed", few, 4 if quick else 2048 // few) / measures["CPU per run, fixed (s)"]
        measures[f"cost of a run at {few} per point / at {runs}, fixed"] = dear
    each = 20 if quick else math.ceil(POINTS / MOST_PARTS)
    measures["time to keep a part (s)"], measures["bytes stored per point"] = keeping(each)
    measures["time to start a worker (s)"] = starting_a_worker()
    points, fewer, more = (20, 2, 20) if quick else (1000, 100, 1000)
    for runs in (fewer, more):
        size = f"{points * runs:,} runs of {points:,} points"
        measures[f"peak memory at {size} (MB)"] = swept("threads", points, runs)["peak"]
    return measures


def costs(measures: dict[str, float]) -> pd.DataFrame:
    """Time and memory of the whole sweep on each number of cores."""
    parts = min(MOST_PARTS, POINTS)
    memory = max(value for name, value in measures.items() if name.startswith("peak memory"))
    rows = []
    for rule in RULES:
        per_part = measures[f"CPU per run, {rule} (s)"] * RUNS * POINTS / parts
        for cores in CORES:
            rounds = math.ceil(parts / cores)
            computing = rounds * per_part + measures["time to start a worker (s)"]
            writing = parts * measures["time to keep a part (s)"]
            hours = max(computing, writing) / 3600
            rows.append({
                "rule": rule, "cores": cores, "wall time (h)": hours, "CPU time (core h)": parts * per_part / 3600,
                "cores at work (%)": 100 * parts * per_part / (cores * hours * 3600),
                "writer at work (%)": 100 * writing / (hours * 3600),
                "memory in all (GB)": cores * memory / 1000,
                "stored (MB)": POINTS * measures["bytes stored per point"] / 1e6,
            })  # fmt: skip
    return pd.DataFrame(rows)


def findings(measures: dict[str, float], table: pd.DataFrame) -> list[str]:
    """What the numbers say, in words."""
    lines = [f"A sweep of {POINTS:,} points at {RUNS:,} runs each, in {MOST_PARTS:,} parts:"]
    for _, row in table.iterrows():
        lines.append(
            f"- {row['rule']}, {row['cores']:,} cores: {row['wall time (h)']:.3g} h, cores at work "
            f"{row['cores at work (%)']:.0f} % of the time, the writer {row['writer at work (%)']:.2g} %"
        )
    writer = measures["time to keep a part (s)"]
    per_part = measures["CPU per run, best_response (s)"] * RUNS * POINTS / MOST_PARTS
    lines += [
        f"It stores {table['stored (MB)'].iloc[0]:.0f} MB ({len(OUTCOMES)} outcomes, 10 parameters).",
        f"What breaks first: beyond {MOST_PARTS:,} cores there are more cores than parts, so that cores idle: ask for "
        "smaller parts (points_per_part).",
        f"What breaks next: one process writes, {1 / writer:.0f} parts a second. With parts of this size that suffices "
        f"for {per_part / writer:,.0f} cores (best_response); beyond, workers would have to write themselves.",
        "A design of more than about four million points is refused; its columns are held in memory by every start.",
    ]
    return lines


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Measure, and project."""
    measures = measured(options.quick)
    table = costs(measures)
    listed = pd.DataFrame([{"what": name, "value": value} for name, value in measures.items()])
    origin = {**provenance(SCENARIO, 1, "integrated"), "points": POINTS, "runs": RUNS}
    return ExperimentResult({"measured.csv": listed, "table.csv": table}, origin, findings(measures, table))


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("cost_of_a_billion_runs", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
