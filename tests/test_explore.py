"""The panel of ``race_sim.interact``: sliders move, pictures and tables follow, nothing is computed twice."""

import sys
from dataclasses import replace
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import race_sim
from race_sim.explore import State, game_figure, game_numbers, numbers, race_figure, race_numbers
from race_sim.explore.acting import NEEDS, OF_PLANS, facts_of, why_not
from race_sim.explore.controls import Slider
from race_sim.explore.panel import SLIDERS, Panel, sliders
from tests.waiting import finished

PNG = b"\x89PNG\r\n\x1a\n"
SMALL = {"policies": ("race", "unilateral_slowdown"), "runs": 10}


@pytest.fixture
def panel():
    return race_sim.interact("duopoly", **SMALL)


@pytest.fixture
def calls(monkeypatch):
    counted = {"simulate": 0, "policy_game": 0}

    def counting(name):
        inner = getattr(numbers, name)

        def call(*arguments, **options):
            counted[name] += 1
            return inner(*arguments, **options)

        monkeypatch.setattr(numbers, name, call)

    for name in counted:
        counting(name)
    race_numbers.cache_clear()
    numbers._game_numbers.cache_clear()
    return counted


def text(markup):
    result = []
    parser = HTMLParser()
    parser.handle_data = result.append
    parser.feed(markup)
    return " ".join(result)


def test_sliders_span_the_plausible_ranges_and_start_at_the_scenario():
    scenario = race_sim.Scenario.load("us-china-2026")
    panel = race_sim.interact(scenario, **SMALL)
    known = {parameter.path: parameter for parameter in scenario.parameters()}
    for path in sliders(known):
        slider, parameter = panel.controls[path], known[path]
        assert (slider.low, slider.high) == parameter.about.plausible
        assert slider.value == parameter.value
        assert parameter.about.meaning in slider.widget.tooltip
    assert panel.controls["nations.us.policy"].value == "race"
    assert panel.state.changes == (), "nothing has been moved"


def test_a_value_out_of_the_plausible_range_widens_its_slider_and_a_distribution_starts_at_its_median():
    scenario = race_sim.Scenario.load("duopoly").replace(
        {"lab.planning_horizon": 20.0, "prize.enmity": race_sim.Uniform(low=0.2, high=0.4)}
    )
    panel = Panel(State.of(scenario, **SMALL))
    assert panel.controls["lab.planning_horizon"].high == 20.0
    assert panel.controls["prize.enmity"].value == pytest.approx(0.3)
    assert panel.state.scenario.prize.enmity == race_sim.Uniform(low=0.2, high=0.4), "kept until it is moved"


@pytest.mark.parametrize("path", ["lab.planning_horizon", "trust.mishap_loss"])
def test_a_slider_that_moves_brings_new_pictures_and_tables(panel, path):
    before = panel.race.value, panel.game.value, panel.outcomes.value
    assert bytes(before[0]).startswith(PNG)
    slider = panel.controls[path]
    slider.value = slider.low
    after = panel.race.value, panel.game.value, panel.outcomes.value
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert bytes(after[1]).startswith(PNG)
    assert panel.state.changes == ((path, slider.low),)


def test_a_move_back_brings_back_what_was_without_computing_it(panel, calls):
    before = panel.race.value, panel.game.value
    slider = panel.controls["lab.planning_horizon"]
    start = slider.value
    slider.value = 1.0
    assert calls == {"simulate": 1, "policy_game": 1}
    slider.value = start
    slider.value = 1.0
    slider.value = start
    assert calls == {"simulate": 2, "policy_game": 2}, "once for each state"
    assert (panel.race.value, panel.game.value) == before


def test_policies_change_the_race_and_leave_the_game_alone(panel, calls):
    panel.refresh()
    calls.update(simulate=0, policy_game=0)
    game = panel.game.value
    race = panel.race.value
    for name in ("east", "west"):
        panel.controls[f"nations.{name}.policy"].value = "unilateral_slowdown"
    assert calls == {"simulate": 2, "policy_game": 0}
    assert panel.race.value != race
    assert panel.game.value == game


def test_the_verdict_stands_on_a_line_of_its_own():
    """Below the other remarks: here two equilibria are connected."""
    shown = race_sim.interact("duopoly", policies=("race", "treaty", "unilateral_slowdown"), runs=10).solution.value
    assert "connected: " in shown
    assert "<br>verdict: " in shown


@pytest.mark.quick
def test_the_game_shows_equilibria_and_classes(panel):
    shown = text(panel.solution.value)
    assert "share of bootstrap draws" in shown
    assert "race/unilateral_slowdown" in shown
    solved = game_numbers(panel.state).solved
    assert next(iter(solved.subgames.values())).class_ in shown
    assert "±" in text(panel.outcomes.value)
    assert "payoff.east" in text(panel.outcomes.value)


def test_a_bad_state_is_one_line_and_the_next_good_one_is_shown_again(panel):
    before = panel.race.value
    panel.controls["seed"].value = -1
    assert text(panel.message.value) == "seed: must be a whole number in [0, 2^64), got -1"
    assert panel.race.layout.display == panel.game.layout.display == "none"
    panel.controls["seed"].value = 0
    assert panel.message.value == ""
    assert panel.race.layout.display is None
    assert panel.race.value == before


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_sliders_at_one_end_can_be_shown(panel, end):
    limits = {path: getattr(panel.controls[path], end) for path in SLIDERS}
    policies = dict.fromkeys(("nations.east.policy", "nations.west.policy"), "covert_defection")
    state = panel.state.changed(limits | policies)
    assert np.isfinite([mean for mean, _, _ in race_numbers(state).outcomes.values()]).all()
    assert np.isfinite(game_numbers(state).solved.game.payoff).all()


def test_one_nation_has_a_race_and_no_game():
    tables = race_sim.Scenario.load("duopoly").to_dict()
    del tables["nations"]["west"]
    for lab in tables["labs"].values():
        lab["nation"] = "east"
    panel = race_sim.interact(race_sim.Scenario.from_dict(tables), runs=5)
    assert bytes(panel.race.value).startswith(PNG)
    assert text(panel.message.value) == "nations: the table of the policy game needs two, got 1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 1}, "runs: must be a whole number, at least 2"),
        ({"policies": ["raec"]}, "no policy 'raec'"),
        ({"speed": 1}, "options are policies, runs and seed, got speed"),
        ({"seed": "x"}, "seed: must be"),
    ],
)
def test_bad_options_are_refused_in_one_line(options, message):
    with pytest.raises(race_sim.InputError, match=message) as refused:
        race_sim.interact("duopoly", **options)
    assert "\n" not in str(refused.value)


@pytest.mark.quick
def test_numbers_are_those_of_the_library():
    state = State.of("us-china-2026-point", SMALL["policies"], 12).changed({"prize.enmity": 0.2})
    result = race_numbers(state)
    scenario = race_sim.Scenario.load("us-china-2026-point").replace({"prize.enmity": 0.2})
    runs = race_sim.simulate(scenario, 12, 0, trajectories=True)
    china = runs["lab_capability_path"].values[:, :, runs["nation_of_lab"].values == "china"]
    assert np.array_equal(result.capability["china"], china.max(axis=2))
    assert np.array_equal(result.risk, runs["catastrophe_path"].values)
    assert result.outcomes["payoff.us"][0] == race_sim.summarise(runs).loc["payoff.us", "mean"]
    game = race_sim.policy_game(scenario, SMALL["policies"], 12)
    assert np.array_equal(game_numbers(state).solved.game.payoff, game.payoff)


def test_figures_have_units_and_leave_pyplot_alone():
    state = State.of("duopoly", **SMALL)
    figures = race_figure(race_numbers(state)), game_figure(game_numbers(state))
    assert plt.get_fignums() == []
    assert [ax.get_ylabel() for ax in figures[0].axes] == [
        "capability of the best lab (OOM)", "safety share, mean of labs (1)", "catastrophe so far (probability)",
    ]  # fmt: skip
    assert "V yr" in figures[1].axes[0].get_title()


def test_jupyter_shows_the_panel(panel):
    assert "application/vnd.jupyter.widget-view+json" in panel._repr_mimebundle_()


def test_without_ipywidgets_one_line_says_what_to_install():
    code = "import sys; sys.modules['ipywidgets'] = None\nimport race_sim\nrace_sim.interact('duopoly')"
    done = finished([sys.executable, "-c", code])
    last = done.stderr.strip().splitlines()[-1]
    assert last.endswith("InputError: interact: needs ipywidgets: pip install 'race-sim[notebook]'")


def test_the_users_settings_of_matplotlib_do_not_reach_the_panel(panel):
    with mpl.rc_context({"text.usetex": True, "font.sans-serif": ["no such font"], "savefig.bbox": "tight"}):
        same = race_sim.interact("duopoly", **SMALL)
    assert (same.race.value, same.game.value) == (panel.race.value, panel.game.value)


AWKWARD = (617.3, 0.1 + 0.2, 1 / 3, 3.0000000000000004)


@pytest.mark.parametrize("value", AWKWARD)
@pytest.mark.parametrize("path", SLIDERS)
def test_what_the_browser_holds_gives_the_scenarios_value_to_the_last_bit(path, value):
    """The browser knows a place in a list and sends it back; whatever it was, coming back gives the scenario."""
    known = {parameter.path: parameter for parameter in race_sim.Scenario.load("duopoly").parameters()}
    value = value if value <= known[path].about.at_most else value / 1000
    slider = Slider(replace(known[path], value=value))
    place = slider.widget.index
    assert slider.value == value
    assert slider.widget.options[place] == (f"{value:.6g}", value)
    slider.widget.index = place - 1 if place else 1
    assert slider.moved
    slider.widget.index = place
    assert slider.value == value
    assert not slider.moved


@pytest.mark.parametrize("path", SLIDERS)
def test_a_slider_goes_through_round_numbers_that_can_be_told_apart(path):
    known = {parameter.path: parameter for parameter in race_sim.Scenario.load("us-china-2026").every_parameter()}
    slider = Slider(known[path])
    labels, values = zip(*slider.widget.options, strict=True)
    assert len(set(labels)) == len(labels)
    assert 50 <= len(labels) <= 110
    assert list(map(float, labels)) == list(values)
    assert (values[0], values[-1]) == known[path].about.plausible


def test_a_number_from_python_is_taken_as_it_is(panel):
    slider = panel.controls["nation.catastrophe_cost"]
    slider.value = 632.4555320336759
    assert dict(panel.state.changes) == {"nation.catastrophe_cost": 632.4555320336759}
    assert slider.widget.value == 632.4555320336759
    slider.value = 1000.0
    assert panel.state.changes == ()
    assert slider.widget.label == "1000"


@pytest.mark.quick
def test_a_button_takes_a_control_back_and_one_takes_all(panel, calls):
    row = panel.rows["lab.planning_horizon"]
    assert row.button.disabled
    assert panel.back.disabled
    row.control.value = 1.0
    panel.controls["nations.east.policy"].value = "unilateral_slowdown"
    assert not row.button.disabled
    row.button.click()
    assert row.button.disabled
    assert row.control.value == 4.0
    assert dict(panel.state.changes) == {"nations.east.policy": "unilateral_slowdown"}
    row.control.value = 1.0
    panel.controls["seed"].value = 3
    calls.update(simulate=0, policy_game=0)
    panel.back.click()
    assert panel.state == State.of("duopoly", **SMALL)
    assert panel.back.disabled
    assert calls == {"simulate": 1, "policy_game": 0}, "computed once, not at every control that goes back"


def test_an_uncertain_parameter_is_drawn_until_it_is_moved_and_again_after_it_has_gone_back():
    drawn = race_sim.Uniform(low=0.2, high=0.4)
    scenario = race_sim.Scenario.load("duopoly").replace({"prize.enmity": drawn})
    panel = race_sim.interact(scenario, **SMALL)
    row = panel.rows["prize.enmity"]

    def payoff(scenario):
        return race_sim.estimate(scenario, SMALL["runs"]).outcomes["payoff.east"].mean

    assert text(row.hint.value) == f"drawn in every run: {drawn}"
    assert race_numbers(panel.state).outcomes["payoff.east"][0] == payoff(scenario)
    row.control.value = 0.9
    assert text(row.hint.value) == f"instead of {drawn}"
    moved = race_numbers(panel.state).outcomes["payoff.east"][0]
    assert moved == payoff(scenario.replace({"prize.enmity": 0.9})) != payoff(scenario)
    row.button.click()
    assert race_numbers(panel.state).outcomes["payoff.east"][0] == payoff(scenario)


def test_what_cannot_act_is_disabled_says_why_and_follows_the_policies(panel):
    verification, sharing = panel.rows["cooperation.verification"], panel.rows["cooperation.sharing"]
    for row, why in ((verification, "nobody can be detected"), (sharing, "nobody shares")):
        assert not row.possible
        assert text(row.hint.value).startswith(f"cannot act: {why}")
        assert row.hint.layout.display is None
    east, west = (panel.controls[f"nations.{name}.policy"] for name in ("east", "west"))
    east.value = "treaty"
    assert text(panel.rows["nations.east.policy"].hint.value) == "the same as race here: a treaty takes 2 signatories"
    assert not sharing.possible
    west.value = "treaty"
    assert panel.rows["nations.east.policy"].hint.value == ""
    assert sharing.possible
    assert not verification.possible
    west.value = "covert_defection"
    assert verification.possible
    assert verification.hint.layout.display == "none"
    panel.back.click()
    assert not verification.possible


def test_what_acts_in_the_game_alone_says_so():
    panel = race_sim.interact("duopoly", policies=("race", "treaty"), runs=4)
    row = panel.rows["cooperation.sharing"]
    assert row.possible
    assert text(row.hint.value).startswith("acts in the game only: in the race nobody shares")


def test_a_parameter_of_plans_is_disabled_where_no_lab_plans():
    panel = race_sim.interact(race_sim.Scenario.load("duopoly").replace({"lab.rule": "fixed"}), **SMALL)
    row = panel.rows["lab.planning_horizon"]
    assert not row.possible
    assert text(row.hint.value) == "cannot act: no lab looks ahead: it takes another rule than fixed"
    panel.controls["prize.prize"].value = 0.0
    assert text(panel.rows["prize.enmity"].hint.value) == "cannot act: there is no prize: prize.prize is 0"


def test_a_move_that_changes_nothing_is_said_to():
    panel = race_sim.interact(race_sim.Scenario.load("duopoly").replace({"prize.threshold": 200}), **SMALL)
    panel.controls["prize.enmity"].value = 0.1
    said = "prize.enmity has changed nothing in these 10 runs: every number is as before"
    assert text(panel.message.value) == said
    panel.controls["lab.planning_horizon"].value = 1.0
    assert panel.message.value == ""


PROFILES = [
    ("race", "race"), ("unilateral_slowdown", "race"), ("fundamentals", "race"), ("fundamentals", "fundamentals"),
    ("treaty", "race"), ("treaty", "treaty"), ("treaty", "covert_defection"), ("covert_defection", "covert_defection"),
    ("treaty", "fundamentals"),
]  # fmt: skip
LIVELY = {  # a race in which whatever can act does so, in a few runs
    "incidents.mishap_hazard": 0.5, "prize.threshold": 2.0, "cooperation.false_alarm": 0.5, "cooperation.penalty": 5.0,
    "cooperation.benchmarks": 0.5, "time.horizon": 6, "cooperation.standard": 0.4, "cooperation.leak": 0.2,
}  # fmt: skip
ENDS = {"cooperation.treaty_min_signatories": (1, 3)}


def everything(scenario):
    runs = race_sim.simulate(scenario, 40, trajectories=True, progress=False)
    names = ("nation_payoff", "lab_capability_path", "lab_share_path", "catastrophe_path")
    return [runs[name].values for name in names]


@pytest.mark.parametrize(
    "rule",
    ["best_response", *(pytest.param(rule, marks=pytest.mark.long) for rule in ("fixed", "human", "reciprocate"))],
)
@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_said_not_to_act_does_not_and_what_is_not_said_to_acts(profile, rule):
    policies = dict(zip(("nations.east.policy", "nations.west.policy"), profile, strict=True))
    scenario = race_sim.Scenario.load("duopoly").replace({**LIVELY, **policies, "lab.rule": rule})
    facts = facts_of(scenario, [profile])
    for parameter in scenario.parameters():
        path = parameter.path
        if path not in (*NEEDS, *OF_PLANS, *SLIDERS) and not parameter.about.rule:
            continue
        low, high = ENDS.get(path, parameter.about.plausible)
        one, other = (everything(scenario.replace({path: end})) for end in (low, high))
        same = all(map(np.array_equal, one, other))
        why = why_not(scenario, path, parameter.about, facts)
        assert same or not why, f"{path}: {why}"
        assert why or not same, f"{path} can act, but does not"


def test_everything_that_is_known_to_hang_on_policies_is_known_to_the_panel():
    paths = {one.path for one in race_sim.Scenario.load("duopoly").parameters() if one.about.policies}
    assert paths == set(NEEDS)
