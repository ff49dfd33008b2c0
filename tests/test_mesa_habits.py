"""What users of Mesa do by habit, on the Mesa that is installed."""

import inspect
import os

import mesa
import numpy as np
import pytest
from mesa.batchrunner import batch_run

from race_sim import InputError, Lab, Nation, RaceModel, Scenario, simulate
from race_sim.agents.fields import Field
from race_sim.kernels.rules import RULES
from tests.test_pythons import NOT_OURS, PYTHONS, ROOT
from tests.waiting import finished as run_command

pytestmark = [
    pytest.mark.quick,
    pytest.mark.filterwarnings("ignore:The `iterations` keyword:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
SHORT = {"time.horizon": 0.5}


def short(**changes):
    return Scenario.load("us-china-2026").replace({**SHORT, **changes})


def batch_of(kind, varied, seeds=None, **options):
    """From Mesa 3.5 on seeds are an argument of their own; before, a parameter as any other."""
    own = "rng" in inspect.signature(batch_run).parameters
    given = {} if seeds is None else {"rng": seeds}
    varied, options = (varied, options | given) if own else (varied | given, options)
    return batch_run(kind, varied, display_progress=False, **options)


def batch(varied, seeds=None, **options):
    return batch_of(RaceModel, varied, seeds, **options)


def finished_race(model):
    while model.running:
        model.step()
    return model


def finished(*arguments, **options):
    return finished_race(RaceModel(*arguments, **options))


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
    assert list(dict.fromkeys(row["survival"] for row in rows)) == table["survival"].tolist()


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


class Reported(RaceModel):
    """Reports its agents to Mesa."""

    reporters = {"agent_reporters": {"payoff": "payoff"}}  # noqa: RUF012

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.datacollector = mesa.DataCollector(model_reporters={"survival": "survival"}, **self.reporters)


class ReportedByType(Reported):
    """Reports labs and nations to Mesa, each by its own fields."""

    reporters = {  # noqa: RUF012
        "agenttype_reporters": {Lab: {"capability": "capability"}, Nation: {"regulation": "regulation"}}
    }


KEEPS_STEPS = hasattr(mesa.DataCollector(), "_collection_steps")  # without them batches miss the last rows of agents


@pytest.mark.parametrize("processes", [1, 2])
def test_agent_reporters_in_a_batch(processes):
    parameters = {"scenario": [short()], "prize.enmity": [0.1, 0.9]}
    rows = batch_of(Reported, parameters, [3], number_processes=processes)
    for enmity in (0.1, 0.9):
        model = RaceModel(short(), rng=3, **{"prize.enmity": enmity})
        while model.running:
            payoffs = [model.agents.get("payoff")]
            model.step()
            payoffs.append(model.agents.get("payoff"))
        ours = [row for row in rows if row["prize.enmity"] == enmity]
        assert {row["survival"] for row in ours} == {model.survival}
        assert [row["payoff"] for row in ours] == payoffs[1 if KEEPS_STEPS else 0]


def test_reporters_by_type_of_agent():
    model, plain = finished_race(ReportedByType(short(), rng=3)), finished(short(), rng=3)
    for kind, name, series in ((Lab, "capability", plain.lab_series()), (Nation, "regulation", plain.nation_series())):
        table = model.datacollector.get_agenttype_vars_dataframe(kind)
        assert table[name].tolist() == series[name].tolist()
    if KEEPS_STEPS:
        rows = batch_of(ReportedByType, {"scenario": [short()]}, [3])
        assert [row["capability"] for row in rows if "capability" in row] == plain.labs.get("capability")
        assert [row["regulation"] for row in rows if "regulation" in row] == plain.nations.get("regulation")


def test_choosing_and_asking_agents():
    model = finished(short(), rng=1)
    assert model.agents.get("payoff") == [agent.payoff for agent in model.agents]
    assert len(model.agents.select(agent_type=Lab)) == len(model.agents_by_type[Lab]) == 8
    middle = sorted(model.labs.get("capability"))[4]
    ahead = model.labs.select(lambda lab: lab.capability >= middle)
    assert sorted(ahead.get("capability")) == sorted(model.labs.get("capability"))[4:]
    assert model.labs.do(lambda lab: setattr(lab, "trust", 0.25)).get("trust") == [0.25] * 8
    assert model.labs.set("trust", 0.5).get("trust") == [0.5] * 8
    with pytest.raises(InputError, match=r"Lab\.hazard: is computed anew"):
        model.labs.set("hazard", 0.0)


def test_grouping_agents():
    model = finished(short(), rng=1)
    homes = {nation.name: labs for nation, labs in model.labs.groupby("nation")}
    assert {name: labs.get("name") for name, labs in homes.items()} == {
        nation.name: [lab.name for lab in nation.labs] for nation in model.nations
    }
    assert [len(labs) for labs in homes.values()] == [4, 4]
    best = model.labs.groupby("nation").agg("capability", max)
    assert best == {nation: nation.best_capability for nation in model.nations}
    everybody = {nation: set(agents) for nation, agents in model.agents.groupby("nation")}
    assert everybody == {nation: {nation, *nation.labs} for nation in model.nations}


def test_running_until_it_does_not():
    model, steps = RaceModel(short(), rng=1), 0
    while model.running:
        model.step()
        steps += 1
    assert (steps, model.years) == (6, 0.5)
    assert model.survival == simulate(short(), runs=1, seed=1).survival[0]


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
    cautious, compatriot, *_ = model.labs
    same, other, *_ = racing.labs
    assert cautious.asked == -(-6 // int(model.state[2]["periods_per_decision"]))
    assert cautious.share == 0.5
    assert cautious.gap < same.gap
    assert compatriot.share < other.share, "a compatriot's safety work is free to use"
    assert {lab.share for lab in finished(short(), rng=1, lab_class=Cautious).labs} == {0.5}


class Frightened(Nation):
    """Keeps the standard for good after a mishap anywhere."""

    def regulate(self):
        super().regulate()
        if self.model.labs.agg("mishaps", sum) > 0.0:
            self.policy = "unilateral_slowdown"


def test_a_subclass_of_nation():
    risky = {"time.horizon": 3.0, "incidents.mishap_hazard": 0.5, "incidents.hazard_ceiling": 1e300}
    plain = finished(short(**risky), rng=4)
    model = finished(short(**risky), rng=4, nation_class={"us": Frightened})
    us, china = model.nations
    assert (us.policy, china.policy) == ("unilateral_slowdown", "race")
    assert us.floor > 0.0 == china.floor
    ours = [lab.share for lab in model.labs if lab.nation is us]
    theirs = [lab.share for lab, nation in ((lab, lab.nation.name) for lab in plain.labs) if nation == "us"]
    assert min(ours) >= us.floor > min(theirs)
    assert set(model.nation_series().query("name == 'us'")["policy"]) == {"race", "unilateral_slowdown"}


STAGES = {Lab: ["open_period", "choose_share", "decide", "adopt", "advance", "settle", "offer", "risk_mishap",
                "collect_payoff", "lose_trust"],
          Nation: ["regulate", "monitor", "collect_payoff"]}  # fmt: skip


@pytest.mark.parametrize(("kind", "argument"), [(Lab, "lab_class"), (Nation, "nation_class")])
def test_every_stage_may_be_overridden(kind, argument):
    asked = []

    def noting(stage):
        def override(agent):
            asked.append(stage)
            return getattr(kind, stage)(agent)

        return override

    model = finished(
        short(), rng=1, **{argument: type("Noting", (kind,), {name: noting(name) for name in STAGES[kind]})}
    )
    assert set(asked) == set(STAGES[kind])
    plain = finished(short(), rng=1)
    assert [array.tobytes() for array in model.records] == [array.tobytes() for array in plain.records]


@pytest.mark.parametrize("wrong", [{"lab_class": int}, {"lab_class": {"nobody": Lab}}, {"nation_class": Lab},
                                   {"nation_class": {"nobody": Nation}}])  # fmt: skip
def test_classes_that_are_none_are_refused(wrong):
    with pytest.raises(InputError, match="_class"):
        RaceModel(short(), **wrong)


def fields(kind):
    """Names of the fields of an agent, by whether they may be assigned."""
    known = {name: field for name, field in vars(kind).items() if isinstance(field, Field)}
    return {name: field._within for name, field in known.items()}


ASSIGNED = [(kind, name) for kind in (Lab, Nation) for name, within in fields(kind).items() if within]
COMPUTED = [(kind, name) for kind in (Lab, Nation) for name, within in fields(kind).items() if not within]
RISKY = {"time.horizon": 2.0, "incidents.mishap_hazard": 0.5, "nations.us.policy": "treaty",
         "nations.china.policy": "covert_defection", "release.initial": 0.1, "release.test_yield": 0.5}  # fmt: skip


def race_changed_by(change, kind, **options):
    """A finished race, and its series, where all agents of a kind were changed after seven months."""
    rule = options.pop("rule", "best_response")
    model = RaceModel(short(**RISKY), rng=3, **{"lab.rule": rule}, **options)
    for _ in range(7):
        model.step()
    for agent in model.labs if kind is Lab else model.nations:
        change(agent)
    model.run_model()
    return model, [model.lab_series()[56:], model.nation_series()[14:], model.datacollector.get_model_vars_dataframe()]


@pytest.mark.parametrize(("kind", "name"), ASSIGNED)
def test_what_may_be_assigned_acts(kind, name):
    def assign(agent):
        setattr(agent, name, 0.123)
        assert getattr(agent, name) == 0.123

    changed, plain = race_changed_by(assign, kind)[0], race_changed_by(lambda agent: None, kind)[0]
    assert [array.tobytes() for array in changed.records] != [array.tobytes() for array in plain.records]


def test_a_policy_that_is_assigned_acts():
    switch = {"treaty": "race", "covert_defection": "unilateral_slowdown"}
    changed, _ = race_changed_by(lambda nation: setattr(nation, "policy", switch[nation.policy]), Nation)
    us, china = changed.nations
    assert us.floor < china.floor == changed.state[3]["cooperation_standard"]
    assert changed.survival != race_changed_by(lambda nation: None, Nation)[0].survival


@pytest.mark.parametrize(("kind", "name"), COMPUTED)
def test_what_is_refused_would_have_been_lost(kind, name):
    """Written past the refusal it changes no period that follows, whatever the rule."""

    def write(agent):
        with pytest.raises(InputError, match=f"{kind.__name__}.{name}: is computed anew every period, assign"):
            setattr(agent, name, 0.123)
        agent.record[name] = 1 if agent.record[name].dtype.kind == "i" else 0.123

    for rule in (rule.__name__ for rule in RULES):
        changed, plain = (race_changed_by(change, kind, rule=rule)[1] for change in (write, lambda agent: None))
        for ours, theirs in zip(changed, plain, strict=True):
            assert ours.equals(theirs), rule


@pytest.mark.parametrize(("attribute", "value", "words"), [
    ("chosen", 1.5, "Lab.chosen: must be a finite number in [0, 0.95], got 1.5"),
    ("trust", float("nan"), "Lab.trust"),
    ("capability", "much", "Lab.capability: must be"),
    ("share", 0.3, "Lab.share: is computed anew every period, assign chosen, got 0.3"),
    ("name", "other", "Lab.name: stays what it is, got 'other'"),
    ("nation", None, "Lab.nation: stays what it is, got None"),
    ("record", None, "Lab.record: stays what it is, got None"),
    ("gap", 1.0, "Lab.gap: follows from others, assign those, got 1.0"),
    ("rivals", (), "Lab.rivals: follows from others"),
    ("capabilty", 3.0, "Lab.capabilty: no attribute 'capabilty' (did you mean 'capability'?)"),
])  # fmt: skip
def test_assignments_that_would_be_lost_are_refused_in_one_line(attribute, value, words):
    lab = next(iter(RaceModel(short(), rng=1).labs))
    with pytest.raises(InputError) as error:
        setattr(lab, attribute, value)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_attributes_of_ones_own():
    model = RaceModel(short(), rng=1, lab_class=Own)
    lab = next(iter(model.labs))
    lab.colour = "red"
    lab.payoffs.append(lab.payoff)
    lab.payoffs, lab.shares = [1.0], [2.0]
    assert (lab.colour, lab.payoffs, lab.shares) == ("red", [1.0], [2.0])
    with pytest.raises(InputError, match=r"Own\.capabilities: no attribute .* must be set in a subclass's __init__"):
        lab.capabilities = []


class Own(Lab):
    """Keeps lists under names that are near those of fields."""

    shares = ()

    def __init__(self, *arguments):
        self.payoffs = []
        super().__init__(*arguments)


@pytest.mark.parametrize(("what", "words"), [
    (lambda model: setattr(next(iter(model.nations)), "polcy", "treaty"), "Nation.polcy: no attribute 'polcy'"),
    (lambda model: setattr(next(iter(model.nations)), "labs", ()), "Nation.labs: follows from others"),
    (lambda model: setattr(model, "race", Scenario.load("duopoly")), "RaceModel.race: stays what it is"),
    (lambda model: setattr(model, "seed", 2), "RaceModel.seed: stays what it is, got 2"),
    (lambda model: next(iter(model.labs)).remove(), "Lab.remove: a race keeps its labs and nations from start to end"),
])  # fmt: skip
def test_what_a_race_would_ignore_is_refused(what, words):
    model = RaceModel(short(), rng=1)
    with pytest.raises(InputError) as error:
        what(model)
    assert words in str(error.value)
    assert "\n" not in str(error.value)
    model.run_model()
    assert model.survival == finished(short(), rng=1).survival


def test_a_policy_that_there_is_not_is_refused():
    nation = next(iter(RaceModel(short(), rng=1).nations))
    with pytest.raises(InputError, match=r"Nation.policy: no policy 'treety' \(did you mean 'treaty'"):
        nation.policy = "treety"
    assert nation.policy == "race"


@pytest.mark.long
@pytest.mark.parametrize("version", PYTHONS)
def test_on_the_newest_mesa_of_each_python(version, tmp_path):
    """In a fresh virtual environment, which an older one that is kept may not have."""
    venv = tmp_path / "venv"
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    for command in (
        ["make", f"{venv}/installed", f"VENV={venv}", f"PYTHONS={version}"],
        [f"{venv}/bin/python", "-m", "pytest", "-m", "not long", "tests/test_mesa_habits.py"],
    ):
        done = run_command(command, cwd=ROOT, env=environment)
        if "no Python of" in done.stderr:
            pytest.skip(f"there is no Python {version} here")
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
