"""Whatever happens to a sweep's folder: no wrong number, no traceback, no file of anybody else's touched."""

import json
import os
import random
import shutil

import numpy as np
import pytest

from race_sim import InputError, load_sweep, sweep
from race_sim.figures.result_folders import opened
from race_sim.sweeps.engine.store import read
from race_sim.sweeps.engine.tables import checksum
from race_sim.sweeps.status import status
from tests.killed_sweeps import SCENARIO

DESIGN = {"prize.enmity": "0:1:4", "nations.east.policy": ["race", "treaty", "unilateral_slowdown"]}
FEW, MANY = 20, 200


def made(folder, seed=0, points_per_part=2):
    options = {"per_run": True, "points_per_part": points_per_part, "threads": 1, "progress": False}
    return sweep(SCENARIO, DESIGN, 3, seed, ["welfare", "mishaps"], folder, **options)


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    """The sweep undisturbed, others whose files may get into it, and what its tables hold."""
    place = tmp_path_factory.mktemp("sweeps")
    made(place / "whole")
    made(place / "other", seed=5)
    made(place / "larger_parts", points_per_part=3)
    return place, load_sweep(place / "whole"), sums(place / "whole")


def sums(folder):
    return {kind: checksum(read(folder, kind)) for kind in ("points", "runs")}


def files(folder):
    """Files of the sweep that are there as such."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "mine" not in path.name]


def parts(folder):
    return [path for path in files(folder) if path.name.startswith("part-")]


def cut(folder, luck, place):
    path = luck.choice(files(folder))
    content = path.read_bytes()
    path.write_bytes(content[: luck.randint(0, len(content))])


def flip(folder, luck, place):
    path = luck.choice(files(folder))
    content = bytearray(path.read_bytes())
    for _ in range(luck.choice([1, 1, 8])):
        if content:
            content[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
    path.write_bytes(bytes(content))


def swap(folder, luck, place):
    one, two = luck.sample(parts(folder), 2)
    contents = one.read_bytes(), two.read_bytes()
    one.write_bytes(contents[1])
    two.write_bytes(contents[0])
    if luck.random() < 0.5:
        journal = folder / "checksums.txt"
        names = [str(path.relative_to(folder)) for path in (one, two)]
        if journal.is_file():
            text = journal.read_bytes().replace(names[0].encode(), b"?").replace(names[1].encode(), names[0].encode())
            journal.write_bytes(text.replace(b"?", names[1].encode()))


def rename(folder, luck, place):
    path = luck.choice(files(folder))
    name = luck.choice(
        [f"part-0000{luck.randint(0, 9)}.parquet", "part-000001.parquet", path.name + ".old", "manifest.json"]
    )
    path.rename(path.with_name(name))


def remove(folder, luck, place):
    luck.choice(files(folder)).unlink()


def edit_manifest(folder, luck, place):
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text())
    except (OSError, ValueError):
        return
    inner = luck.choice([manifest, manifest["sweep"], manifest["provenance"], manifest["units"]])
    key = luck.choice(list(inner))
    if luck.random() < 0.3:
        del inner[key]
    else:
        inner[key] = luck.choice([None, 0, 1, 2, 3, -1, 1e300, True, "", "../evil", [], ["points"], {}, {"a": [1]}])
    if inner is manifest and luck.random() < 0.3:  # as of the version before, where all that counts is checked too
        manifest.pop("digest", None)
    path.write_text(json.dumps(manifest))


def take_from(folder, luck, place):
    other = place / luck.choice(["other", "larger_parts"])
    chosen = luck.choice([["points"], ["runs"], ["points", "runs"], []])
    for kind in chosen:
        shutil.rmtree(folder / kind, ignore_errors=True)
        shutil.copytree(other / kind, folder / kind, dirs_exist_ok=True)
    for name in luck.sample(["checksums.txt", "manifest.json"], luck.randint(0, 2)):
        shutil.copy(other / name, folder / name)


def line_ends(folder, luck, place):
    path = folder / luck.choice(["checksums.txt", "manifest.json"])
    if path.is_file():
        path.write_bytes(path.read_bytes().replace(b"\n", luck.choice([b"\r\n", b"\r", b"\n\n", b""])))


def shuffle_lines(folder, luck, place):
    path = folder / "checksums.txt"
    if path.is_file():
        lines = path.read_bytes().splitlines(keepends=True)
        luck.shuffle(lines)
        path.write_bytes(b"".join(lines + lines[: luck.randint(0, 3)]))


def link(folder, luck, place):
    path = luck.choice(files(folder))
    target = folder.parent / f"mine-target-{luck.randrange(10**9)}"
    shutil.copy(path, target)
    if luck.random() < 0.5:
        target.write_bytes(b"precious")
    path.unlink()
    if luck.random() < 0.2:
        target = folder / "nowhere"
    path.symlink_to(target)


def folder_instead(folder, luck, place):
    path = luck.choice(files(folder))
    path.unlink()
    path.mkdir()
    (path / "mine.txt").write_text("precious")


CORRUPTIONS = (
    cut, flip, swap, rename, remove, edit_manifest, take_from, line_ends, shuffle_lines, link, folder_instead,
)  # fmt: skip
MINE = ("mine.txt", "mine.partial", "points/mine.txt", "points/.mine.partial", "runs/mine.parquet.partial", "lock")


def precious(folder):
    """What is not the sweep's, by content: it may be set aside whole, and neither changed nor lost."""
    paths = [path for path in folder.parent.rglob("*") if "mine" in path.name or path.name == "lock"]
    return sorted((path.name, path.read_bytes()) for path in paths if path.is_file() and not path.is_symlink())


def check_numbers(swept, whole):
    """Whatever is read is what the undisturbed sweep has at these points."""
    flat = {name: whole[name].values.reshape(12, *whole[name].shape[2:]) for name in whole.data_vars}
    numbers = swept["point"].values if "point" in swept.dims else np.arange(12)
    for name in whole.data_vars:
        values = swept[name].values.reshape(len(numbers), *flat[name].shape[1:])
        assert values.tobytes() == np.ascontiguousarray(flat[name][numbers]).tobytes()
    assert {key: swept.attrs[key] for key in ("seed", "runs", "estimator")} == {
        key: whole.attrs[key] for key in ("seed", "runs", "estimator")
    }
    assert swept["unit"].values.tolist() == whole["unit"].values.tolist()


def one_line_at_most(reading):
    """The result, or None where it is refused in one line."""
    try:
        return reading()
    except InputError as error:
        lines = str(error).count("\n") + 1
    assert lines == 1
    return None


def disturbed(number, sweeps, tmp_path):
    """Disturb a copy of the sweep as the number says, read it, go on with it; returns whether it was completed."""
    place, whole, sound = sweeps
    luck = random.Random(number)
    folder = tmp_path / f"case-{number}" / "sweep"
    shutil.copytree(place / "whole", folder)
    if luck.random() < 0.4:  # half finished
        lines = (folder / "checksums.txt").read_text().splitlines(keepends=True)
        (folder / "checksums.txt").write_text("".join(lines[: luck.randint(1, len(lines) - 1)]))
        for path in luck.sample(parts(folder), luck.randint(1, 4)):
            path.unlink()
    for name in MINE:
        (folder / name).write_text(f"precious {name}")
    for _ in range(luck.choice([1, 1, 2, 3])):
        corruption = luck.choice(CORRUPTIONS)
        if len(parts(folder)) > 1:
            corruption(folder, luck, place)
    for name in MINE:
        if not (folder / name).exists() and (folder / name).parent.is_dir():
            (folder / name).write_text(f"precious {name}")
    others = precious(folder)
    for reading in (lambda: load_sweep(folder), lambda: status(str(folder)), lambda: opened(folder)):
        result = one_line_at_most(reading)
        if hasattr(result, "data_vars") and result.attrs["seed"] == 0:
            check_numbers(result, whole)
    done = one_line_at_most(lambda: made(folder))
    assert precious(folder) == others
    if done is None:
        return False
    check_numbers(done, whole)
    assert sums(folder) == sound
    assert load_sweep(folder).identical(done)
    return True


@pytest.mark.skipif(os.name == "nt", reason="needs links")
@pytest.mark.parametrize("number", range(FEW))
def test_a_disturbed_folder_is_completed_or_refused_in_one_line(number, sweeps, tmp_path):
    disturbed(number, sweeps, tmp_path)


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="needs links")
def test_most_of_two_hundred_disturbed_folders_are_completed(sweeps, tmp_path):
    done = [disturbed(number, sweeps, tmp_path) for number in range(FEW, FEW + MANY)]
    assert sum(done) > MANY / 2
