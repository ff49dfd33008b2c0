"""One example of every plot, drawn from small read-only arrays: the contract test draws each, the images show some."""

import matplotlib.pyplot as plt
import numpy as np

from race_sim import plots

NATIONS = ["us", "china"]
CLASSES = ["harmony", "prisoner's dilemma", "chicken"]
RISK = "catastrophe (probability)"


def legend(ax):
    """What the legend says."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def fixed(values):
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array


TIMES = fixed(np.linspace(0, 10, 41))
SPREAD = fixed(np.linspace(-2, 2, 21))[:, None]
SHARES = fixed(np.linspace(0, 1, 101))
GRID = fixed(np.linspace(0.05, 0.95, 10))
DETECTION = fixed(np.linspace(0, 1, 11))
PARAMETERS = ["enmity", "skill", "spillover", "verification"]
NARROW = fixed([0.01, 0.012, 0.008, 0.01])
FIXATION = fixed([[1, 4.2, 0.3, 2.0], [0.1, 1, 1, 0.2], [6.5, 0.4, 1, 0.1], [0.2, 3.1, 17.0, 1]])
STRATEGIES = ["safe", "unsafe", "conditional", "punisher"]
STATIONARY = fixed([0.21, 0.47, 0.26, 0.06])


def trajectories(ax=None):
    race = fixed(np.exp(0.22 * TIMES + 0.06 * SPREAD * np.sqrt(TIMES)))
    treaty = fixed(np.exp(0.14 * TIMES + 0.05 * SPREAD * np.sqrt(TIMES)))
    marks = {"race": fixed([1.2, 3.1, 3.3, 5.8, 6.9, 7.4, 9.1]), "treaty": fixed([2.4, 8.2])}
    groups = {"race": race, "treaty": treaty}
    return plots.trajectories(TIMES, groups, ylabel="capability (doublings)", ax=ax, marks=marks)


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
    highlight = ("Nash", "treaty", "planner")
    return plots.frontier(points, xlabel="speed (doublings/yr)", ylabel=RISK, ax=ax, highlight=highlight)


def survival_curve(ax=None):
    times = fixed([0, 0.8, 1.9, 2.5, 4.0, 5.2, 7.1, 9.0, 10.0])
    race, treaty = fixed(0.85 ** np.arange(9)), fixed(0.94 ** np.arange(9))
    errors = [fixed(0.7 * np.sqrt(curve * (1 - curve) / 20)) for curve in (race, treaty)]
    return plots.survival_curve(times, {"race": (race, errors[0]), "treaty": (treaty, errors[1])}, ax=ax)


def response_curves(ax=None):
    errors = fixed(0.01 + 0.005 * DETECTION)
    curves = {"race": fixed(0.3 - 0.15 * DETECTION), "treaty": fixed(0.2 - 0.05 * DETECTION**2),
              "slowdown": fixed(0.12 + 0.1 * DETECTION)}  # fmt: skip
    drawn = {name: (curve, errors) for name, curve in curves.items()}
    ax = plots.response_curves(DETECTION, drawn, xlabel="verification (1/yr)", ylabel=RISK, ax=ax)
    ax.legend()
    return ax


def class_map(ax=None):
    x, y = np.meshgrid(DETECTION, GRID)
    classes = (x + y > 0.9).astype(int) + (x * y > 0.45)
    classes.setflags(write=False)
    sure = fixed(np.where(np.abs(x + y - 0.9) < 0.16, 0.7, 0.99))
    ax = plots.class_map(
        DETECTION, GRID, classes, sure, plots.COLOURS, xlabel="verification (1/yr)", ylabel="enmity (1)", ax=ax
    )
    key = plots.class_key(CLASSES, plots.COLOURS, undecided=True)
    ax.legend(handles=key, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return ax


def class_shares(ax=None):
    parts = zip(CLASSES, ([0.5, 0.2], [0.3, 0.5], [0.2, 0.3]), strict=True)
    shares = {name: (fixed(part), fixed([0.02, 0.03])) for name, part in parts}
    ax = plots.class_shares(NATIONS, shares, plots.COLOURS, xlabel="share of the box (1)", ax=ax)
    ax.legend(handles=plots.class_key(CLASSES, plots.COLOURS), loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
    return ax


def payoff_matrix(ax=None):
    payoff = fixed(
        [[[3.1, 0.4, 0.2], [4.2, 1.3, 0.9], [3.4, 1.1, 0.8]], [[3.0, 4.4, 3.6], [0.3, 1.2, 1.0], [0.4, 0.9, 1.3]]]
    )
    return plots.payoff_matrix(
        payoff, [["treaty", "race", "slowdown"]] * 2, NATIONS, fixed(0.04 + 0 * payoff), [(1, 1)], "welfare",
        ax, dominated=[("us", "treaty"), ("us", "slowdown"), ("china", "treaty")],
    )  # fmt: skip


def regions(ax=None):
    x, y = np.meshgrid(DETECTION, GRID)
    risk = fixed(0.6 * y * np.exp(-1.2 * x))
    return plots.regions(
        DETECTION, GRID, risk, xlabel="verification (1/yr)", ylabel="enmity (1)", label=RISK,
        boundaries={"a treaty holds to the right": fixed(DETECTION**2)}, limits=(0.0, 0.6), ax=ax,
        contours=(0.1, 0.2, 0.3), baseline=(0.4, 0.65),
    )  # fmt: skip


def estimates(ax=None):
    return plots.estimates(NATIONS, fixed([0.02, 0.1]), fixed([0.002, 0.01]), xlabel=RISK, ax=ax, logarithmic=True)


def contributions(ax=None):
    return plots.contributions(PARAMETERS, fixed([0.2, -0.12, 0.05, -0.02]), NARROW, xlabel="risk added (1)", ax=ax)


def waterfall(ax=None):
    return plots.waterfall(
        PARAMETERS, fixed([0.2, -0.12, 0.05, -0.02]), NARROW, start=("alone", 0.1, 0.004), end=("race", 0.21, 0.01),
        xlabel=RISK, ax=ax,
    )  # fmt: skip


def effect_map(ax=None):
    effects = fixed([[-0.2, 0.01, 0.1], [-0.05, 0.02, 0.3]])
    return plots.effect_map([0, 0.5, 1], [1, 2], effects, fixed(0.02 + 0 * effects), xlabel="visibility (1)",
                            ylabel="labs (1)", ax=ax)  # fmt: skip


def index_intervals(ax=None):
    total, first = fixed([0.5, 0.3, 0.12, 0.02]), fixed([0.4, 0.25, 0.05, 0.01])
    kinds = {"total": (total, fixed(total - 0.04), fixed(total + 0.05)),
             "first order": (first, fixed(first - 0.05), fixed(first + 0.05))}  # fmt: skip
    return plots.index_intervals(PARAMETERS, kinds, xlabel="share of variance (1)", ax=ax)


def functions(ax=None):
    curves = {"Nash": fixed(SHARES**2), "planner": fixed(SHARES**3)}
    return plots.functions(SHARES, curves, xlabel="enmity (1)", ylabel="risk (1)", ax=ax)


def band(ax=None):
    ax = plt.subplots()[1] if ax is None else ax
    plots.functions(SHARES, {"individual": fixed(SHARES)}, xlabel="prize (1)", ylabel="stake (1)", ax=ax, legend=False)
    return plots.band(ax, fixed(SHARES**2), fixed(SHARES), SHARES, label="suicide region")


def simplex_flow(ax=None):
    places = fixed([[i / 8, j / 8, 1 - (i + j) / 8] for i in range(9) for j in range(9 - i)])
    payoff = np.array([[0, -1, 1.2], [1.2, 0, -1], [-1, 1.2, 0]])
    fitness = places @ payoff.T
    velocities = fixed(places * (fitness - (places * fitness).sum(axis=1, keepdims=True)))
    path = fixed([[0.8, 0.1, 0.1], [0.6, 0.1, 0.3], [0.4, 0.25, 0.35]])
    return plots.simplex_flow(STRATEGIES[:3], places, velocities, [path], ax=ax)


def stationary_bars(ax=None):
    return plots.stationary_bars(STRATEGIES, STATIONARY, FIXATION, ax=ax)


def invasion_diagram(ax=None):
    return plots.invasion_diagram(STRATEGIES, STATIONARY, FIXATION, ax=ax)


def loop(ax=None):
    trust = fixed(0.5 + 0.3 * np.exp(-TIMES / 8) * np.cos(TIMES))
    regulation = fixed(0.4 + 0.25 * np.exp(-TIMES / 8) * np.sin(TIMES))
    paths = {"race": (trust, regulation), "treaty": (fixed(0.9 - 0.01 * TIMES), fixed(0.1 + 0.02 * TIMES))}
    return plots.loop(TIMES, paths, xlabel="trust in labs, mean (1)", ylabel="regulation, mean (1)", ax=ax, every=2)


def tornado(ax=None):
    low, high = fixed([0.1, 0.19, 0.30, 0.22]), fixed([0.4, 0.2, 0.27, 0.15])
    return plots.tornado(PARAMETERS, low, high, 0.2, xlabel=RISK, standard_errors=(NARROW, NARROW), ax=ax)


def regret_map(ax=None):
    regrets = fixed([[0.0, 2.4, 9.1], [1.2, 0.3, 2.0], [3.0, 0.0, 0.0]])
    return plots.regret_map(
        ["race / race", "race / treaty", "treaty / treaty"], ["mild", "middling", "severe"], regrets,
        xlabel="severity of a catastrophe", ylabel="profile of policies", label="regret (welfare)",
        standard_errors=fixed(0.1 + 0 * regrets), digits=1, ax=ax,
    )  # fmt: skip


def detection_valley(ax=None):
    errors = fixed(0.008 + 0 * DETECTION)
    curves = {"us": fixed(0.2 - 0.3 * DETECTION + 0.35 * DETECTION**2), "china": fixed(0.3 - 0.12 * DETECTION)}
    drawn = {name: (curve, errors) for name, curve in curves.items()}
    return plots.detection_valley(DETECTION, drawn, xlabel="detection of breaches (1/yr)", ylabel=RISK, ax=ax)


def exceedance(ax=None):
    samples = {"race": fixed([0.0, 1.5, 12.0, 80.0, 900.0]), "treaty": fixed([0.0, 0.0, 2.0, 30.0, 60.0])}
    return plots.exceedance(samples, xlabel="regret (welfare)", ylabel="share with as much (1)", ax=ax)


def intervals_reached(ax=None):
    low, high, reached = fixed([0.02, 4.0]), fixed([0.05, 14.0]), fixed([0.04, 7.2])
    names = ["hazard of a mishap (1/yr)", "lag (months)"]
    return plots.intervals_reached(names, low, high, reached, fixed(0.01 * reached), fixed([0.035, 7.0]), ax=ax)


def margins(ax=None):
    ratios, texts = fixed([2.4, 0.6, 1e5]), ["24 of 10", "6 of 10", "0 of 1e-9"]
    return plots.margins(["speed", "memory", "difference"], ratios, texts, xlabel="times better than asked (1)", ax=ax)


def level_map(ax=None):
    risk = fixed([[0.2, 0.1, 0.05], [0.4, 0.3, 0.2]])
    return plots.level_map([0.0, 0.5, 1.0], [0.0, 1.0], risk, fixed(0.01 + 0 * risk), xlabel="verification (1/yr)",
                           ylabel="enmity (1)", label=RISK, ax=ax)  # fmt: skip


def cloud(ax=None):
    return plots.cloud(SHARES, fixed(SHARES**2), xlabel="enmity (1)", ylabel=RISK, ax=ax)


def example(name):
    """The example of the plot with that name: a function of ``ax``."""
    return globals()[name]


def size(name):
    """Width and height (inches) at which an example is drawn."""
    return {"class_shares": (5.6, 2.0), "estimates": (5.6, 1.8), "invasion_diagram": (5.6, 4.2)}.get(name, (5.6, 3.8))
