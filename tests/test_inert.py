"""A setting that changes nothing is said to; one that does is not."""

import json

import pytest

from race_sim import cli

RUN = ["run", "duopoly", "--runs", "40"]
GAME = ["game", "duopoly", "--runs", "8", "--policies", "race,unilateral_slowdown"]
NOBODY_WINS = ["--set", "prize.threshold=200"]


def heard(capsys, arguments):
    assert cli.main(arguments) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize(
    ("before", "setting", "acts"),
    [
        (NOBODY_WINS, "prize.enmity=0.1", ""),
        (NOBODY_WINS, "prize.prize=500", ""),
        ([], "cooperation.verification=0.9", "; it acts where nations have the policies treaty and covert_defection"),
        ([], "cooperation.penalty=3", "; it acts where nations have the policies treaty and covert_defection"),
        ([], "cooperation.sharing=0.9", "; it acts where nations have the policies fundamentals"),
        (["--set", "breakthrough.rate=0"], "breakthrough.size=2", ""),
        (["--set", "lab.rule=fixed"], "lab.planning_horizon=1", ""),
    ],
)
@pytest.mark.parametrize("command", [RUN, GAME])
def test_what_does_nothing_is_said_in_one_line(command, before, setting, acts, capsys):
    out, text = heard(capsys, [*command, *before, "--set", setting])
    path = setting.partition("=")[0]
    lines = [line for line in text.splitlines() if f" {path} " in line]
    assert len(lines) == 1
    start, _, end = lines[0].partition(", as in duopoly, every number is the same")
    assert start.startswith(f"race-sim: note: {path} changes nothing in these ")
    assert acts in ("", end)
    if not before:
        assert out == heard(capsys, command)[0]


@pytest.mark.parametrize("command", [RUN, GAME])
@pytest.mark.parametrize(
    "settings",
    [
        [], ["prize.enmity=0.1"], ["lab.rule=fixed"], ["incidents.mishap_hazard=0.001"], ["name=other"],
        ["prize.prize=500"], ["time.horizon=2"], ["prize.enmity=0.1", "trust.commons_share=0.2"],
    ],
)  # fmt: skip
def test_what_does_something_is_not_spoken_of(command, settings, capsys):
    options = [word for setting in settings for word in ("--set", setting)]
    assert heard(capsys, [*command, *options])[1] == ""


def test_a_value_that_the_scenario_has_already_is_not_spoken_of(capsys):
    assert cli.main(["show", "duopoly", "--toml"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("verification ="))
    value = line.partition("=")[2].strip()
    assert heard(capsys, [*RUN, "--set", f"cooperation.verification={value}"])[1] == ""


def test_under_policies_that_make_it_act_it_is_not_spoken_of(capsys):
    treaty = ["--policies", "east=treaty,west=covert_defection", "--set", "cooperation.verification=0.9"]
    assert "changes nothing" not in heard(capsys, [*RUN, *treaty])[1]


def test_json_stays_json(capsys):
    for command in (RUN, GAME):
        out, text = heard(capsys, [*command, "--json", "--set", "cooperation.verification=0.9"])
        assert json.loads(out)
        assert text.count("\n") == 1


def test_many_runs_are_compared_in_part(capsys):
    _, text = heard(capsys, ["run", "duopoly", "--runs", "1500", "--set", "cooperation.verification=0.9"])
    assert "changes nothing in the first 1,000 runs" in text


CHEATED = ["run", "us-china-2026", "--runs", "200", "--policies", "us=treaty,china=covert_defection"]


@pytest.mark.parametrize(("verification", "verb"), [("0.9", "raises"), ("0.05", "lowers")])
def test_a_risk_that_moves_the_other_way_than_meant_is_explained(verification, verb, capsys):
    """Better verification detects more covert defection, which suspends the treaty, under which labs kept the floor."""
    _, text = heard(capsys, [*CHEATED, "--set", f"cooperation.verification={verification}"])
    (line,) = [line for line in text.splitlines() if "note:" in line]
    assert f"cooperation.verification {verification} instead of " in line
    assert f" {verb} catastrophe_probability from " in line
    assert "as what is detected suspends the treaty; what moved most: treaty_in_force from " in line


@pytest.mark.parametrize("setting", ["cooperation.verification=0.9", "cooperation.benchmarks=0.9", "prize.enmity=0.9"])
def test_a_risk_that_moves_as_meant_is_not_spoken_of(setting, capsys):
    """Under a treaty that all honour nobody is detected; enmity raises the risk, as everybody expects."""
    _, text = heard(capsys, ["run", "us-china-2026", "--runs", "200", "--set", setting])
    assert " raises " not in text
    assert " lowers " not in text


def test_a_file_without_foresight_and_doubt_gets_a_note(tmp_path, capsys):
    assert cli.main(["show", "duopoly", "--toml"]) == 0
    text = capsys.readouterr().out
    path = tmp_path / "old.toml"
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith(("foresight", "doubt"))))
    note = f"race-sim: note: {path} gives neither lab.foresight nor lab.doubt: labs plan as if the frontier stood still"
    for options, said in (([], True), (["--set", "lab.doubt=0.4"], False), (["--quiet"], False)):
        assert cli.main(["run", str(path), "--runs", "2", *options]) == 0
        assert (note in capsys.readouterr().err) == said
    path.write_text('base = "duopoly"\n[prize]\nenmity = 0.3\n')
    assert cli.main(["run", str(path), "--runs", "2"]) == 0
    assert "foresight" not in capsys.readouterr().err
