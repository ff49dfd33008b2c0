"""Designs: which points, and one line for whatever is not a design."""

import numpy as np
import pandas as pd
import pytest

from race_sim import InputError, Scenario
from race_sim.sweeps.engine import grid, latin_hypercube, sobol, table
from race_sim.sweeps.engine.axes import Axis, Known
from race_sim.sweeps.engine.design import LIMIT, design_of
from race_sim.sweeps.evaluate import space

pytestmark = pytest.mark.quick

SPACE = space(Scenario.load("us-china-2026"))


def test_a_grid_is_every_combination_the_last_axis_fastest():
    points = grid("prize.enmity=0:1:3", "nations.us.policy=race,treaty").points(SPACE)
    assert points.columns["prize.enmity"].tolist() == [0, 0, 0.5, 0.5, 1, 1]
    assert points.columns["nations.us.policy"].tolist() == ["race", "treaty"] * 3


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x=0:1:5", [0, 0.25, 0.5, 0.75, 1]),
        ("x=1:100:3:log", [1, 10, 100]),
        ("x=3,1,2", [3, 1, 2]),
        ("x=-1:1:2", [-1, 1]),
        ("x=7", [7]),
    ],
)
def test_levels(text, values):
    axis = Axis.parse(text)
    assert axis.levels(Known()) == pytest.approx(values, abs=1e-12)
    assert Axis.parse(str(axis)) == axis


def test_the_ends_of_an_axis_are_exact():
    levels = Axis.parse("x=0.1:0.7:4:log").levels(Known())
    assert (levels[0], levels[-1]) == (0.1, 0.7)


@pytest.mark.parametrize("make", [latin_hypercube, sobol])
def test_samples_fill_each_axis_evenly(make):
    design = make(64, "prize.enmity=0:1", "lab.catastrophe_stake=1:100:log", "nations.us.policy=race,treaty", seed=3)
    columns = design.points(SPACE).columns
    assert np.bincount((columns["prize.enmity"] * 64).astype(int)).tolist() == [1] * 64
    assert np.bincount((np.log(columns["lab.catastrophe_stake"]) / np.log(100) * 64).astype(int)).tolist() == [1] * 64
    assert sorted(columns["nations.us.policy"]) == ["race"] * 32 + ["treaty"] * 32
    again = make(64, *design.axes, seed=3).points(SPACE)
    assert again.digest() == design.points(SPACE).digest()
    assert make(64, *design.axes, seed=4).points(SPACE).digest() != again.digest()


@pytest.mark.parametrize("text", ["time.periods_per_year=1:4", "time.periods_per_year=1:4:log"])
def test_whole_numbers_stay_whole(text):
    drawn = sobol(256, text).points(SPACE).columns["time.periods_per_year"]
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [1, 2, 3, 4]
    shares = np.log(np.arange(2, 6) / np.arange(1, 5)) / np.log(5) if text.endswith("log") else np.full(4, 0.25)
    assert np.abs(counts - 256 * shares).max() <= 1


def test_a_path_alone_takes_the_plausible_range_or_every_name():
    columns = sobol(64, "prize.threshold", "nations.us.policy").points(SPACE).columns
    assert 4 <= columns["prize.threshold"].min() < 4.2
    assert 11.8 < columns["prize.threshold"].max() <= 12
    assert len(set(columns["nations.us.policy"])) == 5


def test_tables_from_python_pandas_and_csv(tmp_path):
    data = {"prize.enmity": [0.0, 1.0], "nations.us.policy": ["race", "treaty"]}
    path = tmp_path / "points.csv"
    pd.DataFrame(data).to_csv(path, index=False)
    digests = {design.points(SPACE).digest() for design in (table(data), table(pd.DataFrame(data)), design_of(path))}
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: grid("prize.emnity=0:1:3"), "prize.enmity"),
        (lambda: grid("prize.enmity=1:0:3"), "lo must be below hi, got 1:0"),
        (lambda: grid("prize.enmity=0:1:0"), "n must be a whole number, at least 2, got 0"),
        (lambda: grid("prize.enmity=0:1:1"), "at least 2, got 1"),
        (lambda: grid("prize.enmity=0:1:2.5"), "path=lo:hi:n"),
        (lambda: grid("prize.enmity=0:1"), "a grid needs"),
        (lambda: grid("prize.enmity"), "a grid needs"),
        (lambda: grid("prize.enmity="), "axis: must be"),
        (lambda: grid("prize.enmity=0:nan:3"), "path=lo:hi:n"),
        (lambda: grid("prize.enmity=0,0"), "each value once"),
        (lambda: grid("prize.enmity=0:2:3"), "must lie in [0, 1], got 2"),
        (lambda: grid("prize.enmity=low,high"), "must be a number, got 'low'"),
        (lambda: grid("prize.prize=0:1:3:log"), "lo must be above 0"),
        (lambda: grid("nations.us.policy=race,raec"), "did you mean 'race'"),
        (lambda: grid("nations.us.policy=0:1:2"), "no name 0.0"),
        (lambda: grid("cooperation.treaty_min_signatories=1:2:3"), "must be a whole number, got 1.5"),
        (lambda: grid("labs.us_1.nation=us,china"), "no parameter 'labs.us_1.nation'"),
        (lambda: grid("prize.enmity=0:1:2", "prize.enmity=0,1"), "must be varied once"),
        (lambda: grid(), "at least one parameter to vary"),
        (lambda: grid(f"prize.enmity=0:1:{LIMIT + 1}"), f"at most {LIMIT:,} points"),
        (lambda: grid("prize.enmity=0:1:4000", "prize.prize=0:1:4000"), "16,000,000"),
        (lambda: grid("prize.enmity=0,1", streams="mine"), "no use of streams 'mine'"),
        (lambda: sobol(100, "prize.enmity"), "power of 2 (64 or 128), got 100"),
        (lambda: latin_hypercube(0, "prize.enmity"), "at least 1, got 0"),
        (lambda: sobol(8, "market.size"), "no plausible range"),
        (lambda: table({"prize.enmity": [0.0, float("nan")]}), "in row 2"),
        (lambda: table({"prize.enmity": [0.0, 3.0]}), "must lie in [0, 1], got 3"),
        (lambda: table({"prize.enmity": []}), "at least one row"),
        (lambda: table("nowhere.csv"), "No such file"),
        (lambda: design_of(3), "must be a Design"),
    ],
)  # fmt: skip
def test_bad_designs_are_one_line(make, message):
    with pytest.raises(InputError) as error:
        make().points(SPACE)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
