"""The panel of ``race_sim.interact``: sliders move, pictures and tables follow, nothing is computed twice."""

import math
import sys
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import race_sim
from race_sim.explore import State, game_figure, game_numbers, numbers, race_figure, race_numbers
from race_sim.explore.panel import SLIDERS, Panel
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
    for path in SLIDERS:
        slider, parameter = panel.controls[path], known[path]
        plausible = parameter.about.plausible
        if path == "nation.catastrophe_cost":
            plausible = tuple(math.log10(value) for value in plausible)
        assert (slider.min, slider.max) == pytest.approx(plausible, abs=slider.step), "but for the grid"
        assert slider.value == pytest.approx(parameter.value)
        assert parameter.about.meaning in slider.tooltip
    assert panel.controls["nations.us.policy"].value == "race"
    assert panel.state.changes == (), "nothing has been moved"


def test_a_value_out_of_the_plausible_range_widens_its_slider_and_a_distribution_starts_at_its_median():
    scenario = race_sim.Scenario.load("duopoly").replace(
        {"lab.planning_horizon": 20.0, "prize.enmity": race_sim.Uniform(low=0.2, high=0.4)}
    )
    panel = Panel(State.of(scenario, **SMALL))
    assert panel.controls["lab.planning_horizon"].max == 20.0
    assert panel.controls["prize.enmity"].value == pytest.approx(0.3)
    assert panel.state.scenario.prize.enmity == race_sim.Uniform(low=0.2, high=0.4), "kept until it is moved"


@pytest.mark.parametrize("path", ["lab.planning_horizon", "trust.mishap_loss"])
def test_a_slider_that_moves_brings_new_pictures_and_tables(panel, path):
    before = panel.race.value, panel.game.value, panel.outcomes.value
    assert bytes(before[0]).startswith(PNG)
    slider = panel.controls[path]
    slider.value = slider.min
    after = panel.race.value, panel.game.value, panel.outcomes.value
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert bytes(after[1]).startswith(PNG)
    assert panel.state.changes == ((path, slider.min),)


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


@pytest.mark.parametrize("end", ["min", "max"])
def test_all_sliders_at_one_end_can_be_shown(panel, end):
    limits = {path: getattr(panel.controls[path], end) for path in SLIDERS}
    limits["nation.catastrophe_cost"] = 10 ** limits["nation.catastrophe_cost"]
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


@pytest.mark.parametrize("name", ["us-china-2026", "us-china-2026-point", "duopoly"])
def test_every_slider_starts_on_its_own_grid(name):
    """A browser moves a value that is not on the grid, and gives back one that is with a rounding error."""
    panel = race_sim.interact(name, **SMALL)
    for path in SLIDERS:
        slider = panel.controls[path]
        at = math.log10(slider.value) if hasattr(slider, "base") else slider.value
        steps = (at - slider.min) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-6), path
        slider.value = slider.value * (1.0 + 1e-12) + 1e-13
    assert panel.state.changes == ()
    slider = panel.controls["nation.catastrophe_cost"]
    slider.value = 1.1 * slider.value
    assert dict(panel.state.changes) == {"nation.catastrophe_cost": slider.value}
