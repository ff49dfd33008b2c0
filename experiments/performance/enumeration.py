"""How fast is the enumeration of equilibria, compared with Gambit's?

Question: how long do all equilibria of two-player games with 3 to 8 strategies each take, as a multiple of what Gambit
takes to enumerate vertices in floating point? Design: payoffs are drawn from a normal distribution; CPU time of one
thread, medians over games, each the least of a few repeats; the two processes in turn, and the median of their ratios.
First both must find equally many. Gambit is no dependency, and needs an environment of its own: ``RACE_SIM_GAMBIT`` is
the Python in which ``pygambit`` can be imported; without it nothing is compared.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from experiments.performance.clock import Row

SIZES = (3, 4, 5, 6, 7, 8)
SEED = 8
COMMON = """
import json, time
import numpy as np

def timed(solve):
    counts, seconds = [], []
    for size in {sizes}:
        rng, best = np.random.default_rng([{seed}, size]), []
        for _ in range({games}):
            first, second = rng.normal(size=(2, size, size))
            run = solve(first, second)
            count = run()
            times = []
            for _ in range({repeats}):
                start = time.thread_time()
                run()
                times.append(time.thread_time() - start)
            counts.append(count)
            best.append(min(times))
        seconds.append(float(np.median(best)))
    print(json.dumps([counts, seconds]))
"""
OURS = """
from race_sim import Game, equilibria

def solve(first, second):
    game = Game.of_two(first, second)
    return lambda: len(equilibria.nash_equilibria(game))

timed(solve)
"""
GAMBIT = """
import pygambit

def solve(first, second):
    game = pygambit.Game.from_arrays(first, second)
    return lambda: len(pygambit.nash.enummixed_solve(game, rational=False).equilibria)

timed(solve)
"""


def measured(python: str, code: str, games: int, repeats: int) -> tuple[list[int], list[float]]:
    """Numbers of equilibria of each game, and median seconds by size, in a process of its own."""
    common = COMMON.format(sizes=SIZES, seed=SEED, games=games, repeats=repeats)
    done = subprocess.run([python, "-c", common + code], capture_output=True, text=True, check=True)
    counts, seconds = json.loads(done.stdout.splitlines()[-1])
    return counts, seconds


def rows(quick: bool) -> Iterator[Row]:
    """A row per size."""
    other = os.environ.get("RACE_SIM_GAMBIT")
    if not other:
        print("RACE_SIM_GAMBIT is not set: equilibria not compared with Gambit")
        return
    ratios: list[list[float]] = []
    for _ in range(1 if quick else 5):
        games, repeats = (2, 1) if quick else (20, 5)
        ours, theirs = (
            measured(python, code, games, repeats) for python, code in ((sys.executable, OURS), (other, GAMBIT))
        )
        if ours[0] != theirs[0]:
            raise RuntimeError(f"we find {ours[0]} equilibria, Gambit {theirs[0]}")
        ratios.append([mine / its for mine, its in zip(ours[1], theirs[1], strict=True)])
    for size, of_size in zip(SIZES, zip(*ratios, strict=True), strict=True):
        what = f"all equilibria of {size} x {size} games, CPU time: ours / Gambit's"
        yield what, sorted(of_size)[len(of_size) // 2], "", "at most 2"
