"""Rules and policies from outside the package: in processes of their own, since what they add stays."""

import inspect
import json
import os
import re
import sys
import textwrap

import pytest

import race_sim
from race_sim import RuleParameter
from race_sim.kernels import dependents, rules
from race_sim.scenario.policies import Policy
from tests.waiting import finished

STORY = """
import json, sys
import numpy as np
import race_sim
from race_sim import RuleParameter
from race_sim.kernels.sources import cache_folder
CACHE_FOLDER = cache_folder()

{examples}

small = {{"time.horizon": 1.0, "lab.rule": "cautious_when_ahead"}}
base = race_sim.Scenario.load("us-china-2026").replace(small)
before = {{path.name for path in CACHE_FOLDER.glob("*")}} if CACHE_FOLDER else set()
own = race_sim.simulate(base, 4, 1, progress=False)

class CautiousWhenAhead(race_sim.Lab):
    def choose_share(self):
        return 0.4 if self.capability >= max(lab.capability for lab in self.model.labs) else 0.1

def run(scenario, **options):
    model = race_sim.RaceModel(scenario, rng=1, run=2, **options)
    model.run_model()
    return [lab.capability for lab in model.labs]

kernel = own.lab_capability.sel(run=2).values.tolist()
mesa = run(base)
python = run(base.replace({{"lab.rule": "fixed"}}), lab_class=CautiousWhenAhead)

swept = race_sim.sweep(base, {{"lab.rule": ["fixed", "cautious_when_ahead"]}}, 4, 1, ["safety_share"],
                       out=sys.argv[1], progress=False)
game = race_sim.policy_game(base, ["race", "open_slowdown"], 4, 1, progress=False)
open_share = race_sim.estimate(base.replace({{"lab.rule": "fixed", "nations.us.policy": "open_slowdown"}}), 4, 1,
                               progress=False)["safety_share.us"].mean
first = float(own.safety_share.mean())
after = {{path.name for path in CACHE_FOLDER.glob("*")}} if CACHE_FOLDER else set()

@race_sim.add_rule
def cautious_when_ahead(i, labs, nations, world, p):
    return 2.0

replaced = race_sim.simulate(base, 4, 1, progress=False)
try:
    race_sim.sweep(base, {{"lab.rule": ["fixed", "cautious_when_ahead"]}}, 4, 1, ["safety_share"],
                   out=sys.argv[1], progress=False)
    refused = ""
except race_sim.InputError as error:
    refused = str(error)
built_in = race_sim.simulate(base.replace({{"lab.rule": "best_response"}}), 4, 1, progress=False)
print(json.dumps({{
    "kernel": kernel, "mesa": mesa, "python": python, "first": first, "swept": swept["mean"].values.ravel().tolist(),
    "replaced": replaced.lab_safety_share.values.max(), "refused": refused, "open_share": open_share,
    "cached": sorted(name for name in after - before if "run_block" in name or "run_period" in name),
    "strategies": game.strategies, "built_in": built_in.lab_capability.values.tolist(),
}}))
"""


def examples():
    """The examples in the docstrings."""
    result = []
    for function in (race_sim.add_rule, race_sim.add_policy):
        text = re.search(r"Examples\n--------\n[^\n]*::\n\n(.*)", inspect.getdoc(function), re.DOTALL)[1]
        result.append(textwrap.dedent(text))
    return "\n".join(result)


@pytest.mark.parametrize("compiler", [pytest.param("compiled", marks=pytest.mark.long), "uncompiled"])
def test_a_rule_and_a_policy_from_outside_work_everywhere(tmp_path, compiler):
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1" if compiler == "uncompiled" else "0"}
    story = STORY.format(examples=examples())
    command = [sys.executable, "-W", "ignore", "-c", story, str(tmp_path / "sweep")]
    done = finished(command, env=environment)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["kernel"] == result["mesa"] == result["python"], "one rule, three ways, the same bits"
    assert 0.1 < result["first"] < 0.4
    assert result["swept"][1] == pytest.approx(result["first"])
    assert result["replaced"] == pytest.approx(0.95), "kept within [0, 0.95]"
    assert "additions.cautious_when_ahead" in result["refused"], "a kept sweep does not go on with another rule"
    assert result["cached"] == []
    assert result["strategies"] == [["race", "open_slowdown"]] * 2
    standard = race_sim.Scenario.load("us-china-2026").cooperation.standard
    assert result["open_share"] == pytest.approx(standard)
    here = race_sim.Scenario.load("us-china-2026").replace({"time.horizon": 1.0})
    untouched = race_sim.simulate(here, 4, 1, progress=False).lab_capability.values
    assert result["built_in"] == pytest.approx(untouched, rel=1e-12), "built-in rules are what they were"


def test_whatever_chooses_by_rule_depends_on_the_choice():
    names = {dispatcher.__name__ for dispatcher in dependents.depend_on(rules.__name__, "choose")}
    assert {"run_period", "run_block", "run_traced"} <= names
    assert not names & {"best_response", "advance", "maximise"}


def wrong_arguments(i, labs):
    return 0.1


def fixed(i, labs, nations, world, p):
    return 0.1


def no_such_field(i, labs, nations, world, p):
    return labs[i].caution


def not_finite(i, labs, nations, world, p):
    return labs[i].capability / 0.0 * 0.0


def same_name(i, labs, nations, world, p, selection=RuleParameter("x", "1", (0, 1), default=0.5)):
    return selection


def no_declaration(i, labs, nations, world, p, share=0.5):
    return share


def no_default(i, labs, nations, world, p, share=RuleParameter("x", "1", (0, 1))):
    return share


def out_of_bounds(i, labs, nations, world, p, share=RuleParameter("x", "1", (0, 1), default=2.0)):
    return share


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (wrong_arguments, r"must be a function of \(i, labs, nations, world, p\)"),
        (0.1, "must be a function of"),
        (fixed, "fixed is built in"),
        (no_such_field, "no_such_field does not compile or run: .*caution"),
        (not_finite, "must return a finite share"),
        (same_name, "selection: is a parameter of the rule imitate"),
        (no_declaration, "share: must have a race_sim.RuleParameter as its default, got 0.5"),
        (no_default, r"share: must have a default in \[0, 1\], got None"),
        (out_of_bounds, r"share: must have a default in \[0, 1\], got 2.0"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(function, message):
    before = list(rules.NAMES)
    with pytest.raises(race_sim.InputError, match=message) as refused:
        race_sim.add_rule(function)
    assert "\n" not in str(refused.value)
    assert before == rules.NAMES


def test_what_is_no_policy_is_refused():
    with pytest.raises(race_sim.InputError, match="race is built in"):
        race_sim.add_policy("race", Policy("x"))
    with pytest.raises(race_sim.InputError, match="must be a name and"):
        race_sim.add_policy("my policy", Policy("x"))


def test_this_process_has_none():
    assert len(rules.NAMES) == rules.BUILT_IN
