"""``python -m experiments``: every module of the folder, each after those that it comes after."""

import subprocess
import sys
from pathlib import Path

import pytest

from experiments import __main__ as runner
from experiments._base.steps import Step, in_order, steps
from race_sim import InputError
from tests.waiting import finished

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent


def known(**after):
    return {name: Step(name, "Why?", None, tuple(names)) for name, names in after.items()}


def names(chosen):
    return [step.name for step in chosen]


def test_every_module_of_the_folder_is_a_step_and_nothing_else():
    files = {path.stem for path in (ROOT / "experiments").glob("*.py")} - {"__init__", "__main__"}
    assert set(steps()) == files | {path.parent.name for path in (ROOT / "experiments").glob("*/__main__.py")}
    assert {"whose_race", "performance"} <= {step.name for step in steps().values() if step.is_experiment}
    assert {"gallery", "quoted"} <= {step.name for step in steps().values() if not step.is_experiment}
    assert "figures" not in steps()


def test_what_comes_after_runs_after():
    order = names(in_order(steps()))
    assert sorted(order) == sorted(steps())
    assert order.index("what_the_baseline_depends_on") < order.index("performance")
    last = {step.name for step in steps().values() if not step.is_experiment}
    assert set(order[-len(last) :]) == last
    assert names(in_order(known(a=["c"], b=[], c=["b"]))) == ["b", "c", "a"]
    assert names(in_order(known(page=["experiments"], zebra=[], ape=["zebra"]))) == ["zebra", "ape", "page"]


def test_named_ones_run_in_that_order_and_alone():
    assert names(in_order(known(a=["c"], b=[], c=["b"]), ["a", "b"])) == ["b", "a"]


@pytest.mark.parametrize(
    ("after", "wanted", "message"),
    [
        ({"a": ["bb"], "b": []}, [], r"a: AFTER: no experiment 'bb'"),
        ({"a": ["b"], "b": ["c"], "c": ["a"]}, [], "AFTER: a and b and c wait for each other"),
        ({"whose": []}, ["whoes"], r"no experiment 'whoes' \(did you mean 'whose'\?\)"),
    ],
)
def test_orders_that_there_are_not_are_refused(after, wanted, message):
    with pytest.raises(InputError, match=message):
        in_order(known(**after), wanted)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("AFTER = ()", "must have a docstring whose first line is its question"),
        ('"""Why?"""\nAFTER = "whose_race"', "AFTER: must be a tuple of names, got 'whose_race'"),
        ('"""Why?"""\nANSWER = f"{1}"', "ANSWER: must be written out"),
    ],
)
def test_modules_that_say_nothing_of_themselves_are_refused(text, message, tmp_path):
    (tmp_path / "new.py").write_text(text)
    with pytest.raises(InputError, match=message):
        steps(tmp_path)


def test_they_are_listed_and_wrong_names_are_one_line(capsys):
    assert runner.main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == names(in_order(steps()))
    assert "Do more racers make the race more dangerous?" in "\n".join(lines)
    assert runner.main(["whose_rice"]) == 2
    assert capsys.readouterr().err == "experiments: no experiment 'whose_rice' (did you mean 'whose_race'?)\n"


def test_options_reach_each_and_a_failure_stops_the_rest(monkeypatch, capsys):
    started = []

    def run(command, check):
        started.append(command[2:])
        return subprocess.CompletedProcess(command, returncode=int("whose_race" in command[2]))

    monkeypatch.setattr(runner.subprocess, "run", run)
    assert runner.main(["whose_race", "number_of_racers", "gallery", "--quick", "--into", "there"]) == 1
    assert started == [
        [f"experiments.{name}", "--quick", "--into", "there"] for name in ("number_of_racers", "whose_race")
    ]
    assert "whose_race has failed; not run: gallery" in capsys.readouterr().err


def test_the_makefile_runs_the_folder():
    recipe = (ROOT / "Makefile").read_text().partition("\nresults: ")[2].partition("\n\n")[0].splitlines()[1:]
    assert recipe == ["\t$(BIN)/python -m experiments"]
    done = finished([sys.executable, "-m", "experiments", "--list"], cwd=ROOT)
    assert done.returncode == 0
