"""An outcome takes one function: an entry inside the package, or ``race_sim.add_outcome``."""

import json

import pytest

import race_sim

ENTRY = """    Outcome("largest_gap", "run", "OOM", "largest gap of any lab at the end", "survival",
            AtEnd(lambda r: _gap(r).max(axis=1))),
]  # fmt: skip
"""
FROM_OUTSIDE = """
import race_sim
race_sim.add_outcome("largest_gap", "OOM", "largest gap of any lab at the end",
                     lambda records: (records.labs["capability"] - records.labs["assurance"]).max(axis=1),
                     weight="survival")
"""
EVERYWHERE = """
import json, sys
import race_sim
from race_sim.figures.drawing import draw

runs = race_sim.simulate("duopoly", 6, 2, progress=False)
table = race_sim.summarise(runs)
estimate = race_sim.estimate("duopoly", 6, 2, progress=False)
swept = race_sim.sweep("duopoly", {"prize.enmity": [0, 1]}, 6, 2, ["largest_gap"], sys.argv[1], progress=False)
game = race_sim.policy_game("duopoly", ["race", "treaty"], 6, 2, progress=False)
print(json.dumps({
    "unit": runs["largest_gap"].attrs["units"],
    "by_hand": bool((runs["largest_gap"] == runs["lab_assurance_gap"].max("lab")).all()),
    "summarised": table.loc["largest_gap", "mean"],
    "estimated": json.loads(estimate.to_json())["outcomes"]["largest_gap"]["mean"],
    "swept": swept["mean"].values.ravel().tolist(),
    "game": game.outcomes["largest_gap"].shape,
    "drawn": draw(sys.argv[1]).axes[0].get_ylabel(),
}))
"""


def see_it_everywhere(scratch, first=""):
    done = scratch.run("-c", first + EVERYWHERE, str(scratch.root / "swept"))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["unit"], result["game"], result["by_hand"]) == ("OOM", [2, 2], True)
    assert result["summarised"] == pytest.approx(result["estimated"])
    assert result["swept"][0] == pytest.approx(result["estimated"])
    assert "largest gap of any lab" in result["drawn"].replace("\n", " ")


def test_inside_the_package_it_takes_one_file(scratch):
    scratch.replace("race_sim/runs/outcomes.py", "]  # fmt: skip\n", ENTRY)
    assert scratch.touched == {"race_sim/runs/outcomes.py"}
    see_it_everywhere(scratch)
    printed = scratch.command("run", "duopoly", "--runs", "3", "--all")
    assert "largest_gap " in printed
    assert "largest gap of any" in printed
    assert "largest_gap" in json.loads(scratch.command("run", "duopoly", "--runs", "3", "--json"))["outcomes"]


def test_from_outside_it_takes_one_call(scratch):
    see_it_everywhere(scratch, FROM_OUTSIDE)
    assert not scratch.touched


@pytest.mark.long
def test_no_test_has_to_change_for_one(scratch):
    scratch.replace("race_sim/runs/outcomes.py", "]  # fmt: skip\n", ENTRY)
    files = ("simulation", "cli", "sweep", "sweep_store", "policy_games", "displays", "explore", "screening")
    scratch.tests(*(f"tests/test_{name}.py" for name in files))


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("welfare", "1", "x", len), {}, "welfare is taken"),
        (("payoff", "1", "x", len), {"level": "lab"}, "payoff is taken"),
        (("survival", "1", "x", len), {}, "survival is taken"),
        (("run", "1", "x", len), {}, "run is taken"),
        (("payoff.us", "1", "x", len), {}, "a name is letters, digits and _"),
        (("share_path", "1", "x", len), {}, "does not end in _path"),
        (("gap", "", "x", len), {}, "unit: must be a text in one line"),
        (("gap", "1", "two\nlines", len), {}, "meaning: must be a text in one line"),
        (("gap", "1", "x", 3), {}, "must be a function of a run's records, got 3"),
        (("gap", "1", "x", len), {"level": "labs"}, "did you mean 'lab'"),
        (("gap", "1", "x", len), {"weight": "survive"}, "did you mean 'survival'"),
    ],
)
def test_what_is_no_outcome_is_refused_in_one_line(arguments, options, message):
    with pytest.raises(race_sim.InputError, match=message) as refused:
        race_sim.add_outcome(*arguments, **options)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("lambda records: records.labs['capability']", "must return finite numbers of shape"),
        ("lambda records: records.worlds['time'] * float('nan')", "one that is not finite"),
        ("lambda records: records.worlds['tim']", "its function fails"),
    ],
)
def test_a_function_that_gives_no_number_per_run_is_one_line(scratch, function, message):
    code = f"""
import race_sim
race_sim.add_outcome("mine", "1", "mine", {function})
try:
    race_sim.estimate("duopoly", 2, progress=False)
except race_sim.InputError as error:
    print(error)
"""
    printed = scratch.python(code)
    assert message in printed
    assert printed.count("\n") == 1
