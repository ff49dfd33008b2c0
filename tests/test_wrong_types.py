"""Whatever is given to a public function, it answers, or an InputError says in one line what is wrong."""

import random
import warnings

import numpy as np
import pytest

import race_sim
from race_sim import InputError
from race_sim.errors import one_line
from race_sim.runs.outcomes import OUTCOMES
from race_sim.scenario.policies import POLICIES
from tests.wrong_types import UNCHECKED, WRONG, spoilt, targets

SLOW = {"sensitivity_indices", "least_setting", "compare", "interact"}  # the fuzz calls them too, not so often


@pytest.fixture(scope="module")
def fuzzed():
    return targets()


@pytest.fixture(autouse=True)
def nothing_stays(tmp_path, monkeypatch):
    """What is written goes to a folder of the test, and what is added is taken away again."""
    monkeypatch.chdir(tmp_path)
    policies, outcomes = dict(POLICIES), list(OUTCOMES)
    yield
    POLICIES.clear()
    POLICIES.update(policies)
    OUTCOMES[:] = outcomes


def answers(target, changes):
    """Whether it answers; otherwise it must be an InputError of one line."""
    refusal = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            target(changes)
    except InputError as error:
        refusal = str(error)
    except Exception as error:
        raise AssertionError(f"{target.name}({one_line(changes, 200)}): {type(error).__name__}: {error}") from error
    assert refusal is None or refusal.isprintable(), f"{target.name}: {refusal!r}"
    return refusal is None


def fuzz(fuzzed, first, last):
    refused = 0
    for number in range(first, last):
        random_ = random.Random(number)
        target = fuzzed[random_.choice(sorted(fuzzed))]
        changes = spoilt(target, random_)
        refused += not answers(target, changes) if changes else 0
    return refused


def test_a_hundred_calls(fuzzed):
    assert fuzz(fuzzed, 0, 100) > 50


@pytest.mark.long
def test_a_thousand_calls(fuzzed):
    assert fuzz(fuzzed, 100, 1100) > 500


@pytest.mark.long
def test_every_argument_with_every_wrong_value(fuzzed):
    from inspect import Parameter, signature

    for target in (target for name, target in fuzzed.items() if name not in SLOW):
        for parameter in signature(target.call).parameters.values():
            if parameter.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL):
                for value in WRONG:
                    answers(target, {parameter.name: value})


def test_arguments_that_fit_are_taken(fuzzed):
    """Else the fuzz would test refusals of something else."""
    failing = [
        name for name, target in fuzzed.items()
        if name not in {"load_sweep", "extend_sweep", "evolution.adjacency"} and not answers(target, {})
    ]  # fmt: skip
    assert failing == [], failing


def test_every_public_function_is_called(fuzzed):
    callables = {name for name in race_sim.__all__ if callable(getattr(race_sim, name))}
    assert callables - set(fuzzed) == UNCHECKED | {"Scenario", "reproduce", "add_game", "add_rule"}


def test_arguments_that_are_missing_or_unknown_are_pythons_own_error(fuzzed):
    with pytest.raises(TypeError, match=r"simulate.* missing 1 required positional argument: 'scenario'"):
        race_sim.simulate()
    with pytest.raises(TypeError, match="unexpected keyword argument 'draw'"):
        race_sim.equilibria.nash_equilibria(fuzzed["equilibria.nash_equilibria"].arguments["game"], draw=2)
    with pytest.raises(TypeError, match=r"log_fixation.* missing"):
        race_sim.log_fixation([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda value: race_sim.simulate("duopoly", 2, trajectories=value), "trajectories"),
        (lambda value: race_sim.simulate("duopoly", 2, progress=value), "progress"),
        (lambda value: race_sim.estimate("duopoly", 2, controlled=value), "controlled"),
        (lambda value: race_sim.policy_game("duopoly", runs=2, controlled=value), "controlled"),
        (lambda value: race_sim.sweep("duopoly", {"prize.enmity": [0, 1]}, 2, per_run=value), "per_run"),
        (lambda value: race_sim.sweep("duopoly", {"prize.enmity": [0, 1]}, 2, lock=value), "lock"),
        (lambda value: race_sim.log_fixation([[1, 2], [3, 4]], 4, 1.0, self_interaction=value), "self_interaction"),
        (lambda value: race_sim.add_policy("p", race_sim.Policy("p", signs=value)), "policy: signs"),
    ],
)
@pytest.mark.parametrize("value", ["no", "False", 0, 1, 0.0, np.array([True, False]), []])
def test_only_true_and_false_are_truth_values(call, name, value):
    with pytest.raises(InputError, match=f"^{name}: must be True or False, got "):
        call(value)


def test_truth_values_of_numpy_are_taken():
    assert race_sim.simulate("duopoly", 2, trajectories=np.bool_(True)).sizes["period"] == 120


@pytest.mark.parametrize(
    "changes",
    [{"bounds": 3}, {"bounds": (0, "x")}, {"default": "x"}, {"unit": 1}, {"meaning": None}, {"plausible": (0,)}],
)
def test_parameters_of_a_rule_from_outside(changes):
    given = {"meaning": "m", "unit": "1", "bounds": (0, 1), "default": 0.5, **changes}

    def some_rule(i, labs, nations, world, p, some_part=race_sim.RuleParameter(**given)):
        return some_part

    with pytest.raises(InputError, match=r"^rule: some_rule: some_part: "):
        race_sim.add_rule(some_rule)


@pytest.mark.parametrize("value", [x for x in WRONG if not callable(x)], ids=range(sum(not callable(x) for x in WRONG)))
def test_what_is_added_from_outside(value):
    for call in (race_sim.add_rule, race_sim.add_game):
        if value is not None or call is race_sim.add_game:
            with pytest.raises(InputError):
                call(value)
    with pytest.raises(InputError):
        race_sim.reproduce(value)
