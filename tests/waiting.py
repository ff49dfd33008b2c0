"""Waits that end by an event: a file, a line, the end of a process. Their limit, never met, says what was awaited."""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")
LIMIT = 3600.0  # seconds
PAUSE = 0.005  # seconds between two looks


def until(what: str, happened: Callable[[], Result], alive: Callable[[], bool] = lambda: True) -> Result:
    """What ``happened()`` says once it says something; who works on it must stay alive until then."""
    end = time.monotonic() + LIMIT
    while not (result := happened()):
        assert alive() or happened(), f"who worked on it ended before there was {what}"
        assert time.monotonic() < end, f"waited {LIMIT:.0f} s for {what}"
        time.sleep(PAUSE)
    return result


def gone(pid: int) -> bool:
    """Whether there is no such process any more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a process prints."""
    assert process.stdout is not None
    limit = threading.Timer(LIMIT, process.kill)  # which ends the wait
    limit.start()
    try:
        line: str = process.stdout.readline()
    finally:
        limit.cancel()
    assert line, f"no line came from {process.args!r}, within {LIMIT:.0f} s or before it ended"
    return line.rstrip("\n")


def end_of(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a process has written since, once it has ended: output and errors."""
    try:
        return process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"waited {LIMIT:.0f} s for the end of {process.args!r}") from None


def finished(
    command: Sequence[str], cwd: Path | str | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command that has run to its end, successful or not, with what it wrote."""
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        out, err = end_of(process)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
