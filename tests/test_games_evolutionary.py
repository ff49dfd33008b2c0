"""The catalogue's evolutionary games: every row of their tables, payoffs by hand, limits between papers, bad input."""

import itertools
import math

import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.games._base.catalogue import published
from race_sim.games.fernandezdomingos2026 import STAGE, STARTS_UNSAFE, UncertainRace
from race_sim.games.han2020 import IdealisedRace, race_payoff
from race_sim.games.han2021 import punished_race
from race_sim.solvers.evolution import group_log_fixation


def test_race_payoffs_by_hand():
    # B/2W = 50, sB/W = 150; pi = (1, 1.8, 1.2, 1.5): with q = 1/2
    table = race_payoff(b=4, c=1, s=1.5, p_fo=0.5, B=1e4, W=100, p_r=0.5)
    conditional = 0.5 * (150 + 0.015 * (1.2 + (100 / 1.5 - 1) * 1.5))
    late = 0.015 * (1.8 + (100 / 1.5 - 1) * 1.5)
    np.testing.assert_allclose(table, [[51, 1.8, 51], [75.6, 38.25, conditional], [51, late, 51]], rtol=1e-14)
    shared = race_payoff(b=4, c=1, s=1.5, p_fo=0.5, B=1e4, W=100, p_r=0.5, gamma=0.4)
    assert (shared != table).tolist() == [[False, True, False], [False, False, False], [False, True, False]]
    np.testing.assert_allclose(shared[[0, 2], 1], 0.8 * table[[0, 2], 1])


def test_groups_of_two_are_the_pair_race_where_nobody_is_seen_out():
    pair = race_payoff(b=4, c=1, s=1.5, p_fo=0.0, B=1e4, W=100, p_r=0.3)
    groups = IdealisedRace(p_fo=0.0, p_r=0.3).group_payoff()
    for a, b in itertools.product(range(3), repeat=2):
        if a != b:
            np.testing.assert_allclose(groups[a, b, 1:], [pair[a, b], pair[a, a]], rtol=1e-12)
    logs = group_log_fixation(groups, 50, 0.1)
    expected = np.array(IdealisedRace(p_fo=0.0, p_r=0.3, Z=50).results()["log_fixation"], dtype=float)
    np.testing.assert_allclose(logs, expected, rtol=1e-9)


def test_group_payoffs_by_hand():
    race = IdealisedRace(N=3, p_r=0.5)
    groups = race.group_payoff()
    pi_safe = -1 + 0.5 * 4 / (2 + 1.5) + 0.5 * 4 / 2  # two safe of three
    pi_unsafe = 0.5 * 1.5 * 4 / (2 + 1.5)
    assert math.isclose(groups[0, 1, 2], pi_safe)
    assert math.isclose(groups[1, 0, 1], 0.5 * (150 + pi_unsafe))
    assert math.isclose(groups[2, 1, 2], 0.015 * (pi_safe + (100 / 1.5 - 1) * 2 / 3))
    assert math.isclose(groups[1, 2, 1], 0.5 * (150 + 0.015 * (pi_unsafe + (100 / 1.5 - 1) * 2 / 3)))
    assert math.isclose(groups[0, 2, 1], 1e4 / 300 - 1 + 4 / 3)
    assert math.isclose(groups[1, 0, 3], 0.5 * (50 + 2 / 3))


def test_group_race_turns_where_its_zone_says():
    threshold = IdealisedRace(N=5).zones()["risk_dominance"]
    for p_r, unsafe in ((threshold - 0.02, True), (threshold + 0.02, False)):
        share = IdealisedRace(N=5, p_r=p_r, b=0.1, c=0.01, Z=1000).results()["stationary"][1]
        assert (share > 0.5) == unsafe


def test_a_scan_is_its_points():
    scan = IdealisedRace(beta=0.01).scan([1.2, 3.0], [0.2, 0.6, 0.95])
    for (i, s), (j, p_r) in itertools.product(enumerate([1.2, 3.0]), enumerate([0.2, 0.6, 0.95])):
        assert scan[i, j].tolist() == IdealisedRace(beta=0.01, s=s, p_r=p_r).results()["stationary"]


def test_the_exact_line_is_where_fixation_is_equal_with_self_interaction():
    line = IdealisedRace().line()["AS"]
    logs = IdealisedRace(p_r=line, self_interaction=True).results()["log_fixation"]
    assert math.isclose(logs[0][1], logs[1][0], rel_tol=1e-9)


def test_punishment_by_hand():
    rates = {"b": 4, "c": 1, "s": 1.5, "p_fo": 0.0, "B": 1e4, "W": 100, "p_r": 0.5}
    # s' = 0, s'' = 0.7: the punisher needs 99/0.7 more rounds, gets all of b and the prize; AU loses and bears no risk
    rounds = 1 + 99 / 0.7
    safe, unsafe = punished_race(**rates, s_a=0.3, s_b=1.5)
    assert math.isclose(safe, (-1 + 1.6 + 1e4 + (rounds - 1) * 3) / rounds)
    assert math.isclose(unsafe, 2.4 / rounds)
    # s' = 1.2, s'' = 1: the unsafe lab still wins, in 1 + 98.5/1.2 rounds
    rounds = 1 + 98.5 / 1.2
    safe, unsafe = punished_race(**rates, s_a=0.0, s_b=0.3)
    assert math.isclose(safe, (0.6 + (rounds - 1) * (4 / 2.2 - 1)) / rounds)
    assert math.isclose(unsafe, 0.5 * (2.4 + 1e4 + (rounds - 1) * 4 * 1.2 / 2.2) / rounds)
    # nobody moves: for ever, with nothing to share and the cost of safety still to pay
    assert punished_race(**rates, s_a=1.0, s_b=1.5) == (-1.0, 0.0)


def test_incentives_without_effect_are_the_race():
    free = published("han2021")(s_a=0.0, s_b=0.0, p_r=0.4)
    race = race_payoff(4, 1, 1.5, 0.0, 1e4, 100, 0.4)
    rounds = 1 + 98.5 / 1.5
    assert math.isclose(free.payoff[1, 2], race[1, 0] * 0 + 0.6 * (2.4 * rounds + 1e4) / rounds)
    assert free.payoff[:2, :2].tolist() == race[:2, :2].tolist()


def test_commitments_that_cost_too_much_are_not_made():
    dear = published("han2022")(eps=1000.0, p_r=0.9).results()
    cheap = published("han2022")(eps=0.0, p_r=0.9).results()
    assert sum(dear["stationary"][2:]) < 0.01 < sum(cheap["stationary"][2:])


def test_regulators_payoffs_by_hand():
    vigilant, bounty = (
        published("bova2023")(scheme=scheme).results()["payoff_regulators"] for scheme in ("vigilant", "bounty")
    )
    safe, unsafe = -1 + 1.2, -1 + 1.2 * 0.64
    np.testing.assert_allclose(vigilant["HQ"][0], [safe, (safe + unsafe) / 2, safe])
    np.testing.assert_allclose(vigilant["LQ"], [[1.2, 0.6, 0.6], [0.6, 0, 0], [0.6, 0, 0]], atol=1e-15)
    np.testing.assert_allclose(bounty["HQ"][1], [-1 + 0.96, -1 + 1.92, -1 + 0.96])
    np.testing.assert_allclose(bounty["LQ"], 0.0)


def test_trust_payoffs_are_the_table():
    game = published("alalawi2024")(b_fo=0.25)
    table = {
        (0, 0, 0): (4, 3.5, 3.5),
        (0, 0, 1): (4, 3.5, 4),
        (0, 1, 0): (0.8, 2.5, 3.25),
        (0, 1, 1): (0.8, 4, 4),
        (1, 0, 0): (0, -0.5, -0.5),
        (1, 0, 1): (0, -0.5, 0),
        (1, 1, 0): (0, 0, -0.5),
        (1, 1, 1): (0, 0, 0),
    }
    for state, payoffs in table.items():
        np.testing.assert_allclose(game.payoff[(slice(None), *state)], payoffs)
    conditional = published("alalawi2024")(conditional=True).payoff
    np.testing.assert_array_equal(conditional[:, 0, :, 1], conditional[:, 1, :, 1])


def test_uncertain_race_against_play_round_by_round():
    race = UncertainRace(p_max=0.4, W=3, w_stop=0.3)
    rounds, chance = race.lengths()
    assert math.isclose(chance.sum(), 1.0, rel_tol=1e-14)
    assert math.isclose(chance @ rounds, race.mean_rounds, rel_tol=1e-12)
    for i, j in itertools.product(range(4), repeat=2):
        expected = sum(p * _played(i, j, int(r), race) for r, p in zip(rounds[:90], chance[:90], strict=True))
        assert math.isclose(race.payoff[i, j], expected, rel_tol=1e-10)


def _played(i, j, rounds, race):
    moves = [STARTS_UNSAFE[i], STARTS_UNSAFE[j]]
    place, earned, unsafe = [0.0, 0.0], 0.0, 0
    for _ in range(rounds):
        earned += STAGE[moves[0], moves[1]]
        unsafe += moves[0]
        place = [at + (race.step_unsafe if move else race.step_safe) for at, move in zip(place, moves, strict=True)]
        moves = [moves[1] if i >= 2 else moves[0], moves[0] if j >= 2 else moves[1]]
    if place[0] < place[1]:
        return earned
    prize = race.prize if place[0] > place[1] else race.prize / 2
    return (earned + prize) * (1 - race.p_max * unsafe / rounds)


@pytest.mark.parametrize(
    ("key", "parameters", "message"),
    [
        ("han2020", {"p_r": 1.2}, "han2020: p_r: must be less than or equal to 1, got 1.2"),
        ("han2020", {"s": 0}, "han2020: s: must be greater than 0, got 0"),
        ("han2020", {"N": 200}, "han2020: N must be at most Z = 100, got 200"),
        ("han2020", {"s": 1e-320}, "payoff: must be finite"),
        ("han2020", {"B": 1e300}, "payoff: payoff x population must stay below"),
        ("han2020", {"mutation": 0.1, "Z": 10_000}, "population: 10000 players of 3 strategies"),
        ("han2021", {"incentive": "praise"}, "han2021: incentive: must be 'punishment' or 'reward'"),
        ("cimpeanu2022", {"graph": "lattice", "nodes": 1000}, "a lattice needs a square number of nodes"),
        ("cimpeanu2022", {"degree": 3}, "cimpeanu2022: degree must be even"),
        ("alalawi2024", {"eps": 11}, "alalawi2024: eps: must be less than or equal to 10, got 11"),
        ("bova2023", {"scheme": "carrot"}, "bova2023: scheme: must be 'bounty' or 'vigilant'"),
        ("fernandezdomingos2026", {"W": 2.5}, "fernandezdomingos2026: W: must be a valid integer"),
    ],
)
def test_bad_input_is_one_clear_line(key, parameters, message):
    with pytest.raises(InputError) as caught:
        published(key)(**parameters).results()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
