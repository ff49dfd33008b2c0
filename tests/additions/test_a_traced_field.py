"""A field that trajectories keep: one row in kernels/state.py."""

import pytest

STATE = "race_sim/kernels/state.py"
LAST = '    Traced("breakthrough", "breakthroughs", "breakthrough in the period"),\n'
LOOK = """
import numpy as np
from race_sim import RaceModel, simulate
runs = simulate("duopoly", 1, trajectories=True)
model = RaceModel("duopoly", rng=0)
model.run_model()
path = runs["lab_safety_work_path"]
series = model.lab_series()["safety_work"].to_numpy().reshape(path.shape[1:])
print(path.attrs["units"], path.attrs["long_name"], (path.values[0] == series).all(), np.ptp(series) > 0)
"""


@pytest.mark.long
def test_a_traced_field_is_a_row_of_the_table(scratch):
    scratch.replace(STATE, LAST, LAST + '    Traced("safety_work", "1", "safety work"),\n')
    assert scratch.touched == {STATE}
    assert scratch.python(LOOK) == "1 safety work True True\n"
