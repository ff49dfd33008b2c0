"""Numbers and lists as people type them on the command line."""

import json

import pytest

from race_sim import cli
from race_sim.cli.options import number

SHORT = ["--set", "time.horizon=1"]


def settled(capsys, *arguments):
    assert cli.main(["show", "duopoly", "--toml", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (".3", 0.3), ("1.", 1.0), ("+0.5", 0.5), ("+.5", 0.5), ("5e-1", 0.5), ("5.e-1", 0.5), (".5E0", 0.5),
        ("01", 1.0),
        (" 0.5 ", 0.5), ("0.2_5", 0.25), ("1_0e-1", 1.0),
    ],
)  # fmt: skip
def test_numbers_after_set(typed, value, capsys):
    assert f"enmity = {value}" in settled(capsys, "--set", f"prize.enmity={typed}")


def test_negative_numbers_after_set(capsys):
    assert cli.main(["show", "duopoly", "--set", "prize.enmity=-.1"]) == 2
    assert capsys.readouterr().err == "race-sim: duopoly: prize.enmity: must lie in [0, 1], got -0.1\n"


@pytest.mark.parametrize("typed", ["1e1", "10.", "1_0", "+10", " 10", "010", "1.0e1", "100e-1"])
def test_whole_numbers_after_options(typed, capsys):
    assert cli.main(["run", "duopoly", "--json", *SHORT, "--runs", typed]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == 10


@pytest.mark.parametrize(
    "typed",
    ["1.5", "1e-1", "٣", "1,000", "1 000", "_1", "1_", "1__0", "1e", "0x10", "ten", "", "inf", "1e400", "9" * 5000],
)
def test_no_whole_numbers(typed, capsys):
    assert cli.main(["run", "duopoly", "--runs", typed]) == 2
    message = capsys.readouterr().err
    assert message.startswith("race-sim: argument --runs: must be a whole number, got ")
    assert message.count("\n") == 1
    assert len(message) < 200


def test_large_seeds_keep_every_digit(capsys):
    seed = 2**64 - 1
    assert cli.main(["run", "duopoly", "--json", *SHORT, "--runs", "2", "--seed", str(seed)]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == seed
    assert cli.main(["run", "duopoly", "--runs", "2", "--seed", "1e19"]) == 2  # as a float it would be another one


@pytest.mark.parametrize("typed", ["٣", "½", "1__0", "0,3", "[[", "9" * 5000, "[" * 3000, "0.3\nenmity = 0.9"])
def test_no_numbers_after_set(typed, capsys):
    assert cli.main(["show", "duopoly", "--set", f"prize.enmity={typed}"]) == 2
    message = capsys.readouterr().err
    assert message.startswith("race-sim: duopoly: prize.enmity: must be a number")
    assert message.count("\n") == 1


def test_lists_of_numbers():
    assert number("3 , .5, 1.") == [3, 0.5, 1.0]
    assert number("[1, 2], [3, 4]") == [[1, 2], [3, 4]]
    assert number("race, treaty") == "race, treaty"


def test_spaces_after_commas(tmp_path, capsys):
    assert cli.main(["run", "us-china-2026", *SHORT, "--runs", "2", "--policies", "us = treaty, china = race"]) == 0
    assert "(us: treaty, china: race)" in capsys.readouterr().out
    assert cli.main(["game", "duopoly", *SHORT, "--runs", "2", "--policies", "race, treaty"]) == 0
    assert cli.main(["game", "duopoly", *SHORT, "--runs", "2", "--policies", "east = race | treaty, west = race"]) == 0
    capsys.readouterr()
    sweep = [
        "sweep",
        "duopoly",
        *SHORT,
        "--vary",
        "prize.enmity=0, .5, 1.",
        "--runs",
        "2",
        "--out",
        str(tmp_path / "s"),
    ]
    assert cli.main([*sweep, "--outcomes", "welfare , trust"]) == 0
    out = ["--out", str(tmp_path / "s.png")]
    assert cli.main(["plot", str(tmp_path / "s"), "--outcomes", "welfare, trust", *out]) == 0
    capsys.readouterr()


def test_a_nation_has_one_policy(capsys):
    assert cli.main(["run", "duopoly", "--policies", "east=race,east=treaty"]) == 2
    assert "each nation once" in capsys.readouterr().err
