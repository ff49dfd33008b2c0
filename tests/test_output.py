"""Output that is full, closed, cut off or narrow: one line at most, and never a traceback."""

import contextlib
import io
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from race_sim import Scenario, cli
from race_sim.cli.surroundings import Output, Unwritable
from tests.waiting import finished

FULL = Path("/dev/full")
RACE_SIM = f"{sys.executable} -m race_sim.cli"
RUN = f"{RACE_SIM} run duopoly --runs 2 --set time.horizon=1"
NO_ROOM = "race-sim: output: cannot be written: No space left on device\n"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")


def shell(command, cwd=None, **environment):
    path = os.pathsep.join(map(os.path.abspath, filter(None, ["", *sys.path])))
    return finished(["sh", "-c", command], cwd=cwd, env={**os.environ, "PYTHONPATH": path, **environment})


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["games", "--help", "--version", "show us-china-2026"])
def test_full(command):
    done = shell(f"{RACE_SIM} {command} > /dev/full")
    assert (done.returncode, done.stderr) == (2, NO_ROOM)


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_full_the_folder_is_kept(tmp_path):
    done = shell(f"{RUN} --out runs > /dev/full", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, NO_ROOM)
    assert len(list((tmp_path / "runs").iterdir())) == 4


def test_closed_is_said_before_the_work(tmp_path):
    done = shell(f"{RUN} --out runs >&-", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "race-sim: output: must be open, is closed (to see none of it: > /dev/null)\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("command", "code"), [(f"{RACE_SIM} scenarios", 0), (f"{RACE_SIM} show nowhere", 2)])
def test_closed_standard_error(command, code):
    done = shell(f"{command} 2>&-")
    assert (done.returncode, done.stderr) == (code, "")
    assert ("chicken" in done.stdout) == (code == 0)


def test_cut_off():
    done = shell(f"{RACE_SIM} games | head -1; exit ${{PIPESTATUS:-0}}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "ascii:strict"])
def test_narrow(encoding):
    done = finished(
        [sys.executable, "-c", "import sys; from race_sim.cli import main; sys.exit(main(['games']))"],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    wide = done.stdout
    command = f'{RACE_SIM} games | {sys.executable} -c "import sys; print(ascii(sys.stdin.buffer.read()))"'
    done = shell(command, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    name = encoding.partition(":")[0]
    assert eval(done.stdout).decode(name) == wide.encode(name, "race_sim.escaped").decode(name)


def test_a_narrow_output_is_still_a_scenario_file(monkeypatch):
    """``--toml`` in ASCII reads back as the same scenario."""
    source = Scenario.load("duopoly").replace({"description": "Wettrüsten, 軍拡競争 \N{ROCKET}"})
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Output(out).write(source.to_toml())
    out.flush()
    assert Scenario.from_toml(out.buffer.getvalue().decode("ascii")) == source


def test_names_of_files_that_are_no_text(tmp_path, capsys):
    assert cli.main(["run", "no\udcffwhere.toml"]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "no\\udcffwhere.toml" in message


@pytest.mark.parametrize("argument", ["two\nlines", "\x1b[2J", "\u2028", "bell\a"])
def test_nothing_that_was_typed_breaks_the_line(argument, capsys):
    for arguments in (
        [argument],
        ["run", "duopoly", argument],
        ["run", argument],
        ["show", "duopoly", "--set", argument],
    ):
        assert cli.main(arguments) == 2
        message = capsys.readouterr().err
        assert message[:-1].isprintable()
        assert message.endswith("\n")


def test_whatever_else_fails_is_not_taken_for_the_output(tmp_path):
    """Only writing to standard output is."""
    with pytest.raises(Unwritable, match="No space left"):
        Output(Failing()).write("x")
    with pytest.raises(Unwritable, match="No space left"):
        Output(Failing()).flush()


class Failing(io.StringIO):
    """A stream without room."""

    def write(self, text):
        raise OSError(28, "No space left on device")

    def flush(self):
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("command", [
    ["run", "duopoly", "--runs", "600"],
    ["compare", "duopoly", "--runs", "600"],
    ["sweep", "duopoly", "--vary", "prize.enmity=0:1:2", "--runs", "4", "--out", "swept"],
])  # fmt: skip
def test_progress_is_seen_on_a_terminal(command, tmp_path):
    """A terminal of 100 columns is the standard error; whatever takes longer than nothing takes long."""
    import fcntl
    import pty
    import termios

    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    code = (
        f"from race_sim.text import progress\nprogress.PATIENCE = 0.0\nfrom race_sim.cli import main\nmain({command})"
    )
    known = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
    environment = {**known, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=inside, cwd=tmp_path,
                          env=environment) as process:  # fmt: skip
        os.close(inside)
        text = b""
        with contextlib.suppress(OSError):  # that of a terminal nobody writes to any more
            while piece := os.read(terminal, 4096):
                text += piece
        assert process.wait() == 0, text
    os.close(terminal)
    assert re.search(rb"\d+%", text), text
