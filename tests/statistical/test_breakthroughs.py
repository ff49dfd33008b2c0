"""Breakthroughs with every boost 0 are binomial, and Poisson as the period shrinks."""

import math

import numpy as np
import pytest
from scipy import stats

from race_sim.runs.simulation import simulate
from tests.statistical.test_closed_forms import EFFORT_ELASTICITY, SHARE, alone

RATE, YEARS = 0.5, 8
QUIET = {
    "breakthrough.rate": RATE,
    "breakthrough.size": 0.1,
    "breakthrough.investment_boost": 0.0,
    "breakthrough.rival_response": 0.0,
    "incidents.mishap_hazard": 0.0,
}


def chi_square(counts: np.ndarray, law: stats.rv_discrete) -> float:
    """p-value of counts against a law, with cells of at least 20 expected."""
    top = next(n for n in range(1000) if law.sf(n) * len(counts) < 20)
    cells = np.arange(top + 1)
    expected = np.append(law.pmf(cells), law.sf(top)) * len(counts)
    first = int(np.argmax(np.cumsum(expected) >= 20))
    observed = np.append(np.bincount(counts, minlength=top + 1)[: top + 1], (counts > top).sum())
    merged = [np.concatenate([[x[: first + 1].sum()], x[first + 1 :]]) for x in (observed, expected)]
    return float(stats.chisquare(*merged).pvalue)


def counts(per_year: int, runs: int) -> np.ndarray:
    scenario = alone(per_year, **QUIET)
    return simulate(scenario, runs, seed=3)["breakthroughs"].values.round().astype(int)


def test_binomial(verified):
    drive = (1 - SHARE) ** EFFORT_ELASTICITY
    law = stats.binom(YEARS * 12, 1 - math.exp(-RATE * drive / 12))
    p_value = chi_square(counts(12, 50_000), law)
    print(f"\nbinomial: p = {p_value:.3f}")
    verified("04 breakthroughs are binomial: p of chi-square", p_value, at_least=1e-3)


@pytest.mark.parametrize("runs", [5_000, pytest.param(50_000, marks=pytest.mark.long)])
def test_poisson_in_the_limit(runs, verified):
    drive = (1 - SHARE) ** EFFORT_ELASTICITY
    law = stats.poisson(RATE * drive * YEARS)
    p_value = chi_square(counts(192, runs), law)
    verified(f"04 breakthroughs are Poisson in the limit, {runs:,} runs: p of chi-square", p_value, at_least=1e-3)
    assert chi_square(counts(1, 50_000), law) < 1e-6, "yearly periods are far from the limit, and the test sees it"
