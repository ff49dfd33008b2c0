"""The labs' stage game: equilibria against grids, planners against search, replies against the rule."""

import numpy as np
import pytest

from race_sim import InputError, Scenario, distance_from_equilibrium, stage_game
from race_sim.kernels.run import run_block
from race_sim.labs.stage import StageGame
from race_sim.runs.records import build

pytestmark = pytest.mark.quick

CYCLING = {"labs.east_lab.rule": "best_response"}


def moments(scenario: str, *times: float) -> list[StageGame]:
    return [stage_game(scenario, run=run, time=time, seed=3) for run, time in enumerate(times)]


@pytest.mark.parametrize("scenario", ["us-china-2026", "us-china-2026-point", "five-labs", "duopoly"])
def test_equilibria_leave_nothing_to_gain(scenario):
    for game in moments(scenario, 0.0, 2.5, 6.0, 9.75):
        result = game.equilibrium(starts=8)
        assert result.equilibria or result.cycles
        for one in result.equilibria:
            assert one.exploitability < 1e-6
            assert (one.shares >= game.floors).all()
            assert np.allclose(one.objectives, game.objectives(one.shares), rtol=1e-12)
        assert sum(e.starts for e in result.equilibria) + sum(c.starts for c in result.cycles) + result.unsettled == 8


@pytest.mark.parametrize(
    "changes",
    [{}, {"labs.west_lab.resources": 0.4}, {"labs.west_lab.capability": -0.7, "assurance.foreign_spillover": 0.2}],
)
def test_no_share_on_a_grid_is_better_for_either_of_two_labs(changes):
    for time in (0.0, 4.0):
        game = stage_game(Scenario.load("duopoly").replace(changes), time=time)
        at = game.equilibrium(starts=5).first
        for i in range(2):
            values = []
            for share in np.linspace(game.floors[i], 0.95, 4001):
                trial = at.shares.copy()
                trial[i] = share
                values.append(game.objective(i, trial, seen=at.shares))
            assert (max(values) - at.objectives[i]) / abs(at.objectives[i]) < 1e-6


def test_a_brute_force_over_both_shares_finds_no_other_equilibrium():
    """Over a grid of both labs' shares everything at some distance from the equilibrium leaves something to gain."""
    game = stage_game(Scenario.load("duopoly").replace({"labs.west_lab.resources": 0.5}))
    grid = np.linspace(0.0, 0.95, 96)
    gains = np.array([[game.exploitability([x, y]) for y in grid] for x in grid])
    result = game.equilibrium()
    assert result.unique
    assert result.first.exploitability < 1e-3 * gains.min()
    away = np.hypot(*(g - s for g, s in zip(np.meshgrid(grid, grid, indexing="ij"), result.first.shares, strict=True)))
    assert away.flat[gains.argmin()] < 0.05
    assert gains[away > 0.05].min() > 2.0 * gains.min()


def test_a_symmetric_duopoly_has_a_symmetric_equilibrium():
    """At the start, and, where the market does not grow with the frontier, at any time: no lab has a reason to lead."""
    still = Scenario.load("duopoly-v1").replace({"breakthrough.rate": 0.0, "market.growth": 0.0})
    for game in (stage_game("duopoly-v1"), *(stage_game(still, time=time) for time in (0.0, 1.0, 3.0))):
        result = game.equilibrium(starts=6)
        assert result.unique
        assert result.first.shares[0] == pytest.approx(result.first.shares[1], abs=1e-6)


def test_equal_labs_can_have_only_unequal_equilibria_and_then_cycle_when_they_move_at_once():
    """Where the market grows with the frontier, being just ahead pays: equilibria are each other's mirror image."""
    game = stage_game(Scenario.load("duopoly").replace({"breakthrough.rate": 0.0}), time=1.0)
    result = game.equilibrium(starts=40)
    assert not result.unique
    assert len(result.equilibria) == 2
    one, other = (equilibrium.shares for equilibrium in result.equilibria)
    assert np.abs(one - other[::-1]).max() < 1e-6
    assert abs(one[0] - one[1]) > 0.01
    assert [cycle.length for cycle in result.cycles] == [2]
    low, high = np.sort(result.cycles[0].shares[:, 0])
    for here, there in ((low, high), (high, low)):
        assert game.best_response(0, [here, here]) == pytest.approx(there, abs=1e-6)
    with pytest.raises(InputError, match=r"none was found \(cycles of lengths \[2\], unsettled 0\)"):
        _ = game.equilibrium(starts=1).first


@pytest.mark.parametrize("name", ["best_response", "stage_nash"])
def test_replies_are_those_of_the_rules(name):
    """Bit for bit: what labs choose in a run is what the game says of the state in which they chose, delays given."""
    changes = {"lab.rule": name, "incidents.mishap_hazard": 0.05, "release.longest": 0.0}
    scenario = Scenario.load("us-china-2026").replace(changes)
    decisions = 0
    for run in range(3):
        records = build(scenario, 7, np.array([run]))
        for period in range(0, 120, scenario.periods_per_decision):
            game = StageGame(records, scenario)
            records.worlds["periods"] = period + 1
            run_block(*records)
            chosen = records.labs["chosen"][0].tolist()
            if name == "best_response":
                assert chosen == [game.best_response(i, game.last) for i in range(8)]
            else:
                result = game.equilibrium(1)
                assert not result.equilibria or np.abs(result.first.shares - chosen).max() < 1e-8
                decisions += len(result.equilibria)
            records.worlds["periods"] = period + scenario.periods_per_decision
            run_block(*records)
    assert name == "best_response" or decisions > 100


def test_objectives_are_the_factors_that_planners_sum():
    for game in moments("us-china-2026", 0.0, 5.0):
        shares = game.equilibrium(starts=1).first.shares
        assert game.total("world", shares) == pytest.approx(game.objectives(shares).sum(), rel=1e-12)
        for name in game.labs:
            assert game.total(name, shares) == pytest.approx(game.objective(name, shares), rel=1e-12)
        risk = (game.total("world", shares) - game.total("world", shares, catastrophe_cost=True)) / 1200.0
        assert 0.0 < risk < 0.1


def test_planners_do_at_least_as_well_as_equilibria_and_random_search():
    random = np.random.default_rng(4)
    for game in moments("us-china-2026", 0.0, 8.0):
        at = game.equilibrium(starts=2).first.shares
        for whose, members in (("world", slice(None)), ("us", slice(0, 4)), ("china", slice(4, 8)), ("us_1", [0])):
            plan = game.planner(whose, at, starts=3)
            assert plan.total >= game.total(whose, at)
            assert plan.total == pytest.approx(plan.objectives[members].sum(), rel=1e-12)
            for _ in range(2000):
                trial = at.copy()
                trial[members] = random.random(len(at[members])) ** 2 * (0.95 - game.floors[members])
                trial = np.maximum(trial, game.floors)
                assert game.total(whose, trial) <= plan.total * (1.0 + 1e-9)


def test_the_planner_of_one_lab_plays_its_best_response_where_nothing_spills():
    game = stage_game(
        Scenario.load("duopoly").replace({"assurance.foreign_spillover": 0.0, "assurance.domestic_spillover": 0.0})
    )
    shares = np.array([0.3, 0.1])
    plan = game.planner("east_lab", shares)
    assert plan.shares[0] == pytest.approx(game.best_response("east_lab", shares), abs=1e-4)
    assert plan.total == pytest.approx(game.objective(0, [game.best_response(0, shares), 0.1], seen=shares), rel=1e-9)


def test_response_curves_cross_at_the_equilibrium_of_a_duopoly():
    game = stage_game("duopoly-v1")
    curves = game.response_curves("east", points=39)
    rest = game.equilibrium(starts=2).first.shares
    assert np.interp(rest[1], curves.points, curves.group) == pytest.approx(rest[0], abs=1e-3)
    assert np.interp(rest[0], curves.points, curves.rest) == pytest.approx(rest[1], abs=1e-3)
    for y, response in zip(curves.points, curves.group, strict=True):
        assert response == pytest.approx(game.best_response(0, [game.last[0], y]), abs=1e-6)


def anticoordination() -> StageGame:
    """A copy of a duopoly whose best responses are replaced by 0.6 - share of the other, in turn: a known cycle."""
    return stage_game(Scenario.load("duopoly"))


def test_labs_that_answer_last_shares_are_close_to_equilibrium():
    table = distance_from_equilibrium("us-china-2026", run=1, seed=2)
    assert len(table) == 40 * 8
    assert table["relative_gain"].max() < 0.1
    later = table[table["time"] > 1.0]
    apart = np.abs(later["share"] - later["equilibrium_share"])
    print(
        f"\nlargest relative gain: {table['relative_gain'].max():.2g}, after a year {later['relative_gain'].max():.2g}"
    )
    print(f"distance of shares after a year: mean {apart.mean():.2g}, largest {apart.max():.2g}")
    played = distance_from_equilibrium(
        Scenario.load("us-china-2026").replace({"lab.rule": "stage_nash"}), run=1, seed=2
    )
    assert np.nanmax(np.abs(played["share"] - np.maximum(played["equilibrium_share"], 0.0))) < 1e-6
    assert played["relative_gain"].max() < 1e-6


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stage_game("duopoly", time=10.0), r"time: must lie in \[0, 10\), the length .* got 10.0"),
        (lambda: stage_game("duopoly", run=-1), "run: must be a whole number"),
        (lambda: stage_game("duopoly").objective("east", [0.1, 0.1]), "lab: no lab 'east'"),
        (lambda: stage_game("duopoly").objective(2, [0.1, 0.1]), r"lab: must be a name .* got 2"),
        (lambda: stage_game("duopoly").objectives([0.1]), "shares: must be one number per lab"),
        (lambda: stage_game("duopoly").objectives([0.1, 1.2]), r"shares: must lie in \[0, 0.95\]"),
        (lambda: stage_game("duopoly").equilibrium(damping=0.0), r"damping: must lie in \(0, 1\], got 0.0"),
        (lambda: stage_game("duopoly").planner("moon"), "planner: no world, nation or lab 'moon'"),
        (lambda: stage_game("duopoly").planner("east_lab", catastrophe_cost=True), "catastrophe_cost: must be False"),
        (lambda: stage_game("duopoly").response_curves("world"), "group: must leave out"),
    ],
)
def test_bad_input_is_said_in_one_line(call, message):
    with pytest.raises(InputError, match=message) as error:
        call()
    assert "\n" not in str(error.value)


def test_nothing_given_is_changed():
    game = stage_game("us-china-2026-point")
    shares = np.full(8, 0.2)
    shares.flags.writeable = False
    before = game.objectives(shares)
    game.equilibrium(starts=3)
    game.planner("us", shares, starts=2)
    game.response_curves("us", points=3)
    assert (game.objectives(shares) == before).all()
