"""Published games read off scenarios, and every model asked the same question."""

import json

import pytest

from race_sim import InputError, Scenario
from race_sim.cli import main
from race_sim.games._base.catalogue import catalogue
from race_sim.nations.comparison import Answer, as_game, compare, disagreement, read

POINT = "us-china-2026-point"
MAPPED = [key for key, game in catalogue().items() if game.mapping]


def test_what_is_read_follows_from_the_laws():
    scenario = Scenario.load(POINT)
    reading = read(scenario, runs=40)
    assert reading.speed == pytest.approx((1 - 0.3) ** -0.35)
    assert reading.head_start == pytest.approx(1.10 * 7 / 12)
    assert reading.years == pytest.approx(7 / 1.10 * reading.speed)
    assert reading.rounds == pytest.approx(reading.years / 0.25)
    assert 0 < reading.even_probability < reading.unsafe_probability < 0.2
    assert read(scenario, runs=40) == reading
    safer = scenario.replace({"incidents.catastrophe_probability": 0.0})
    assert read(safer, runs=10).unsafe_probability == 0


def test_own_rules_and_policies_do_not_count_in_the_fixed_runs():
    base = read(POINT, runs=20)
    changed = Scenario.load(POINT).replace({"nations.us.policy": "treaty", "labs.us_1.rule": "imitate"})
    assert read(changed, runs=20).unsafe_probability == base.unsafe_probability


def test_parameters_of_the_games():
    reading = read(POINT, runs=20)
    race = as_game(POINT, "han2020", runs=20)
    assert (race.s, race.p_r, race.B, race.gamma) == (reading.speed, reading.unsafe_probability, 12.0, 1.0)
    region = as_game(POINT, "tan2026", runs=20)
    assert pytest.approx(20) == region.V * (1 - region.S)  # the winner's prize
    assert pytest.approx(8) == region.V * region.S  # what enmity 0.6 leaves to the other
    labs = as_game(POINT, "kwa2026", runs=20)
    aligned_all = (labs.k / (labs.k + 1)) ** labs.n  # at equal effort, a = 1
    assert 1 - aligned_all == pytest.approx(reading.even_probability)
    assert as_game(POINT, "armstrong2016", runs=20).e == 0.6


def test_what_cannot_be_read_is_said_in_one_line():
    with pytest.raises(InputError, match="bova2024: has no counterpart"):
        as_game(POINT, "bova2024")
    with pytest.raises(InputError, match="armstrong2016: mu: needs a head start"):
        as_game("duopoly", "armstrong2016", runs=10)
    with pytest.raises(InputError, match="did you mean 'tan2026'"):
        as_game(POINT, "tan206")
    without_enmity = Scenario.load(POINT).replace({"prize.enmity": 0.0})
    with pytest.raises(InputError, match="tan2026: S"):
        as_game(without_enmity, "tan2026", runs=10)


def test_every_model_is_asked():
    answers = compare(POINT, runs=60)
    assert [answer.model for answer in answers] == ["simulated policy game", *MAPPED]
    assert all(answer.says and answer.mapping for answer in answers)
    assert all(answer.risk is None or 0 <= answer.risk <= 1 for answer in answers)
    ruinous = Scenario.load(POINT).replace({"incidents.catastrophe_probability": 0.9, "prize.prize": 0.1})
    tan, han = (next(a for a in compare(ruinous, runs=40) if a.model == key) for key in ("tan2026", "han2020"))
    assert tan.slowing  # deploying is worth less than nothing
    assert han.risk != answers[3].risk


def test_the_simulated_game_is_that_of_the_reading_and_simulated_once():
    reading = read(POINT, runs=20)
    game = reading.slowing_or_racing()
    assert reading.slowing_or_racing() is game
    first = as_game(POINT, "askell2019", runs=20)
    assert game.payoff[0].tolist() == [[first.R, first.S], [first.T, first.P]]


def test_disagreement_names_both_sides():
    one, two, three = (
        Answer(name, racing, True, None, "", "") for name, racing in (("a", True), ("b", False), ("c", None))
    )
    text = disagreement([one, two, three])
    assert "that all race: an equilibrium in a; none in b." in text
    assert "No model contradicts another on whether all keep the standard" in text


def test_command(capsys):
    assert main(["compare", POINT, "--runs", "20", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["scenario"] == POINT
    assert {"model", "racing", "slowing", "risk", "says", "mapping"} == set(printed["answers"][0])
    assert main(["compare", "duopoly", "--runs", "20"]) == 0
    assert "cannot answer" in capsys.readouterr().out
