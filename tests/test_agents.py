import numpy as np
import pytest

import race_sim
from race_sim import InputError, Lab, RaceModel, Scenario, simulate

pytestmark = pytest.mark.quick


def short(**changes):
    return Scenario.load("us-china-2026").replace({"time.horizon": 0.5, **changes})


def test_constructible_without_arguments():
    model = RaceModel()
    model.step()
    assert model.race.name == "us-china-2026"
    assert len(model.labs) == 8
    assert len(model.nations) == 2
    assert {lab.nation.name for lab in model.labs} == {"us", "china"}
    assert all(lab in lab.nation.labs for lab in model.labs)


def test_stops_at_the_horizon_and_then_changes_nothing():
    model = RaceModel(short())
    model.run_model()
    before = [array.tobytes() for array in model.records]
    rows = len(model.lab_series())
    assert not model.running
    assert model.years == pytest.approx(0.5)
    model.step()
    assert before == [array.tobytes() for array in model.records]
    assert rows == len(model.lab_series()) == 6 * 8


def test_stops_at_a_catastrophe():
    changes = {"incidents.mishap_hazard": 50.0, "incidents.catastrophe_probability": 1.0}
    changes["incidents.hazard_ceiling"] = 1e300
    model = RaceModel(short(**changes), estimator="sampled")
    model.run_model()
    assert not model.running
    assert model.survival == 0.0
    assert model.catastrophe == 1.0
    assert model.years < 0.5
    assert model.datacollector.get_model_vars_dataframe()["alive"].iloc[-1] == 0


def test_series_have_a_row_per_period_and_agent():
    model = RaceModel(short(), rng=3)
    model.run_model()
    labs, nations = model.lab_series(), model.nation_series()
    assert list(labs["name"].unique()) == list(model.race.lab_names)
    assert list(nations["name"].unique()) == ["us", "china"]
    assert len(nations) == 6 * 2
    assert np.allclose(labs["gap"], labs["capability"] - labs["assurance"])
    assert len(model.datacollector.get_model_vars_dataframe()) == 6


def test_the_run_number_chooses_the_draws():
    runs = simulate(short(), runs=6, seed=9)
    for run in range(6):
        model = RaceModel(short(), rng=9, run=run)
        model.run_model()
        assert [lab.capability for lab in model.labs] == list(runs.lab_capability.sel(run=run).values)


def test_a_plain_python_copy_of_a_built_in_rule_changes_nothing():
    class Same(Lab):
        def choose_share(self):
            return super().choose_share()

    models = [RaceModel(short(), rng=2, lab_class=lab_class) for lab_class in (Lab, Same)]
    for model in models:
        model.run_model()
    assert models[0].records.labs.tobytes() == models[1].records.labs.tobytes()


@pytest.mark.parametrize("share", [1.5, -0.1, float("nan"), "much", None, True])
def test_a_share_that_is_none_is_refused(share):
    class Wrong(Lab):
        def choose_share(self):
            return share

    model = RaceModel(short(), lab_class=Wrong)
    with pytest.raises(InputError, match=r"Wrong\.choose_share: the share of us_1 must be a number in \[0, 1\], got"):
        model.step()


@pytest.mark.parametrize(
    "arguments",
    [
        {"rng": -1},
        {"rng": 1.5},
        {"rng": 2**64},
        {"run": -1},
        {"estimator": "guess"},
        {"scenario": "nowhere"},
    ],
)
def test_bad_arguments_give_one_line(arguments):
    with pytest.raises(InputError) as error:
        RaceModel(**arguments)
    assert "\n" not in str(error.value)


def test_public_names():
    assert race_sim.RaceModel is RaceModel
    assert set(race_sim.__all__) <= set(dir(race_sim))
    for name in race_sim.__all__:
        assert getattr(race_sim, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = race_sim.nothing
