"""How fast is evolution, compared with EGTtools?

Question: how many times as fast as EGTtools are stationary distributions on a grid of 100 x 100 games, and simulated
Fermi imitation at mutation 0.01? Design: as in the rest of this folder, CPU time of one thread, both timed in turn in
one process, medians of ratios; of the routes that EGTtools offers to the same numbers, the fastest counts. First both
must give the same numbers. EGTtools is no dependency: where it is not installed, nothing is compared.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from experiments.performance.clock import Row, cpu
from race_sim.games.han2020 import IdealisedRace, race_payoff
from race_sim.solvers.evolution import full_chain, imitate, log_fixation, stationary_distribution

POPULATION, MUTATION = 100, 0.01
START = [33, 33, 34]
SPEEDS, RISKS = np.linspace(1.0, 5.0, 100), np.linspace(0.0, 1.0, 100)
# Disaster probabilities and selection strengths: unsafe play dominates, the two tie, safe play dominates.
CASES = ((0.5, 0.1), (0.5, 0.01), (0.76, 0.01), (0.9, 0.1))


def payoff_at(p_r: float, s: float = 1.5) -> np.ndarray:
    """The idealised race at the paper's other parameters."""
    return race_payoff(4.0, 1.0, s, 0.5, 1e4, 100.0, p_r)


def stationary_routes(payoff: np.ndarray, beta: float) -> dict[str, Callable[[], Any]]:
    """EGTtools' ways to the stationary distribution of one game."""
    from egttools.analytical import PairwiseComparison, StochDynamics
    from egttools.games import Matrix2PlayerGameHolder
    from egttools.utils import calculate_stationary_distribution

    strategies = len(payoff)

    def compiled() -> Any:
        game = Matrix2PlayerGameHolder(strategies, payoff)  # the evolver does not keep it alive
        evolver = PairwiseComparison(POPULATION, game)
        transitions, _ = evolver.calculate_transition_and_fixation_matrix_sml(beta)
        return calculate_stationary_distribution(transitions.transpose())

    def in_python() -> Any:
        transitions, _ = StochDynamics(strategies, payoff, POPULATION).transition_and_fixation_matrix(beta)
        return calculate_stationary_distribution(transitions)

    return {"PairwiseComparison": compiled, "StochDynamics": in_python}


def stationary_rows(pairs: int, points: int) -> list[Row]:
    """The grid of speeds and disaster probabilities, per point."""
    mild = np.random.default_rng(1).normal(size=(3, 3))
    ours = stationary_distribution(mild, POPULATION, 0.1).probability
    worst = max(float(np.abs(route() - ours).max()) for route in stationary_routes(mild, 0.1).values())
    race = IdealisedRace(beta=0.01, Z=POPULATION)
    race.scan(SPEEDS[:2], RISKS[:2])
    rng, ratios = np.random.default_rng(2), []
    for _ in range(pairs):
        ours_per_point = cpu(lambda: race.scan(SPEEDS, RISKS)) / (len(SPEEDS) * len(RISKS))
        games = [payoff_at(rng.choice(RISKS), rng.choice(SPEEDS)) for _ in range(points)]
        routes = [[cpu(route) for route in stationary_routes(game, 0.01).values()] for game in games]
        ratios.append(float(np.mean(routes, axis=0).min()) / ours_per_point)
    ratio = float(np.median(ratios))
    return [
        ("stationary distribution of a mild game: largest difference from EGTtools", worst, "", "at most 1e-6"),
        ("stationary distributions, 100 x 100 games: EGTtools / ours, per point", ratio, "", "at least 500"),
    ]


def simulation_routes(payoff: np.ndarray, beta: float, steps: int) -> dict[str, Callable[[], Any]]:
    """EGTtools' ways to simulate ``steps`` updates of a mixed population."""
    from egttools.games import Matrix2PlayerGameHolder
    from egttools.numerical import PairwiseComparisonNumerical

    game = Matrix2PlayerGameHolder(len(payoff), payoff)
    evolver = PairwiseComparisonNumerical(POPULATION, game, 100_000)
    start = np.array(START)
    return {
        "evolve": lambda _game=game: evolver.evolve(steps, beta, MUTATION, start),
        "run_with_mutation": lambda _game=game: evolver.run_with_mutation(steps, beta, MUTATION, start),
    }


def simulation_ratio(payoff: np.ndarray, beta: float, steps: int, seed: int) -> float:
    """EGTtools' CPU time per update step over ours."""
    ours = cpu(lambda: imitate(payoff, START, beta, MUTATION, 10 * steps, seed)) / 10
    return min(cpu(route) for route in simulation_routes(payoff, beta, steps).values()) / ours


def simulation_rows(pairs: int, steps: int) -> list[Row]:
    """The same number of update steps of the same process."""
    result: list[Row] = []
    for p_r, beta in CASES:
        payoff = payoff_at(p_r)
        imitate(payoff, START, beta, MUTATION, 1000, 0, blocks=1)
        ratio = float(np.median([simulation_ratio(payoff, beta, steps, pair) for pair in range(pairs)]))
        what = f"Fermi imitation, mutation {MUTATION}, p_r = {p_r}, beta = {beta}: EGTtools / ours"
        result.append((what, ratio, "", "at least 30"))
    return result


def agreement_row(steps: int) -> Row:
    """How many standard errors EGTtools' mean composition is from the exact chain that our simulation follows."""
    payoff, beta = payoff_at(0.5), 0.01
    exact = full_chain(payoff, POPULATION, beta, MUTATION).frequency[1]
    seen = simulation_routes(payoff, beta, steps)["run_with_mutation"]()[steps // 10 :, 1] / POPULATION
    blocks = seen[: len(seen) // 20 * 20].reshape(20, -1).mean(axis=1)
    z = abs(float(seen.mean()) - exact) / (blocks.std(ddof=1) / np.sqrt(20))
    return ("EGTtools' simulated unsafe share from our exact chain, in standard errors", float(z), "", "below 4")


def limit_row() -> Row:
    """Share of a standard sweep on which EGTtools has a fixation probability of exactly 0, and ours has none."""
    from egttools.analytical import PairwiseComparison
    from egttools.games import Matrix2PlayerGameHolder

    lost = []
    for p_r in RISKS[::10]:
        payoff = payoff_at(float(p_r))
        game = Matrix2PlayerGameHolder(3, payoff)
        evolver = PairwiseComparison(POPULATION, game)
        theirs = evolver.calculate_transition_and_fixation_matrix_sml(0.01)[1]
        ours = log_fixation(payoff, POPULATION, 0.01)
        off = ~np.eye(3, dtype=bool)
        lost.append((np.asarray(theirs)[off] == 0.0) & np.isfinite(ours[off]))
    share = 100 * float(np.mean(lost))
    return ("fixation probabilities that EGTtools rounds to 0, s = 1.5, beta = 0.01", share, "%", "")


def rows(quick: bool = False) -> list[Row]:
    """Rows of the performance table: what, value, unit, target. Empty, with a line, where EGTtools is not installed."""
    if find_spec("egttools") is None:
        print("no EGTtools here (pip install egttools): evolution not compared with it")
        return []
    pairs = 1 if quick else 7
    result = stationary_rows(pairs, 2 if quick else 10)
    result += simulation_rows(pairs, 50_000 if quick else 500_000)
    return [*result, agreement_row(200_000 if quick else 1_000_000), limit_row()]


if __name__ == "__main__":
    for what, value, unit, target in rows():
        print(f"{what:90s} {value:12.4g} {unit:3s} {target}", flush=True)
