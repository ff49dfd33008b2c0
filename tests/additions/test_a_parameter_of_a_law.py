"""A parameter of a law: one field in scenario/parameters.py, and the law (value and slope) in kernels/laws.py."""

import json

import pandas as pd
import pytest

PARAMETERS, LAWS = "race_sim/scenario/parameters.py", "race_sim/kernels/laws.py"
NAME = "incidents.gap_convexity"
BEFORE = "    severity_growth: Quantity = parameter(\n"
FIELD = """    gap_convexity: Quantity = parameter(
        "growth of the hazard with the square of the gap", "1/OOM2", (0, 10), (0, 0.5), neutral=0, default=0.0
    )
"""
LAW = "    return power10(p.incidents_gap_sensitivity * gap) - 1.0\n"
SLOPE = "    return LN10 * p.incidents_gap_sensitivity * (risk + 1.0) * gap_x\n"
NEW_LAW = "    return power10(p.incidents_gap_sensitivity * gap) - 1.0 + p.incidents_gap_convexity * gap * gap\n"
NEW_SLOPE = """    bent = p.incidents_gap_convexity * gap
    return (LN10 * p.incidents_gap_sensitivity * (risk + 1.0 - bent * gap) + 2.0 * bent) * gap_x
"""

BOTH_ENGINES = """
import numpy as np
from race_sim import RaceModel, Scenario
from race_sim.kernels.run import run_block
from race_sim.runs.records import build
for value in (0.0, 0.4):
    scenario = Scenario.load("us-china-2026").replace({"incidents.gap_convexity": value, "time.horizon": 2})
    records = build(scenario, 1, np.array([2]))
    run_block(*records)
    model = RaceModel(scenario, rng=1, run=2)
    model.run_model()
    assert all(one.tobytes() == other.tobytes() for one, other in zip(records, model.records, strict=True))
    print(records.worlds["hazard_time"][0])
"""

SLOPE_OF_J = """
from race_sim.kernels.objective import objective
from tests.states import decision_problems
smooth = moved = 0
for q, _, (_, _, _, p), _ in decision_problems(200, changes={"incidents.gap_convexity": 0.4}):
    straight = p.copy()
    straight["incidents_gap_convexity"] = 0.0
    x, step = 0.1, 1e-6
    slope = objective(x, q, p)[1]
    difference = (objective(x + step, q, p)[0] - objective(x - step, q, p)[0]) / (2 * step)
    smooth += abs(slope - difference) <= 1e-5 * abs(slope) + 1e-9
    moved += objective(x, q, straight)[1] != slope
print(smooth, moved)
"""

EXISTING = (
    "tests/test_scenario.py",
    "tests/test_laws.py",
    "tests/test_maximise.py",
    "tests/test_stage.py",
    "tests/test_engines_agree.py",
    "tests/test_twins.py",
    "tests/test_experiments.py",
    "tests/test_screening.py",
    "tests/test_sensitivity.py",
    "tests/test_displays.py",
    "tests/test_explore.py",
    "tests/test_cli.py",
)


@pytest.mark.long
def test_a_parameter_of_a_law_is_a_field_and_the_law(scratch):
    scratch.replace(PARAMETERS, BEFORE, FIELD + BEFORE)
    scratch.replace(LAWS, LAW, NEW_LAW)
    scratch.replace(LAWS, SLOPE, NEW_SLOPE)
    assert scratch.touched == {PARAMETERS, LAWS}

    line = next(line for line in scratch.command("show", "us-china-2026").splitlines() if line.startswith(NAME))
    assert line.split()[1:5] == ["0", "1/OOM2", "0", "-"]
    plain, bent = (
        json.loads(scratch.command("run", "us-china-2026-point", "--runs", "20", "--json", *more))
        for more in ((), ("--set", f"{NAME}=0.4"))
    )
    hazards = [result["outcomes"]["mishap_hazard"]["mean"] for result in (plain, bent)]
    assert hazards[1] > 1.1 * hazards[0]

    scratch.command("sweep", "duopoly", "--vary", f"{NAME}=0:0.5:3", "--runs", "20", "--out", "bent")
    points = pd.read_parquet(scratch.root / "bent" / "points").sort_values(NAME)
    assert points[NAME].tolist() == [0.0, 0.25, 0.5]
    assert points["mishap_hazard"].is_monotonic_increasing
    screened = scratch.command("screen", "duopoly", "--runs", "20")
    assert next(line for line in screened.splitlines() if line.startswith(NAME)).split()[1:3] == ["0", "0.5"]

    still, moved = map(float, scratch.python(BOTH_ENGINES).split())
    assert moved > 1.1 * still
    smooth, counted = map(int, scratch.python(SLOPE_OF_J).split())
    assert smooth > 180
    assert counted > 50


@pytest.mark.long
def test_no_test_has_to_change_for_it(scratch):
    scratch.replace(PARAMETERS, BEFORE, FIELD + BEFORE)
    scratch.replace(LAWS, LAW, NEW_LAW)
    scratch.replace(LAWS, SLOPE, NEW_SLOPE)
    scratch.tests("-m", "not long", *EXISTING)
