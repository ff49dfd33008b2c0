"""The shipped tables say what the scenarios say that they say."""

import math
from importlib.resources import files

import pandas as pd
import pytest
from scipy import stats

from race_sim import Scenario
from race_sim.scenario.parameters import Regulation, about

DATA = files("race_sim") / "scenario" / "data"


def table(name):
    with (DATA / name).open() as file:
        return pd.read_csv(file)


def test_every_table_is_named_with_its_source():
    text = (DATA / "README.md").read_text()
    names = [path.name for path in DATA.iterdir() if path.name.endswith(".csv")]
    assert names
    for name in names:
        assert name in text
        assert len(table(name)) > 2


def test_probabilities_of_regulation_are_jeffreys_intervals_of_past_accidents():
    """Restriction at home after 4 of 7 accidents, abroad after 2 of 7 (Chernobyl, 737 MAX)."""
    scope = table("mishap_restriction_analogs.csv")["scope"].fillna("none")
    assert len(scope) == 7
    home = scope.isin(["domestic", "worldwide", "1 country"]).sum()
    abroad = (scope == "worldwide").sum()
    point = Scenario.load("us-china-2026-point").regulation
    for count, name in ((home, "home_probability"), (abroad, "abroad_probability")):
        posterior = stats.beta(count + 0.5, 7 - count + 0.5)
        assert getattr(point, name) == pytest.approx(posterior.mean(), abs=0.01)
        assert about(Regulation, name).plausible == pytest.approx(posterior.ppf([0.05, 0.95]), abs=0.02)


def test_the_start_of_the_hindcast():
    targets = table("hindcast_targets.csv").set_index("id")["start_2020"]
    scenario = Scenario.load("us-china-2020")
    assert scenario.nations["china"].lag == pytest.approx(12 * math.log10(targets["T2"]) / 1.10, abs=0.1)
    resources = {n: sum(x.resources for x in scenario.labs.values() if x.nation == n) for n in ("us", "china")}
    assert resources["us"] / resources["china"] == pytest.approx(targets["T7"], abs=0.05)
