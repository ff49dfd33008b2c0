"""``race-sim run --out``: wherever the folder lies, all of a result is there or none, and no number is lost."""

import os
import stat
import sys

import pytest

from race_sim import cli
from race_sim.cli import run_folder
from race_sim.runs import batches
from race_sim.sweeps.engine.files import write_synced
from tests.waiting import finished

FILES = set(run_folder.FILES)
RUN = ["run", "duopoly", "--runs", "2", "--set", "time.horizon=1", "--out"]
MEANS = "duopoly: 2 runs, seed 0, integrated estimator"


@pytest.fixture
def nothing_computed(monkeypatch):
    """Whatever simulates fails: refusals come before the work."""

    def never(*arguments, **options):
        raise AssertionError("computed before it was checked")

    monkeypatch.setattr(batches, "in_batches", never)
    monkeypatch.setattr("race_sim.runs.sampling.in_batches", never)


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_behind_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert cli.main([*RUN, str(tmp_path / "link")]) == 0
    assert names(tmp_path / "real") == FILES
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("here", [".", "./", "../here", "deep/er/../.."])
def test_the_current_folder(here, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert cli.main([*RUN, here]) == 0
    assert names(tmp_path / "here") == FILES


def test_a_folder_that_may_not_be_replaced(tmp_path, monkeypatch):
    """As a mount point: neither removed nor renamed, it takes the files one by one."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    before = folder.stat().st_ino
    assert cli.main([*RUN, str(folder)]) == 0
    assert folder.stat().st_ino == before
    assert names(folder) == FILES


def test_new_folders_below_new_ones(tmp_path):
    assert cli.main([*RUN, str(tmp_path / "a" / "b" / "runs")]) == 0
    assert names(tmp_path / "a" / "b") == {"runs"}
    assert names(tmp_path / "a" / "b" / "runs") == FILES


@pytest.mark.parametrize("name", [".DS_Store", "._x", "Thumbs.db", "desktop.ini", "lost+found", ".Trashes"])
def test_files_of_an_operating_system_do_not_count(name, tmp_path):
    (tmp_path / name).touch()
    assert cli.main([*RUN, str(tmp_path)]) == 0
    assert names(tmp_path) == FILES | {name}


def test_what_a_stop_left_half_written_does_not_count(tmp_path):
    (tmp_path / ".runs.nc.race_sim-partial").write_bytes(b"half")
    assert cli.main([*RUN, str(tmp_path)]) == 0
    assert names(tmp_path) == FILES


@pytest.mark.parametrize(
    ("make", "out", "message"),
    [
        (lambda p: (p / "dangling").symlink_to("nowhere"), "dangling", "a link that leads nowhere"),
        (lambda p: (p / "round").symlink_to("round"), "round", "a link that leads nowhere"),
        (lambda p: (p / "file").touch(), "file", "'file', a file"),
        (lambda p: (p / "file").touch(), "file/runs", "cannot be written"),
        (lambda p: (p / "mine.txt").touch(), ".", "which holds 'mine.txt'"),
        (lambda p: None, "", "must name a folder, got ''"),
        (lambda p: None, "  ", "must name a folder, got ' '"),
        (lambda p: None, "x" * 300, "cannot be used: File name too long"),
        (lambda p: None, "new/" + "x" * 300, "cannot be written: File name too long"),
        (lambda p: None, "nul\0", "must name a folder"),
    ],
)
def test_refused_before_the_work_and_nothing_is_left(
    make, out, message, tmp_path, monkeypatch, capsys, nothing_computed
):
    make(tmp_path)
    before = names(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.main([*RUN, out]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("race-sim: --out: ")
    assert captured.err.count("\n") == 1
    assert message in captured.err
    assert names(tmp_path) == before


@pytest.mark.parametrize("failing", run_folder.FILES)
@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_disk_that_fills_costs_the_files_and_not_the_numbers(failing, exists, more, tmp_path, monkeypatch, capsys):
    def full(path, content):
        if path.name == failing:
            raise OSError(28, "No space left on device")
        write_synced(path, content)

    monkeypatch.setattr(run_folder, "write_synced", full)
    folder = tmp_path / "runs"
    if exists:
        folder.mkdir()
    assert cli.main([*RUN, str(folder), *more]) == 2
    captured = capsys.readouterr()
    assert captured.out.startswith('{"scenario": "duopoly"' if more else MEANS)
    assert captured.err == f"race-sim: --out: {str(folder)!r} cannot be written: No space left on device\n"
    assert list(tmp_path.iterdir()) == ([folder] if exists else [])
    assert not exists or names(folder) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of POSIX")
def test_a_file_that_may_not_grow(tmp_path):
    command = f"ulimit -f 8; exec {sys.executable} -m race_sim.cli {' '.join(RUN)} runs"
    done = finished(["sh", "-c", command], cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith(MEANS)
    assert done.stderr == f"race-sim: --out: {str(tmp_path / 'runs')!r} cannot be written: File too large\n"
    assert names(tmp_path) == set()


def test_numbers_that_cannot_be_shown_are_kept(tmp_path, monkeypatch):
    def broken(*arguments, **options):
        raise BrokenPipeError

    monkeypatch.setattr("builtins.print", broken)
    cli.main([*RUN, str(tmp_path / "runs")])
    assert names(tmp_path / "runs") == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions of POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o700), (0o022, 0o755), (0o007, 0o770)])
def test_a_new_folder_has_the_permissions_that_the_process_gives(umask, mode, tmp_path):
    before = os.umask(umask)
    try:
        assert cli.main([*RUN, str(tmp_path / "runs")]) == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "runs").stat().st_mode) == mode
    for path in (tmp_path / "runs").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == mode & 0o666


@pytest.mark.parametrize("command", [
    ["sensitivity", "duopoly", "--parameters", "prize.enmity", "--samples", "4", "--out", "x" * 300],
    ["sweep", "duopoly", "--vary", "prize.enmity=0:1:2", "--out", "x" * 300],
    ["sweep", "status", "x" * 300],
    ["plot", "x" * 300],
    ["game", "duopoly", "--runs", "4", "--out", "x" * 300],
])  # fmt: skip
def test_a_name_that_is_too_long_is_one_line(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(command) == 2
    error = capsys.readouterr().err
    assert "cannot be used: File name too long" in error
    assert error.count("\n") == 1
    assert len(error) < 400
    assert list(tmp_path.iterdir()) == []
