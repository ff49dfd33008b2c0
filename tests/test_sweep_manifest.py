"""What a sweep's folder says of itself is checked wherever it is read: nothing of another sweep gets in."""

import json
import os
import shutil

import pytest

from race_sim import cli, load_sweep, sweep
from race_sim.figures.result_folders import opened
from race_sim.sweeps.engine.manifest import identity_of
from race_sim.sweeps.engine.store import read, read_checksums
from race_sim.sweeps.engine.tables import checksum
from race_sim.sweeps.status import status, where_it_stands
from tests.killed_sweeps import SCENARIO
from tests.refusals import refused

DESIGN = {"prize.enmity": "0:1:6"}


def made(folder, seed=0, **options):
    return sweep(SCENARIO, DESIGN, 4, seed, ["welfare"], folder, **{"points_per_part": 2, "threads": 1, **options})


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """Two sweeps that differ in their seed, and one with values of runs."""
    place = tmp_path_factory.mktemp("sweeps")
    made(place / "ours")
    made(place / "other", seed=5)
    made(place / "runs", per_run=True)
    return place


@pytest.fixture
def ours(sweeps, tmp_path):
    shutil.copytree(sweeps / "ours", tmp_path / "ours")
    return tmp_path / "ours"


def rows(folder):
    return checksum(read(folder, "points"))


def readings(folder):
    return [lambda: load_sweep(folder), lambda: read(folder, "points"), lambda: status(folder), lambda: opened(folder)]


def take_all(ours, other):
    shutil.copytree(other / "points", ours / "points", dirs_exist_ok=True)
    shutil.copy(other / "checksums.txt", ours)


def take_one(ours, other):
    file = "points/part-00001.parquet"
    shutil.copy(other / file, ours / file)
    lines = read_checksums(ours) | {file: read_checksums(other)[file]}
    (ours / "checksums.txt").write_text("".join(f"{digest}  {name}\n" for name, digest in lines.items()))


def swap_two(ours, other):
    """Both parts are whole and listed, each under the name of the other."""
    one, two = (ours / "points" / f"part-0000{number}.parquet" for number in (0, 2))
    contents = one.read_bytes(), two.read_bytes()
    one.write_bytes(contents[1])
    two.write_bytes(contents[0])
    text = (ours / "checksums.txt").read_text()
    text = text.replace("part-00000", "part-x").replace("part-00002", "part-00000").replace("part-x", "part-00002")
    (ours / "checksums.txt").write_text(text)


def the_last_in_place_of_the_first(ours, other):
    shutil.copy(ours / "points" / "part-00002.parquet", ours / "points" / "part-00000.parquet")
    digests = read_checksums(ours)
    text = (ours / "checksums.txt").read_text()
    text = text.replace(digests["points/part-00000.parquet"], digests["points/part-00002.parquet"])
    (ours / "checksums.txt").write_text(text)


@pytest.mark.parametrize("mix", [take_all, take_one, swap_two, the_last_in_place_of_the_first])
def test_parts_that_are_not_this_sweeps_are_refused_and_computed_again(sweeps, ours, mix, capsys):
    before = rows(ours)
    mix(ours, sweeps / "other")
    foreign = {path.read_bytes() for path in (ours / "points").iterdir()}
    message = "is a part of another sweep" if mix in (take_all, take_one) else "is another part of this sweep"
    for reading in readings(ours):
        refused(reading, message)
    made(ours)
    assert "set aside" in capsys.readouterr().err
    assert rows(ours) == before
    kept = {path.read_bytes() for path in [*(ours / "points").iterdir(), *(ours / "damaged").iterdir()]}
    assert foreign <= kept


def test_parts_of_other_runs_are_not_read_beside_ours(sweeps, tmp_path, capsys):
    shutil.copytree(sweeps / "runs", tmp_path / "runs")
    made(tmp_path / "other", seed=5, per_run=True)
    whole = load_sweep(tmp_path / "runs")
    shutil.copytree(tmp_path / "other" / "runs", tmp_path / "runs" / "runs", dirs_exist_ok=True)
    lines = read_checksums(tmp_path / "runs") | {
        file: digest for file, digest in read_checksums(tmp_path / "other").items() if file.startswith("runs/")
    }
    (tmp_path / "runs" / "checksums.txt").write_text("".join(f"{d}  {n}\n" for n, d in lines.items()))
    refused(lambda: load_sweep(tmp_path / "runs"), "is a part of another sweep")
    assert made(tmp_path / "runs", per_run=True).identical(whole)


def test_a_part_counts_when_the_files_of_all_its_kinds_are_listed(sweeps, tmp_path):
    shutil.copytree(sweeps / "runs", tmp_path / "runs")
    journal = tmp_path / "runs" / "checksums.txt"
    journal.write_text("".join(line for line in journal.read_text().splitlines(True) if "runs/part-00001" not in line))
    half = load_sweep(tmp_path / "runs")
    assert half["point"].values.tolist() == [0, 1, 4, 5]
    assert half["value"].shape == (4, 4, 1)


@pytest.mark.parametrize("ends", ["\r\n", "none"])
def test_a_list_of_checksums_with_other_line_ends_or_none_loses_no_part(ours, ends, monkeypatch):
    before, journal = load_sweep(ours), ours / "checksums.txt"
    if ends == "none":
        journal.unlink()
    else:
        journal.write_bytes(journal.read_bytes().replace(b"\n", ends.encode()))
        assert load_sweep(ours).identical(before)
    monkeypatch.setattr("race_sim.sweeps.sweep.evaluate", None)
    assert made(ours).identical(before)
    assert load_sweep(ours).identical(before)


def edits():
    """Manifests as a hand might leave them: which field, and what it becomes."""
    yield from (("format", value) for value in (1, "2", True, None, 2.0))
    yield from (("identity", value) for value in ("", "0" * 64, None, 3))
    yield from (("kinds", value) for value in ([], ["points", "runs"], ["../evil"], ["points", "/tmp/evil"], "points"))
    yield from (("points", value) for value in (5, 7, 0, -6, 6.0, "6", None, True, 10**30))
    yield from (("points_per_part", value) for value in (1, 3, 0, -2, 2.0, "2", None, 10**30))
    yield from (("parts", value) for value in (2, 4, 0, -3, 3.0, "3", None, [3], 10**30))
    yield from (("units", value) for value in ({}, [], None, {"welfare": 3}, {"welfare": ["V", "x"]}, {"x": ["", ""]}))
    yield from (("provenance", value) for value in ({}, [], None, {"runs": 4}, "none"))
    yield from (("scenario_toml", value) for value in ("", None, 'name = "other"'))
    yield from (("sweep", value) for value in ({}, [], None, {"design": {"points": 6}}))
    yield ("digest", "0" * 64)


@pytest.mark.parametrize(("field", "value"), list(edits()), ids=lambda value: repr(value)[:30])
def test_a_manifest_that_was_edited_is_refused_in_one_line(ours, field, value):
    manifest = json.loads((ours / "manifest.json").read_text())
    (ours / "manifest.json").write_text(json.dumps({**manifest, field: value}))
    before = {path: path.read_bytes() for path in ours.rglob("*.*")}
    for reading in [*readings(ours), lambda: made(ours)]:
        refused(reading, "manifest.json: ")
    assert where_it_stands(str(ours)) == "nothing was kept"
    assert {path: path.read_bytes() for path in ours.rglob("*.*")} == before
    assert sorted(path.name for path in ours.parent.iterdir()) == ["ours"]
    (ours / "manifest.json").write_text(json.dumps(manifest))
    assert made(ours)["mean"].size == 6


@pytest.mark.parametrize("field", ["points", "points_per_part", "parts", "kinds", "units", "provenance", "identity"])
def test_a_manifest_of_the_version_before_is_checked_too(ours, field):
    """It has no digest of itself; its numbers must still be those of its sweep."""
    manifest = json.loads((ours / "manifest.json").read_text())
    del manifest["digest"]
    (ours / "manifest.json").write_text(json.dumps(manifest))
    assert load_sweep(ours)["mean"].size == 6
    del manifest[field]
    (ours / "manifest.json").write_text(json.dumps(manifest))
    refused(lambda: load_sweep(ours), "manifest.json: ")


def test_other_sizes_of_parts_in_a_manifest_of_the_version_before(ours):
    manifest = json.loads((ours / "manifest.json").read_text())
    del manifest["digest"]
    (ours / "manifest.json").write_text(json.dumps({**manifest, "points_per_part": 3, "parts": 2}))
    refused(lambda: load_sweep(ours), "is damaged: its points or outcomes are not those of this part")


def test_a_sweep_and_its_identity_that_were_edited_together_have_no_parts(ours):
    manifest = json.loads((ours / "manifest.json").read_text())
    manifest["sweep"]["seed"] = manifest["provenance"]["seed"] = 7
    manifest["identity"] = identity_of(manifest["sweep"])
    del manifest["digest"]
    (ours / "manifest.json").write_text(json.dumps(manifest))
    refused(lambda: load_sweep(ours), "is a part of another sweep")


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "3", '"text"', "[" * 100_000, '{"name": "an app"}', "\0", '{"format": 1', "NaN"]
)
def test_what_is_no_manifest_is_refused_in_one_line(ours, text, capsys):
    (ours / "manifest.json").write_text(text)
    for reading in [*readings(ours), lambda: made(ours)]:
        refused(reading, "manifest.json: ")
    assert cli.main(["sweep", "status", str(ours)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_manifest_that_an_editor_wrote_anew_is_the_same(ours):
    before, path = load_sweep(ours), ours / "manifest.json"
    manifest = json.loads(path.read_text())
    text = json.dumps(dict(sorted(manifest.items())), indent=3).replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_sweep(ours).identical(before)
    assert made(ours).identical(before)


def test_a_folder_in_place_of_a_part(ours, capsys):
    part = ours / "points" / "part-00001.parquet"
    before = rows(ours)
    part.unlink()
    part.mkdir()
    (part / "thesis.txt").write_text("precious")
    refused(lambda: load_sweep(ours), "cannot be read: Is a directory")
    made(ours)
    assert rows(ours) == before
    (aside,) = (ours / "damaged").iterdir()
    assert (aside / "thesis.txt").read_text() == "precious"


@pytest.mark.skipif(os.name == "nt", reason="needs links")
@pytest.mark.parametrize("whole", [True, False])
def test_a_link_in_place_of_a_part(ours, tmp_path, whole):
    part, before = ours / "points" / "part-00001.parquet", rows(ours)
    target = tmp_path / "target"
    shutil.copy(part, target)
    if not whole:
        target.write_bytes(b"precious")
    content = target.read_bytes()
    part.unlink()
    part.symlink_to(target)
    made(ours)
    assert rows(ours) == before
    assert target.read_bytes() == content
    assert part.is_symlink() == whole
