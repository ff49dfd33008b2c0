"""One lab alone: capability and assurance against closed forms, mishaps against quadrature."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from race_sim.runs.simulation import simulate
from race_sim.scenario.scenario import Scenario

GROWTH, EFFORT_ELASTICITY, SHARE = 1.1, 0.35, 0.2
POINT = Scenario.load("us-china-2026-point-v1").to_dict()


def alone(per_year: int, **changes: Any) -> Scenario:
    """One lab with a constant share; no breakthroughs, no diffusion, no loss of trust, no regulation."""
    tables = {
        **POINT,
        "name": "alone",
        "time": {"horizon": 8, "periods_per_year": per_year, "decision_interval": 1},
        "nations": {"here": {}},
        "labs": {"only": {"nation": "here", "capability": 0.5, "resources": 1.0, "rule": "fixed"}},
    }
    quiet = {
        "lab.initial_share": SHARE,
        "breakthrough.rate": 0.0,
        "capability.diffusion_rate": 0.0,
        "capability.growth_rate": GROWTH,
        "capability.effort_elasticity": EFFORT_ELASTICITY,
        "trust.mishap_loss": 0.0,
        "regulation.home_probability": 0.0,
    }
    return Scenario.from_dict(tables).replace({**quiet, **changes})


def capability(t: float, difficulty: float) -> float:
    """k(t) from k(0) = 0.5."""
    pace = GROWTH * (1 - SHARE) ** EFFORT_ELASTICITY
    if difficulty == 0.0:
        return 0.5 + pace * t
    return math.log10(10 ** (difficulty * 0.5) + math.log(10) * difficulty * pace * t) / difficulty


def assurance(t: float, difficulty: float, gap: float, rate: float, elasticity: float) -> float:
    """a(t) for capability that grows linearly, while a < k."""
    pace = GROWTH * (1 - SHARE) ** EFFORT_ELASTICITY
    amount = rate * SHARE**elasticity
    if difficulty == 0.0:
        return 0.5 - gap + amount * t
    fading = (1 - 10 ** (-difficulty * pace * t)) / (difficulty * pace * math.log(10))
    return 0.5 - gap + amount * 10 ** (-difficulty * 0.5) * fading


def path(scenario: Scenario, name: str) -> np.ndarray:
    return simulate(scenario, 1, trajectories=True)[f"lab_{name}_path"].values[0, :, 0]


@pytest.mark.parametrize("difficulty", [0.0, 0.05, 0.3])
def test_capability(difficulty, verified):
    errors = []
    for per_year in (12, 24, 48, 96):
        scenario = alone(per_year, **{"capability.idea_difficulty": difficulty})
        errors.append(path(scenario, "capability")[-1] - capability(8.0, difficulty))
    name = f"01 capability of a lone lab, closed form, idea difficulty {difficulty:g}"
    if difficulty == 0.0:
        verified(f"{name}: error, OOM", np.abs(errors).max(), at_most=1e-12)
        return
    ratios = np.array(errors[:-1]) / np.array(errors[1:])
    print(f"\nerrors {errors}, ratios {ratios}")
    verified(f"{name}: error at 96 periods a year, OOM", abs(errors[-1]), at_most=2e-3)
    for ratio in ratios:  # first order: half the period, half the error
        verified(f"{name}: errors over those of half the period", ratio, 1.9, 2.1)


@pytest.mark.parametrize("difficulty", [0.0, 0.05, 0.3])
def test_assurance(difficulty, verified):
    errors = []
    for per_year in (12, 24, 48, 96):
        scenario = alone(per_year, **{"capability.idea_difficulty": 0.0, "assurance.difficulty": difficulty})
        errors.append(path(scenario, "assurance")[-1] - assurance(8.0, difficulty, 0.3, 1.6, 0.5))
    name = f"02 assurance of a lone lab, closed form, difficulty {difficulty:g}"
    if difficulty == 0.0:
        verified(f"{name}: error, OOM", np.abs(errors).max(), at_most=1e-12)
        return
    ratios = np.array(errors[:-1]) / np.array(errors[1:])
    verified(f"{name}: error at 96 periods a year, OOM", abs(errors[-1]), at_most=5e-3)
    for ratio in ratios:
        verified(f"{name}: errors over those of half the period", ratio, 1.9, 2.1)


def test_assurance_never_exceeds_capability():
    scenario = alone(12, **{"assurance.growth_rate": 50.0})
    gaps = path(scenario, "capability") - path(scenario, "assurance")
    assert (gaps >= 0).all()
    assert gaps[-1] == 0.0


LIVELY = {"incidents.mishap_hazard": 0.02, "incidents.gap_sensitivity": 0.2, "incidents.catastrophe_probability": 0.0}


def hazard(t: float) -> float:
    """h(t) by the laws, on the closed forms of k and a."""
    gap = capability(t, 0.0) - assurance(t, 0.05, 0.3, 1.6, 0.5)
    return 0.02 * (10 ** (0.2 * max(0.0, gap)) - 1)


def no_mishap(per_year: int, runs: int) -> tuple[float, float]:
    """Share of runs without a mishap, and the discrete product of the periods' probabilities."""
    scenario = alone(per_year, **{"capability.idea_difficulty": 0.0, **LIVELY})
    hazards = simulate(scenario, 1, trajectories=True)["lab_hazard_path"].values[0, :, 0]
    clean = simulate(scenario, runs, seed=5, estimator="sampled")["mishaps"].values == 0
    return float(clean.mean()), float(np.exp(-hazards.sum() / per_year))


RUNS = [20_000, pytest.param(200_000, marks=pytest.mark.long)]


@pytest.mark.parametrize("runs", RUNS)
def test_no_mishap_against_quadrature(runs, verified):
    expected = math.exp(-quad(hazard, 0, 8)[0])
    share, product = no_mishap(96, runs)
    error = math.sqrt(expected * (1 - expected) / runs)
    print(f"\nno mishap in 8 years: quadrature {expected:.5f}, product {product:.5f}, sampled {share:.5f}, "
          f"z = {(share - expected) / error:.2f}, {(share - product) / error:.2f}")  # fmt: skip
    verified(f"03 no mishap in 8 years, {runs:,} runs against quadrature: z", (share - expected) / error, -4, 4)
    verified(
        f"03 no mishap in 8 years, {runs:,} runs against the product of periods: z", (share - product) / error, -4, 4
    )


@pytest.mark.parametrize("runs", RUNS)
def test_no_mishap_against_the_product_at_monthly_periods(runs):
    share, product = no_mishap(12, runs)
    error = math.sqrt(product * (1 - product) / runs)
    assert abs(share - product) < 4 * error
