"""A scenario takes one file: it is listed, run, swept, drawn and moved in the panel by its name."""

import json

FILE = "race_sim/scenario/shipped/two-labs-apart.toml"
SCENARIO = """base = "us-china-2026-point"
name = "two-labs-apart"
description = "One lab far ahead of the other: what a head start alone does."

[labs]
us_1 = { nation = "us", capability = 0.0, resources = 1.0 }
china_1 = { nation = "china", capability = -1.0, resources = 1.0 }
"""
PANEL = """
import race_sim

panel = race_sim.interact("two-labs-apart", policies=("race", "treaty"), runs=10)
before = bytes(panel.race.value)
panel.controls["prize.enmity"].value = 0.1
print(panel.message.value == "", "payoff.us" in panel.outcomes.value, panel.state.scenario.prize.enmity)
panel.controls["lab.planning_horizon"].value = 1.0
print(bytes(panel.race.value) != before)
"""


def test_it_is_run_swept_drawn_and_played_with(scratch):
    scratch.write(FILE, SCENARIO)
    assert "two-labs-apart         One lab far ahead of the other" in scratch.command("scenarios")
    assert "labs.china_1" in scratch.command("show", "two-labs-apart")
    result = json.loads(scratch.command("run", "two-labs-apart", "--runs", "8", "--json"))
    assert result["scenario"] == "two-labs-apart"
    assert result["outcomes"]["lag.china"]["mean"] > 0.0
    scratch.command("sweep", "two-labs-apart", "--vary", "prize.enmity=0:1:3", "--runs", "4", "--out", "swept")
    assert "How do outcomes depend on" in scratch.command("plot", "swept", "--out", "swept.png")
    assert (scratch.root / "swept.png").stat().st_size > 10_000
    assert scratch.python(PANEL).split() == ["True", "True", "0.1", "True"]
    scratch.tests("tests/test_scenario.py", "-k", "ships")
    assert scratch.touched == {FILE}
