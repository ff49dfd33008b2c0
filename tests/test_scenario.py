"""Scenario files: what ships, round trips, and one line for whatever is wrong."""

import copy
import pickle
import tomllib
from fractions import Fraction

import numpy as np
import pytest

from race_sim import InputError, Scenario, Uniform
from race_sim.runs.outcomes import keys
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import shipped_names
from tests.random_scenarios import random_scenario

pytestmark = pytest.mark.quick

# race_sim/MODEL.md's table of the baseline: value without draws, plausible range
BASELINE = {
    "time.horizon": (10, None),
    "time.periods_per_year": (12, None),
    "time.decision_interval": (0.25, None),
    "capability.growth_rate": (1.1, (0.86, 1.45)),
    "capability.effort_elasticity": (0.35, (0.2, 0.7)),
    "capability.idea_difficulty": (0.08, (0, 0.1)),
    "capability.diffusion_rate": (0.5, (0.14, 1.5)),
    "breakthrough.rate": (0.2, (0, 0.6)),
    "breakthrough.size": (0.6, (0, 1.8)),
    "breakthrough.investment_boost": (0.2, (0, 0.6)),
    "breakthrough.rival_response": (0.1, (0, 0.3)),
    "breakthrough.boost_decay": (0.5, (0, 1.5)),
    "breakthrough.boost_cap": (10, (2, 30)),
    "breakthrough.talent_drain": (0.25, (0, 0.75)),
    "assurance.growth_rate": (2.4, (0.8, 3.2)),
    "assurance.elasticity": (0.5, (0.3, 0.8)),
    "assurance.difficulty": (0.05, (0, 0.15)),
    "assurance.domestic_spillover": (0.3, (0, 0.5)),
    "assurance.foreign_spillover": (0.02, (0, 0.2)),
    "assurance.initial_gap": (1, (0.3, 1.5)),
    "incidents.gap_sensitivity": (0.2, (0.1, 0.4)),
    "incidents.severity_growth": (0.01, (0, 0.03)),
    "trust.mishap_loss": (0.15, (0.02, 0.5)),
    "trust.recovery": (0.4, (0.1, 1)),
    "trust.commons_share": (1, (0, 1)),
    "trust.investment_elasticity": (0.5, (0, 1)),
    "regulation.home_probability": (0.56, (0.28, 0.83)),
    "regulation.abroad_probability": (0.31, (0.09, 0.59)),
    "regulation.step": (0.4, (0, 1)),
    "regulation.decay": (0.25, (0.05, 1)),
    "regulation.floor": (0.3, (0, 0.6)),
    "regulation.burden": (0.25, (0, 0.6)),
    "market.size": (1, (1, 1)),
    "market.growth": (0.1, (0, 0.3)),
    "market.selectivity": (1, (0.3, 2)),
    "market.safety_premium": (0.3, (0, 1)),
    "market.measurement_reliability": (0.33, (0.05, 1)),
    "lab.liability": (3, (0, 30)),
    "lab.catastrophe_stake": (12, (0, 600)),
    "lab.planning_horizon": (4, (0.5, 8)),
    "lab.anticipation": (1, (0, 1)),
    "lab.initial_share": (0.1, (0, 0.5)),
    "nation.catastrophe_cost": (1000, (20, 100000)),
    "nation.rivalry": (0.2, (0, 2)),
    "nation.discount_rate": (0.05, (0.01, 0.1)),
    "prize.threshold": (7, (4, 12)),
    "prize.prize": (20, (0, 500)),
    "prize.enmity": (0.6, (0, 1)),
    "cooperation.benchmarks": (1, (0, 1)),
    "cooperation.sharing": (0.5, (0, 1)),
    "cooperation.standard": (0.3, (0, 0.95)),
    "cooperation.verification": (0.5, (0, 1)),
    "cooperation.leak": (0.1, (0, 0.5)),
    "market.wear": (0, (0, 0.03)),
    "cooperation.benchmark_wear": (0.03, (0, 0.15)),
    "cooperation.treaty_min_signatories": (2, (1, 2)),
    "cooperation.detection_min": (0.3, (0.1, 0.6)),
    "cooperation.detection_max": (0.8, (0.5, 0.95)),
    "cooperation.suspension_years": (3, (0.5, 10)),
    "cooperation.suspend_sharing": (1, (0, 1)),
    "cooperation.penalty": (0, (0, 50)),
    "cooperation.false_alarm": (0.02, (0, 0.2)),
    "capability.absorption": (1, (0, 1)),
    "incidents.mishap_hazard": (0.06, (0.003, 0.06)),
    "incidents.catastrophe_probability": (0.0043, (0.0006, 0.2)),
    "incidents.hazard_ceiling": (0.13, (0.05, 1)),
    "release.initial": (0.04, (0, 0.5)),
    "release.shortest": (0, (0, 0.5)),
    "release.longest": (1, (0, 1)),
    "release.regulated": (0, (0, 1)),
    "release.test_yield": (1, (0, 2)),
    "release.test_time": (0.05, (0.03, 0.3)),
    "alarm.start": (0.35, (0.1, 0.4)),
    "alarm.rate": (1, (0.3, 3)),
    "alarm.sensitivity": (0.19, (0.1, 0.4)),
    "alarm.jolt": (0.3, (0, 0.5)),
    "alarm.voice": (0.05, (0, 0.2)),
    "alarm.whistle": (0.1, (0, 0.5)),
    "alarm.exposure": (0.5, (0.25, 2)),
    "alarm.unease": (0.5, (0, 1)),
    "lab.foresight": (1, (0, 1)),
    "lab.doubt": (0.5, (0.3, 1.5)),
    "cooperation.testing": (0, (0, 1)),
}


def test_what_ships():
    races = {"us-china-2026", "us-china-2026-point", "us-china-2020", "duopoly", "five-labs"}
    classes = {"dilemma", "chicken", "deadlock", "harmony", "treaty-dilemma"}
    assert set(shipped_names()) >= {f"{name}{version}" for name in races | classes for version in ("", "-v1")}
    for name in shipped_names():
        scenario = Scenario.load(name)
        assert scenario.name == name
        assert scenario.description


def test_the_baseline_is_the_documented_one():
    given = {p.path: p for p in Scenario.load("us-china-2026-point").every_parameter()}
    for path, (value, plausible) in BASELINE.items():
        assert given[path].value == value, path
        assert given[path].about.plausible == plausible, path
    drawn = {p.path: p.value for p in Scenario.load("us-china-2026").parameters() if isinstance(p.value, Distribution)}
    assert set(drawn) == {
        "capability.growth_rate",
        "assurance.difficulty",
        "incidents.catastrophe_probability",
        "nations.china.lag",
    }
    for path, value in Scenario.load("us-china-2026").to_dict()["labs"].items():
        assert value["nation"] == path.split("_")[0]


def test_labs_of_the_baseline():
    labs = Scenario.load("us-china-2026-point").labs.values()
    head_start = 7 / 12 * 1.10
    assert [lab.resources for lab in labs] == [1.0, 0.9, 0.6, 0.6, 0.19, 0.17, 0.15, 0.11]
    start = [lab.capability - (head_start if lab.nation == "china" else 0.0) for lab in labs]
    assert start == pytest.approx([0, -0.05, -0.15, -0.30, -0.64, -0.70, -0.75, -0.85], abs=0.003)


def test_duopoly_is_symmetric_and_five_labs_has_one_chinese():
    duopoly = Scenario.load("duopoly")
    nations = [nation.model_dump() for nation in duopoly.nations.values()]
    labs = [lab.model_dump(exclude={"nation"}) for lab in duopoly.labs.values()]
    assert nations[0] == nations[1]
    assert labs[0] == labs[1]
    five = Scenario.load("five-labs")
    assert len(five.labs) == 5
    assert [lab.nation for lab in five.labs.values()].count("china") == 1


def test_every_parameter_is_described():
    for parameter in Scenario.load("us-china-2026").parameters():
        known = parameter.about
        assert known.meaning
        assert known.unit
        assert known.source
        assert known.at_least < known.at_most
        if known.plausible:
            assert known.at_least <= known.plausible[0] <= known.plausible[1] <= known.at_most


@pytest.mark.parametrize("name", ["us-china-2026", "us-china-2020", "duopoly", "five-labs"])
def test_round_trip_of_what_ships(name, tmp_path):
    scenario = Scenario.load(name)
    (tmp_path / "race.toml").write_text(scenario.to_toml())
    assert Scenario.load(tmp_path / "race.toml") == scenario == Scenario.from_dict(scenario.to_dict())


def test_round_trip_of_random_scenarios():
    for seed in range(50):
        scenario = random_scenario(seed)
        assert Scenario.from_toml(scenario.to_toml()) == scenario


def test_replace():
    scenario = Scenario.load("us-china-2026")
    changed = scenario.replace({"prize.enmity": 0.3, "nations.us.policy": "treaty", "labs.us_2.rule": "fixed"})
    assert (changed.prize.enmity, changed.policies["us"], changed.labs["us_2"].rule) == (0.3, "treaty", "fixed")
    assert scenario.prize.enmity == 0.6
    drawn = scenario.replace({"prize.enmity": Uniform(low=0.0, high=1.0)})
    assert Scenario.from_toml(drawn.to_toml()) == drawn


def test_frozen():
    with pytest.raises(Exception, match="frozen"):
        Scenario.load("duopoly").prize.enmity = 0.3


def test_a_file_may_start_from_a_shipped_scenario():
    scenario = Scenario.from_toml('base = "duopoly"\n[prize]\nenmity = 0.25\n')
    assert scenario.prize.enmity == 0.25
    assert scenario.labs == Scenario.load("duopoly").labs


WRONG = {
    "[prize": "must be TOML",
    "[prize]\nenmty = 0.3": "prize.enmty: unknown key",
    "[prizes]\nenmity = 0.3": "prizes: unknown key",
    '[prize]\nenmity = "much"': "prize.enmity: must be a number or a distribution, got 'much'",
    "[prize]\nenmity = true": "prize.enmity: must be a number or a distribution, got True",
    "[prize]\nenmity = 1.5": "prize.enmity: must lie in [0, 1], got 1.5",
    "[prize]\nenmity = nan": "prize.enmity: must be finite",
    "[prize]\nenmity = inf": "prize.enmity: must be finite",
    "prize = 3": "prize: ",
    '[prize]\nenmity = {distribution = "beta", low = 0.0}': "prize.enmity: ",
    '[prize]\nenmity = {distribution = "uniform", low = 0.6, high = 0.3}': "prize.enmity: ",
    '[prize]\nenmity = {distribution = "uniform", low = 0.6, high = 1.3}': "prize.enmity: ",
    '[time]\nhorizon = {distribution = "uniform", low = 1, high = 3}': "time.horizon: ",
    "[time]\nhorizon = 0.3": "time.horizon: must be a whole number of periods",
    "[time]\nperiods_per_year = 12.5": "time.periods_per_year: must be a whole number",
    "[cooperation]\nsuspend_sharing = 0.5": "cooperation.suspend_sharing: must be a whole number",
    '[lab]\nrule = "guess"': "lab.rule: no decision rule 'guess'",
    '[nations.us]\npolicy = "war"\n[nations.china]': "nations.us.policy: no policy 'war'",
    '[labs.a]\nnation = "mars"\ncapability = 0\nresources = 1': "labs.a.nation: no nation 'mars'",
    '[labs.a]\nnation = "us"\ncapability = 0\nresources = 1': "nations.china: every nation needs a lab",
    '[labs.a]\nnation = "us"\nresources = 1': "labs.a.capability: missing",
    '[labs.a]\nnation = "us"\ncapability = 0\nresources = 0': "labs.a.resources: must lie in",
    '[labs."a b"]\nnation = "us"\ncapability = 0\nresources = 1': "a name is a letter",
    "labs = {}": "labs: at least one lab is needed",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_one_line_for_what_is_wrong(text, message, tmp_path):
    path = tmp_path / "race.toml"
    path.write_text('base = "us-china-2026"\n' + text)
    with pytest.raises(InputError) as error:
        Scenario.load(path)
    line = str(error.value)
    assert "\n" not in line
    assert message in line
    assert line.startswith(str(path))
    assert len(line) < 500


def test_missing_everything():
    with pytest.raises(InputError, match=r"missing \(give it, or name a scenario to start from"):
        Scenario.from_toml("")


def test_no_such_file_or_name(tmp_path):
    with pytest.raises(InputError, match="did you mean 'us-china-2026'"):
        Scenario.load("us-china-206")
    with pytest.raises(InputError, match=r"nowhere\.toml: cannot be read: No such file"):
        Scenario.load(tmp_path / "nowhere.toml")
    with pytest.raises(InputError, match="cannot be read"):
        Scenario.load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\x00")
    with pytest.raises(InputError, match="must be UTF-8"):
        Scenario.load(tmp_path / "binary.toml")


@pytest.mark.parametrize("path", ["prize.emnity", "prize", "nowhere", "labs.nobody.capability", "prize.enmity.x"])
def test_replace_refuses_unknown_paths(path):
    with pytest.raises(InputError) as error:
        Scenario.load("duopoly").replace({path: 0.3})
    assert "\n" not in str(error.value)


def test_toml_is_readable_as_toml():
    assert tomllib.loads(Scenario.load("us-china-2026").to_toml())["prize"]["enmity"] == 0.6


RESERVED = "a meaning of its own in tables of outcomes"


@pytest.mark.parametrize("name", ["none", "None", "standard_error", "mean", "low", "high", "weight", "runs", "lab"])
def test_names_that_stand_behind_outcomes_are_no_names_of_nations_or_labs(name):
    tables = Scenario.load("duopoly").to_dict()
    with pytest.raises(InputError, match=RESERVED):
        Scenario.from_dict({**tables, "labs": {name: tables["labs"]["east_lab"], **tables["labs"]}})
    nations = {name if nation == "east" else nation: row for nation, row in tables["nations"].items()}
    labs = {lab: {**row, "nation": name if row["nation"] == "east" else row["nation"]}
            for lab, row in tables["labs"].items()}  # fmt: skip
    with pytest.raises(InputError, match=RESERVED):
        Scenario.from_dict({**tables, "nations": nations, "labs": labs})


def test_no_two_outcomes_of_a_shipped_scenario_share_a_name():
    for name in shipped_names():
        known = [key for key, _ in keys(Scenario.load(name))]
        columns = [*known, *(key + end for key in known for end in (".standard_error", ".weight", ".low", ".high"))]
        assert len(set(columns)) == len(columns)


@pytest.mark.parametrize(
    ("field", "text"),
    [("name", "ok\x1b[2Jgone"), ("name", "two\nlines"), ("name", "bell\x07"), ("name", "\u202ereversed"),
     ("description", "\x1b]0;title\x07"), ("description", "zero\x00")],
)  # fmt: skip
def test_control_characters_do_not_get_in(field, text):
    with pytest.raises(InputError, match=f"{field}: must be text") as refused:
        Scenario.from_dict({"base": "duopoly", field: text})
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.labs.__setitem__("zz", "nonsense"),
        lambda s: s.labs.pop("east_lab"),
        lambda s: s.nations.update(x=1),
        lambda s: s.nations.clear(),
        lambda s: s.labs.setdefault("zz", 1),
        lambda s: s.labs.__delitem__("east_lab"),
        lambda s: s.labs.__ior__({"zz": 1}),
    ],
)
def test_a_scenario_is_frozen_all_through(change):
    scenario = Scenario.load("duopoly")
    with pytest.raises(TypeError, match=r"Scenario\.replace gives a changed copy"):
        change(scenario)
    assert scenario == Scenario.load("duopoly")


def test_equal_scenarios_have_one_hash_and_travel():
    scenario = Scenario.load("us-china-2026")
    assert hash(scenario) == hash(Scenario.load("us-china-2026"))
    assert len({scenario, scenario.replace({}), scenario.replace({"prize.enmity": 0.1})}) == 2
    for copied in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert copied == scenario
        assert type(copied.labs) is type(scenario.labs)


@pytest.mark.parametrize(
    "content",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    ],
)
def test_files_as_windows_writes_them_are_read(content, tmp_path):
    scenario = Scenario.load("duopoly").replace({"description": "naïve"})
    path = tmp_path / "race.toml"
    path.write_bytes(content(scenario.to_toml()))
    assert Scenario.load(path) == scenario


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda text: text.encode("utf-16-le"), "zero bytes"),
        (lambda text: text.encode("latin-1"), "must be UTF-8 text, got byte 0xef"),
        (lambda text: b"\xff\xfe" + text.encode("utf-16-le")[:-1], "must be text in UTF-16"),
    ],
)
def test_other_encodings_are_named(content, message, tmp_path):
    path = tmp_path / "race.toml"
    text = "naïve" if "0xef" in message else "plain"
    path.write_bytes(content(f'base = "duopoly"\ndescription = "{text}"\n'))
    with pytest.raises(InputError, match=message):
        Scenario.load(path)


@pytest.mark.parametrize("value", [np.int64(2), np.float32(2.0), np.uint8(2), Fraction(4, 2), 2, 2.0, np.array(2)[()]])
def test_numbers_of_any_kind_are_numbers(value):
    assert Scenario.load("duopoly").replace({"prize.prize": value}).prize.prize == 2.0
    assert Uniform(low=value, high=3).low == 2.0


@pytest.mark.parametrize("value", [10**400, -(10**400), np.inf, np.nan, np.bool_(True), True, "2", 2j, None])
def test_what_is_no_finite_number_is_refused_in_one_line(value):
    with pytest.raises(InputError, match=r"prize\.prize: must be") as refused:
        Scenario.load("duopoly").replace({"prize.prize": value})
    assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match="low: must be"):
        Uniform(low=value, high=3)


def test_what_every_nation_has_of_its_own_is_no_shared_parameter():
    scenario = Scenario.load("us-china-2026")
    with pytest.raises(
        InputError, match=r"^nation.catastrophe_cost: every nation has its own \(nations.us.catastrophe_"
    ):
        scenario.replace({"nation.catastrophe_cost": 500.0})
    assert "nation.catastrophe_cost" not in {p.path for p in scenario.parameters()}
    partly = scenario.replace({"nations.us.catastrophe_cost": None, "nation.catastrophe_cost": 500.0})
    assert partly.catastrophe_costs == {"us": 500.0, "china": 940.0}
    own = {f"labs.{name}.initial_share": 0.2 for name in scenario.lab_names}
    with pytest.raises(InputError, match=r"lab.initial_share: every lab has its own"):
        scenario.replace({**own, "lab.initial_share": 0.1})
    rules = {f"labs.{name}.rule": "fixed" for name in scenario.lab_names}
    assert scenario.replace({**rules, "lab.rule": "fixed"}).lab.rule == "fixed", "a rule is no number"
