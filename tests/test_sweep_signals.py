"""A sweep that is stopped says how to go on, in one line and with the exit code that shells expect."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from race_sim.sweeps.engine.store import read_checksums
from tests.killed_sweeps import SCENARIO  # noqa: F401  (compiles what the commands here run)
from tests.waiting import end_of, finished, until

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")
NO_GUARD = (
    "import race_sim\n"
    "d = race_sim.sweep('duopoly', {'prize.enmity': [0.1, 0.9]}, runs=4, outcomes=['welfare'], workers=2)\n"
    "print(d['mean'].values)\n"
)
GUARDED = (
    "import race_sim\n"
    "if __name__ == '__main__':\n"
    "    d = race_sim.sweep('duopoly', {'prize.enmity': [0.1, 0.9]}, runs=4, outcomes=['welfare'], workers=2)\n"
    "    print(d['mean'].values.size)\n"
)


def command(folder, *more):
    axes = ["--vary", "prize.enmity=0:1:4000", "--runs", "8", "--points-per-part", "5", "--outcomes", "welfare"]
    return [sys.executable, "-m", "race_sim.cli", "sweep", "duopoly", *axes, "--out", str(folder), *more]


def stopped(folder, signals, *more, parts=1):
    """Exit code and standard error of a sweep that gets signals once some parts are finished."""
    with subprocess.Popen(command(folder, *more), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        until(f"{parts} parts", lambda: len(read_checksums(folder)) >= parts, lambda: process.poll() is None)
        for number, pause in signals:
            time.sleep(pause)
            process.send_signal(number)
        text = end_of(process)[1]
    return process.returncode, text


@pytest.mark.parametrize(
    ("signals", "code"),
    [
        ([(signal.SIGTERM, 0)], 143),
        ([(signal.SIGINT, 0), (signal.SIGINT, 0.05)], 130),
        ([(signal.SIGTERM, 0), (signal.SIGINT, 0.1)], 143),
    ],
)
@pytest.mark.parametrize("more", [("--threads", "1"), ("--workers", "2")])
def test_a_stopped_sweep_says_how_to_go_on(tmp_path, signals, code, more):
    returned, text = stopped(tmp_path, signals, *more)
    assert returned == code, text
    assert "Traceback" not in text
    last = text.splitlines()[-1]
    assert re.search(r"interrupted; [\d,]+ of 4,000 points are kept in .*; the same command goes on from there", last)


@pytest.mark.parametrize(("number", "pause"), [(signal.SIGINT, 0.0), (signal.SIGINT, 0.8), (signal.SIGTERM, 1.0)])
def test_a_sweep_that_is_stopped_while_its_workers_start(tmp_path, number, pause):
    """To the whole group of processes, as a terminal sends it."""
    process = subprocess.Popen(
        command(tmp_path, "--workers", "2"), cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until("a manifest", (tmp_path / "manifest.json").exists, lambda: process.poll() is None)
    time.sleep(pause)
    os.killpg(process.pid, number)
    text = end_of(process)[1]
    assert process.returncode == 128 + number, text
    assert "Traceback" not in text
    assert "the same command goes on from there" in text.splitlines()[-1]


def test_a_third_signal_ends_it_where_it_stands(tmp_path):
    code = (
        "import os, signal, time\n"
        "from race_sim.cli.signals import interruptible\n"
        "with interruptible(True) as received:\n"
        "    for _ in range(3):\n"
        "        try:\n"
        "            os.kill(os.getpid(), signal.SIGINT); time.sleep(0.01)\n"
        "        except KeyboardInterrupt:\n"
        "            pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 130
    assert (
        done.stderr
        == "race-sim: ended at once; a sweep keeps its finished parts, the same command goes on from there\n"
    )


def hears(pid, number):
    """Whether a process has a handler for a signal."""
    caught = re.search(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(caught[1], 16) >> (number - 1) & 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the process files of Linux")
@pytest.mark.parametrize("command", ["run", "sensitivity"])
def test_sigterm_ends_every_command_in_one_line(command):
    asked = [sys.executable, "-m", "race_sim.cli", command, "us-china-2026", "--runs", "1000000", "--threads", "1"]
    with subprocess.Popen(asked, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        until("a handler of SIGTERM", lambda: hears(process.pid, signal.SIGTERM), lambda: process.poll() is None)
        time.sleep(2)  # into the work, or on the way to it
        process.send_signal(signal.SIGTERM)
        text = end_of(process)[1]
    assert process.returncode == 143, text
    assert re.search(r"race-sim: interrupted; nothing was (written|kept)", text.splitlines()[-1])
    assert "Traceback" not in text


def run_script(tmp_path, text, standard_input):
    script = tmp_path / "script.py"
    script.write_text(text)
    arguments = ["-"] if standard_input else [str(script)]
    with script.open() as source:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            stdin=source if standard_input else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.mark.parametrize("standard_input", [False, True])
def test_a_script_without_a_guard_is_refused_by_its_name(tmp_path, standard_input):
    done = run_script(tmp_path, NO_GUARD, standard_input)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("race_sim.errors.InputError: workers: ")
    assert 'if __name__ == "__main__":' in last
    assert "ended abruptly" not in done.stderr
    assert done.stderr.count("Traceback") == 1, "the workers say nothing of their own"


def test_a_guarded_script_works_and_needs_a_file(tmp_path):
    done = run_script(tmp_path, GUARDED, False)
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr
    assert "need a script in a file" in run_script(tmp_path, GUARDED, True).stderr.splitlines()[-1]


def test_a_script_that_fails_in_a_worker_names_the_guard(tmp_path):
    text = "import multiprocessing\nassert multiprocessing.current_process().name == 'MainProcess'\n" + NO_GUARD
    assert "if __name__" in run_script(tmp_path, text, False).stderr.splitlines()[-1]


def test_an_interrupt_that_comes_out_of_exec_leaves_the_same_exit_code(tmp_path):
    """Imports exec what they generate; Python remembers that an interrupt came out of it, and ends by SIGINT then."""
    (tmp_path / "interrupted.py").write_text(
        "import os, signal, sys\n"
        "from race_sim import cli\n"
        "cli._parser = lambda: exec('import os, signal; os.kill(os.getpid(), signal.SIGTERM)')\n"
        "sys.argv = ['race-sim']\n"
        "sys.exit(cli.main())\n"
    )
    done = finished([sys.executable, "-m", "interrupted"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (143, "race-sim: interrupted; nothing was written\n")
