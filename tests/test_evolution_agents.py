"""Simulated populations against the exact chain, on graphs, and whatever the number of threads."""

import networkx
import numpy as np
import pytest

from race_sim.errors import InputError
from race_sim.games.cimpeanu2022 import unsafe_shares
from race_sim.games.han2020 import race_payoff
from race_sim.solvers.evolution import (
    Adjacency,
    adjacency,
    complete,
    full_chain,
    imitate,
    imitate_on,
    log_fixation,
    square_lattice,
)

GAMES = {
    "idealised race": (race_payoff(4, 1, 1.5, 0.5, 1e4, 100, 0.7), 0.02),
    "rock, paper, scissors": (np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]), 1.0),
    "hawk and dove": (np.array([[-1.0, 4.0], [0.0, 2.0]]), 0.5),
}


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("self_interaction", [False, True])
def test_well_mixed_simulation_follows_the_exact_chain(name, self_interaction):
    payoff, beta = GAMES[name]
    start = np.full(len(payoff), 30 // len(payoff))
    exact = full_chain(payoff, 30, beta, 0.05, self_interaction)
    seen = imitate(
        payoff, start, beta, 0.05, 4_000_000, seed=11, skip=20_000, blocks=40, self_interaction=self_interaction
    )
    z = (seen.mean - exact.frequency) / seen.standard_error
    print(name, self_interaction, "z-scores of the composition", z)
    assert (np.abs(z) < 4).all()
    alike = np.array([exact.stationary[(exact.states[:, a] == 30)].sum() for a in range(len(payoff))])
    assert np.abs(seen.homogeneous[0] - alike).max() < 0.02


def test_error_from_block_averages_is_that_of_independent_runs():
    payoff, beta = GAMES["hawk and dove"]
    runs = imitate(payoff, [15, 15], beta, 0.05, 100_000, seed=3, skip=2000, blocks=20, runs=200)
    means = runs.frequency.mean(axis=1)[:, 0]
    between = means.std(ddof=1)
    within = np.mean(runs.frequency[:, :, 0].std(axis=1, ddof=1) / np.sqrt(20))
    print("standard error of one run: between runs", between, "from its blocks", within)
    assert abs(within / between - 1) < 4 / np.sqrt(2 * 199)


def test_simulated_fixation_is_the_exact_one():
    payoff = np.array([[1.0, 0.5], [1.3, 0.6]])
    exact = np.exp(log_fixation(payoff, 20, 0.5)[0, 1])
    runs = 20_000
    seen = imitate(payoff, [19, 1], 0.5, 0.0, 100_000, seed=5, blocks=1, runs=runs)
    assert set(map(tuple, seen.final.tolist())) == {(20, 0), (0, 20)}
    z = ((seen.final[:, 1] == 20).mean() - exact) / np.sqrt(exact * (1 - exact) / runs)
    print("fixation", exact, "z-score", z)
    assert abs(z) < 4


@pytest.mark.parametrize("name", GAMES)
def test_a_complete_graph_follows_the_exact_chain(name):
    payoff, beta = GAMES[name]
    start = np.full(len(payoff), 12 // len(payoff))
    exact = full_chain(payoff, 12, beta, 0.1)
    seen = imitate_on(complete(12), payoff, start, beta, 100, 7, mutation=0.1, averaged=True, runs=800)
    means = seen.frequency[:, 21:].mean(axis=1)
    z = (means.mean(axis=0) - exact.frequency) / (means.std(axis=0, ddof=1) / np.sqrt(len(means)))
    print(name, "z-scores on a complete graph", z)
    assert (np.abs(z) < 4).all()


def test_threads_and_runs_never_change_a_number():
    payoff, beta = GAMES["idealised race"]
    one, two = (imitate(payoff, [10, 10, 10], beta, 0.05, 2000, 9, runs=16, threads=t) for t in (1, 2))
    alone = imitate(payoff, [10, 10, 10], beta, 0.05, 2000, 9, runs=3)
    assert (one.frequency == two.frequency).all()
    assert (alone.frequency == one.frequency[:3]).all()
    graph = square_lattice(6, 6)
    one, two = (imitate_on(graph, payoff, [12, 12, 12], beta, 20, 9, mutation=0.05, runs=8, threads=t) for t in (1, 2))
    assert (one.frequency == two.frequency).all()
    assert (one.frequency[0] != one.frequency[1]).any()
    other = imitate_on(graph, payoff, [12, 12, 12], beta, 20, 10, mutation=0.05, runs=8)
    assert (one.frequency != other.frequency).any()


def test_skipping_is_not_seeing():
    payoff, beta = GAMES["idealised race"]
    whole = imitate(payoff, [10, 10, 10], beta, 0.05, 3000, 2, blocks=3000)
    part = imitate(payoff, [10, 10, 10], beta, 0.05, 2000, 2, skip=1000, blocks=2000)
    assert (whole.frequency[:, 1000:] == part.frequency).all()
    steps = np.abs(np.diff(np.rint(whole.frequency[0] * 30), axis=0)).sum(axis=1)
    assert set(steps) == {0, 2}  # one player at a time


def test_graphs():
    lattice = square_lattice(4, 5)
    torus = networkx.convert_node_labels_to_integers(networkx.grid_2d_graph(4, 5, periodic=True), ordering="sorted")
    mine = {
        frozenset((i, int(j))) for i in range(20) for j in lattice.neighbour[lattice.start[i] : lattice.start[i + 1]]
    }
    assert mine == {frozenset(edge) for edge in torus.edges}
    assert (adjacency(networkx.complete_graph(5)).neighbour == complete(5).neighbour).all()
    with pytest.raises(InputError, match="must be mutual, without loops"):
        Adjacency(np.array([0, 1, 1]), np.array([1]))
    with pytest.raises(InputError, match="start: must add up to the number of nodes, 20, got 19"):
        imitate_on(lattice, np.eye(2), [10, 9], 1.0, 10, 0)


def test_scale_free_graphs_have_less_unsafe_play_in_the_dilemma_zone():
    for p_r in (0.6, 0.7):
        lattice, mixed, scale_free = (unsafe_shares(graph, p_r) for graph in ("lattice", "well_mixed", "scale_free"))
        error = np.sqrt((lattice.var(ddof=1) + scale_free.var(ddof=1)) / len(lattice))
        z = (lattice.mean() - scale_free.mean()) / error
        print(f"p_r {p_r}: lattice {lattice.mean()}, well mixed {mixed.mean()}, scale-free {scale_free.mean()}, z {z}")
        assert abs(lattice.mean() - mixed.mean()) < 0.1
        assert lattice.mean() - scale_free.mean() > 0.1
        assert z > 2
