"""``game``, ``compare``, ``least-setting``: what they print as CSV and leave with ``--out``, as ``run``; its plots."""

import json

import pandas as pd
import pytest

from race_sim import Scenario, cli
from race_sim.cli.run_folder import FILES
from race_sim.figures.commands import KINDS
from race_sim.figures.drawing import draw

SHORT = ["duopoly", "--set", "time.horizon=1", "--set", "lab.rule=fixed"]
COMMANDS = {
    "run": ["run", *SHORT, "--runs", "4"],
    "game": ["game", *SHORT, "--runs", "4", "--policies", "race,unilateral_slowdown"],
    "compare": ["compare", *SHORT, "--runs", "4"],
    "least-setting": ["least-setting", *SHORT, "--lever", "penalty", "--most-runs", "256", "--most-settings", "5",
                      "--deviations", "covert_defection"],
}  # fmt: skip
OF_ALL = {"outcomes.csv", "scenario.toml", "provenance.json"}


@pytest.fixture(params=COMMANDS)
def left(request, tmp_path, capsys):
    """A command's name, its folder, and what it has printed."""
    folder = tmp_path / "kept"
    assert cli.main([*COMMANDS[request.param], "--quiet", "--csv", "--out", str(folder)]) == 0
    return request.param, folder, capsys.readouterr().out


def test_the_folder_holds_what_is_printed_and_is_drawn(left, tmp_path, capsys):
    command, folder, printed = left
    assert {path.name for path in folder.iterdir()} == (set(FILES) if command == "run" else OF_ALL)
    table = folder / "outcomes.csv"
    if command == "run":
        assert len(pd.read_csv(table)) == printed.count("\n") - 1
    else:
        assert table.read_text() == printed
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["command"] == command
    scenario = Scenario.load(folder / "scenario.toml")
    assert scenario.time.horizon == 1
    assert Scenario.from_toml(provenance["scenario_toml"]) == scenario
    for kind in KINDS[command]:
        figure = draw(folder, kind.name)
        assert any(axes.has_data() or axes.patches for axes in figure.axes)
    assert cli.main(["plot", str(folder), "--out", str(tmp_path / "drawn.png")]) == 0
    assert KINDS[command][0].question in capsys.readouterr().out
    assert (tmp_path / "drawn.png").stat().st_size > 1000


def test_a_folder_that_is_not_free_is_refused_before_the_work(left, monkeypatch, capsys):
    command, folder, _ = left

    def never(*arguments, **options):
        raise AssertionError("computed before it was checked")

    monkeypatch.setattr("race_sim.runs.sampling.in_batches", never)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert cli.main([*COMMANDS[command], "--out", str(folder)]) == 2
    assert "must be a new or empty folder" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_game_that_is_kept_is_the_game(tmp_path, capsys):
    folder = tmp_path / "kept"
    assert cli.main([*COMMANDS["game"], "--quiet", "--json", "--out", str(folder)]) == 0
    found = json.loads(capsys.readouterr().out)
    table = pd.read_csv(folder / "outcomes.csv")
    assert len(table) == 2 * 2 * 3
    east = table[table["outcome"] == "payoff.east"].set_index(["nations.east.policy", "nations.west.policy"])
    for a, first in enumerate(found["policies"]["east"]):
        for b, second in enumerate(found["policies"]["west"]):
            row = east.loc[(first, second)]
            for name, kept in (("mean", "payoff"), ("low", "low"), ("high", "high"), ("standard_error",) * 2):
                assert row[name] == found[kept]["east"][a][b]
    matrix = draw(folder, "payoffs").axes[0]
    frames = [patch.get_linestyle() for patch in matrix.patches if patch.get_linewidth() == 2 and not patch.get_fill()]
    for kind, line in (("equilibria", "-"), ("possible_equilibria", "--")):
        assert frames.count(line) == sum(one["kind"] == "pure" for one in found[kind])
    assert found["verdict"] in matrix.get_title()


def test_outcomes_of_a_run_can_be_chosen(tmp_path, capsys):
    folder = tmp_path / "kept"
    assert cli.main([*COMMANDS["run"], "--quiet", "--out", str(folder)]) == 0
    figure = draw(folder, outcomes=["welfare", "winner.east"])
    assert [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()] == ["welfare", "winner.east"]
    assert cli.main(["plot", str(folder), "--outcomes", "welfar"]) == 2
    assert "did you mean 'welfare'" in capsys.readouterr().err


@pytest.mark.parametrize(("change", "message"), [
    (lambda known: {**known, "command": "guess"}, "is no experiment's result"),
    (lambda known: {name: value for name, value in known.items() if name != "verdict"}, "has no 'verdict'"),
])  # fmt: skip
def test_a_damaged_provenance_is_one_line(change, message, tmp_path, capsys):
    folder = tmp_path / "kept"
    assert cli.main([*COMMANDS["game"], "--quiet", "--out", str(folder)]) == 0
    file = folder / "provenance.json"
    file.write_text(json.dumps(change(json.loads(file.read_text()))))
    capsys.readouterr()
    assert cli.main(["plot", str(folder)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert cli.main(["plot", str(folder), "--outcomes", "welfare"]) == 2
