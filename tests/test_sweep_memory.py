"""What does not fit into memory is refused before the work, in one line with the number that fits."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from race_sim import InputError, sensitivity_indices, sweep
from race_sim.runs import memory
from race_sim.runs.memory import check_fits, free_memory
from race_sim.sweeps.engine import table
from race_sim.sweeps.engine.design import LIMIT
from tests import waiting
from tests.killed_sweeps import SCENARIO

ROOT = Path(__file__).parent.parent


def limited(arguments, kilobytes=6_000_000):
    """The command under ``ulimit -v``: exit code, standard error, and CPU seconds."""
    code = (
        "import resource, sys; from race_sim import cli\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({kilobytes * 1024},) * 2)\n"
        "code = cli.main(sys.argv[1:]); used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=waiting.LIMIT)
    return done.returncode, done.stderr, float(done.stdout.splitlines()[-1]) if done.stdout else np.inf


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the limits of Linux")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("sweep duopoly --vary prize.enmity=0:1:100000000", "design: must have at most 4,194,304 points"),
        ("sweep duopoly --vary prize.enmity --design lhs:100000000", "design: must have at most 4,194,304 points"),
        ("sweep duopoly --vary prize.enmity=0:1:4000000", r"design: 4,000,000 points need about .* at most [\d,]+ fit"),
        (
            "sweep duopoly --vary prize.enmity=0:1:5 --per-run --runs 10000000",
            r"runs: 10,000,000 .* at most [\d,]+ fit",
        ),
        ("sensitivity duopoly --samples 16777216", "at most 32,768 samples do"),
        ("sensitivity duopoly --samples 32768", r"samples: 32,768 .* at most (4,096|8,192|16,384) fit"),
        ("sensitivity duopoly --method pawn --samples 16777216", "at most 4,194,304 samples do"),
    ],
)
def test_what_does_not_fit_is_refused_at_once_with_the_number_that_does(tmp_path, arguments, words):
    code, text, seconds = limited([*arguments.split(), "--out", tmp_path / "out"])
    assert code == 2
    assert re.search(words, text)
    assert text.count("\n") == 1
    assert seconds < 5
    assert not (tmp_path / "out").exists()


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the limits of Linux")
def test_the_number_that_is_said_to_fit_fits(tmp_path):
    asked = ["sweep", "duopoly", "--set", "lab.rule=fixed", "--set", "time.horizon=1", "--vary", "prize.enmity=0,1",
             "--per-run", "--outcomes", "welfare", "--threads", "1", "--out", tmp_path / "out", "--runs"]  # fmt: skip
    _, text, _ = limited([*asked, 10**9], 2_500_000)
    most = int(re.search(r"at most ([\d,]+) fit", text)[1].replace(",", ""))
    assert most > 50_000
    code, text, _ = limited([*asked, most * 9 // 10], 2_500_000)
    assert code == 0, text


def test_a_file_that_is_too_large_to_be_read_is_refused_before_it_is(tmp_path):
    path = tmp_path / "points.csv"
    with path.open("wb") as file:
        file.truncate(2**42)
    with pytest.raises(InputError, match=r"points\.csv: .* bytes need about .* at most .* fit"):
        table(path)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sweep(SCENARIO, {"prize.enmity": "0:1:50"}, 2), "design: 50 points"),
        (lambda: sweep(SCENARIO, {"prize.enmity": [0]}, 500, per_run=True, outcomes=["welfare"]), "runs: 500"),
        (lambda: sensitivity_indices(SCENARIO, ["prize.enmity"], 64, 2), "at most 8 fit"),
    ],
)
def test_python_refuses_the_same(call, words, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 18_000.0)
    with pytest.raises(InputError) as error:
        call()
    assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("known", ["machine", "limit", "group"])
def test_free_memory_is_the_least_that_is_known(known, monkeypatch):
    for name in ("on_machine", "of_limit", "in_group"):
        wanted = name.endswith(known)
        place = "_free_on_machine" if name == "on_machine" else f"_left_{name}"
        monkeypatch.setattr(memory, place, lambda wanted=wanted: 7.0 if wanted else float("inf"))
    assert free_memory() == 7.0


def test_what_fits_is_not_refused():
    check_fits("runs", 10, 1.0)
    assert free_memory() > 0


def test_too_many_samples_say_how_many_do():
    with pytest.raises(InputError, match=rf"at most {LIMIT:,} points, .* at most 1,048,576 samples do"):
        sensitivity_indices(SCENARIO, ["prize.enmity"], 2**21, 2)
