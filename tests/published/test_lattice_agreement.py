"""Races on the lattice end, on average, as in the plain re-implementation."""

import math

import numpy
import pytest

from race_sim.games._base.catalogue import published
from tests.published import cimpeanu2022

RUNS = 200
SIDE, GENERATIONS = 8, 4


@pytest.mark.parametrize("p_r", [0.3, 0.45, 0.6])
def test_lattice_ends_alike_on_average(p_r):
    # A small prize and weak imitation, so that the share at the end is far from both borders.
    point = {"B": 100.0, "W": 20.0, "p_fo": 0.2, "p_r": p_r, "beta": 0.1}
    payoff = cimpeanu2022.results(**point)["payoff"]
    random = numpy.random.default_rng(2022)
    blind = [cimpeanu2022.lattice_run(payoff, SIDE, point["beta"], GENERATIONS, random) for _ in range(RUNS)]
    game = published("cimpeanu2022")
    ours = [
        game(**point, nodes=SIDE**2, graph="lattice", generations=GENERATIONS, seed=seed).results()["final_unsafe"]
        for seed in range(RUNS)
    ]
    assert 0.05 < numpy.mean(blind) < 0.95
    error = math.sqrt((numpy.var(blind) + numpy.var(ours)) / RUNS)
    z = (numpy.mean(ours) - numpy.mean(blind)) / error
    print(f"p_r = {p_r}: blind {numpy.mean(blind):.4f}, catalogue {numpy.mean(ours):.4f}, z = {z:.2f}")
    assert abs(z) < 4
