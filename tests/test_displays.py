"""What Jupyter shows: units, status and errors, escaped, in any theme, without scripts; and short plain texts."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import race_sim
from race_sim.solvers.equilibria import nash_equilibria
from race_sim.solvers.game import Citation, Game
from race_sim.text.rounding import with_error

pytestmark = pytest.mark.quick

HOSTILE = "<b>&\"evil\"</b><script>alert('x')</script>"


class Page(HTMLParser):
    """Tags in balance, texts, and the rows of every table."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts, self.rows, self.attributes = [], [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag != "br":
            self.open.append(tag)
        elif self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


ENDS = ["welfare.standard_error", "welfare.low", "welfare.high"]


def page(thing):
    shown = thing._repr_html_()
    result = Page(shown)
    assert not set(result.tags) & {"script", "iframe", "img", "link", "style"}
    assert not set(result.attributes) & {"src", "href", "onclick", "class", "id"}
    assert not re.search(r"(?<![-\w])(color|background)\s*:", shown), "the theme's own colours, dark or light"
    return result


@pytest.fixture(scope="module")
def game():
    return race_sim.policy_game("duopoly", ["race", "unilateral_slowdown"], runs=20, progress=False)


def test_a_scenario_shows_every_parameter_with_unit_range_status_and_meaning():
    scenario = race_sim.Scenario.load("us-china-2026")
    result = page(scenario)
    rows = {row[0]: row for row in result.rows}
    for parameter in scenario.parameters():
        _, value, unit, plausible, status, meaning = rows[parameter.path]
        assert (value, unit, status) == (parameter.text, parameter.about.unit, parameter.about.status)
        assert parameter.about.meaning in meaning
        assert (plausible == "") == (parameter.about.plausible is None)
    assert rows["capability.growth_rate"][1:5] == ["triangular(low 0.86, high 1.45, mode 1.1)", "OOM/yr",
                                                   "0.86 to 1.45", "measured"]  # fmt: skip
    assert "Epoch AI" in rows["capability.growth_rate"][5]
    assert rows["us"][:2] == ["us", "race"]
    assert any(re.search(r"\d+ assumed, .*\d+ measured", text) for text in result.texts)


def test_a_game_shows_payoffs_with_errors_and_outcomes_with_units(game):
    result = page(game)
    text = "".join(result.texts)
    assert "payoffs in V yr ± standard error" in text
    assert "runs 20; seed 0; estimator integrated" in text
    words = with_error(game.payoff[0, 0, 0], game.standard_error[0, 0, 0])
    assert f"east {words}\nwest " in result.rows[1][1]
    assert "±" in words
    risks = result.rows[3:6]
    assert risks[1][1] == with_error(game.outcomes["catastrophe_probability"][0, 0],
                                     game.outcome_errors["catastrophe_probability"][0, 0])  # fmt: skip
    assert "mishap_hazard (1/yr)" in text
    assert game.outcome_units["welfare"] == "V yr"


def test_best_replies_are_bold_and_only_they():
    shown = Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"), name="dilemma", unit="years")._repr_html_()
    assert re.findall(r"<b>(\d)</b>", shown) == ["5", "5", "1", "1"]


def test_games_of_three_are_listed_profile_by_profile():
    payoff = np.arange(24.0).reshape(3, 2, 2, 2)
    result = page(Game(("a", "b", "c"), (("x", "y"),) * 3, payoff, unit="V"))
    assert result.rows[0] == ["a", "b", "c", "payoff of a (V)", "payoff of b (V)", "payoff of c (V)"]
    assert result.rows[2] == ["x", "x", "y", "1", "9", "17"]
    many = Game(("a", "b", "c"), (tuple("vwxyz"),) * 3, np.zeros((3, 5, 5, 5)))
    assert "and 65 more profiles" in "".join(page(many).texts)


def test_equilibria_show_payoffs_with_errors_and_their_bootstrap_share(game):
    result = nash_equilibria(game)
    shown = page(result)
    head, first = shown.rows[0], shown.rows[1]
    assert "payoff of east (V yr)" in head
    assert "exploitability (V yr)" in head
    one = result[0]
    a, b = (int(np.argmax(mixture)) for mixture in one.profile)
    assert first[4] == with_error(game.payoff[0, a, b], game.standard_error[0, a, b])
    assert first[-1] == f"{100 * one.bootstrap_share:.4g} %"


def test_payoffs_of_mixed_equilibria_carry_the_error_of_the_mixture():
    payoff = np.array([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    samples = payoff + np.random.default_rng(1).normal(size=(50, 2, 2, 2))
    stag = Game(("a", "b"), (("stag", "hare"),) * 2, samples.mean(axis=0), samples)
    mixed = next(one for one in nash_equilibria(stag) if one.kind == "mixed")
    paid = np.einsum("rnab,a,b->rn", samples, *mixed.profile)
    text = with_error(paid[:, 0].mean(), paid[:, 0].std(ddof=1) / 50**0.5)
    assert any(text in row for row in page(nash_equilibria(stag)).rows)


def test_a_sweep_shows_units_status_and_errors():
    swept = race_sim.sweep("duopoly", {"prize.enmity": [0, 1], "capability.growth_rate": [1, 1.2]}, runs=10,
                           outcomes=["welfare", "mishap_hazard"], progress=False)  # fmt: skip
    table = race_sim.sweep_table(swept, ["welfare"])
    assert list(table) == ["prize.enmity", "capability.growth_rate", "runs", "welfare", *ENDS]
    assert table["welfare"].to_numpy() == pytest.approx(swept["mean"].sel(outcome="welfare").values.ravel())
    assert table.loc[1, "capability.growth_rate"] == 1.2
    result = page(table)
    assert result.rows[0] == ["prize.enmity (1)\nassumed", "capability.growth_rate (OOM/yr)\nmeasured", "runs",
                             "welfare (V yr)"]  # fmt: skip
    assert result.rows[1][3] == with_error(table.loc[0, "welfare"], table.loc[0, "welfare.standard_error"])
    assert page(table[table["prize.enmity"] == 1]).rows[0] == result.rows[0], "a selection keeps its units"
    assert len(repr(table)) < 1000


def test_designs_without_a_grid_and_targets_are_tables_too():
    plan = race_sim.sweeps.grid("prize.enmity=0,1")
    swept = race_sim.sweep("duopoly", plan, runs=10, outcomes=["welfare"], target_error="welfare:50%", progress=False)
    assert list(race_sim.sweep_table(swept)) == ["prize.enmity", "runs", "reached", "welfare", *ENDS]
    from race_sim.sweeps.engine import sobol

    swept = race_sim.sweep("duopoly", sobol(2, "prize.enmity"), runs=4, outcomes=["welfare"], progress=False)
    assert list(race_sim.sweep_table(swept)) == ["prize.enmity", "runs", "welfare", *ENDS]


def test_what_is_no_sweep_is_refused_in_one_line():
    runs = race_sim.simulate("duopoly", runs=2)
    with pytest.raises(race_sim.InputError, match="must be a sweep's Dataset"):
        race_sim.sweep_table(runs)
    swept = race_sim.sweep("duopoly", {"prize.enmity": [0, 1]}, runs=2, outcomes=["welfare"], progress=False)
    with pytest.raises(race_sim.InputError, match="no outcome 'welfar'"):
        race_sim.sweep_table(swept, ["welfar"])


def test_reproductions_show_both_values_the_tolerance_and_the_status():
    table = race_sim.reproduce("kwa2026", "jensen2023")
    result = page(table)
    assert len(result.rows) == 1 + len(table)
    differs = next(row for row in result.rows if row[5] == "differs")
    row = table[table["status"] == "differs"].iloc[0]
    assert differs[2:5] == [f"{row.published:.6g}", f"{row.ours:.6g}", f"{row.tolerance:.3g}"]
    assert row.reason in differs[6]
    assert "reproduced" in result.texts[0]
    assert page(table[table["game"] == "kwa2026"]).rows[1][0] == "kwa2026"
    assert "<table" in table[["game", "status"]]._repr_html_(), "pandas' own where columns are gone"


def test_names_are_escaped():
    scenario = race_sim.Scenario.load("duopoly").replace({"description": HOSTILE, "name": HOSTILE})
    citation = Citation("x", (HOSTILE,), HOSTILE, 2026, HOSTILE)
    names = (("<b>", "&amp;"),) * 2
    game = Game(
        ("<i>", HOSTILE), names, np.eye(2)[None].repeat(2, 0), outcomes={HOSTILE: np.zeros((2, 2))}, name=HOSTILE,
        unit="<u>", citation=citation,
    )  # fmt: skip
    table = race_sim.reproduce("kwa2026").assign(result=HOSTILE, reason=HOSTILE)
    for thing in (scenario, game, nash_equilibria(game), table):
        result = page(thing)
        assert not {"i", "u"} & set(result.tags)
    assert "&amp;" in [row[0] for row in page(game).rows], "shown as it is written"


def test_plain_texts_stay_short(game):
    scenario = race_sim.Scenario.load("us-china-2026")
    assert repr(scenario) == str(scenario) == "Scenario('us-china-2026': us, china; 8 labs)"
    assert repr(game) == "Game('duopoly': east, west; 2 x 2 strategies, 20 runs)"
    assert len(repr(nash_equilibria(game))) < 100
    assert len(page(scenario).rows) > 90
    assert len(scenario._repr_html_()) < 80_000
