"""A sweep writes and removes files of its own names, and nothing else: not through links, not in a user's folder."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

import pytest

from race_sim import InputError, cli, load_sweep, sweep
from race_sim.sweeps.engine.files import OF_THE_SYSTEM, folder_of, others_in, write_synced
from tests.killed_sweeps import SCENARIO
from tests.refusals import refused

links = pytest.mark.skipif(os.name == "nt", reason="needs links")


def made(folder, **options):
    return sweep(
        SCENARIO, {"prize.enmity": "0:1:4"}, 2, 0, ["welfare"], folder, points_per_part=2, threads=1, **options
    )


def held(folder):
    """Every file with its content, links as such."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_symlink() or path.is_file()]
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else path.read_bytes() for path in paths
    }


@pytest.mark.parametrize(
    "name",
    ["lock", "notes.lock", "manifest.json.partial", ".manifest.json.partial", "thesis.partial", "checksums.txt",
     ".race_sim", "points.parquet", ".hidden", "lock.txt"],
)  # fmt: skip
def test_a_folder_with_a_file_of_a_users_is_refused_and_stays_as_it_is(tmp_path, name):
    (tmp_path / name).write_text("precious")
    before = held(tmp_path)
    refused(lambda: made(tmp_path), "must be a new or empty folder", name)
    assert held(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


@links
@pytest.mark.parametrize("name", ["lock", ".race_sim-lock", "manifest.json", ".manifest.json.race_sim-partial"])
def test_what_a_link_points_to_is_never_emptied(tmp_path, name):
    (tmp_path / "thesis.txt").write_text("precious")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).symlink_to(tmp_path / "thesis.txt")
    with pytest.raises(InputError):
        made(tmp_path / "out")
    assert (tmp_path / "thesis.txt").read_text() == "precious"
    assert (tmp_path / "out" / name).is_symlink()


@links
@pytest.mark.parametrize("name", [".race_sim-lock", "checksums.txt", "points", "damaged"])
def test_a_link_inside_a_sweeps_folder_is_not_written_through(tmp_path, name):
    made(tmp_path / "out")
    elsewhere = tmp_path / "elsewhere"
    place = tmp_path / "out" / name
    if place.exists():
        shutil.move(place, elsewhere)
    else:
        elsewhere.mkdir()
    place.symlink_to(elsewhere)
    part = tmp_path / "out" / "points" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-10])
    before = held(elsewhere) if elsewhere.is_dir() else elsewhere.read_bytes()
    with pytest.raises(InputError):
        made(tmp_path / "out")
    assert (held(elsewhere) if elsewhere.is_dir() else elsewhere.read_bytes()) == before


def test_files_of_a_user_inside_a_sweeps_folder_stay(tmp_path):
    made(tmp_path)
    mine = ["lock", "notes.txt", "data.partial", "points/notes.txt", "points/.draft.partial",
            "points/data.parquet.partial", "points/part-00000.csv", ".points.partial"]  # fmt: skip
    for name in mine:
        (tmp_path / name).write_text(f"precious {name}")
    (tmp_path / "points" / "part-00001.parquet").unlink()
    made(tmp_path)
    for name in mine:
        assert (tmp_path / name).read_text() == f"precious {name}"


def test_what_a_stop_left_half_written_is_removed(tmp_path):
    made(tmp_path)
    half = tmp_path / "points" / ".part-00001.parquet.race_sim-partial"
    half.write_bytes(b"half")
    made(tmp_path)
    assert not half.exists()


@links
def test_a_list_of_checksums_that_a_backup_shares_is_not_written_in(tmp_path):
    made(tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "backup", copy_function=os.link)
    (tmp_path / "out" / "points" / "part-00001.parquet").unlink()
    backup = held(tmp_path / "backup")
    made(tmp_path / "out")
    assert held(tmp_path / "backup") == backup


@links
def test_a_half_written_file_with_our_ending_is_not_written_through(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    (tmp_path / ".table.csv.race_sim-partial").symlink_to(tmp_path / "thesis.txt")
    with pytest.raises(FileExistsError):
        write_synced(tmp_path / "table.csv", b"new")
    (tmp_path / ".table.csv.race_sim-partial").unlink()
    os.link(tmp_path / "thesis.txt", tmp_path / ".table.csv.race_sim-partial")
    write_synced(tmp_path / "table.csv", b"new")
    assert (tmp_path / "thesis.txt").read_text() == "precious"
    assert (tmp_path / "table.csv").read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="needs permissions of POSIX")
@pytest.mark.parametrize("mask", [0o077, 0o027, 0o022])
def test_permissions_are_those_that_the_user_asks_for(tmp_path, mask):
    before = os.umask(mask)
    try:
        made(tmp_path / "deep" / "out")
    finally:
        os.umask(before)
    for path in (tmp_path / "deep").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & mask == 0
    assert stat.S_IMODE((tmp_path / "deep" / "out").stat().st_mode) == 0o777 & ~mask


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "._out", "Thumbs.db", "desktop.ini", "lost+found", ".Trashes", ".Trash-1000", ".nfs0000001",
     "System Volume Information", "@eaDir", ".directory"],
)  # fmt: skip
@pytest.mark.parametrize("folder", [False, True])
def test_what_an_operating_system_leaves_does_not_count(tmp_path, name, folder):
    place = tmp_path / name
    if folder:
        place.mkdir()
    else:
        place.write_text("system")
    assert not others_in(tmp_path)
    made(tmp_path)
    (tmp_path / "points" / name).write_text("system")
    assert load_sweep(tmp_path).identical(made(tmp_path))
    assert place.exists()


def test_names_of_the_system_are_no_names_of_users(tmp_path):
    for name in ("DS_Store", "thumbs", "my desktop.ini", "lost", ".Trash", "_notes"):
        (tmp_path / name).touch()
    assert len(others_in(tmp_path)) == 6
    assert ".DS_Store" in OF_THE_SYSTEM


@pytest.mark.parametrize("name", ["", " ", "\t", "a\0b", 3, None])
def test_what_is_no_name_of_a_folder(name):
    refused(lambda: folder_of("out", name), "out: must name a folder")


@pytest.mark.parametrize("name", ["", " ", "a\0b", 3])
def test_a_sweep_into_a_folder_without_a_name_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(lambda: made(name), "out: must name a folder")
    refused(lambda: load_sweep(name), "folder: must name a folder")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["", " "])
@pytest.mark.parametrize(
    "asked",
    [
        ["sweep", "duopoly", "--vary", "prize.enmity=0:1:2", "--runs", "2", "--outcomes", "welfare", "--out"],
        ["sensitivity", "duopoly", "--parameters", "prize.enmity", "--samples", "4", "--runs", "2", "--out"],
        ["sweep", "status"],
    ],
)
def test_a_command_with_an_empty_name_of_a_folder_is_refused(asked, name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main([*asked, name]) == 2
    text = capsys.readouterr()
    assert "must name a folder" in text.err
    assert text.err.count("\n") == 1
    assert text.out == ""
    assert not list(tmp_path.iterdir())


def test_a_folder_of_the_version_before_goes_on_and_its_lock_is_left_alone(tmp_path):
    before = made(tmp_path)
    (tmp_path / ".race_sim-lock").unlink()
    (tmp_path / "lock").write_text("process 1 on elsewhere")
    (tmp_path / "points" / "part-00001.parquet").unlink()
    assert made(tmp_path).identical(before)
    assert (tmp_path / "lock").read_text() == "process 1 on elsewhere"


def test_indices_are_not_written_among_the_files_of_a_user(tmp_path, capsys):
    (tmp_path / "indices-welfare.csv").write_text("precious")
    asked = ["sensitivity", "duopoly", "--parameters", "prize.enmity", "--samples", "4", "--runs", "2"]
    assert cli.main([*asked, "--outcomes", "welfare", "--out", str(tmp_path)]) == 2
    assert "indices-welfare.csv" in capsys.readouterr().err
    assert held(tmp_path) == {"indices-welfare.csv": b"precious"}


def test_every_file_of_a_sweep_has_one_of_the_names_that_are_ours(tmp_path):
    made(tmp_path, per_run=True)
    names = {"manifest.json", "checksums.txt", ".race_sim-lock"}
    names |= {f"{kind}/part-0000{part}.parquet" for kind in ("points", "runs") for part in (0, 1)}
    assert set(held(tmp_path)) == names
    for line in Path(tmp_path / "checksums.txt").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
