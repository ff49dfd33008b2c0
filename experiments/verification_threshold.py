"""How much verification makes a treaty keep itself?

Question: at which least verification does no nation gain by covert defection from a treaty that all others keep, how
does that depend on enmity, on the laggard's lag and on the fine for a detected defector, and does verification matter
at all, or does leaving the treaty openly (racing, or slowing down alone) pay first? Design: us-china-2026 with China's
lag fixed at several values and its other draws as they are; five levels of verification on the same runs. Enmity and
the penalty move no lab and enter payoffs linearly, so that three simulations of each cell give all their values. The
least verification is where the smallest loss from defection becomes positive, by linear interpolation and for good
(from there on up to 1); its band holds 90 % of bootstrap draws over runs. One point is found again by
race_sim.least_setting, which tests and does not interpolate. Penalties below 0.5 were added after a first run, in
which none was enough without a penalty and 0.5 made verification needless nearly everywhere.
Prediction, written when it was known only that at the baseline (no penalty, lags drawn) the US still gains by covert
defection at a verification of 0.94: (1) without a penalty no verification keeps the US to the treaty, because a
detection only suspends it; (2) the least verification falls as the penalty rises, and with a penalty of 5 there is one
everywhere; (3) it rises with enmity, because a prize that the winner keeps makes cheating pay; (4) it falls with the
lag: who leads safely has less to gain from cheating; (5) leaving openly pays to the US at high enmity, to China
nowhere.
"""

import argparse
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from tqdm import tqdm

from experiments._base.results import ExperimentResult, publish, verdict
from experiments.figures.verification_threshold import KINDS as KINDS
from race_sim import Scenario, least_setting
from race_sim.nations.levers import Difference
from race_sim.nations.policy_games import Profile, simulate_profiles
from race_sim.runs.provenance import provenance
from race_sim.runs.sampling import Sampling
from race_sim.solvers.game import Real

ANSWER = "without a penalty none is enough to keep the leader in; with one, the less the larger it is"

SCENARIO = "us-china-2026"
NATIONS = ("us", "china")
KEPT: Profile = ("treaty", "treaty")
DEFECTIONS: tuple[Profile, ...] = (("covert_defection", "treaty"), ("treaty", "covert_defection"))
EXITS: dict[str, tuple[Profile, ...]] = {
    "race": (("race", "treaty"), ("treaty", "race")),
    "unilateral_slowdown": (("unilateral_slowdown", "treaty"), ("treaty", "unilateral_slowdown")),
}
PENALTIES = (0.0, 0.1, 0.2, 0.3, 0.5, 5.0)
FINE = 1e3  # penalty at which its weight in payoffs is measured
DRAWS = 400


@dataclass(frozen=True)
class Grid:
    """How much is computed."""

    lags: tuple[float, ...]
    verifications: tuple[float, ...]
    enmities: tuple[float, ...]
    runs: int
    test_runs: int


FULL = Grid((0.0, 7.0, 14.0), tuple(np.linspace(0, 1, 5)), tuple(np.round(np.linspace(0, 1, 11), 2)), 500, 2048)
QUICK = Grid((0.0, 7.0), (0.0, 0.5, 1.0), (0.0, 0.6, 1.0), 16, 256)


def linear_parts(scenario: Scenario, profiles: tuple[Profile, ...], runs: int, seed: int) -> tuple[Real, Real, Real]:
    """Payoffs without enmity and penalty, and what one unit of each adds; (runs, nations, profiles) each."""

    def paid(enmity: float, penalty: float) -> Real:
        here = scenario.replace({"prize.enmity": enmity, "cooperation.penalty": penalty})
        return simulate_profiles(here, profiles, Sampling(runs, seed, progress=False)).payoffs

    base = paid(0.0, 0.0)
    return base, paid(1.0, 0.0) - base, (paid(0.0, FINE) - base) / FINE


def losses(scenario: Scenario, grid: Grid, seed: int) -> dict[str, tuple[Real, Real, Real]]:
    """What nations lose by deviations, in linear parts: (runs, nations, verifications); exits (runs, nations)."""
    leaving = tuple(profile for pair in EXITS.values() for profile in pair)
    kept_and_exits = linear_parts(scenario, (KEPT, *leaving), grid.runs, seed)
    kept = [part[:, :, 0] for part in kept_and_exits]
    cheating = [
        linear_parts(scenario.replace({"cooperation.verification": level}), DEFECTIONS, grid.runs, seed)
        for level in grid.verifications
    ]
    lost = {
        "covert_defection": tuple(
            np.stack(
                [np.stack([kept[k][:, n] - part[k][:, n, n] for part in cheating], axis=-1) for n in (0, 1)], axis=1
            )
            for k in range(3)
        )
    }
    for number, policy in enumerate(EXITS):
        lost[policy] = tuple(
            np.stack([kept[k][:, n] - kept_and_exits[k][:, n, 1 + 2 * number + n] for n in (0, 1)], axis=1)
            for k in range(3)
        )
    return lost  # type: ignore[return-value]


def at(parts: tuple[Real, Real, Real], enmity: float, penalty: float) -> Real:
    """Losses at given values of enmity and penalty."""
    return parts[0] + enmity * parts[1] + penalty * parts[2]


def least(verifications: Real, loss: Real) -> Real:
    """From where on up to 1 the loss (..., verifications) is positive; 0 where it always is, NaN where not at 1."""
    level = np.asarray(verifications, dtype=float)
    threshold = np.where(loss[..., -1] > 0, 0.0, np.nan)
    for k in range(len(level) - 1):
        before, after = loss[..., k], loss[..., k + 1]
        rises = (before <= 0) & (after > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = level[k] + (level[k + 1] - level[k]) * -before / (after - before)
        threshold = np.where(rises, crossing, threshold)
    return np.where(loss[..., -1] > 0, threshold, np.nan)


def sweep(grid: Grid, seed: int) -> pd.DataFrame:
    """One row per lag, enmity and penalty: least verification with its band, and what open exits would gain."""
    weight = (
        np.random.default_rng(seed).multinomial(grid.runs, np.full(grid.runs, 1 / grid.runs), size=DRAWS) / grid.runs
    )
    rows = []
    for lag in tqdm(grid.lags, desc="lags", unit="lag"):
        parts = losses(Scenario.load(SCENARIO).replace({"nations.china.lag": lag}), grid, seed)
        for enmity, penalty in product(grid.enmities, PENALTIES):
            covert = at(parts["covert_defection"], enmity, penalty)
            mean = covert.mean(axis=0)
            drawn = np.tensordot(weight, covert, axes=1).min(axis=1)  # the more tempted nation, in every draw
            thresholds = least(grid.verifications, drawn)
            low, high = np.quantile(np.where(np.isnan(thresholds), 2.0, thresholds), [0.05, 0.95])
            signs = np.sign(mean.min(axis=0))
            exits = [
                (Difference.of(-at(parts[policy], enmity, penalty)[:, n]), NATIONS[n], policy)
                for policy in EXITS
                for n in (0, 1)
            ]
            gain, who, how = max(exits, key=lambda item: item[0].mean)
            rows.append((
                lag, enmity, penalty, float(least(grid.verifications, mean.min(axis=0))), low, high,
                float(np.isnan(thresholds).mean()), NATIONS[int(mean[:, -1].argmin())],
                bool((np.diff(signs) < 0).any()), who, how, gain.mean, gain.standard_error,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "lag", "enmity", "penalty", "least_verification", "low", "high", "share_nowhere", "tempted_nation",
        "falls_somewhere", "leaver", "leaves_for", "gain_from_leaving", "standard_error",
    ])  # fmt: skip


def findings(table: pd.DataFrame, grid: Grid, seed: int) -> list[str]:
    """The main results in words, and one point found again by sequential tests."""
    lines = []
    enmity = min(grid.enmities, key=lambda value: abs(value - 0.6))
    lag = min(grid.lags, key=lambda value: abs(value - 7.0))
    lines.append(f"Least verification that stops covert defection, at enmity {enmity:g} (90 % band):")
    for (months, penalty), rows in table[table["enmity"] == enmity].groupby(["lag", "penalty"], sort=False):
        row = rows.iloc[0]
        value = "none is enough" if np.isnan(row["least_verification"]) else f"{row['least_verification']:.2f}"
        band = f"{row['low']:.2f} to {row['high']:.2f}" if row["high"] <= 1 else (
            "none" if row["low"] > 1 else f"{row['low']:.2f} to none")  # fmt: skip
        lines.append(
            f"- lag {months:g}, penalty {penalty:g}: {value} ({band}); most tempted at full verification: "
            f"{row['tempted_nation']}" + ("; more verification hurts somewhere." if row["falls_somewhere"] else ".")
        )
    lines.append("Leaving the treaty openly, the largest gain at enmity 0, the middle and 1 (standard error):")
    ends = (min(grid.enmities), enmity, max(grid.enmities))
    for months in grid.lags:
        parts = []
        for value in ends:
            row = table[(table["lag"] == months) & (table["enmity"] == value)].iloc[0]
            parts.append(f"{row['gain_from_leaving']:+.2f} ({row['standard_error']:.2f}) by {row['leaver']} "
                         f"for {row['leaves_for']}")  # fmt: skip
        lines.append(f"- lag {months:g}: {'; '.join(parts)}.")
    penalty = PENALTIES[2]
    tested = least_setting(
        Scenario.load(SCENARIO).replace(
            {"nations.china.lag": lag, "prize.enmity": enmity, "cooperation.penalty": penalty}
        ),
        "verification", ("covert_defection",), seed=seed, max_runs=grid.test_runs, progress=False,
    )  # fmt: skip
    lines.append(f"By sequential tests at lag {lag:g}, enmity {enmity:g}, penalty {penalty:g}: {tested}.")
    return lines


def against_prediction(table: pd.DataFrame) -> list[str]:
    """Which parts of the prediction came out; "none is enough" counts as more than any verification."""
    level = table.assign(level=table["least_verification"].fillna(2.0))

    def ordered(along: str, other: list[str], rising: bool) -> tuple[int, int]:
        curves = [rows.sort_values(along)["level"] for _, rows in level.groupby(other)]
        right = sum(c.is_monotonic_increasing if rising else c.is_monotonic_decreasing for c in curves)
        return right, len(curves)

    free, dear = (level[level["penalty"] == penalty] for penalty in (PENALTIES[0], PENALTIES[-1]))
    fines, enmities, lags = (
        ordered("penalty", ["lag", "enmity"], False),
        ordered("enmity", ["lag", "penalty"], True),
        ordered("lag", ["enmity", "penalty"], False),
    )
    free_of_fines = free.assign(sure=free["gain_from_leaving"] > 2 * free["standard_error"])
    high = free_of_fines[free_of_fines["enmity"] == free_of_fines["enmity"].max()]
    us, china = (rows["sure"] & (rows["leaver"] == who) for who, rows in (("us", high), ("china", free_of_fines)))
    return [
        verdict(1, bool((free["level"] > 1).all()), f"without a penalty no verification is enough at "
                f"{int((free['level'] > 1).sum())} of {len(free)} points"),
        verdict(2, fines[0] == fines[1] and bool((dear["level"] <= 1).all()), f"never rises with the penalty at "
                f"{fines[0]} of {fines[1]} points; some is enough at a penalty of {PENALTIES[-1]:g} at "
                f"{int((dear['level'] <= 1).sum())} of {len(dear)}"),
        verdict(3, enmities[0] == enmities[1], f"never falls with enmity along {enmities[0]} of {enmities[1]} curves"),
        verdict(4, lags[0] == lags[1], f"never rises with the lag along {lags[0]} of {lags[1]} curves"),
        verdict(5, bool(us.all()) and not bool(china.any()), f"by two standard errors, at the highest enmity the US "
                f"leaves at {int(us.sum())} of {len(us)} lags, China at {int(china.sum())} of {len(china)} points"),
    ]  # fmt: skip


def compute(options: argparse.Namespace) -> ExperimentResult:
    """Sweep, and put the results into words."""
    grid, seed = (QUICK, 1) if options.quick else (FULL, 1)
    table = sweep(grid, seed)
    words = [*findings(table, grid, seed), "The prediction:", *against_prediction(table)]
    origin = {**provenance(Scenario.load(SCENARIO), seed, "integrated"), "grid": vars(grid), "penalties": PENALTIES,
            "draws": DRAWS}  # fmt: skip
    return ExperimentResult({"table.csv": table}, origin, words)


def main(arguments: list[str] | None = None) -> None:
    """Run it, and write and print its results."""
    publish("verification_threshold", __doc__, compute, arguments)


if __name__ == "__main__":
    main()
