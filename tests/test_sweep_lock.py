"""One process at a time in a folder: whoever only looks never keeps it from starting, and there is a way without."""

import errno
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from race_sim import InputError, cli, load_sweep, sensitivity_indices, sweep
from race_sim.sweeps.engine.lock import NAME, holder, is_held, locked
from race_sim.sweeps.status import status
from tests.killed_sweeps import SCENARIO

fcntl = pytest.importorskip("fcntl")
ROOT = Path(__file__).parent.parent


def made(folder, **options):
    return sweep(SCENARIO, {"prize.enmity": "0:1:4"}, 2, 0, ["welfare"], folder, threads=1, **options)


def held_elsewhere(folder):
    """A process that holds the lock until it is killed."""
    code = (
        "import sys, time; from pathlib import Path; from race_sim.sweeps.engine.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('here', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def looking(folder, stop, seen):
    while not stop.is_set():
        seen.append(is_held(folder))


@pytest.mark.parametrize("left", ["", "process 1 on a machine that was switched off"])
def test_many_who_look_all_the_time_never_keep_a_start_from_its_lock(tmp_path, left):
    (tmp_path / NAME).write_text(left)
    stop, seen = threading.Event(), []
    lookers = [threading.Thread(target=looking, args=(tmp_path, stop, seen)) for _ in range(4)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(200):
            (tmp_path / NAME).write_text(left)
            with locked(tmp_path):
                assert is_held(tmp_path)
    finally:
        stop.set()
        for looker in lookers:
            looker.join()
    assert not is_held(tmp_path)


def test_looking_before_the_first_start_leaves_no_file(tmp_path):
    assert not is_held(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_status_while_a_sweep_starts(tmp_path):
    before = made(tmp_path)
    stop = threading.Event()

    def look():
        while not stop.is_set():
            status(str(tmp_path))

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(10):
            assert made(tmp_path).identical(before)
    finally:
        stop.set()
        looker.join()


def test_a_folder_in_use_is_refused_after_a_moment_and_names_who_uses_it(tmp_path):
    made(tmp_path)
    other = held_elsewhere(tmp_path)
    try:
        with pytest.raises(InputError, match=rf"process {other.pid} on .* is working in this folder"):
            made(tmp_path)
        assert is_held(tmp_path)
        assert f"at work     process {other.pid}" in status(str(tmp_path))
    finally:
        other.kill()
        other.wait()
    assert not is_held(tmp_path)
    made(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_a_file_system_without_locks_is_said_with_the_way_out(tmp_path, code, monkeypatch):
    def none(descriptor, operation):
        raise OSError(code, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.raises(InputError, match=r"no locks .*--no-lock .*lock=False") as error:
        made(tmp_path / "out")
    assert "\n" not in str(error.value)
    assert made(tmp_path / "out", lock=False).identical(load_sweep(tmp_path / "out"))
    assert "at work" not in status(str(tmp_path / "out"))
    assert not (tmp_path / "out" / "damaged").exists()


def test_commands_go_without_a_lock(tmp_path, monkeypatch, capsys):
    def none(descriptor, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    sweeping = ["sweep", "duopoly", "--set", "time.horizon=1", "--vary", "prize.enmity=0,1", "--outcomes", "welfare"]
    indices = ["sensitivity", "duopoly", "--set", "time.horizon=1", "--parameters", "prize.enmity", "--samples", "4"]
    for command in (sweeping, indices):
        asked = [*command, "--runs", "2", "--threads", "1", "--out", str(tmp_path / command[0])]
        assert cli.main(asked) == 2
        text = capsys.readouterr().err
        assert "--no-lock" in text.splitlines()[-1]
        assert text.count("race-sim: ") == 1
        assert cli.main([*asked, "--no-lock"]) == 0
        capsys.readouterr()


def test_indices_go_without_a_lock(tmp_path, monkeypatch):
    monkeypatch.setattr("race_sim.sweeps.engine.store.locked", None)
    options = {"outcomes": ["welfare"], "out": tmp_path / "sweep", "threads": 1}
    assert sensitivity_indices(SCENARIO, ["prize.enmity"], 4, 2, lock=False, **options)["total"].size == 1


@pytest.mark.parametrize("text", ["a\nb\x1b[2J", "x" * 10_000, "\0\0"])
def test_what_stands_in_a_lock_is_shown_on_one_line(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    assert len(holder(tmp_path)) <= 200
    assert holder(tmp_path).isprintable()
