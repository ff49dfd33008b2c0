"""Figures of the evolutionary games, one function per citation key: a game's numbers in, a figure out."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from race_sim import solve
from race_sim.games.alalawi2024 import STATES as TRUST_STATES
from race_sim.games.bova2023 import STATES as MARKET_STATES
from race_sim.games.han2020 import STRATEGIES, IdealisedRace
from race_sim.games.han2022 import STRATEGIES as COMMITTED
from race_sim.plots import functions, regions, response_curves, simplex_flow, stationary_bars
from race_sim.solvers.evolution import replicator

RISK = "disaster probability p_r (1)"


def relative(log_fixation: list[list[float | None]], population: int) -> np.ndarray:
    """Fixation probabilities over the neutral one, 1 on the diagonal."""
    logs = np.array([[0.0 if value is None else value for value in row] for row in log_fixation])
    times: np.ndarray = population * np.exp(logs)
    np.fill_diagonal(times, 1.0)
    return times


def han2020(points: int) -> Figure:
    """The unsafe share over speed and risk with the zones, transitions at two risks, and the flow between them."""
    figure, axes = plt.subplots(2, 2, figsize=(7.4, 6.6))
    speeds, risks = np.linspace(1.01, 5, points), np.linspace(0, 1, points)
    shares = IdealisedRace(self_interaction=True).scan(speeds, risks)
    boundaries = {"socially safe above": 1 - 1 / speeds, "safety risk-dominant above": 1 - 1 / (3 * speeds)}
    regions(speeds, risks, shares[..., 1].T, xlabel="speed of unsafe development s (1)", ylabel=RISK,
            label="share of always unsafe, AU (1)", boundaries=boundaries, ax=axes[0, 0])  # fmt: skip
    for ax, p_r in zip((axes[0, 1], axes[1, 0]), (0.9, 0.6), strict=True):
        result = solve("han2020", p_r=p_r, self_interaction=True)
        stationary_bars(STRATEGIES, result["stationary"], relative(result["log_fixation"], 100), ax=ax, at_least=0.01)
        ax.set_title(f"p_r = {p_r}; arrows: fixation\nover that of a neutral mutant", fontsize=9)
    _flow(axes[1, 1], IdealisedRace(p_r=0.6).payoff, STRATEGIES)
    axes[1, 1].set_title("replicator flow, p_r = 0.6", fontsize=9)
    return figure


def _flow(ax: Axes, payoff: np.ndarray, names: tuple[str, ...]) -> None:
    steps = 12
    places = np.array([(i, j, steps - i - j) for i in range(1, steps) for j in range(1, steps - i)]) / steps
    fitness = places @ payoff.T
    velocities = places * (fitness - (places * fitness).sum(axis=1, keepdims=True))
    times = np.linspace(0, 5, 400)
    starts = ((0.55, 0.15, 0.3), (0.2, 0.1, 0.7), (0.8, 0.1, 0.1), (0.4, 0.25, 0.35), (0.1, 0.3, 0.6))
    simplex_flow(names, places, velocities, [replicator(payoff, start, times) for start in starts], ax=ax)


def han2021(points: int) -> Figure:
    """The unsafe share over cost and effect of punishment and of reward, at low, middling and high risk."""
    figure, axes = plt.subplots(2, 3, figsize=(7, 4.8), sharex=True, sharey=True)
    costs = effects = np.linspace(0, 2, min(points, 33))
    for row, incentive in enumerate(("punishment", "reward")):
        for ax, p_r in zip(axes[row], (0.25, 0.5, 0.9), strict=True):
            unsafe = [
                [solve("han2021", incentive=incentive, p_r=p_r, s_a=s_a, s_b=s_b)["unsafe"] for s_a in costs]
                for s_b in effects
            ]
            regions(costs, effects, unsafe, xlabel="cost s_a (speed)" if row else "",
                    ylabel="effect s_b (speed)" if p_r == 0.25 else "", label="unsafe share (1)", ax=ax,
                    colour_bar=p_r == 0.9)  # fmt: skip
            ax.set_title(f"{incentive}, p_r = {p_r}", fontsize=9)
    return figure


def han2022(points: int) -> Figure:
    """Unsafe play over risk: nothing, punishment alone, commitments; and where commitments take the population."""
    figure, axes = plt.subplots(2, 1, figsize=(6, 7), height_ratios=(1, 1.15))
    risks = np.linspace(0, 1, points)
    curves = {
        "no incentive": [solve("han2021", p_r=p_r, s_a=0, s_b=0)["unsafe"] for p_r in risks],
        "punishment alone": [solve("han2021", p_r=p_r)["unsafe"] for p_r in risks],
        "commitments": [solve("han2022", p_r=p_r)["unsafe"] for p_r in risks],
    }
    functions(risks, curves, xlabel=RISK, ylabel="unsafe play (1)", ax=axes[0])
    for place, name in ((1 / 3, "socially safe above"), (7 / 9, "safety risk-\ndominant above")):
        axes[0].axvline(place, color="black", linewidth=0.8)
        axes[0].text(place, 1.02, name, ha="center", va="bottom", fontsize=7)
    result = solve("han2022", p_r=0.6)
    names = [name.replace("-", "\n") for name in COMMITTED]
    stationary_bars(names, result["stationary"], relative(result["log_fixation"], 100), ax=axes[1], arrows=4)
    axes[1].set_title("p_r = 0.6; the four strongest arrows", fontsize=9)
    return figure


def cimpeanu2022(points: int) -> Figure:
    """Unsafe play over risk on three kinds of graph, means of several seeds."""
    quick = points < 20
    risks, seeds = np.linspace(0.3, 0.9, 4 if quick else 13), range(2 if quick else 10)
    curves = {}
    for graph in ("well_mixed", "lattice", "scale_free"):
        unsafe = np.array([[solve("cimpeanu2022", graph=graph, p_r=p_r, seed=seed)["unsafe"] for seed in seeds]
                           for p_r in risks])  # fmt: skip
        curves[graph.replace("_", " ")] = (unsafe.mean(axis=1), unsafe.std(axis=1, ddof=1) / np.sqrt(len(seeds)))
    figure, ax = plt.subplots(figsize=(5, 3.4))
    response_curves(risks, curves, xlabel=RISK, ylabel="unsafe labs, last quarter of the run (1)", ax=ax)
    ax.legend(fontsize=8)
    return figure


def bova2023(points: int) -> Figure:
    """Unsafe play and low quality over risk and over the incentive, by scheme; where vigilant incentives lead."""
    figure, named = plt.subplot_mosaic("ab;cc", figsize=(7, 6.4), height_ratios=(1, 1.1))
    axes = list(named.values())
    risks, sizes = np.linspace(0, 1, points), np.linspace(0, 3, points)
    schemes = ("bounty", "vigilant")
    for ax, name, values, label in ((axes[0], "p_r", risks, RISK), (axes[1], "g", sizes, "incentive g (payoff)")):
        fixed = {} if name == "p_r" else {"p_r": 0.3}
        result = {
            scheme: [solve("bova2023", scheme=scheme, **{name: x}, **fixed) for x in values] for scheme in schemes
        }
        curves = {
            f"{scheme}: {words}": [one[key] for one in result[scheme]]
            for scheme in schemes
            for key, words in (("unsafe", "unsafe play"), ("low_quality", "low quality"))
        }
        functions(values, curves, xlabel=label, ylabel="long-run share (1)", ax=ax, legend=name == "p_r")
        ax.set_ylim(-0.03, 1.03)
    stationary = solve("bova2023", scheme="vigilant", p_r=0.3)["stationary"]
    stationary_bars([state.replace(",", "\n") for state in MARKET_STATES], list(stationary.values()), ax=axes[2])
    axes[2].set_title("vigilant, p_r = 0.3: firms, regulator", fontsize=9)
    return figure


def alalawi2024(points: int) -> Figure:
    """Trust, compliance and regulation over the reward and over the cost of regulating; the eight states."""
    figure, named = plt.subplot_mosaic("ab;cc", figsize=(7, 6.4), height_ratios=(1, 1.1))
    axes = list(named.values())
    rewards, costs = np.linspace(0, 10, points), np.linspace(0, 6, points)
    keys = {"trust": "users trust", "comply": "creators comply", "regulate": "regulators regulate"}
    panels = (
        (axes[0], "b_fo", rewards, "reward of a regulator b_fo (payoff)", False),
        (axes[1], "cR", costs, "cost of regulating cR (payoff)", True),
    )
    for ax, name, values, label, conditional in panels:
        result = [solve("alalawi2024", conditional=conditional, **{name: x}) for x in values]
        curves = {words: [one[key] for one in result] for key, words in keys.items()}
        functions(values, curves, xlabel=label, ylabel="long-run share (1)", ax=ax, legend=not conditional)
        ax.set_title("conditional trust" if conditional else "unconditional trust", fontsize=9)
        ax.set_ylim(-0.03, 1.03)
    stationary = solve("alalawi2024", conditional=True)["stationary"]
    stationary_bars(list(TRUST_STATES), list(stationary.values()), ax=axes[2])
    axes[2].set_title("conditional, cR = 0.5: user, creator, regulator", fontsize=9)
    return figure


def fernandezdomingos2026(points: int) -> Figure:
    """Strategies over the risk of unsafe play, with rare and with frequent mutants, and the payoffs' thresholds."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.4), sharey=True)
    risks = np.linspace(0, 1, min(points, 41))
    rare = np.array([solve("fernandezdomingos2026", p_max=p)["stationary"] for p in risks])
    common = np.array([solve("fernandezdomingos2026", p_max=p, Z=20, mutation=0.01)["frequency"] for p in risks])
    names = ("AS", "AU", "CS", "CAS")
    label = "p_max: risk of a leader always unsafe (1)"
    for ax, shares in zip(axes, (rare, common), strict=True):
        curves = dict(zip(names, shares.T, strict=True))
        functions(risks, curves, xlabel=label, ylabel="", ax=ax, legend=ax is axes[1])
        for place in solve("fernandezdomingos2026")["thresholds"].values():
            ax.axvline(place, color="black", linewidth=0.8, alpha=0.6)
    axes[0].set_ylabel("share (1)")
    axes[0].set_title("rare mutants, Z = 100", fontsize=9)
    axes[1].set_title("mutation 0.01, Z = 20", fontsize=9)
    return figure
