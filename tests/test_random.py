"""The generator: published known answers, uniformity, independence of neighbouring addresses."""

import numpy as np
import pytest
from scipy import stats

from race_sim.kernels import random
from race_sim.kernels.random import parameter_uniforms, philox, standard_normal, uniforms

pytestmark = pytest.mark.quick

# Random123 1.14, kat_vectors: philox4x32 10.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_known_answers(counter, key, words):
    given = [np.uint64(word) for word in (*counter, *key)]
    assert tuple(int(word) for word in philox(*given)) == words


def draws(count, **varied):
    address = {"seed": np.uint64(7), "run": 0, "period": 0, "actor": 0, "purpose": random.ADVANCE, **varied}
    name = next(name for name, value in address.items() if value is None)
    return np.array([uniforms(*(i if key == name else value for key, value in address.items())) for i in range(count)])


@pytest.mark.parametrize("along", ["run", "period", "actor"])
def test_uniform_and_independent_along_every_axis(along):
    count = 20_000
    values = draws(count, **{along: None})
    assert (values >= 0).all()
    assert (values < 1).all()
    for column in values.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
        neighbours = np.corrcoef(column[:-1], column[1:])[0, 1] * np.sqrt(count)
        assert abs(neighbours) < 4
    assert abs(np.corrcoef(values.T)[0, 1] * np.sqrt(count)) < 4


def test_no_two_addresses_share_a_draw():
    seen = {
        uniforms(np.uint64(seed), run, period, actor, purpose)
        for seed in (0, 1, 2**40)
        for run in (0, 1, 2**33)
        for period in range(4)
        for actor in range(4)
        for purpose in range(7)
    }
    assert len(seen) == 3 * 3 * 4 * 4 * 7


def test_runs_beyond_32_bits_are_runs_of_their_own():
    assert uniforms(np.uint64(1), 5, 0, 0, 1) != uniforms(np.uint64(1), 5 + 2**32, 0, 0, 1)


def test_parameter_draws_are_addressed_by_run():
    whole, part = np.empty(100), np.empty(20)
    parameter_uniforms(np.uint64(3), np.arange(100), 12345, whole)
    parameter_uniforms(np.uint64(3), np.arange(40, 60), 12345, part)
    assert (whole[40:60] == part).all()


def test_standard_normal():
    values = np.array([standard_normal(*pair) for pair in draws(20_000, run=None)])
    assert stats.kstest(values, "norm").pvalue > 1e-4
    assert standard_normal(0.0, 0.3) == 0.0
