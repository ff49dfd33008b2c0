"""Labs fear what a mishap would cost before there has been one, if and only if anticipation is on."""

import numpy as np
import pytest

from race_sim.kernels.period import run_period
from race_sim.kernels.run import run_traced
from race_sim.kernels.state import LAB_TRACE, NATION_TRACE, WORLD_TRACE
from race_sim.runs.records import build
from race_sim.scenario.scenario import Scenario

RUNS = 40
SHARE_ACCURACY = 1e-4  # of a best response, in shares
LEVERS = ("trust.commons_share", "regulation.home_probability")
# The baseline starts with next to no hazard, and labs at the share that just closes their gap: nothing to fear yet, and
# the first shares move by 3e-8 and 2e-5. The upper ends of the plausible ranges give them something to fear.
DANGEROUS = {"incidents.mishap_hazard": 0.01, "incidents.gap_sensitivity": 0.6, "assurance.initial_gap": 1.0}


def scenario(anticipation: float, lever: str, value: float) -> Scenario:
    return Scenario.load("us-china-2026-point").replace({"lab.anticipation": anticipation, lever: value})


def first_shares(anticipation: float, lever: str, value: float) -> np.ndarray:
    """What every lab of a dangerous race chooses at the first decision, before anything has happened."""
    records = build(scenario(anticipation, lever, value).replace(DANGEROUS), 0, np.arange(1))
    run_period(records.labs[0], records.nations[0], records.worlds[0], records.parameters[0])
    return records.labs["chosen"][0].copy()


def paths(anticipation: float, lever: str, value: float) -> tuple[np.ndarray, np.ndarray]:
    """Shares in use (runs, periods, labs), and which of these periods (runs, periods) no mishap precedes."""
    race = scenario(anticipation, lever, value)
    records = build(race, 14, np.arange(RUNS))
    shape = (RUNS, race.periods)
    labs, nations = np.zeros((*shape, len(race.labs)), LAB_TRACE), np.zeros((*shape, len(race.nations)), NATION_TRACE)
    run_traced(*records, labs, nations, np.zeros(shape, WORLD_TRACE))
    mishaps = labs["mishap"].sum(axis=2)
    return labs["share"], np.cumsum(mishaps, axis=1) - mishaps == 0


@pytest.mark.parametrize("lever", LEVERS)
def test_the_first_shares_respond_if_and_only_if_labs_anticipate(lever):
    low, high = first_shares(1.0, lever, 0.0), first_shares(1.0, lever, 1.0)
    print(f"\n{lever} from 0 to 1 moves the first shares {np.round(low, 4)} by {np.round(high - low, 6)}")
    assert np.abs(high - low).max() > SHARE_ACCURACY
    assert (first_shares(0.0, lever, 0.0) == first_shares(0.0, lever, 1.0)).all()


def test_fear_of_regulation_at_home_makes_labs_more_careful():
    low, high = (first_shares(1.0, "regulation.home_probability", value) for value in (0.0, 1.0))
    assert (high >= low).all()
    assert (high > low).any()


@pytest.mark.parametrize("lever", LEVERS)
def test_without_anticipation_no_share_moves_before_the_first_mishap(lever, verified):
    low, before = paths(0.0, lever, 0.0)
    high, before_too = paths(0.0, lever, 1.0)
    print(f"\n{int(before.sum())} of {before.size} periods before a mishap, compared bit by bit")
    assert (before == before_too).all()
    assert not before.all()
    moved = int((low[before] != high[before]).sum())
    verified(f"14 shares that {lever} moves before a mishap, without anticipation", moved, at_most=0)
    assert (low[~before] != high[~before]).any(), "after a mishap, both levers matter"


@pytest.mark.parametrize("lever", LEVERS)
def test_with_anticipation_shares_move_before_the_first_mishap(lever, verified):
    low, before = paths(1.0, lever, 0.0)
    high, before_too = paths(1.0, lever, 1.0)
    moved = np.where((before & before_too)[:, :, np.newaxis], np.abs(high - low), 0.0).max(axis=(1, 2))
    print(
        f"\n{(moved > SHARE_ACCURACY).sum()} of {RUNS} runs respond before a mishap, by {np.median(moved):.4f} (median)"
    )
    verified(f"14 by how much {lever} moves shares before a mishap, with it", np.median(moved), at_least=SHARE_ACCURACY)
