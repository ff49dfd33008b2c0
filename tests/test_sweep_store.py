"""A sweep's folder: whatever happens to it, nothing is lost and one line says what to do."""

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from race_sim import InputError, cli, load_sweep, sweep
from race_sim.sweeps.engine import store as stores
from race_sim.sweeps.engine.store import read, read_checksums
from race_sim.sweeps.engine.tables import checksum
from race_sim.sweeps.status import status
from tests.killed_sweeps import DESIGN, OPTIONS, SCENARIO
from tests.waiting import end_of, finished, line_of, until

ROOT = Path(__file__).parent.parent
SMALL = {"prize.enmity": "0:1:12"}


def small(folder, **options):
    return sweep(SCENARIO, SMALL, 4, 1, ["welfare"], folder, **{"points_per_part": 3, "threads": 1, **options})


@pytest.fixture
def kept(tmp_path):
    small(tmp_path / "kept")
    return tmp_path / "kept"


def rows(folder):
    return checksum(read(folder, "points"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    sweep(SCENARIO, DESIGN, out=folder, threads=1, **OPTIONS)
    return rows(folder)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_twenty_times_it_ends_with_the_same_bytes(tmp_path, alone):
    command = [sys.executable, "-m", "tests.killed_sweeps", str(tmp_path), "20"]
    done = finished(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 3, "most kills came before any part was finished"
    before = read_checksums(tmp_path)
    sweep(SCENARIO, DESIGN, out=tmp_path, threads=2, **OPTIONS)
    assert rows(tmp_path) == alone
    assert before.items() <= read_checksums(tmp_path).items()
    assert {path.name for path in tmp_path.iterdir()} == {"manifest.json", "checksums.txt", "points", ".race_sim-lock"}
    assert len(list((tmp_path / "points").iterdir())) == 200


@pytest.mark.parametrize(
    "options",
    [{"threads": 2, "points_per_part": 500}, {"threads": 1, "points_per_part": 7}, {"workers": 1}, {"workers": 3}],
)  # fmt: skip
def test_however_it_is_cut_the_bytes_are_the_same(tmp_path, alone, options):
    sweep(SCENARIO, DESIGN, out=tmp_path, **{**OPTIONS, **options})
    assert rows(tmp_path) == alone


@pytest.mark.quick
def test_parts_of_one_point(tmp_path, kept):
    small(tmp_path / "ones", points_per_part=1, threads=2)
    assert rows(tmp_path / "ones") == rows(kept)
    assert len(read_checksums(tmp_path / "ones")) == 12


@pytest.mark.quick
def test_a_finished_sweep_computes_nothing_again(kept, monkeypatch):
    monkeypatch.setattr("race_sim.sweeps.sweep.evaluate", None)
    assert small(kept).identical(load_sweep(kept))


def test_the_folder_is_readable_by_others(kept):
    frame = pd.read_parquet(kept / "points")
    assert list(frame) == [
        "point",
        "prize.enmity",
        "runs",
        "welfare",
        "welfare.standard_error",
        "welfare.low",
        "welfare.high",
    ]
    assert len(frame) == 12
    listed = (kept / "checksums.txt").read_text().splitlines()
    for line in listed:
        digest, file = line.split("  ")
        assert hashlib.sha256((kept / file).read_bytes()).hexdigest() == digest
    manifest = json.loads((kept / "manifest.json").read_text())
    assert manifest["sweep"]["seed"] == 1
    assert manifest["sweep"]["design"]["axes"] == ["prize.enmity=0:1:12"]


def test_runs_are_kept_too(tmp_path):
    result = small(tmp_path / "kept", per_run=True)
    assert result["value"].dims == ("prize.enmity", "run", "outcome")
    assert load_sweep(tmp_path / "kept").identical(result)
    frame = pd.read_parquet(tmp_path / "kept" / "runs")
    assert list(frame) == ["point", "run", "welfare", "welfare.weight"]
    assert len(frame) == 48
    assert frame.groupby("point")["welfare"].mean().to_numpy() == pytest.approx(result["mean"].values[:, 0])
    (tmp_path / "kept" / "runs" / "part-00001.parquet").unlink()
    assert small(tmp_path / "kept", per_run=True).identical(result)


def test_what_is_finished_of_a_sweep_can_be_read(kept):
    whole = load_sweep(kept)
    (kept / "checksums.txt").write_text("".join((kept / "checksums.txt").read_text().splitlines(keepends=True)[:2]))
    half = load_sweep(kept)
    assert half["mean"].dims == ("point", "outcome")
    assert half["mean"].values.tolist() == whole["mean"].values[:6].tolist()
    assert "6 of 12 (50 %)" in status(str(kept))
    assert "the same command goes on from here" in status(str(kept))


def damage_truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def damage_empty(path):
    path.write_bytes(b"")


def damage_flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def damage_other(path):
    other = path.parent.parent.parent / "other"
    sweep(SCENARIO, SMALL, 5, 2, ["welfare"], other, points_per_part=3)
    shutil.copy(other / "points" / path.name, path)


@pytest.mark.parametrize("damage", [damage_truncate, damage_empty, damage_flip, damage_other])
def test_a_damaged_part_is_named_set_aside_and_computed_again(kept, damage, capsys):
    before, part = rows(kept), kept / "points" / "part-00002.parquet"
    damage(part)
    content = part.read_bytes()
    with pytest.raises(InputError, match=r"part-00002\.parquet: is damaged"):
        load_sweep(kept)
    small(kept)
    text = capsys.readouterr().err
    assert "part-00002.parquet: is damaged" in text
    assert text.count("set aside") == 1
    (aside,) = (kept / "damaged").iterdir()
    assert aside.read_bytes() == content
    assert rows(kept) == before
    damage(part)
    small(kept)
    assert len(list((kept / "damaged").iterdir())) == 2


def test_a_missing_part_is_computed_again(kept, capsys):
    before = rows(kept)
    (kept / "points" / "part-00001.parquet").unlink()
    small(kept)
    assert "part-00001.parquet: is missing" in capsys.readouterr().err
    assert rows(kept) == before


def test_a_strange_part_that_is_not_listed_is_set_aside(kept, tmp_path):
    before = rows(kept)
    sweep(SCENARIO, SMALL, 5, 2, ["welfare"], tmp_path / "other", points_per_part=3)
    shutil.copy(tmp_path / "other" / "points" / "part-00000.parquet", kept / "points" / "part-00009.parquet")
    small(kept)
    assert rows(kept) == before == checksum(pq.read_table(kept / "points"))
    assert len(list((kept / "damaged").iterdir())) == 1


def test_a_line_of_checksums_that_was_cut_off_costs_one_part(kept):
    before, listed = rows(kept), (kept / "checksums.txt").read_bytes()
    (kept / "checksums.txt").write_bytes(listed[:-40])
    (kept / "points" / ".part-00003.parquet.race_sim-partial").write_bytes(b"half")
    small(kept)
    assert rows(kept) == before
    assert not (kept / "damaged").exists()
    assert not list((kept / "points").glob(".*"))


@pytest.mark.quick
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runs": 5}, "runs is 4 there, 5 here"),
        ({"seed": 2}, "seed is 1 there, 2 here"),
        ({"design": {"prize.enmity": "0:1:13"}}, "prize.enmity=0:1:12"),
        ({"outcomes": ["mishaps"]}, "outcomes is 'welfare' there, 'mishaps' here"),
        ({"scenario": SCENARIO.replace({"prize.prize": 7})}, "scenario.prize.prize is "),
        ({"estimator": "sampled"}, "estimator is 'integrated' there, 'sampled' here"),
        ({"per_run": True}, "per_run is False there, True here"),
        ({"target_error": "welfare:5%"}, "target_error is None there, 'welfare:0.05' here"),
    ],
)
def test_another_sweep_is_refused_with_what_differs(kept, change, message):
    before = {path: path.read_bytes() for path in kept.rglob("*.*")}
    asked = {"scenario": SCENARIO, "design": SMALL, "runs": 4, "seed": 1, "outcomes": ["welfare"], **change}
    with pytest.raises(InputError) as error:
        sweep(**asked, out=kept)
    assert "holds another sweep" in str(error.value)
    assert message in str(error.value)
    assert {path: path.read_bytes() for path in kept.rglob("*.*")} == before


def test_a_folder_with_other_things_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match=r"must be a new or empty folder.*thesis.txt"):
        small(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_damaged_manifest_is_said(kept):
    (kept / "manifest.json").write_text('{"format": 1, "swe')
    for read_it in (small, load_sweep):
        with pytest.raises(InputError, match=r"manifest\.json: is damaged"):
            read_it(kept)


def test_two_processes_in_one_folder(tmp_path):
    waiting = (
        "import sys; from pathlib import Path; from race_sim.sweeps.engine.lock import locked\n"
        "with locked(Path(sys.argv[1])): print('here', flush=True); sys.stdin.read()"
    )
    folder = tmp_path / "shared"
    small(folder)
    asked = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", waiting, str(folder)], **asked) as other:
        assert line_of(other) == "here"
        with pytest.raises(InputError, match=rf"process {other.pid} on .* is working in this folder"):
            small(folder)
        assert f"at work     process {other.pid}" in status(str(folder))
        other.kill()
    small(folder)


@contextmanager
def mounted(folder, size):
    folder.mkdir()
    if finished(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount here")
def test_a_full_disk(tmp_path):
    asked = {"design": {"prize.enmity": "0:1:60"}, "runs": 4, "outcomes": ["welfare"], "points_per_part": 1}
    sweep(SCENARIO, **asked, out=tmp_path / "roomy")
    with mounted(tmp_path / "disk", "128k"):
        folder = tmp_path / "disk" / "sweep"
        with pytest.raises(InputError, match=r"part \d+ cannot be written: No space left on device"):
            sweep(SCENARIO, **asked, out=folder)
        before = read_checksums(folder)
        assert 0 < len(before) < 60
        assert not list((folder / "points").glob(".*"))
        subprocess.run(["mount", "-o", "remount,size=4m", tmp_path / "disk"], check=True)
        sweep(SCENARIO, **asked, out=folder)
        assert before.items() <= read_checksums(folder).items()
        assert rows(folder) == rows(tmp_path / "roomy")


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount here")
def test_a_read_only_folder(tmp_path):
    with mounted(tmp_path / "disk", "4m"):
        result = small(tmp_path / "disk" / "sweep")
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "disk"], check=True)
        for folder in (tmp_path / "disk" / "sweep", tmp_path / "disk" / "new"):
            with pytest.raises(InputError, match=r"cannot be written: Read-only file system"):
                small(folder)
        assert load_sweep(tmp_path / "disk" / "sweep").identical(result)


def test_no_permission(kept, monkeypatch):
    """A permission that is lost in the middle."""
    before = rows(kept)
    (kept / "points" / "part-00001.parquet").unlink()

    def refuse(path, content):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(stores, "write_synced", refuse)
        with pytest.raises(InputError, match=r"kept: cannot be written: Permission denied"):
            small(kept)
    small(kept)
    assert rows(kept) == before


WITHOUT_RIGHTS = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
if os.geteuid() == 0 and ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0):
    sys.exit("root keeps its rights here")
os.execv(sys.executable, [sys.executable, "-c", sys.argv[1]])
"""
INTO_BOTH = """
from race_sim import InputError
from tests.test_sweep_store import small
small("open/new")
try:
    small("closed/new")
except InputError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs the capabilities of Linux")
def test_no_permission_without_the_rights_of_root(tmp_path):
    """As the system refuses it; root, who may run these tests, gives up the right to write anywhere, and no other."""
    for name, mode in (("open", 0o755), ("closed", 0o555)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", WITHOUT_RIGHTS, INTO_BOTH]
    done = finished(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path})
    if "root keeps its rights here" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "closed/new: cannot be written: Permission denied\n"
    assert (tmp_path / "open" / "new" / "points").is_dir()
    assert not list((tmp_path / "closed").iterdir())


def command(folder, *more):
    axes = ["--vary", "prize.enmity=0:1:4000", "--runs", "400", "--points-per-part", "5", "--outcomes", "welfare"]
    return [sys.executable, "-m", "race_sim.cli", "sweep", "duopoly", *axes, "--out", str(folder), *more]


@pytest.mark.parametrize("more", [(), ("--workers", "2")])
def test_ctrl_c_says_how_to_go_on(tmp_path, more):
    with subprocess.Popen(command(tmp_path, *more), cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        until("a finished part", lambda: read_checksums(tmp_path), alive=lambda: process.poll() is None)
        process.send_signal(signal.SIGINT)
        text = end_of(process)[1]
    assert process.returncode == 130
    last = text.splitlines()[-1]
    assert re.search(r"interrupted; \d+ of 4,000 points are kept in .*; the same command goes on from there", last)
    assert "Traceback" not in text


def test_the_command_and_its_status(tmp_path, capsys):
    folder = str(tmp_path / "sweep")
    asked = ["sweep", "duopoly", "--set", "time.horizon=1", "--runs", "4", "--outcomes", "welfare", "--out", folder]
    asked += ["--vary", "prize.enmity=0,1", "--vary", "nations.east.policy=race,treaty"]
    assert cli.main(asked) == 0
    words = capsys.readouterr()
    assert "4 of 4 points" in words.err
    assert "mean +- standard error, 95 % interval of welfare at 4 points" in words.out
    assert cli.main(["sweep", "status", folder]) == 0
    text = capsys.readouterr().out
    assert "4 of 4 (100 %)" in text
    assert rows(Path(folder)) in text
    assert cli.main(["sweep", "status", str(tmp_path / "nowhere")]) == 2
    assert cli.main([*asked, "--seed", "7"]) == 2
    assert "seed is 0 there, 7 here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sweep", "duopoly", "--vary", "prize.enmity=0:1:3"], "--out: must name the folder"),
        (["sweep", "duopoly", "--out", "x"], "at least one parameter to vary"),
        (["sweep", "duopoly", "--out", "x", "--vary", "prize.emnity=0:1:3"], "did you mean 'prize.enmity'"),
        (["sweep", "duopoly", "--out", "x", "--vary", "prize.enmity", "--design", "sobol:many"], "whole number N"),
        (["sweep", "duopoly", "--out", "x", "--vary", "prize.enmity", "--design", "halton:8"], "--design"),
        (["sweep", "duopoly", "--out", "x", "--vary", "prize.enmity=0,1", "--design", "a.csv"], "--vary"),
        (["sweep", "duopoly", "--out", "x", "--workers", "2", "--dask", "local"], "--workers"),
        (["sweep", "duopoly", "elsewhere", "--out", "x"], "only 'status'"),
        (["sweep", "status"], "must be followed by the folder"),
    ],
)
def test_bad_commands_are_one_line_and_exit_code_2(arguments, message, capsys):
    assert cli.main(arguments) == 2
    text = capsys.readouterr()
    assert text.out == ""
    assert text.err.count("\n") == 1
    assert message in text.err
    assert not Path("x").exists()
