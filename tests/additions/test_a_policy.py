"""A nation's policy takes one entry: its flags."""

import json

import pytest

ENTRY = """    "open_standard": Policy("keeps the standard, whatever others do, and shares", keeps_standard=True,
                            shares_openly=True),
}
BUILT_IN = tuple(POLICIES)"""
EVERYWHERE = """
import json
import race_sim
from race_sim.explore import interact

scenario = race_sim.Scenario.load("duopoly").replace({"nations.east.policy": "open_standard"})
model = race_sim.RaceModel(scenario, rng=1, run=2)
model.run_model()
kernel = race_sim.simulate(scenario, 3, 1, progress=False)
swept = race_sim.sweep("duopoly", {"nations.east.policy": ["race", "open_standard"]}, 3, 1, ["safety_share.east"],
                       progress=False)
panel = interact("duopoly", runs=5, policies=("race", "open_standard"))
game = race_sim.policy_game("duopoly", runs=2, progress=False)
print(json.dumps({
    "engines": [lab.capability for lab in model.labs] == kernel["lab_capability"].sel(run=2).values.tolist(),
    "standard": scenario.cooperation.standard,
    "share": float(kernel["nation_safety_share"].sel(nation="east").min()),
    "swept": swept["mean"].values.ravel().tolist(),
    "panel": [name for name, control in panel.controls.items() if "open_standard" in getattr(control, "options", ())],
    "offered": game.strategies,
}))
"""


def test_it_takes_one_file(scratch):
    scratch.replace("race_sim/scenario/policies.py", "}\nBUILT_IN = tuple(POLICIES)", ENTRY)
    assert scratch.touched == {"race_sim/scenario/policies.py"}
    result = json.loads(scratch.python(EVERYWHERE))
    assert result["engines"]
    assert result["share"] == pytest.approx(result["standard"])
    assert result["swept"][0] < result["swept"][1]
    assert len(result["panel"]) == 2
    assert all("open_standard" in names for names in result["offered"])
    printed = scratch.command("run", "duopoly", "--runs", "3", "--policies", "east=open_standard")
    assert "east: open_standard" in printed
    options = ("--policies", "race,open_standard", "--runs", "10", "--json")
    assert json.loads(scratch.command("game", "duopoly", *options))["policies"]["east"] == ["race", "open_standard"]


@pytest.mark.long
def test_no_test_has_to_change_for_one(scratch):
    scratch.replace("race_sim/scenario/policies.py", "}\nBUILT_IN = tuple(POLICIES)", ENTRY)
    files = ("policy_games", "levers", "valuation", "scenario", "cli", "explore", "extensions", "experiments_policies")
    scratch.tests(*(f"tests/test_{name}.py" for name in files))
