"""No two columns of a sweep, and no two names in its Dataset, are the same, whatever nations and labs are called."""

from pathlib import Path

import numpy as np
import pytest

from race_sim import Scenario, cli, sweep
from race_sim.sweeps.engine.tables import RESERVED, check_names, tables_of
from race_sim.sweeps.evaluate import PointEstimates
from tests.refusals import refused


def scenario(nation="east", lab="a"):
    tables = Scenario.load("duopoly").replace({"lab.rule": "fixed", "time.horizon": 1}).to_dict()
    first, second = tables["nations"].values()
    tables["nations"] = {nation: first, "allied": second}
    one, two = tables["labs"].values()
    tables["labs"] = {lab: {**one, "nation": nation}, "b": {**two, "nation": "allied"}}
    return Scenario.from_dict(tables)


@pytest.mark.parametrize(
    "names",
    [
        {"nation": "none"},
        {"lab": "standard_error"},
        {"nation": "standard_error"},
        {"lab": "weight"},
        {"nation": "weight"},
    ],
)
@pytest.mark.parametrize("per_run", [False, True])
def test_a_nation_or_a_lab_with_the_name_of_a_column_is_refused(names, per_run, tmp_path):
    """By the scenario itself, before anything runs or is written."""
    out = tmp_path / "out"
    refused(
        lambda: sweep(scenario(**names), {"prize.enmity": [0, 1]}, 2, out=out, per_run=per_run), "name", "another name"
    )
    assert not out.exists()


@pytest.mark.parametrize("lab", ["recovery", "mishap_loss"])
def test_a_parameter_with_the_name_of_an_outcome_is_refused_before_anything_is_written(lab, tmp_path):
    out = tmp_path / "out"
    refused(lambda: sweep(scenario(lab=lab), {f"trust.{lab}": [0.2, 0.4]}, 2, out=out), f"trust.{lab}", "parameter")
    assert not out.exists()
    kept = sweep(scenario(lab=lab), {f"trust.{lab}": [0.2, 0.4]}, 2, outcomes=["welfare"])
    assert list(kept.dims) == [f"trust.{lab}", "outcome"]


@pytest.mark.parametrize("name", RESERVED)
def test_names_of_every_sweep_are_nobody_elses(name):
    refused(lambda: check_names([name], ["welfare"]), name)
    refused(lambda: check_names(["prize.enmity"], [name]), name)


@pytest.mark.parametrize(
    ("paths", "outcomes"),
    [
        (["a.b", "a.b"], ["x"]),
        (["a.b"], ["x", "x"]),
        (["a.b"], ["x", "x.standard_error"]),
        (["a.b"], ["x", "x.low"]),
        (["x.high"], ["x"]),
        (["a.b"], ["x", "x.weight"]),
        (["x.weight"], ["x"]),
        (["x.standard_error"], ["x"]),
        (["x"], ["x"]),
    ],
)
def test_tables_are_never_made_with_a_name_for_two_columns(paths, outcomes):
    refused(lambda: check_names(paths, outcomes), "is the name of")
    if len(set(paths)) == len(paths):
        values = np.zeros((1, len(outcomes)))
        estimates = PointEstimates(np.ones(1, dtype=np.int64), *[values] * 4)
        refused(lambda: tables_of(0, dict.fromkeys(paths, np.zeros(1)), outcomes, estimates), "is the name of")


@pytest.mark.parametrize(("before", "name"), [("east", "none"), ("a", "standard_error"), ("b", "Weight")])
def test_the_command_says_it_in_one_line(before, name, tmp_path, capsys):
    text = scenario().to_toml()
    for given in (f".{before}]", f'"{before}"'):
        text = text.replace(given, given.replace(before, name))
    path = Path(tmp_path / "names.toml")
    path.write_text(text)
    assert (
        cli.main(["sweep", str(path), "--vary", "prize.enmity=0,1", "--runs", "2", "--out", str(tmp_path / "o")]) == 2
    )
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{name!r} has a meaning of its own" in said
