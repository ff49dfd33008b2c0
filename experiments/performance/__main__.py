"""How fast is the kernel?

Question: is the compiled race as fast as C, how much faster is it than a plain Mesa model, and does it scale? Design:
everything is a ratio of two things timed in turn in one process, so that a slow machine is slow for both; medians of
the ratios of pairs. The C program and the plain Mesa model must first give the same numbers. CPU time of one thread,
except for the ratio of one thread to two, which is wall time.
"""

import argparse
import platform
import resource
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments._base.results import ExperimentResult, publish
from experiments.performance import enumeration, evolution, panel, precision, second_version, start, sweeping
from experiments.performance.clock import Row, cpu, paired, wall
from experiments.performance.in_c import compiled, compiler, largest_difference
from experiments.performance.plain_mesa import PlainRace, difference
from race_sim import Scenario, estimate, policy_game, simulate
from race_sim.kernels.run import run_block
from race_sim.nations.policy_games import paired_error_gains
from race_sim.runs.batches import available_threads
from race_sim.runs.provenance import provenance
from race_sim.runs.records import Records, build

POINT = Scenario.load("us-china-2026-point")
RACE = Scenario.load("us-china-2026")
NO_LUCK = RACE.replace({"breakthrough.rate": 0.0, "incidents.mishap_hazard": 1e-9})
GAMES = (
    ("paired and controlled", RACE, True, "at least 3"),
    ("paired", RACE, False, ""),
    ("paired, without breakthroughs and mishaps", NO_LUCK, False, ""),
)
MEMORY = """
import resource
from race_sim import Scenario, estimate
short = Scenario.load("duopoly").replace({"lab.rule": "fixed", "time.horizon": 0.25, "time.periods_per_year": 4})
estimate(short, runs=%d, progress=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def with_rule(scenario: Scenario, rule: str) -> Scenario:
    """The scenario with one decision rule for all labs."""
    return scenario.replace({"lab.rule": rule})


def kernel_time(scenario: Scenario, runs: int) -> float:
    """CPU seconds of the kernel for ``runs`` runs."""
    records = build(scenario, 1, np.arange(runs))
    return cpu(lambda: run_block(*records))


def many_labs(labs: int) -> Scenario:
    """The baseline with its labs repeated, each with an equal part of the resources."""
    tables = POINT.to_dict()
    given = list(tables["labs"].items())
    tables["labs"] = {
        f"lab_{i}": {**given[i % len(given)][1], "capability": given[i % len(given)][1]["capability"] - 1e-4 * i}
        for i in range(labs)
    }
    return Scenario.from_dict(tables)


def against_c(rule: str, run_in_c: Callable[[Records], None], pairs: int) -> tuple[float, float]:
    """Largest difference in numbers, and the kernel's CPU time over C's."""
    scenario = with_rule(POINT, rule)
    ours, theirs = (build(with_rule(Scenario.load("us-china-2026"), rule), 1, np.arange(200)) for _ in range(2))
    run_block(*ours)
    run_in_c(theirs)
    runs = 64 if rule == "fixed" else 24

    def in_c() -> float:
        records = build(scenario, 1, np.arange(runs))
        return cpu(lambda: run_in_c(records))

    return largest_difference(ours, theirs), paired(lambda: kernel_time(scenario, runs), in_c, pairs)


def against_plain_mesa(pairs: int) -> tuple[float, float]:
    """Largest difference in numbers, and the plain model's CPU time per run over the kernel's."""
    worst, ratios = 0.0, []
    for run in range(pairs):
        plain = PlainRace(POINT, 1, run)
        slow = cpu(plain.run_model)
        ratios.append(slow / (kernel_time(POINT, 64) / 64))
        records = build(POINT, 1, np.array([run]))
        run_block(*records)
        worst = max(worst, difference(plain, records.labs[0], records.nations[0], records.worlds[0]))
    return worst, float(np.median(ratios))


def peak_memory(runs: int) -> float:
    """Peak memory in MB of a process that estimates ``runs`` runs."""
    done = subprocess.run([sys.executable, "-c", MEMORY % runs], capture_output=True, text=True, check=True)
    return float(done.stdout) / 1024


def start_seconds(arguments: list[str]) -> float:
    """Wall seconds of the command line with these arguments."""
    command = [sys.executable, "-m", "race_sim.cli", *arguments]
    return wall(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True))


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Measure, and print as it goes."""
    quick = options.quick
    rows: list[Row] = []

    def note(what: str, value: float, unit: str, target: str = "") -> None:
        rows.append((what, value, unit, target))
        print(f"{what:72s} {value:12.4g} {unit:8s} {target}", flush=True)

    for rule in ("fixed", "best_response"):
        kernel_time(with_rule(POINT, rule), 2)
    if compiler():
        run_in_c = compiled()
        for rule in ("fixed", "best_response"):
            worst, ratio = against_c(rule, run_in_c, 5 if quick else 151)
            note(f"{rule}: largest relative difference from C", worst, "", "at most 1e-12")
            note(f"{rule}: CPU time of the kernel / of C -O3 -march=native", ratio, "", "at most 1.15")
    else:
        print("no C compiler here: not compared with C")
    worst, ratio = against_plain_mesa(2 if quick else 25)
    note("best_response: largest relative difference from plain Mesa", worst, "", "at most 1e-9")
    note("best_response: CPU time of plain Mesa / of the kernel, per run", ratio, "", "at least 100")
    runs = 256 if quick else 2048
    if available_threads() > 1:
        ratio = paired(
            lambda: wall(lambda: estimate(POINT, runs, threads=1, progress=False)),
            lambda: wall(lambda: estimate(POINT, runs, threads=2, progress=False)),
            1 if quick else 9,
        )
        note("wall time with one thread / with two", ratio, "", "at least 1.8")
    for rule in ("fixed", "best_response"):
        few, many = with_rule(many_labs(10), rule), with_rule(many_labs(1000), rule)
        ratio = paired(
            lambda m=many: kernel_time(m, 1) / 1000, lambda f=few: kernel_time(f, 16) / 160, 2 if quick else 15
        )
        note(f"{rule}: CPU time per lab at 1,000 labs / at 10", ratio, "", "below 1.5")
    base, large = (10_000, 20_000) if quick else (10_000, 1_000_000)
    small_memory, large_memory = peak_memory(base), peak_memory(large)
    note(f"peak memory at {large:,} runs / at {base:,}, without trajectories", large_memory / small_memory, "", "flat")
    note(f"peak memory at {large:,} runs", large_memory, "MB")
    for row in (*precision.rows(quick), *sweeping.rows(quick)):
        note(*row)
    for how, scenario, controlled, target in GAMES:
        game = policy_game(scenario, runs=100 if quick else 2000, progress=False, controlled=controlled)
        gain = float(np.median(paired_error_gains(game)))
        note(f"policy game: errors of differences, independent and plain / {how}, median", gain, "", target)
    for row in (*second_version.rows(quick), *evolution.rows(quick), *enumeration.rows(quick), *panel.rows(quick)):
        note(*row)
    note("CPU time per run of us-china-2026-point (8 labs, 120 months)", kernel_time(POINT, runs) / runs * 1e3, "ms")
    note("memory per kept run without trajectories", simulate(POINT, 256, progress=False).nbytes / 256, "bytes")
    for row in start.rows(quick):
        note(*row)
    if not quick:
        whole = ["game", "us-china-2026", "--runs", "2000"]
        note("race-sim game us-china-2026 --runs 2000", start_seconds(whole), "s", "below 60")
    table = pd.DataFrame(rows, columns=["what", "value", "unit", "target"])
    machine = {"cores": available_threads(), "machine": platform.machine(), "peak_mb": _peak(), "quick": quick}
    return ExperimentResult({"table.csv": table}, {**provenance(POINT, 1, "integrated"), **machine})


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write its results."""
    publish("performance", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
