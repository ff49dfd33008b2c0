"""An error that nobody foresaw: one line, exit code 1, and the traceback where it can be read."""

import os
import re
from pathlib import Path

import pytest

from race_sim import cli
from race_sim.scenario import scenario

COMMAND = ["show", "duopoly"]


@pytest.fixture
def broken(monkeypatch, tmp_path):
    """A command that fails for a reason of its own."""

    def fail(*arguments, **options):
        raise ZeroDivisionError("two\nlines")

    monkeypatch.setattr(scenario.Scenario, "parameters", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_one_line_and_a_file(broken, capsys):
    assert cli.main(COMMAND) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    line = captured.err
    assert line.count("\n") == 1
    found = re.fullmatch(
        r"race-sim: an error that should not be, ZeroDivisionError: two\\nlines; its traceback is in (.*)\n", line
    )
    text = Path(found[1]).read_text()
    assert text.startswith("Traceback (most recent call last):")
    assert text.endswith("ZeroDivisionError: two\nlines\n")
    assert os.listdir(broken) == [Path(found[1]).name]


def test_asked_for_it_is_printed(broken, capsys, monkeypatch):
    monkeypatch.setenv("RACE_SIM_TRACEBACK", "1")
    assert cli.main(COMMAND) == 1
    text = capsys.readouterr().err
    assert text.startswith("Traceback (most recent call last):")
    assert text.splitlines()[-1].endswith("its traceback is above")
    assert os.listdir(broken) == []


def test_where_no_file_can_be_written(broken, capsys, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(broken / "nowhere"))
    assert cli.main(COMMAND) == 1
    assert capsys.readouterr().err.endswith("; RACE_SIM_TRACEBACK=1 shows its traceback\n")


def test_without_memory(broken, capsys, monkeypatch):
    def fail(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(scenario.Scenario, "parameters", fail)
    assert cli.main(COMMAND) == 2
    assert capsys.readouterr().err == (
        "race-sim: not enough memory for this: ask for less at once, such as fewer --runs\n"
    )
    assert os.listdir(broken) == []


NAME = "x" * 5000
DEEP = "[" * 3000


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", NAME],
        ["run", NAME + ".toml"],
        ["run", "nul\0.toml"],
        ["run", "duopoly", "--set", f"{NAME}=1"],
        ["run", "duopoly", "--set", f"prize.prize={'9' * 400}"],
        ["run", "duopoly", "--set", f"prize.prize={'9' * 5000}"],
        ["run", "duopoly", "--set", f"prize.prize={DEEP}"],
        ["run", "duopoly", "--set", f"prize.prize={'{a=' * 2000}"],
        ["run", "duopoly", "--runs", "9" * 400],
        ["run", "duopoly", "--seed", "9" * 400],
        ["run", "duopoly", "--policies", f"east={NAME}"],
        ["solve", "spt", "--set", f"k={'9' * 400}"],
        ["solve", "spt", "--set", f"k={DEEP}"],
        ["solve", NAME],
        ["game", "duopoly", "--policies", NAME],
        ["plot", NAME],
        ["plot", "nul\0"],
        ["plot", ".", "--out", NAME + ".png"],
        ["reproduce", NAME],
        ["sweep", "duopoly", "--vary", f"prize.prize={'9' * 400}:1:2", "--out", "o"],
        ["sweep", "duopoly", "--vary", f"prize.prize=0:1:{'9' * 400}", "--out", "o"],
        ["sweep", "duopoly", "--vary", "prize.prize=0:1:2", "--out", NAME],
        ["sweep", "duopoly", "--design", NAME + ".csv", "--out", "o"],
        ["sweep", "status", NAME],
        ["sensitivity", "duopoly", "--samples", "9" * 400],
        ["sensitivity", "duopoly", "--parameters", NAME],
        [
            "sensitivity",
            "duopoly",
            "--method",
            "delta",
            "--samples",
            "1",
            "--runs",
            "2",
            "--parameters",
            "prize.enmity",
        ],
    ],
)
def test_long_deep_and_large(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("race-sim: ")
    assert captured.err.count("\n") == 1
    assert os.listdir(tmp_path) == []
