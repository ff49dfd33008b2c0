"""A decision rule takes one function, with its own parameters declared on it: inside the package or from outside."""

import json

import pytest

RULE = '''
@rule(plans=False)
def cautious_when_ahead(
    i, labs, nations, world, p,
    share_ahead=RuleParameter("share kept by the leader", "1", (0, 0.95), (0.2, 0.6), default=0.4),
):  # fmt: skip
    """The leader keeps a share, all others keep a quarter of it."""
    return share_ahead if labs[i].capability >= world.best_capability else 0.25 * share_ahead

'''
BEFORE = "\nPLANS = np.array(_PLANS)"
EVERYWHERE = """
import json, numpy as np, race_sim
from race_sim.explore import interact
from race_sim.runs.screening import screen

scenario = race_sim.Scenario.load("duopoly").replace({"lab.rule": "cautious_when_ahead"})
own = scenario.replace({"rules.share_ahead": 0.6})
kernel = race_sim.simulate(own, 3, 1, progress=False)
model = race_sim.RaceModel(own, rng=1, run=2)
model.run_model()
swept = race_sim.sweep(scenario, {"rules.share_ahead": [0.2, 0.4]}, 3, 1, ["safety_share"], progress=False)
panel = interact(own, runs=5, policies=("race", "treaty"))
row = next(row for row in screen(scenario, 3, progress=False) if row.name == "rules.share_ahead")
print(json.dumps({
    "default": scenario.rules.share_ahead,
    "engines": [lab.capability for lab in model.labs] == kernel["lab_capability"].sel(run=2).values.tolist(),
    "share": float(kernel["lab_safety_share"].values.max()),
    "swept": swept["mean"].values.ravel().tolist(),
    "panel": len(panel.race.value),
    "screened": [row.before, row.after, row.context, row.effect.effect != 0.0],
}))
"""


@pytest.mark.long
def test_inside_the_package_it_takes_one_file(scratch):
    scratch.replace("race_sim/kernels/rules.py", BEFORE, f"\n{RULE.rstrip()}\n\n{BEFORE}")
    assert scratch.touched == {"race_sim/kernels/rules.py"}
    result = json.loads(scratch.python(EVERYWHERE))
    assert result["default"] == 0.4
    assert result["engines"], "both engines play it, to the bit"
    assert 0.375 < result["share"] < 0.6, "above what the default lets the leader keep on average"
    assert result["swept"][0] < result["swept"][1]
    assert result["panel"]
    assert result["screened"] == ["0.2", "0.6", "rule cautious_when_ahead", True]
    options = ("--set", "lab.rule=cautious_when_ahead", "--set", "rules.share_ahead=0.3")
    printed = json.loads(scratch.command("run", "duopoly", "--runs", "3", "--json", *options))
    assert 0.07 < printed["outcomes"]["safety_share"]["mean"] < 0.31
    assert "rules.share_ahead" in scratch.command("show", "duopoly")
    axes = ("--vary", "rules.share_ahead=0.2,0.4", "--set", "lab.rule=cautious_when_ahead")
    assert "0.4" in scratch.command("sweep", "duopoly", *axes, "--runs", "3", "--out", str(scratch.root / "swept"))
    quick = scratch.run("-m", "experiments.number_of_racers", "--quick", "--into", str(scratch.root / "results_here"))
    assert quick.returncode == 0, quick.stderr
    scratch.tests("tests/test_scenario.py", "tests/test_extensions.py", "-k", "not everywhere")


def test_from_outside_its_parameters_are_like_any_other(scratch):
    """Its values, bounds, screening and sweeps need no compilation; what plays it is tried in tests/test_extensions."""
    code = f"""
import race_sim
from race_sim import RuleParameter
{RULE.replace("@rule(plans=False)", "@race_sim.add_rule")}
from race_sim.runs.records import build
import numpy as np
from race_sim.sweeps.evaluate import space

before = race_sim.Scenario.load("us-china-2026")
scenario = before.replace({{"rules.share_ahead": 0.2}})
known = {{item.path: item.about for item in scenario.parameters()}}["rules.share_ahead"]
drawn = before.replace({{"rules.share_ahead": race_sim.Uniform(low=0.1, high=0.3)}})
records = build(drawn, 0, np.arange(50))
print(scenario.rules.share_ahead, before.replace({{}}).rules.share_ahead, known.unit, known.plausible, known.rule)
print("rules.share_ahead" in space(scenario), race_sim.Scenario.from_toml(scenario.to_toml()) == scenario)
print(0.1 < records.parameters["rules_added_0"].min() < records.parameters["rules_added_0"].max() < 0.3)
for changes in ({{"rules.share_ahead": 0.99}}, {{"rules.share_ahed": 0.2}}):
    try:
        before.replace(changes)
    except race_sim.InputError as error:
        print(error)
"""
    lines = scratch.python(code).splitlines()
    assert lines[0] == "0.2 0.4 1 (0.2, 0.6) cautious_when_ahead"
    assert lines[1:3] == ["True True", "True"]
    assert lines[3] == "us-china-2026: rules.share_ahead: must lie in [0, 0.95], got 0.99"
    assert "did you mean 'rules.share_ahead'" in lines[4]
    assert not scratch.touched
