"""Finished sweeps made larger, and sweeps that several tasks share: the bytes are those of one sweep from the start."""

import json
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from race_sim import cli, extend_sweep, load_sweep, sweep
from race_sim.sweeps import sweep as sweeping
from race_sim.sweeps.engine import grid, latin_hypercube, sobol, table
from race_sim.sweeps.engine.files import write_synced
from race_sim.sweeps.engine.store import read
from race_sim.sweeps.engine.tables import checksum
from race_sim.sweeps.status import status
from tests import forks
from tests.killed_sweeps import SCENARIO
from tests.refusals import refused

SMALL = {"prize.enmity": "0:0.9:10", "nations.east.policy": ["race", "treaty"]}
LARGE = {"prize.enmity": "0:0.9:10", "nations.east.policy": ["race", "unilateral_slowdown", "treaty"]}


def made(folder, design=None, runs=4, outcomes=("welfare",), seed=1, **options):
    options = {"points_per_part": 3, "threads": 1, **options}
    return sweep(SCENARIO, SMALL if design is None else design, runs, seed, list(outcomes), folder, **options)


def sums(folder):
    kinds = json.loads((folder / "manifest.json").read_text())["kinds"]
    return {kind: checksum(read(folder, kind)) for kind in kinds}


def counted(monkeypatch):
    """How many points are computed from now on."""
    points = []
    before = sweeping.evaluate

    def counting(job, part, *arguments, **options):
        points.append(len(part))
        return before(job, part, *arguments, **options)

    monkeypatch.setattr(sweeping, "evaluate", counting)
    return points


@pytest.mark.parametrize("per_run", [False, True])
@pytest.mark.parametrize(
    ("design", "again"),
    [
        (LARGE, 10),
        ({"nations.east.policy": ["unilateral_slowdown"]}, 10),
        ({"prize.enmity": "0:0.9:10"}, 0),
        ({"prize.enmity": [0.95, 1.0]}, 4),
        ({"prize.enmity": [0.95], "nations.east.policy": ["fundamentals"]}, 13),
    ],
)
def test_a_grid_with_more_values_computes_only_those(tmp_path, design, again, per_run, monkeypatch):
    small = made(tmp_path / "sweep", per_run=per_run)
    points = counted(monkeypatch)
    large = extend_sweep(tmp_path / "sweep", design=design, threads=1)
    assert sum(points) == again
    axes = json.loads((tmp_path / "sweep" / "manifest.json").read_text())["sweep"]["design"]["axes"]
    whole = made(tmp_path / "whole", grid(*axes), per_run=per_run, points_per_part=5)
    assert large.identical(whole)
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")
    if again:
        assert load_sweep(tmp_path / "sweep" / "before-1").identical(small)
    assert large.sel({"prize.enmity": 0.9, "nations.east.policy": "race"})["mean"].equals(
        small.sel({"prize.enmity": 0.9, "nations.east.policy": "race"})["mean"]
    )


def test_more_runs_and_more_outcomes_are_computed_again_and_it_is_said(tmp_path, capsys, monkeypatch):
    made(tmp_path / "sweep")
    points = counted(monkeypatch)
    extend_sweep(tmp_path / "sweep", runs=300, threads=1)
    assert "moments that more runs would be added to: all points are computed again" in capsys.readouterr().err
    assert sum(points) == 20
    assert sums(tmp_path / "sweep") == (made(tmp_path / "runs", runs=300), sums(tmp_path / "runs"))[1]
    extend_sweep(tmp_path / "sweep", outcomes=["mishaps"], threads=1)
    assert "does not have mishaps: all points are computed again" in capsys.readouterr().err
    whole = made(tmp_path / "whole", runs=300, outcomes=("welfare", "mishaps"))
    assert load_sweep(tmp_path / "sweep").identical(whole)
    text = status(str(tmp_path / "sweep"))
    assert text.count("extended    from") == 2
    assert "kept in before-2" in text


def test_a_list_that_holds_all_outcomes_stands_as_it_is(tmp_path):
    made(tmp_path / "sweep")
    extend_sweep(tmp_path / "sweep", outcomes=["mishaps", "welfare"], threads=1)
    assert load_sweep(tmp_path / "sweep")["outcome"].values.tolist() == ["mishaps", "welfare"]


def test_everything_at_once(tmp_path):
    made(tmp_path / "sweep")
    extend_sweep(tmp_path / "sweep", design=LARGE, runs=6, outcomes="mishaps", threads=2)
    made(tmp_path / "whole", LARGE, runs=6, outcomes=("welfare", "mishaps"))
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


def test_an_extension_to_what_there_is_does_nothing(tmp_path, monkeypatch):
    whole = made(tmp_path / "sweep")
    before = {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*.*")}
    monkeypatch.setattr(sweeping, "evaluate", None)
    for asked in ({}, {"runs": 4}, {"outcomes": ["welfare"]}, {"design": SMALL}):
        assert extend_sweep(tmp_path / "sweep", **asked).identical(whole)
    assert {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*.*")} == before


ROWS = {"prize.enmity": [0.1, 0.5, 0.3], "nations.east.policy": ["race", "treaty", "race"]}
MORE = {"prize.enmity": [0.7, 0.1], "nations.east.policy": ["race", "treaty"]}


@pytest.mark.parametrize("streams", ["common", "own"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_table_gets_more_rows(tmp_path, streams, whole, monkeypatch):
    made(tmp_path / "sweep", table(ROWS, streams=streams))
    both = {path: ROWS[path] + MORE[path] for path in ROWS}
    points = counted(monkeypatch)
    extend_sweep(tmp_path / "sweep", design=pd.DataFrame(both if whole else MORE), threads=1)
    assert sum(points) == 2
    made(tmp_path / "whole", table(both, streams=streams))
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


@pytest.mark.parametrize("streams", ["common", "own"])
def test_a_sobol_design_gets_more_samples(tmp_path, streams, monkeypatch):
    made(tmp_path / "sweep", sobol(8, "prize.enmity", "prize.prize", seed=3, streams=streams))
    points = counted(monkeypatch)
    extend_sweep(tmp_path / "sweep", design=sobol(16, "prize.enmity", "prize.prize", seed=3), threads=1)
    assert sum(points) == 8
    made(tmp_path / "whole", sobol(16, "prize.enmity", "prize.prize", seed=3, streams=streams))
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


def test_points_with_streams_of_their_own_keep_their_numbers_or_are_refused(tmp_path):
    made(tmp_path / "sweep", grid("prize.enmity=0:0.9:4", "prize.prize=1,2", streams="own"))
    before = sums(tmp_path / "sweep")
    refused(
        lambda: extend_sweep(tmp_path / "sweep", design={"prize.prize": [3]}),
        "streams of its own", "prize.enmity=0.3", "would be point 3 instead of 2", "append points",
    )  # fmt: skip
    assert sums(tmp_path / "sweep") == before
    assert not (tmp_path / "sweep" / "before-1").exists()
    extend_sweep(tmp_path / "sweep", design={"prize.enmity": [1.0]}, threads=1)
    made(tmp_path / "whole", grid("prize.enmity=0,0.3,0.6,0.9,1", "prize.prize=1,2", streams="own"))
    axis = load_sweep(tmp_path / "sweep")["prize.enmity"].values
    assert axis.tolist() == [*np.linspace(0, 0.9, 4).tolist(), 1.0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"runs": 3}, ("runs: must be at least 4", "got 3")),
        ({"runs": 0}, ("runs",)),
        ({"runs": "many"}, ("runs",)),
        ({"outcomes": ["welfar"]}, ("did you mean 'welfare'",)),
        ({"outcomes": ["mishaps", "mishaps"]}, ("each once",)),
        ({"design": {"prize.prize": [1, 2]}}, ("prize.prize: is not varied in this sweep",)),
        ({"design": {"prize.enmity": [2.0]}}, ("must lie in [0, 1]",)),
        ({"design": table({"prize.enmity": [0.5]})}, ("must vary prize.enmity, nations.east.policy",)),
        ({"design": sobol(8, "prize.enmity", "nations.east.policy")}, ("must keep all points", "is missing")),
        ({"design": latin_hypercube(8, "nations.east.policy", "prize.enmity")}, ("must vary prize.enmity, nations",)),
        ({"design": 3}, ("design",)),
    ],
)
def test_what_is_not_exact_is_refused_with_the_reason_and_nothing_changes(tmp_path, asked, words):
    made(tmp_path / "sweep")
    before = {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*.*")}
    refused(lambda: extend_sweep(tmp_path / "sweep", **asked), *words)
    assert {path: path.read_bytes() for path in (tmp_path / "sweep").rglob("*.*")} == before


def test_a_sweep_that_is_not_finished_is_refused(tmp_path):
    made(tmp_path / "sweep")
    lines = (tmp_path / "sweep" / "checksums.txt").read_text().splitlines(keepends=True)
    (tmp_path / "sweep" / "checksums.txt").write_text("".join(lines[:-1]))
    refused(lambda: extend_sweep(tmp_path / "sweep", runs=9), "must be finished")
    refused(lambda: extend_sweep(tmp_path / "nowhere", runs=9), "holds no sweep")
    refused(lambda: extend_sweep("", runs=9), "must name a folder")


def test_a_sweep_made_with_other_laws_is_refused(tmp_path, monkeypatch):
    made(tmp_path / "sweep")
    monkeypatch.setattr("race_sim.sweeps.request.SOURCE_DIGEST", "others")
    refused(lambda: extend_sweep(tmp_path / "sweep", runs=9), "made with other laws", "kernels is")


def test_a_damaged_sweep_is_refused_before_it_is_extended(tmp_path):
    made(tmp_path / "sweep")
    part = tmp_path / "sweep" / "points" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    refused(lambda: extend_sweep(tmp_path / "sweep", design=LARGE), "is damaged")
    assert not (tmp_path / "sweep" / "before-1").exists()


def test_a_folder_of_a_users_with_the_name_of_ours_stays(tmp_path):
    made(tmp_path / "sweep")
    mine = tmp_path / "sweep" / "before-1"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]
    assert load_sweep(tmp_path / "sweep" / "before-2")["mean"].size == 20


def test_points_are_computed_anew_where_what_was_before_is_gone(tmp_path, capsys, monkeypatch):
    made(tmp_path / "sweep")
    extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    before = sums(tmp_path / "sweep")
    shutil.rmtree(tmp_path / "sweep" / "before-1")
    (tmp_path / "sweep" / "points" / "part-00001.parquet").unlink()
    points = counted(monkeypatch)
    made(tmp_path / "sweep", LARGE)
    assert sum(points) == 3
    assert sums(tmp_path / "sweep") == before


def ended_at(call, number):
    """Do something in a process of its own, which ends at the given change of a file's name; whether it got so far."""

    def ends():
        left = [number]
        for method in ("replace", "rename"):
            usual = getattr(Path, method)

            def counting(path, target, usual=usual):
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)
                return usual(path, target)

            setattr(Path, method, counting)
        call()

    return forks.ended([forks.fork(ends)]) == [9]


@forks.needed
def test_wherever_an_extension_ends_the_same_call_goes_on(tmp_path):
    """At every single change of a file's name: twice at the same, then once through."""
    made(tmp_path / "small", points_per_part=7)
    made(tmp_path / "whole", LARGE)
    whole, number, ends = sums(tmp_path / "whole"), 0, True
    while ends:
        number += 1
        folder = tmp_path / f"sweep-{number}"
        shutil.copytree(tmp_path / "small", folder)

        def extend(folder=folder):
            extend_sweep(folder, design=LARGE, threads=1, progress=False)

        ends = ended_at(extend, number)
        ended_at(extend, number)
        extend()
        assert sums(folder) == whole, number
        assert load_sweep(folder / "before-1")["mean"].size == 20
        assert not (folder / "damaged").exists()
    assert number > 10


@forks.needed
def test_a_hundred_points_become_two_hundred_with_more_runs_and_an_outcome_killed_twice(tmp_path):
    small = {"prize.enmity": "0:0.9:10", "prize.prize": "1:10:10"}
    large = {"prize.enmity": "0:0.9:10", "prize.prize": "1:20:20"}
    folder = tmp_path / "sweep"
    made(folder, small, 50)
    made(tmp_path / "whole", large, 100, ("welfare", "mishaps"))
    for asked in ({"design": large}, {"runs": 100}, {"outcomes": ["mishaps"]}):

        def extend(asked=asked):
            extend_sweep(folder, threads=1, progress=False, **asked)

        for part in (5, 7):
            assert forks.ended([forks.fork(forks.killed_at(part, extend))]) == [-signal.SIGKILL]
        extend()
    assert sums(folder) == sums(tmp_path / "whole")
    history = json.loads((folder / "manifest.json").read_text())["history"]
    assert [(entry["runs"], entry["outcomes"]) for entry in history] == [
        (50, ["welfare"]),
        (50, ["welfare"]),
        (100, ["welfare"]),
    ]
    assert not (folder / "damaged").exists()


def test_another_extension_before_the_first_is_finished_is_refused(tmp_path):
    made(tmp_path / "sweep")
    extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    (tmp_path / "sweep" / "points" / "part-00001.parquet").unlink()
    (tmp_path / "sweep" / "checksums.txt").write_text(
        "".join(
            line for line in (tmp_path / "sweep" / "checksums.txt").read_text().splitlines(True) if "-00001" not in line
        )
    )
    refused(lambda: extend_sweep(tmp_path / "sweep", runs=9), "an earlier extension", "is not finished")
    extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    made(tmp_path / "whole", LARGE)
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


@pytest.mark.parametrize("folder", ["../evil", "/tmp/evil", "before-0", "points", ""])
def test_a_history_that_names_another_folder_is_refused(tmp_path, folder):
    made(tmp_path / "sweep")
    extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    path = tmp_path / "sweep" / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["digest"]
    manifest["history"][0]["folder"] = folder
    path.write_text(json.dumps(manifest))
    refused(lambda: load_sweep(tmp_path / "sweep"), "history must name folders")


def test_the_command_extends(tmp_path, capsys):
    folder = str(tmp_path / "sweep")
    asked = ["sweep", "duopoly", "--set", "lab.rule=fixed", "--set", "time.horizon=1", "--outcomes", "welfare"]
    assert cli.main([*asked, "--runs", "4", "--vary", "prize.enmity=0,1", "--out", folder]) == 0
    assert cli.main(["sweep", "extend", folder, "--vary", "prize.enmity=0.5", "--threads", "1"]) == 0
    assert cli.main(["sweep", "extend", folder, "--runs", "6", "--outcomes", "mishaps"]) == 0
    capsys.readouterr()
    whole = str(tmp_path / "whole")
    asked[-1] = "welfare,mishaps"
    assert cli.main([*asked, "--runs", "6", "--vary", "prize.enmity=0,1,0.5", "--out", whole]) == 0
    assert sums(Path(folder)) == sums(Path(whole))
    capsys.readouterr()
    for wrong, words in (
        (["sweep", "extend"], "must be followed by the folder"),
        (["sweep", "extend", folder, "--seed", "3"], "--seed: is that of the sweep"),
        (["sweep", "extend", folder, "--per-run"], "--per-run: is that of the sweep"),
        (["sweep", "extend", folder, "--runs", "2"], "must be at least 6"),
        (["sweep", "extend", str(tmp_path / "none")], "holds no sweep"),
    ):
        assert cli.main(wrong) == 2
        text = capsys.readouterr().err
        assert words in text
        assert text.count("\n") == 1


def test_the_command_extends_a_sobol_design_with_its_own_seed(tmp_path, capsys):
    asked = ["sweep", "duopoly", "--set", "time.horizon=1", "--runs", "2", "--outcomes", "welfare", "--seed", "3"]
    axes = ["--vary", "prize.enmity", "--design"]
    assert cli.main([*asked, *axes, "sobol:4", "--out", str(tmp_path / "sweep")]) == 0
    assert cli.main(["sweep", "extend", str(tmp_path / "sweep"), *axes, "sobol:8"]) == 0
    assert cli.main([*asked, *axes, "sobol:8", "--out", str(tmp_path / "whole")]) == 0
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


def forked(calls):
    """Do things in processes of their own, all at the same time; their exit codes."""
    return forks.ended([forks.fork(call) for call in calls])


def take(folder, number, of, **options):
    return lambda: made(folder, LARGE, take=f"{number}/{of}", progress=False, **options)


@forks.needed
@pytest.mark.parametrize("options", [{}, {"per_run": True}])
def test_four_tasks_share_a_folder_and_compute_each_part_once(tmp_path, options):
    made(tmp_path / "whole", LARGE, **options)
    folder = tmp_path / "shared"
    assert forked([take(folder, number, 4, **options) for number in range(4)]) == [0, 0, 0, 0]
    lists = {path.name: path.read_text().split()[1::2] for path in folder.glob("checksums*.txt")}
    files = [file for listed in lists.values() for file in listed]
    assert len(files) == len(set(files)) == 10 * (2 if options else 1)
    for number in range(4):  # what a later start has not put together yet
        listed = lists.get(f"checksums-{number}-of-4.txt", [])
        assert {int(file[-13:-8]) % 4 for file in listed} <= {number}
    assert sums(folder) == sums(tmp_path / "whole")
    assert "30 of 30 (100 %)" in status(str(folder))
    assert made(folder, LARGE, **options).identical(load_sweep(tmp_path / "whole"))
    assert not list(folder.glob("checksums-*-of-*")), "put together in one list"
    assert sums(folder) == sums(tmp_path / "whole")
    assert not (folder / "damaged").exists()


@forks.needed
def test_tasks_that_are_killed_and_started_again(tmp_path):
    folder = tmp_path / "shared"
    for part in (3, 4, 5):
        calls = [forks.killed_at(part, take(folder, number, 2, points_per_part=1)) for number in range(2)]
        assert forked(calls) == [-signal.SIGKILL] * 2
    assert forked([take(folder, number, 2, points_per_part=1) for number in range(2)]) == [0, 0]
    made(tmp_path / "whole", LARGE)
    assert sums(folder) == sums(tmp_path / "whole")


@forks.needed
def test_a_task_keeps_out_whoever_wants_the_folder_alone_or_is_the_same_task(tmp_path, monkeypatch):
    from race_sim.sweeps.engine.lock import is_held, locked
    from race_sim.sweeps.engine.tasks import Task

    monkeypatch.setattr("race_sim.sweeps.engine.lock.PATIENCE", 0.1)
    monkeypatch.setattr("race_sim.sweeps.engine.lock.PATIENCE_OF_TASKS", 0.1)
    with locked(tmp_path, Task(0, 4)) as let_in:
        assert let_in is not None
        refused(lambda: locked(tmp_path, Task(1, 4)).__enter__(), f"process {os.getpid()}", "is working in this folder")
        let_in()
        with locked(tmp_path, Task(1, 4)) as alone:
            assert alone is None
            assert is_held(tmp_path)
        refused(lambda: locked(tmp_path).__enter__(), f"process {os.getpid()}", "is working in this folder")
        refused(lambda: locked(tmp_path, Task(0, 4)).__enter__(), "is working in this folder")
    assert not is_held(tmp_path)
    with locked(tmp_path):
        refused(lambda: locked(tmp_path, Task(1, 4)).__enter__(), "is working in this folder")


def test_one_task_after_the_other_in_any_order(tmp_path):
    folder = tmp_path / "shared"
    first = made(folder, LARGE, take="2/3")
    assert first["point"].values.tolist() == [6, 7, 8, 15, 16, 17, 24, 25, 26]
    made(folder, LARGE, take="0/3")
    part = folder / "points" / "part-00001.parquet"
    assert not part.exists()
    damaged = folder / "points" / "part-00003.parquet"
    damaged.write_bytes(b"damaged")
    whole = made(folder, LARGE, take="1/3")
    assert "27 of 30" in status(str(folder))
    assert whole["point"].size == 27
    assert made(folder, LARGE, take="0/3").identical(made(tmp_path / "whole", LARGE))


@pytest.mark.parametrize("text", ["4/4", "-1/4", "1", "1/0", "a/b", "1/4/2", "", "0.5/2", 3, "1/1"])
def test_what_is_no_task_is_refused(tmp_path, text):
    refused(lambda: made(tmp_path / "out", take=text), "take: must be i/n")
    assert not (tmp_path / "out").exists()


def test_a_task_needs_a_folder_and_a_part(tmp_path):
    refused(lambda: made(None, take="0/2"), "take: needs a folder")
    refused(lambda: made(tmp_path / "out", take="9/12"), "take: there are 7 parts, none for task 9 of 12")


def test_tasks_extend_together_with_the_command_of_the_whole(tmp_path, monkeypatch):
    """An extension that was stopped goes on in tasks that are asked for the whole sweep."""
    made(tmp_path / "sweep")

    def stop(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "evaluate", stop)
        with pytest.raises(KeyboardInterrupt):
            extend_sweep(tmp_path / "sweep", design=LARGE, threads=1)
    points = counted(monkeypatch)
    for number in range(2):
        made(tmp_path / "sweep", LARGE, take=f"{number}/2")
    assert sum(points) == 10
    made(tmp_path / "whole", LARGE)
    assert sums(tmp_path / "sweep") == sums(tmp_path / "whole")


def test_the_command_takes_its_part(tmp_path, capsys):
    asked = ["sweep", "duopoly", "--set", "time.horizon=1", "--runs", "2", "--outcomes", "welfare"]
    asked += ["--vary", "prize.enmity=0:1:4", "--points-per-part", "1", "--out", str(tmp_path / "out"), "--take"]
    assert cli.main([*asked, "1/2"]) == 0
    assert "2 of 4 points are kept" in capsys.readouterr().out
    assert cli.main([*asked, "0/2"]) == 0
    assert cli.main([*asked, "2/2"]) == 2
    assert "take: must be i/n" in capsys.readouterr().err


def test_a_file_is_whole_or_not_there(tmp_path):
    write_synced(tmp_path / "a.txt", b"one")
    write_synced(tmp_path / "a.txt", b"two")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"two"]
