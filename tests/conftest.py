import sys

import pytest
from hypothesis import settings

from tests.scratch import scratch as scratch

settings.register_profile("race_sim", deadline=None, derandomize=True)  # the first call of a law compiles it
settings.load_profile("race_sim")


@pytest.fixture(autouse=True)
def close_figures():
    """No test leaves figures open; those that draw nothing do not import matplotlib for it."""
    yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
