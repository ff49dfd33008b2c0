"""Ctrl-C and SIGTERM end every command in one line, with the exit code that shells expect."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import end_of, line_of

ROOT = Path(__file__).parent.parent
AT_WORK = (
    "import sys\n"
    "from race_sim import cli\n"
    "from race_sim.runs import batches\n"
    "inner = batches.bar\n"
    "def bar(*arguments, **options):\n"
    "    print('at work', flush=True)\n"
    "    return inner(*arguments, **options)\n"
    "batches.bar = bar\n"
    "sys.exit(cli.main())\n"
)
COMMANDS = {
    "run": "run duopoly --runs 100000000",
    "run --out": "run duopoly --runs 100000 --out o",
    "game": "game duopoly --runs 100000",
    "screen": "screen duopoly --runs 100000",
    "compare": "compare duopoly --runs 100000",
    "reproduce": "reproduce",
}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")


def stopped(command, folder, signals):
    """Exit code and standard error of a command that gets signals once it is at work."""
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, *command.split()], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        line_of(process)
        for number in signals:
            process.send_signal(number)
        text = end_of(process)[1]
    return process.returncode, text


@pytest.mark.parametrize(("signals", "code"), [([signal.SIGTERM], 143), ([signal.SIGINT], 130)])
@pytest.mark.parametrize("command", COMMANDS)
def test_one_line_and_the_exit_code(command, signals, code, tmp_path):
    returned, text = stopped(COMMANDS[command], tmp_path, signals)
    assert (returned, text) == (code, "race-sim: interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("signals", [[signal.SIGINT] * 2, [signal.SIGTERM] * 2, [signal.SIGINT, signal.SIGTERM]])
def test_impatience_costs_no_traceback(signals, tmp_path):
    returned, text = stopped(COMMANDS["game"], tmp_path, signals)
    assert returned == 128 + signals[0] or returned == 128 + signals[-1]  # two at once come in either order
    assert text == "race-sim: interrupted; nothing was written\n"
