"""Every parameter and every claim moves something; a paired effect is what it says."""

import numpy as np
import pytest

from race_sim import Scenario, simulate
from race_sim.runs.screening import CLAIMS, screen, screen_claims

RUNS = 40


@pytest.fixture(scope="module")
def rows():
    return screen("us-china-2026", runs=RUNS, seed=0, progress=False)


def test_most_parameters_move_an_outcome_in_few_runs(rows):
    assert np.mean([row.effect.seen for row in rows]) > 0.8


@pytest.mark.long
def test_every_parameter_moves_an_outcome(capsys, verified):
    rows = screen("us-china-2026", runs=400, seed=0, progress=False)
    scenario = Scenario.load("us-china-2026")
    expected = {
        p.path for p in scenario.parameters() if p.about.plausible and p.about.plausible[0] < p.about.plausible[1]
    }
    assert {row.name for row in rows} == expected
    with capsys.disabled():
        weakest = min(rows, key=lambda row: abs(row.effect.z))
        print(f"\n{len(rows)} parameters; the least visible: {weakest.name}, z = {weakest.effect.z:.1f}")
    unseen = [row.name for row in rows if not row.effect.seen]
    verified(
        f"12 parameters of {len(rows)} that move no outcome ({', '.join(unseen) or 'none'})", len(unseen), at_most=0
    )


def test_every_claim_switched_off_changes_its_outcome(verified):
    claims = screen_claims("us-china-2026", runs=400, seed=0, progress=False)
    assert len(claims) == len(CLAIMS)
    unseen = [row.name for row in claims if not row.effect.seen]
    verified(f"12 claims of {len(claims)} that change nothing ({', '.join(unseen) or 'none'})", len(unseen), at_most=0)


def test_an_effect_is_the_paired_difference(rows):
    row = next(row for row in rows if row.name == "nations.us.catastrophe_cost")
    scenario = Scenario.load("us-china-2026")
    low, high = (
        simulate(scenario.replace({"nations.us.catastrophe_cost": cost}), RUNS, 0, progress=False).nation_payoff
        for cost in (280.0, 11300.0)
    )
    nation = row.effect.outcome.removeprefix("payoff.")
    if nation in ("us", "china"):
        paired = (high - low).sel(nation=nation).values
        assert row.effect.effect == pytest.approx(paired.mean(), rel=1e-9)
        assert row.effect.standard_error == pytest.approx(paired.std(ddof=1) / np.sqrt(RUNS), rel=1e-6)
    else:
        assert row.effect.outcome == "welfare"


def test_what_does_nothing_is_seen_to_do_nothing():
    """Without treaties the penalty is inert: no outcome changes by a single bit."""
    scenario = Scenario.load("us-china-2026")
    one, other = (simulate(scenario.replace({"cooperation.penalty": c}), 20, 0, progress=False) for c in (0.0, 50.0))
    for name in one.data_vars:
        assert np.array_equal(one[name], other[name]), name
