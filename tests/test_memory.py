"""Runs that do not fit into memory are refused before the work, with the number that fits; what streams works."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import race_sim
from race_sim import InputError
from race_sim.runs import memory
from race_sim.runs.footprint import check_profiles, check_runs, of_paths, of_records
from tests.waiting import end_of, line_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the limits of Linux")
LIMITED = (
    "import resource, sys\n"
    "from race_sim import cli\n"
    "resource.setrlimit(resource.RLIMIT_AS, (6_000_000 * 1024,) * 2)\n"
    "code = cli.main(sys.argv[1:])\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print(used.ru_utime + used.ru_stime)\n"
    "sys.exit(code)\n"
)
LINE = re.compile(
    r"race-sim: runs: ([\d,]+) runs.* need about [\d,.]+ GB of memory, [\d,.]+ GB are free: at most ([\d,]+) fit\n"
)


@pytest.mark.parametrize(
    "command",
    [
        "game duopoly --runs 100000000",
        "game duopoly --runs 100000000 --policies race,treaty",
        "game five-labs --runs 1e10 --json",
        "compare duopoly --runs 100000000",
        "run duopoly --runs 10000000 --trajectories --out o",
        "run duopoly --runs 100000000 --out o",
        "run five-labs --runs 1e15 --out o --json",
    ],
)
def test_refused_at_once_with_the_number_that_fits(command, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *command.split()], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={"PYTHONPATH": str(Path(race_sim.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    found = LINE.fullmatch(done.stderr)
    assert found, done.stderr
    asked, fits = (int(group.replace(",", "")) for group in found.groups())
    assert 1000 < fits < asked
    assert float(done.stdout) < 5.0  # CPU seconds
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_a_folder_streams(tmp_path):
    """Under the same limit a hundred million runs are computed batch by batch, until somebody stops it."""
    code = LIMITED.replace("code = cli.main", "from race_sim.runs import sampling\n"
        "inner = sampling.in_batches\n"
        "def shown(*arguments):\n"
        "    for number, part in enumerate(inner(*arguments)):\n"
        "        if number == 20:\n"
        "            print('twenty batches', flush=True)\n"
        "        yield part\n"
        "sampling.in_batches = shown\n"
        "code = cli.main")  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", code, "run", "duopoly", "--runs", "100000000", "--threads", "1"], cwd=tmp_path,
        env={"PYTHONPATH": str(Path(race_sim.__file__).parents[1])}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert line_of(process) == "twenty batches"
        process.send_signal(signal.SIGINT)
        _, text = end_of(process)
    assert process.returncode == 130, text
    assert text == "race-sim: interrupted; nothing was written\n"


@pytest.mark.parametrize(
    "call",
    [
        lambda: race_sim.simulate("duopoly", 10**9),
        lambda: race_sim.simulate("duopoly", 10**6, trajectories=True),
        lambda: race_sim.policy_game("duopoly", runs=10**8),
        lambda: race_sim.other_regarding_runs("duopoly", race_sim.OtherRegarding(0, 0, 0, 0), 10**8),
        lambda: race_sim.scripted_runs("duopoly", np.broadcast_to(np.zeros((1, 120, 2)), (10**5, 120, 2))),
        lambda: race_sim.compare("duopoly", runs=10**9),
    ],
)
def test_the_same_refusal_in_python(call, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 8e8)
    with pytest.raises(InputError, match=r"^runs: [\d,]+ runs.* GB are free: at most [\d,]+ fit$"):
        call()


def test_what_fits_is_taken(monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 8e8)
    scenario = race_sim.Scenario.load("duopoly")
    check_runs(scenario, 10**5)
    check_profiles(scenario, 10**5, 4)
    with pytest.raises(InputError, match="at most"):
        check_runs(scenario, 10**5, trajectories=True)


def test_estimates_are_of_the_records_and_the_paths():
    """A Dataset of runs holds less than the records, and paths what the traces hold."""
    scenario = race_sim.Scenario.load("duopoly")
    plain, traced = (race_sim.simulate(scenario, 50, trajectories=flag).nbytes / 50 for flag in (False, True))
    assert plain < of_records(scenario)
    assert 0.9 * of_paths(scenario) < traced - plain < 1.1 * of_paths(scenario)
