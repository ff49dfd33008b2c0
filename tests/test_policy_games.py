"""The nations' policy game: its cells are what simulate gives, on the same luck, with nothing simulated twice."""

import json
import math
from itertools import product

import numpy as np
import pytest

from race_sim import InputError, Scenario, cli, estimate, policy_game, price_of_slowing_alone, simulate
from race_sim.kernels.run import run_block
from race_sim.nations import policy_games
from race_sim.runs.records import build
from race_sim.scenario.policies import POLICIES
from race_sim.solvers.game import Game

pytestmark = pytest.mark.quick

SHORT = Scenario.load("us-china-2026").replace({"time.horizon": 2, "cooperation.false_alarm": 0.2})
FLAGS = ("signs", "honours", "shares_openly", "keeps_standard")


def three_nations(**changes):
    tables = Scenario.load("duopoly").to_dict()
    tables["nations"] = {name: {"policy": "race"} for name in ("us", "china", "eu")}
    tables["labs"] = {
        f"{name}_lab": {"nation": name, "capability": capability, "resources": 1.0}
        for name, capability in (("us", 0.0), ("china", -0.3), ("eu", -0.5))
    }
    return Scenario.from_dict(tables).replace({"time.horizon": 2, **changes})


def played(scenario, profile, runs=12, seed=3):
    changed = {f"nations.{name}.policy": policy for name, policy in zip(scenario.nations, profile, strict=True)}
    records = build(scenario.replace(changed), seed, np.arange(runs))
    run_block(*records)
    for flag in FLAGS:
        records.nations[flag] = 0
    return [array.tobytes() for array in records]


@pytest.mark.parametrize("signatories", [1, 2, 3])
@pytest.mark.parametrize("suspend_sharing", [0, 1])
@pytest.mark.parametrize("scenario", [SHORT, three_nations()], ids=["two nations", "three nations"])
def test_profiles_that_cannot_differ_have_equal_bits(scenario, signatories, suspend_sharing):
    """Every field of every record, but for the flags themselves, of all profiles that share their acting flags."""
    here = scenario.replace(
        {"cooperation.treaty_min_signatories": signatories, "cooperation.suspend_sharing": suspend_sharing}
    )
    kinds = {}
    for profile in product(POLICIES, repeat=len(here.nations)):
        kinds.setdefault(policy_games.acting_flags(here, profile), []).append(profile)
    repeated = [profiles for profiles in kinds.values() if len(profiles) > 1]
    for first, *others in repeated[:6]:
        bits = played(here, first)
        assert all(played(here, other) == bits for other in (others[0], others[-1]))
    assert repeated


def test_profiles_that_differ_are_simulated_apart():
    """Nine of the 25 profiles of these five policies differ; each pair of them differs in some payoff."""
    five = ("race", "unilateral_slowdown", "fundamentals", "treaty", "covert_defection")
    profiles = list(product(five, repeat=2))
    assert len({policy_games.acting_flags(SHORT, profile) for profile in profiles}) == 9
    kinds = {policy_games.acting_flags(SHORT, profile): profile for profile in profiles}
    assert len({played(SHORT, profile)[2] for profile in kinds.values()}) == 9


def test_nothing_changes_when_every_cell_is_simulated(monkeypatch):
    game = policy_game(SHORT, runs=30, seed=5)
    monkeypatch.setattr(policy_games, "acting_flags", lambda scenario, profile: profile)
    all_cells = policy_game(SHORT, runs=30, seed=5)
    assert np.array_equal(game.samples, all_cells.samples)
    assert game.outcomes.keys() == all_cells.outcomes.keys()
    for key, value in game.outcomes.items():
        assert np.allclose(value, all_cells.outcomes[key], rtol=1e-13, atol=0), key


def test_a_cell_is_what_simulate_gives():
    game = policy_game(SHORT, ["treaty", "covert_defection"], runs=300, seed=4)
    changes = {"nations.us.policy": "covert_defection", "nations.china.policy": "treaty"}
    runs = simulate(SHORT.replace(changes), 300, 4)
    luck = runs.luck.sel(control=["damages.us", "damages.china"]).values
    plain = runs.nation_payoff.values + luck  # what mishaps cost, replaced by what they were expected to cost
    assert not np.array_equal(luck, np.zeros_like(luck))
    result = game.samples[:, :, 1, 0]
    assert (
        np.abs(result.mean(axis=0) - runs.nation_payoff.mean("run").values) < 3 * game.standard_error[:, 1, 0]
    ).all()
    assert result.var(axis=0).sum() <= plain.var(axis=0).sum() + 1e-12
    result = estimate(SHORT.replace(changes), 300, 4)
    for key in ("catastrophe_probability", "welfare", "safety_share", "treaty_in_force", "winner.none"):
        assert game.outcomes[key][1, 0] == pytest.approx(result[key].mean, rel=1e-11)
        assert game.outcome_errors[key][1, 0] == pytest.approx(result[key].standard_error, rel=1e-8)
    assert game.players == ("us", "china")
    assert game.unit == "V yr"
    assert (game.provenance["runs"], game.provenance["seed"]) == (300, 4)
    assert Scenario.from_toml(game.provenance["scenario_toml"]) == SHORT
    assert np.array_equal(game.payoff, game.samples.mean(axis=0))


def test_neither_threads_nor_the_split_of_runs_change_a_bit():
    policies = {"us": ["race", "treaty"], "china": ["treaty", "covert_defection", "race"]}
    whole = policy_game(SHORT, policies, runs=70, seed=2, threads=1)
    assert whole.shape == (2, 3)
    assert np.array_equal(whole.samples, policy_game(SHORT, policies, runs=70, seed=2, threads=3).samples)
    parts = [policy_game(SHORT, policies, runs=r, seed=2, first_run=start) for start, r in ((0, 20), (20, 50))]
    assert np.array_equal(whole.samples, np.concatenate([part.samples for part in parts]))


def test_a_nation_that_is_not_named_keeps_its_policy():
    game = policy_game(SHORT.replace({"nations.china.policy": "treaty"}), {"us": ["race", "treaty"]}, runs=4)
    assert game.strategies == (("race", "treaty"), ("treaty",))


def test_three_nations():
    game = policy_game(three_nations(), ["race", "unilateral_slowdown"], runs=20)
    assert game.shape == (2, 2, 2)
    assert game.samples.shape == (20, 3, 2, 2, 2)
    price = price_of_slowing_alone(game)
    own = game.samples[:, 2, 0, 0, 1] - game.samples[:, 2, 0, 0, 0]
    assert price["eu"].mean == pytest.approx(own.mean())
    assert price["eu"].standard_error == pytest.approx(own.std(ddof=1) / np.sqrt(20))


def test_two_identical_nations_have_transposed_matrices(capsys):
    """Every cell of all policies: what east gets against west is what west gets against east, within error."""
    game = policy_game("duopoly", runs=1500, seed=12)
    scores = {}
    for a, b in product(range(5), repeat=2):
        difference = game.samples[:, 0, a, b] - game.samples[:, 1, b, a]
        z = difference.mean() / (difference.std(ddof=1) / np.sqrt(len(difference)))
        scores[game.strategies[0][a], game.strategies[1][b]] = z
    with capsys.disabled():
        print(f"\nz of matrix against transpose: largest {max(map(abs, scores.values())):.2f} of {len(scores)} cells")
    assert max(map(abs, scores.values())) < 4
    paired = game.samples[:, 0, 0, 1] - game.samples[:, 0, 1, 0]
    assert abs(paired.mean()) > 10 * paired.std() / np.sqrt(len(paired)), "without transposing they differ"


def test_gains_of_pairing_by_hand():
    """Two policies whose payoffs share luck of variance 8 and differ by noise of variance 2."""
    random = np.random.default_rng(1)
    luck, noise = random.normal(0, np.sqrt(8), 40_000), random.normal(0, 1, (2, 40_000))
    samples = np.stack([luck + noise[0], luck + noise[1]], axis=1)[:, None, :]
    game = Game(("one",), (("a", "b"),), samples.mean(axis=0), samples)
    (gain,) = policy_games.paired_error_gains(game)
    assert gain == pytest.approx(np.sqrt(18 / 2), rel=0.02)
    with pytest.raises(InputError, match="without samples"):
        policy_games.paired_error_gains(Game.symmetric([[1, 2], [3, 4]]))


def test_common_random_numbers_pay_at_the_baseline(capsys):
    gains = policy_games.paired_error_gains(policy_game("us-china-2026", runs=400, seed=1))
    with capsys.disabled():
        print(f"\nindependent / paired standard errors: median {np.median(gains):.2f}, from {gains.min():.2f} "
              f"to {gains.max():.2f}, at least 3 in {np.mean(gains >= 3):.0%}")  # fmt: skip
    assert gains.min() > 1
    assert np.median(gains) > 1.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"policies": ["race"]}, "two or more to choose between"),
        ({"policies": ["race", "war"]}, "no policy 'war'"),
        ({"policies": ["race", "race"]}, "different"),
        ({"policies": []}, "at least one"),
        ({"policies": "race"}, "must be a list of names"),
        ({"policies": {"mars": ["race", "treaty"]}}, "no nation 'mars'"),
        ({"runs": 0}, "runs: must be a whole number, at least 2, got 0"),
        ({"runs": 1}, "at least 2"),
        ({"seed": -1}, "seed"),
        ({"estimator": "guess"}, "estimator"),
        ({"threads": 0}, "threads"),
        ({"first_run": -1}, "first_run"),
        ({"scenario": "nowhere"}, "nowhere"),
    ],
)
def test_bad_arguments_give_one_line(arguments, message):
    with pytest.raises(InputError) as error:
        policy_game(**{"scenario": SHORT, "runs": 2, **arguments})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_race_of_one_nation_is_no_game():
    tables = Scenario.load("duopoly").to_dict()
    tables["labs"]["west_lab"]["nation"] = "east"
    del tables["nations"]["west"]
    with pytest.raises(InputError, match="needs two or more, got"):
        policy_game(Scenario.from_dict(tables), runs=2)


def run_json(capsys, *arguments):
    assert cli.main(["game", *arguments, "--json", "--set", "time.horizon=2"]) == 0
    text = capsys.readouterr().out
    assert text.count("\n") == 1
    return json.loads(text)


def test_json_has_everything_in_the_players_order(capsys):
    policies = "us=race|treaty|unilateral_slowdown,china=treaty|race"
    result = run_json(capsys, "us-china-2026", "--runs", "40", "--policies", policies)
    assert set(result) == {
        "players", "policies", "payoff", "standard_error", "low", "high", "catastrophe_probability", "equilibria",
        "possible_equilibria", "verdict",
        "subgames", "social_optimum", "price_of_anarchy", "unilateral_slowdown_price",
    }  # fmt: skip
    assert result["players"] == ["us", "china"]
    assert result["policies"] == {"us": ["race", "treaty", "unilateral_slowdown"], "china": ["treaty", "race"]}
    game = policy_game(Scenario.load("us-china-2026").replace({"time.horizon": 2}), result["policies"], runs=40)
    for n, player in enumerate(game.players):
        assert np.array_equal(result["payoff"][player], game.payoff[n])
        assert np.array_equal(result["standard_error"][player], game.standard_error[n])
        assert (np.array(result["low"][player]) < result["payoff"][player]).all()
        assert (np.array(result["high"][player]) > result["payoff"][player]).all()
        price = result["unilateral_slowdown_price"][player]
        assert price["standard_error"] > 0
        assert price["low"] < price["mean"] < price["high"]
    assert np.array_equal(result["catastrophe_probability"], game.outcomes["catastrophe_probability"])
    assert list(result["subgames"]) == ["race/treaty"]
    for entry in result["subgames"].values():
        assert entry["probability"] == entry["probabilities"][entry["class"]]
        assert sum(entry["probabilities"].values()) == pytest.approx(1)
    for one in result["equilibria"]:
        assert set(one) == {"profile", "kind", "exploitability", "bootstrap_share"}
        for player, mixture in one["profile"].items():
            assert set(mixture) <= set(result["policies"][player])
            assert sum(mixture.values()) == pytest.approx(1)
        assert one["exploitability"] <= 1e-9
    best = result["social_optimum"]["profile"]
    assert result["social_optimum"]["welfare"] == pytest.approx((game.payoff[0] + game.payoff[1]).max())
    assert set(best) == {"us", "china"}


def test_json_is_the_same_whatever_the_threads(capsys):
    outputs = [run_json(capsys, "duopoly", "--runs", "60", "--threads", threads) for threads in ("1", "3")]
    assert outputs[0] == outputs[1]
    assert len(outputs[0]["subgames"]) == math.comb(len(POLICIES), 2)
    assert "treaty/covert_defection" in outputs[0]["subgames"]


@pytest.mark.parametrize("arguments", [(), ("--policies", "race,unilateral_slowdown")])
def test_a_text_to_read(capsys, arguments):
    assert cli.main(["game", "duopoly", "--runs", "40", *arguments]) == 0
    text = capsys.readouterr().out
    for part in ("the policy game of east and west, 40 runs in every cell", "Nash equilibria", "unilateral_slowdown",
                 "Probability of a catastrophe", "Best for all together", "race/unilateral_slowdown",
                 "Slowing down alone", "Common random numbers"):  # fmt: skip
        assert part in text


def test_three_nations_in_text(tmp_path, capsys):
    path = tmp_path / "three.toml"
    path.write_text(three_nations().to_toml())
    assert cli.main(["game", str(path), "--runs", "10", "--policies", "race,treaty"]) == 0
    text = capsys.readouterr().out
    assert "Every profile of policies" in text
    assert "pure ones only" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--policies", "race"], "two or more to choose between"),
        (["--policies", "race,war"], "no policy 'war'"),
        (["--policies", "race,"], "no policy ''"),
        (["--policies", "us=race|treaty,treaty"], "--policies: must be"),
        (["--policies", "us=race,us=treaty"], "--policies: must be"),
        (["--policies", "mars=race|treaty"], "no nation 'mars'"),
        (["--runs", "0"], "runs: must be a whole number, at least 2, got 0"),
        (["--set", "nations.us.policy=war"], "no policy 'war'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, message, capsys):
    assert cli.main(["game", "us-china-2026", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert message in captured.err


def test_a_nation_without_labs_is_refused(tmp_path, capsys):
    path = tmp_path / "empty.toml"
    path.write_text('base = "duopoly"\n[nations.east]\npolicy = "race"\n[nations.west]\n[nations.south]\n')
    assert cli.main(["game", str(path)]) == 2
    error = capsys.readouterr().err
    assert "nations.south: every nation needs a lab" in error
    assert error.count("\n") == 1
