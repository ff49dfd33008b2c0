"""An experiment takes one file, with figures or without: it is run, drawn, shown, quoted and tested from there."""

import pytest

FILE = "experiments/looking_ahead.py"
COMPUTED = '''"""Do labs that look further ahead run less risk?

Question: how does the risk of a catastrophe in duopoly depend on the horizon of labs' plans? Design: one estimate for
each horizon, on the same luck. Prediction: the risk falls with the horizon.
"""

import argparse

import pandas as pd

from experiments._base.results import ExperimentResult, publish
from race_sim import Scenario, estimate
from race_sim.runs.simulation import provenance

AFTER = ("number_of_racers",)
ANSWER = "hardly, since what labs plan for comes soon"

SCENARIO = Scenario.load("duopoly")


def compute(options: argparse.Namespace) -> ExperimentResult:
    """One row per horizon."""
    horizons, runs = ((1.0, 8.0), 8) if options.quick else ((1.0, 2.0, 4.0, 8.0), 400)
    rows = []
    for horizon in horizons:
        risk = estimate(SCENARIO.replace({"lab.planning_horizon": horizon}), runs, 1)["catastrophe_probability"]
        rows.append((horizon, risk.mean, risk.standard_error))
    table = pd.DataFrame(rows, columns=["horizon", "mean", "standard_error"])
    words = [f"From {horizons[0]:g} to {horizons[-1]:g} years: {table['mean'].diff().sum():+.3g}."]
    return ExperimentResult({"table.csv": table}, provenance(SCENARIO, 1, "integrated"), words)


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("looking_ahead", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
'''
DRAWN = COMPUTED.replace(
    "from race_sim.runs.simulation",
    "from race_sim.figures.kinds import Columns, Kind\nfrom race_sim.plots import response_curves\n"
    "from race_sim.runs.simulation",
).replace(
    "\n\ndef compute",
    '''

def risk(tables, provenance):
    """The risk over the horizon."""
    table = tables["table.csv"]
    curves = {"duopoly": (table["mean"], table["standard_error"])}
    ax = response_curves(table["horizon"], curves, xlabel="planning horizon (yr)", ylabel="risk (1)")
    return ax.figure


NEEDED = {"table.csv": Columns(numbers=("horizon", "mean", "standard_error"))}
KINDS = (Kind("risk", "How does the risk depend on the horizon?", NEEDED, risk),)


def compute''',
)


def test_without_a_figure_it_is_run_and_its_result_stops_nothing(scratch):
    scratch.write(FILE, COMPUTED)
    listed = [line.split()[0] for line in scratch.module("experiments", "--list").splitlines()]
    assert listed.index("looking_ahead") > listed.index("number_of_racers")
    assert "From 1 to 8 years" in scratch.module("experiments", "looking_ahead", "--quick")
    made = {path.name for path in (scratch.root / "results" / "looking_ahead").iterdir()}
    assert made == {"findings.txt", "provenance.json", "table.csv"}
    refused = scratch.run("-m", "race_sim.cli", "plot", "results/looking_ahead")
    assert refused.returncode == 2
    assert refused.stderr == "race-sim: results/looking_ahead: the experiment 'looking_ahead' draws no figures\n"
    scratch.tests("tests/test_experiments.py", "tests/test_figures.py", "-k", "looking_ahead")
    assert scratch.touched == {FILE}


@pytest.mark.long
def test_with_a_figure_it_is_drawn_shown_quoted_and_tested(scratch):
    scratch.write(FILE, DRAWN)
    scratch.module("experiments", "looking_ahead", "gallery", "quoted", "--quick")
    scratch.module("experiments.quoted")
    assert (scratch.root / "results" / "looking_ahead" / "risk.png").exists()
    assert "How does the risk depend on the horizon?" in scratch.command("plot", "results/looking_ahead")
    page = (scratch.root / "results" / "gallery" / "README.md").read_text()
    assert "Do labs that look further ahead run less risk? Answer: hardly" in page
    assert "](looking_ahead-risk.png)" in page
    row = "| [Do labs that look further ahead run less risk?](results/looking_ahead/findings.txt) | hardly, since"
    assert row in (scratch.root / "README.md").read_text()
    tried = ("tests/test_experiments.py", "tests/test_figures.py", "tests/test_quoted.py")
    assert "failed" not in scratch.tests(*tried, "-k", "looking_ahead or gallery or marks or number_is_quoted")
    scratch.tests("--collect-only")
    assert scratch.touched == {FILE}
