"""How soon the panel of ``race_sim.interact`` has followed a slider."""

import time
from collections.abc import Iterator

import numpy as np

from experiments.performance.clock import Row
from race_sim import interact

MOVES = {
    "lab.planning_horizon": (1.0, 2.0, 6.0, 8.0),
    "trust.mishap_loss": (0.05, 0.3, 0.45),
    "trust.commons_share": (0.0, 0.25, 0.5, 0.75),
}
RUNS, POLICIES = 200, ("race", "unilateral_slowdown", "treaty")


def seconds(runs: int, moves: dict[str, tuple[float, ...]]) -> tuple[float, float]:
    """Medians over moves: wall seconds from the slider to the new trajectories, and to the new table of the game."""
    panel = interact("us-china-2026", policies=POLICIES, runs=runs)
    came: dict[str, list[float]] = {"race": [], "game": []}
    start = 0.0
    for name, images in came.items():
        image = getattr(panel, name)
        image.observe(lambda _, images=images: images.append(time.perf_counter() - start), names="value")
    for path, values in moves.items():
        for value in values:
            start = time.perf_counter()
            panel.controls[path].value = value
    count = sum(map(len, moves.values()))
    if any(len(images) != count for images in came.values()):
        raise RuntimeError(f"{count} moves redrew {[len(images) for images in came.values()]} images")
    return float(np.median(came["race"])), float(np.median(came["game"]))


def rows(quick: bool) -> Iterator[Row]:
    """Rows for the table: what, value, unit, target."""
    runs = 20 if quick else RUNS
    moves = {path: values[:2] for path, values in MOVES.items()} if quick else MOVES
    race, game = seconds(runs, moves)
    what = f"panel: from slider to redrawn {{}}, {runs} runs, median of {sum(map(len, moves.values()))} moves"
    yield what.format("trajectories"), race, "s", "below 1"
    cells = f"policy game of {len(POLICIES)} x {len(POLICIES)} policies"
    yield what.format(cells).replace(f"{runs} runs", f"{runs} runs per cell"), game, "s", "below 3"
