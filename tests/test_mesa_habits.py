"""What users of Mesa do by habit, on the Mesa that is installed."""

import inspect

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run

from race_sim import InputError, Lab, Nation, RaceModel, Scenario, simulate
from race_sim.agents.fields import Field

pytestmark = [
    pytest.mark.quick,
    pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
SHORT = {"time.horizon": 0.5}


def short(**changes):
    return Scenario.load("us-china-2026").replace({**SHORT, **changes})


def batch(varied, seeds=None, **options):
    """From Mesa 3.5 on seeds are an argument of their own; before, a parameter as any other."""
    own = "rng" in inspect.signature(batch_run).parameters
    given = {} if seeds is None else {"rng": seeds}
    varied, options = (varied, options | given) if own else (varied | given, options)
    return batch_run(RaceModel, varied, display_progress=False, **options)


def finished(*arguments, **options):
    model = RaceModel(*arguments, **options)
    while model.running:
        model.step()
    return model


@pytest.mark.parametrize("processes", [1, 2])
def test_iterations_of_a_batch_are_different_races_that_can_be_had_again(processes):
    """No seed is given: each model draws and keeps its own."""
    races = batch({"scenario": [short()], "estimator": ["integrated"]}, iterations=3, number_processes=processes)
    assert len({race["survival"] for race in races}) == len({race["seed"] for race in races}) == 3
    for race in races:
        assert finished(short(), rng=race["seed"]).survival == race["survival"]


def test_a_batch_of_seeds():
    races = batch({"scenario": [short()]}, [1, 2, 1])
    assert races[0]["survival"] == races[2]["survival"] != races[1]["survival"]


def test_a_batch_over_parameters_of_the_scenario():
    races = batch({"scenario": ["duopoly"], "time.horizon": [0.5], "prize.enmity": [0.1, 0.9]}, [5])
    assert [race["prize.enmity"] for race in races] == [0.1, 0.9]
    for race in races:
        changed = Scenario.load("duopoly").replace({**SHORT, "prize.enmity": race["prize.enmity"]})
        assert race["survival"] == finished(changed, rng=5).survival


def test_parameters_of_the_scenario_as_arguments():
    model = RaceModel("duopoly", rng=3, **{"prize.enmity": 0.1, "lab.rule": "fixed"})
    assert model.race == Scenario.load("duopoly").replace({"prize.enmity": 0.1, "lab.rule": "fixed"})
    assert RaceModel("duopoly").race == Scenario.load("duopoly")
    with pytest.raises(InputError, match=r"did you mean 'prize.enmity'"):
        RaceModel("duopoly", **{"prize.enmty": 0.1})


def test_no_seed_a_seed_and_a_generator():
    one, two, three, four = (finished(short(), rng=rng) for rng in (None, None, 7, 7))
    assert one.survival != two.survival
    assert three.survival == four.survival
    assert three.datacollector.get_model_vars_dataframe()["seed"].iloc[-1] == three.seed == 7
    luck = np.random.default_rng(5)
    first, again, next_ = (RaceModel(short(), rng=rng) for rng in (np.random.default_rng(5), luck, luck))
    assert first.seed == again.seed != next_.seed


def test_model_reporters_have_a_row_per_step():
    model = finished(short(), rng=1)
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 6
    assert table["survival"].iloc[-1] == model.survival
    rows = batch({"scenario": [short()]}, [1], data_collection_period=1)
    assert [row["survival"] for row in rows][-1] == model.survival
    assert len(rows) >= 6


def test_agent_reporters_of_a_collector_of_ones_own():
    model = RaceModel(short(), rng=1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"survival": "survival"},
        agent_reporters={"payoff": "payoff", "capability": lambda agent: getattr(agent, "capability", None)},
    )
    model.run_model()
    table = model.datacollector.get_agent_vars_dataframe()
    assert len(table) == 6 * 10
    last = table.xs(table.index.get_level_values("Step").max(), level="Step")
    assert last["payoff"].tolist() == [agent.payoff for agent in model.agents]
    assert sorted(last["capability"].dropna()) == sorted(lab.capability for lab in model.labs)
    runs = simulate(short(), runs=1, seed=1)
    assert [lab.capability for lab in model.labs] == list(runs.lab_capability[0].values)


def test_aggregates_over_agents():
    model = finished(short(), rng=1)
    payoffs = [lab.payoff for lab in model.labs] + [nation.payoff for nation in model.nations]
    assert model.agents.agg("payoff", sum) == pytest.approx(sum(payoffs))
    assert model.labs.agg("capability", max) == max(lab.capability for lab in model.labs)
    assert model.nations.agg("regulation", [min, max]) == [
        min(nation.regulation for nation in model.nations), max(nation.regulation for nation in model.nations),
    ]  # fmt: skip


def test_choosing_grouping_and_asking_agents():
    model = finished(short(), rng=1)
    assert len(model.agents_by_type[Lab]) == 8
    ahead = model.labs.select(lambda lab: lab.gap > 0.0)
    assert {lab.gap > 0.0 for lab in ahead} <= {True}
    assert model.labs.get("share") == [lab.share for lab in model.labs]
    homes = model.labs.groupby("nation")
    assert {nation.name: len(labs) for nation, labs in homes} == {"us": 4, "china": 4}
    best = model.labs.select(at_most=1) if len(ahead) == 0 else ahead
    assert len(best) >= 1


class Cautious(Lab):
    """Puts half of its resources into safety once its gap is material, and counts how often."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = 0

    def choose_share(self):
        self.asked += 1
        return 0.5 if self.gap > 0.0 else super().choose_share()


def test_a_subclass_of_lab():
    racing, model = finished(short(), rng=1), finished(short(), rng=1, lab_class={"us_1": Cautious})
    cautious, same = next(iter(model.labs)), next(iter(racing.labs))
    assert cautious.asked > 0
    assert cautious.share == 0.5
    assert cautious.gap < same.gap


class Frightened(Nation):
    """Keeps the standard for good after a mishap anywhere."""

    def regulate(self):
        super().regulate()
        if self.model.labs.agg("mishaps", sum) > 0.0:
            self.policy = "unilateral_slowdown"


def test_a_subclass_of_nation():
    risky = {"time.horizon": 3.0, "incidents.mishap_hazard": 0.5}
    plain = finished(short(**risky), rng=4)
    model = finished(short(**risky), rng=4, nation_class={"us": Frightened})
    us, china = model.nations
    assert (us.policy, china.policy) == ("unilateral_slowdown", "race")
    assert us.floor > 0.0 == china.floor
    ours = [lab.share for lab in model.labs if lab.nation is us]
    theirs = [lab.share for lab, nation in ((lab, lab.nation.name) for lab in plain.labs) if nation == "us"]
    assert min(ours) >= us.floor > min(theirs)
    assert set(model.nation_series().query("name == 'us'")["policy"]) == {"race", "unilateral_slowdown"}


@pytest.mark.parametrize("wrong", [{"lab_class": int}, {"lab_class": {"nobody": Lab}}, {"nation_class": Lab},
                                   {"nation_class": {"nobody": Nation}}])  # fmt: skip
def test_classes_that_are_none_are_refused(wrong):
    with pytest.raises(InputError, match="_class"):
        RaceModel(short(), **wrong)


def fields(kind):
    """Names of the fields of an agent, by whether they may be assigned."""
    known = {name: field for name, field in vars(kind).items() if isinstance(field, Field)}
    return {name: field._within for name, field in known.items()}


def changed(kind, name, value, refused=False):
    """The records at the end of a race in which a field of one agent was changed after seven months."""
    model = RaceModel(short(**{"time.horizon": 2.0, "incidents.mishap_hazard": 0.5}), rng=3)
    for _ in range(7):
        model.step()
    agent = list(model.labs if kind is Lab else model.nations)[1]
    if value is not None and refused:
        with pytest.raises(InputError, match=f"{kind.__name__}.{name}: is computed anew every period"):
            setattr(agent, name, value)
    elif value is not None:
        setattr(agent, name, value)
        assert getattr(agent, name) == value
    model.run_model()
    return [array.tobytes() for array in model.records]


ASSIGNED = [(kind, name) for kind in (Lab, Nation) for name, within in fields(kind).items() if within]
COMPUTED = [(kind, name) for kind in (Lab, Nation) for name, within in fields(kind).items() if not within]


@pytest.mark.parametrize(("kind", "name"), ASSIGNED)
def test_what_may_be_assigned_acts(kind, name):
    assert changed(kind, name, 0.123) != changed(kind, name, None)


@pytest.mark.parametrize(("kind", "name"), COMPUTED)
def test_what_is_computed_anew_is_refused(kind, name):
    assert changed(kind, name, 0.123, refused=True) == changed(kind, name, None)


@pytest.mark.parametrize(("attribute", "value", "words"), [
    ("chosen", 1.5, "Lab.chosen: must be a finite number in [0, 0.95], got 1.5"),
    ("trust", float("nan"), "Lab.trust"),
    ("capability", "much", "Lab.capability: must be"),
    ("share", 0.3, "Lab.share: is computed anew every period, assign chosen, got 0.3"),
    ("name", "other", "Lab.name: stays what it is, got 'other'"),
    ("nation", None, "Lab.nation: stays what it is, got None"),
])  # fmt: skip
def test_assignments_that_would_be_lost_are_refused_in_one_line(attribute, value, words):
    lab = next(iter(RaceModel(short(), rng=1).labs))
    with pytest.raises(InputError) as error:
        setattr(lab, attribute, value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_policy_that_there_is_not_is_refused():
    nation = next(iter(RaceModel(short(), rng=1).nations))
    with pytest.raises(InputError, match=r"Nation.policy: no policy 'treety' \(did you mean 'treaty'"):
        nation.policy = "treety"
    assert nation.policy == "race"
