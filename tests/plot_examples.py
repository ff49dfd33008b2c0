"""One example of every plot, drawn from small read-only arrays: the contract test draws each, the images show some."""

import numpy as np

from race_sim import plots


def fixed(values):
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array


TIMES = fixed(np.linspace(0, 10, 41))
SPREAD = fixed(np.linspace(-2, 2, 21))[:, None]
SHARES = fixed(np.linspace(0, 1, 101))
GRID = fixed(np.linspace(0.05, 0.95, 10))


def trajectories(ax=None):
    race = fixed(np.exp(0.22 * TIMES + 0.06 * SPREAD * np.sqrt(TIMES)))
    treaty = fixed(np.exp(0.14 * TIMES + 0.05 * SPREAD * np.sqrt(TIMES)))
    marks = {"race": fixed([1.2, 3.1, 3.3, 5.8, 6.9, 7.4, 9.1]), "treaty": fixed([2.4, 8.2])}
    return plots.trajectories(
        TIMES, {"race": race, "treaty": treaty}, ylabel="capability (doublings)", ax=ax, marks=marks
    )


def best_responses(ax=None):
    def first(share):
        return fixed(0.05 + 0.9 / (1 + np.exp(-10 * (np.asarray(share) - 0.5))))

    def second(share):
        return fixed(0.15 + 0.75 * np.asarray(share))

    x, y = np.meshgrid(GRID, GRID)
    return plots.best_responses(
        SHARES, {"us": first(SHARES), "china": second(SHARES)}, xlabel="safety share of the us (1)",
        ylabel="safety share of china (1)", field=(GRID, GRID, fixed(first(y) - x), fixed(second(x) - y)), ax=ax,
        equilibria=[(0.1067, 0.2300), (0.4168, 0.4626), (0.9212, 0.8409)], stable=[True, False, True],
        optima={"planners' optimum": (0.99, 0.97)},
    )  # fmt: skip


def frontier(ax=None):
    points = {
        "Nash": (3.1, 0.06, 0.21, 0.008), "treaty": (2.0, 0.05, 0.09, 0.006), "planner": (2.6, 0.05, 0.12, 0.006),
        "unilateral us": (2.5, 0.06, 0.18, 0.008), "unilateral china": (2.9, 0.06, 0.20, 0.009),
    }  # fmt: skip
    return plots.frontier(
        points, xlabel="speed (doublings/yr)", ylabel="catastrophe (probability)", ax=ax,
        highlight=("Nash", "treaty", "planner"),
    )  # fmt: skip


def survival_curve(ax=None):
    times = fixed([0, 0.8, 1.9, 2.5, 4.0, 5.2, 7.1, 9.0, 10.0])
    race, treaty = fixed(0.85 ** np.arange(9)), fixed(0.94 ** np.arange(9))
    errors = [fixed(0.7 * np.sqrt(curve * (1 - curve) / 20)) for curve in (race, treaty)]
    return plots.survival_curve(times, {"race": (race, errors[0]), "treaty": (treaty, errors[1])}, ax=ax)
