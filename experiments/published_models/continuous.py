"""Figures of the games without evolution, one function per citation key: a game's numbers in, a figure out."""

import math

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from race_sim import solve
from race_sim.games.lacroix2022 import Lacroix2022
from race_sim.games.tan2026 import Tan2026
from race_sim.plots import COLOURS, band, functions, regions


def armstrong2016(points: int) -> Figure:
    """Risk against the part that skill plays, by what teams know."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3), sharey=True)
    skill = np.linspace(0.02, 5, points)
    for ax, n in zip(axes, (2, 5), strict=True):
        result = [solve("armstrong2016", n=n, mu=mu) for mu in skill]
        curves = {
            "no information": [one["risk"]["none"] for one in result],
            "private information": [one["risk"]["private"] for one in result],
            "public information": [one["risk"]["public"] for one in result],
        }
        functions(skill, curves, xlabel="largest capability mu (1)", ylabel="", ax=ax, legend=n == 2)
        ax.set_title(f"{n} teams, enmity 1", fontsize=9)
        ax.set_ylim(0, 1)
    axes[0].set_ylabel("risk of disaster (1)")
    return figure


def jensen2023(points: int) -> Figure:
    """Safety against the price of compute, where either side of the condition holds, and both roots."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3))
    price = np.geomspace(1e-3, 0.09, points)
    cases = {
        "alpha = 1, theta = 0: falls": {},
        "alpha = theta = 0.5: unchanged": {"alpha": 0.5, "theta": 0.5},
        "alpha = 0.3, theta = 0.7: rises": {"alpha": 0.3, "theta": 0.7},
    }
    curves = {
        name: [_or_gap(solve("jensen2023", r=r, **labs)["success"]) for r in price] for name, labs in cases.items()
    }
    functions(price, curves, xlabel="price of compute r (prize)", ylabel="probability of no disaster (1)", ax=axes[0])
    axes[0].set_xscale("log")
    axes[0].set_ylim(0, 1.3)
    axes[0].legend(fontsize=8, loc="upper right")
    result = [solve("jensen2023", r=r) for r in price]
    roots = {
        "upper root, selected": [one["roots"][-1]["safety"] if one["roots"] else math.nan for one in result],
        "lower root": [one["roots"][0]["safety"] if one["roots"] else math.nan for one in result],
    }
    functions(price, roots, xlabel="price of compute r (prize)", ylabel="safety s (odds)", ax=axes[1])
    axes[1].axvline(result[0]["price_threshold"], color="black", linewidth=0.8)
    axes[1].text(result[0]["price_threshold"] * 0.93, 30, "2/27", ha="right", fontsize=8)
    axes[1].set_xscale("log")
    axes[1].set_yscale("log")
    return figure


def spt(points: int) -> Figure:
    """Safety of the winner as safety gets cheaper."""
    cost = np.linspace(0.01, 1, points)
    cases = {
        "ratio, exponential safety": {},
        "ratio, linear safety": {"sigma": "linear"},
        "logistic, linear safety": {"contest": "logistic", "sigma": "linear"},
    }
    curves = {name: [solve("spt", k=k, **case)["safety"] for k in cost] for name, case in cases.items()}
    figure, ax = plt.subplots(figsize=(5, 3.4))
    functions(
        cost, curves, xlabel="cost of safety per performance k (1); cheaper to the left", ylabel="safety (1)", ax=ax
    )
    ax.set_ylim(0, 1.05)
    return figure


def naude2020(points: int) -> Figure:
    """Who takes part as the race gets harder, and as one team's ability grows."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3))
    difficulty = np.linspace(0, 35, points)
    result = [solve("naude2020", d=d) for d in difficulty]
    curves = {f"ability {b:g}": [one["success"][team] for one in result] for team, b in enumerate((3, 2, 1, 0.5))}
    curves["nobody"] = [one["none_succeeds"] for one in result]
    functions(difficulty, curves, xlabel="difficulty d (1)", ylabel="probability of success (1)", ax=axes[0])
    ability = np.linspace(0.05, 6, points)
    result = [solve("naude2020", b=[b, 2, 1, 0.5]) for b in ability]
    curves = {name: [one["x"][team] for one in result] for team, name in enumerate(("first", "2", "1", "0.5"))}
    curves = {"this team" if name == "first" else f"ability {name}": values for name, values in curves.items()}
    functions(ability, curves, xlabel="ability of one team (1)", ylabel="spending x (unit of the prize)", ax=axes[1])
    return figure


def askell2019(points: int) -> Figure:
    """The belief from which cooperation pays, over the two gains."""
    gains = np.linspace(-2, 2, points)
    probability = np.empty((points, points))
    for row, alone in enumerate(gains):
        for column, gain in enumerate(gains):
            interval = solve("askell2019", R=gain, S=alone, T=0, P=0)["beliefs"]["interval"]
            probability[row, column] = 0.0 if interval is None else interval[1] - interval[0]
    figure, ax = plt.subplots(figsize=(5, 4))
    regions(
        gains,
        gains,
        probability,
        ax=ax,
        xlabel="gain if the other cooperates, R - T (payoff)",
        ylabel="gain if the other defects, S - P (payoff)",
        label="part of all beliefs that favour cooperation (1)",
    )
    ax.axhline(0, color="white", linewidth=0.8)
    ax.axvline(0, color="white", linewidth=0.8)
    for x, y, name, colour in (
        (1, 1, "harmony", "black"),
        (-1, -1, "prisoner's\ndilemma", "white"),
        (1, -1.5, "stag hunt", "white"),
        (-1.1, 1.6, "chicken", "white"),
    ):
        ax.text(x, y, name, ha="center", va="center", color=colour)
    return figure


def lacroix2022(points: int) -> Figure:
    """The gradient of cooperation by group size, and the rest points over the cost."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3))
    share = np.linspace(0, 1, points)
    curves = {
        f"N = {N}, n* = {N // 2}": [x * (1 - x) * Lacroix2022(N=N, n_star=N // 2).gradient(x) for x in share]
        for N in (4, 6, 12, 24)
    }
    functions(share, curves, xlabel="share of cooperators x (1)", ylabel="rate of change dx/dt (1)", ax=axes[0])
    axes[0].axhline(0, color="black", linewidth=0.8)
    cost = np.linspace(0.005, 0.4, points)
    rest = [solve("lacroix2022", c=c)["roots"] for c in cost]
    kinds = {
        kind: [next((root["x"] for root in roots if root["stable"] == stable), math.nan) for roots in rest]
        for kind, stable in (("stable", True), ("unstable", False))
    }
    functions(cost, kinds, xlabel="cost of cooperating c (loss m)", ylabel="rest point x (1)", ax=axes[1])
    axes[1].set_ylim(0, 1)
    axes[1].set_title("N = 6, n* = 3, r m = 0.9", fontsize=9)
    return figure


def tan2026(points: int) -> Figure:
    """Payoffs of leading and following over the prize, and the thresholds over ruin."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3))
    prize = np.linspace(0, 8, points)
    payoffs = np.array([Tan2026().payoffs(V) for V in prize])
    curves = {"leader": payoffs[:, 0], "follower": payoffs[:, 1], "both": payoffs.sum(axis=1)}
    functions(prize, curves, xlabel="prize V (cost of deploying)", ylabel="payoff (cost of deploying)", ax=axes[0])
    result = solve("tan2026")["suicide_region"]
    axes[0].axvspan(result["low"], result["high"], color=COLOURS[1], alpha=0.18, linewidth=0)
    axes[0].text((result["low"] + result["high"]) / 2, 2.6, "suicide\nregion", ha="center", va="top", fontsize=8)
    axes[0].axhline(0, color="black", linewidth=0.8)
    ruin = np.linspace(0, 20, points)
    thresholds = [solve("tan2026", D=D) for D in ruin]
    curves = {key: np.array([one[key] for one in thresholds]) for key in ("preempt", "individual", "social")}
    band(curves["preempt"], curves["individual"], ruin, label="suicide region", ax=axes[1])
    functions(ruin, curves, xlabel="ruin D (cost of deploying)", ylabel="prize V (cost of deploying)", ax=axes[1])
    return figure


def kwa2026(points: int) -> Figure:
    """Alignment over the odds that equal effort buys, by the number of labs."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3), sharey=True)
    odds = np.geomspace(0.1, 1e3, points)
    for ax, key, label in zip(axes, ("p", "aligned_all"), ("one lab aligned (1)", "all labs aligned (1)"), strict=True):
        curves = {f"{n} labs": [solve("kwa2026", n=n, k=k)[key] for k in odds] for n in (2, 3, 5, 10)}
        functions(odds, curves, xlabel="odds of alignment at equal effort k (1)", ylabel=f"probability: {label}", ax=ax)
        ax.axvline(33.9, color="black", linewidth=0.8)
        ax.set_xscale("log")
        ax.set_ylim(0, 1)
    return figure


def bova2024(points: int) -> Figure:
    """Detection and bias as danger grows, by the rate of the tests."""
    figure, axes = plt.subplots(1, 2, figsize=(7, 3.3))
    rates = (0.5, 1, 2, 5)
    beyond = np.linspace(0, 4, points)
    detected = {f"rate {r:g}": [solve("bova2024", r=r, y=y + 1, tau=1)["detection_probability"] for y in beyond]
                for r in rates}  # fmt: skip
    functions(beyond, detected, xlabel="danger beyond the threshold, y - tau (severity)",
              ylabel="probability of detecting it (1)", ax=axes[0])  # fmt: skip
    estimate = {f"rate {r:g}": [solve("bova2024", r=r, y=y, tau=0)["mean_estimate"] for y in beyond] for r in rates}
    functions(beyond, {"truth": beyond, **estimate}, xlabel="true danger y (severity)",
              ylabel="mean estimate (severity)", ax=axes[1])  # fmt: skip
    return figure


def _or_gap(value: float | None) -> float:
    return math.nan if value is None else value
