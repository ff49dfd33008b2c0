"""The catalogue agrees with re-implementations written from the papers without sight of it.

Both are asked for the results at 200 random parameter points, and every number of the blind results is compared. A
point that one side refuses and the other answers is a disagreement.
"""

import math

import numpy
import pytest

from race_sim.errors import InputError
from race_sim.games._base.catalogue import catalogue, published
from tests.published import twins

POINTS = 200
TOLERANCE = 1e-9
# A share below this counts as none. The log of a probability is measured against at least one: its absolute error is
# the relative error of the probability, also where that is next to one and the log next to nothing.
FLOOR = 1e-12
LOGS = ("log_fixation",)


BLIND, CATALOGUE = twins(), catalogue()


def answer(results, refusal):
    """The results, or None where the parameters are refused."""
    try:
        return results()
    except refusal:
        return None


def disagreements(blind, ours, path=()):
    """Yield (path, relative error) for each leaf; an error of infinity where the leaves are not even comparable."""
    if isinstance(blind, dict):
        for key, part in blind.items():
            if not isinstance(ours, dict) or key not in ours:
                yield (*path, key), math.inf
            else:
                yield from disagreements(part, ours[key], (*path, key))
    elif isinstance(blind, list | tuple):
        if not isinstance(ours, list | tuple) or len(blind) != len(ours):
            yield path, math.inf
        else:
            for place, (part, other) in enumerate(zip(blind, ours, strict=True)):
                yield from disagreements(part, other, (*path, place))
    elif blind is None or isinstance(blind, bool | str):
        yield path, 0.0 if type(blind) is type(ours) and blind == ours else math.inf
    elif isinstance(ours, bool) or not isinstance(ours, int | float):
        yield path, math.inf
    elif blind == ours:
        yield path, 0.0
    else:
        scale = max(abs(blind), 1.0 if path[0] in LOGS else FLOOR)
        error = abs(blind - ours) / scale
        yield path, error if math.isfinite(error) else math.inf


def leaf(result, path):
    """The value at a path, or a word where there is none."""
    try:
        for step in path:
            result = result[step]
    except (KeyError, IndexError, TypeError):
        return "nothing"
    return result


def test_every_game_has_a_blind_version():
    assert set(BLIND) == set(CATALOGUE)


@pytest.mark.parametrize("key", BLIND)
def test_catalogue_agrees_with_the_blind_version(key):
    blind, game = BLIND[key], published(key)
    random = numpy.random.default_rng([20240101, *key.encode()])
    largest, failures, answered = 0.0, [], 0
    for _ in range(POINTS):
        point = blind.sample(random)
        theirs = answer(lambda point=point: blind.results(**point), ValueError)
        ours = answer(lambda point=point: game(**point).results(), InputError)
        if theirs is None or ours is None:
            if theirs is not ours:
                failures.append(f"{'blind' if theirs is None else 'catalogue'} alone refuses {point}")
            continue
        answered += 1
        for path, error in disagreements(theirs, ours):
            largest = max(largest, error)
            if error > TOLERANCE:
                failures.append(
                    f"{path}: blind {leaf(theirs, path)}, catalogue {leaf(ours, path)} ({error:.1e}) {point}"
                )
    print(f"{key}: largest relative error {largest:.2e} at {answered} of {POINTS} points")
    assert answered > POINTS // 2
    assert not failures, f"{len(failures)} disagreements, the first: " + "\n".join(failures[:5])


def test_comparison_sees_what_differs():
    blind = {"a": [1.0, None, True, "x"], "log_fixation": [-1e-15], "share": 1e-30}
    same = {"a": [1.0 + 1e-15, None, True, "x"], "log_fixation": [0.0], "share": 0.0, "more": 3}
    assert max(error for _, error in disagreements(blind, same)) < TOLERANCE
    for a in ([1.0 + 1e-8, None, True, "x"], [1.0, 0.0, True, "x"], [1.0, None, 1, "x"], [1.0, None, True], [1.0]):
        assert max(error for _, error in disagreements(blind, same | {"a": a})) > TOLERANCE
    assert max(error for _, error in disagreements(blind, {"a": blind["a"], "share": 0.0})) == math.inf
