"""Decision rules and policies of one's own, without editing the package."""

import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any, overload

import numpy as np

from race_sim.errors import InputError, one_line
from race_sim.kernels import rules
from race_sim.kernels.compile import uncached
from race_sim.runs.records import build
from race_sim.scenario.policies import BUILT_IN, POLICIES, Policy
from race_sim.scenario.scenario import Scenario

Rule = Callable[..., float]
_SOURCES: dict[str, str] = {}


@overload
def add_rule(function: Rule, *, plans: bool = ...) -> Rule: ...
@overload
def add_rule(function: None = ..., *, plans: bool = ...) -> Callable[[Rule], Rule]: ...
def add_rule(function: Rule | None = None, *, plans: bool = False) -> Any:
    """Decorator: a decision rule ``rule(i, labs, nations, world, p, ...) -> safety share``, known by its name.

    The function is compiled by numba with everything that calls rules, once more after every addition (some ten
    seconds). ``labs[i]`` is the lab that decides; the fields of labs, nations and the world are those of
    race_sim/kernels/state.py, parameters are ``p.<section>_<name>``. What it returns is kept within [0, 0.95]; floors
    are applied afterwards. plans: whether it reads the fields ``outlook_...``, which are formed only where a rule asks.

    The rule's own parameters are further arguments, with a ``race_sim.RuleParameter`` as their default: each is then
    ``rules.NAME`` in scenarios, ``--set``, sweeps and the screening.

    The rule works in scenarios, sweeps and both engines of this process and its threads. Adding a name again replaces
    the rule. Processes and clusters know rules that stand in a module which they import: a sweep's executor may be
    ``ProcessPoolExecutor(2, initializer=import_module, initargs=("my_rules",))``, or use
    ``dask worker --preload my_rules.py``.

    Raises InputError for a built-in rule's name, for other arguments, for a parameter whose name is taken or whose
    default is not within its bounds, and for a function that does not compile.

    Example::

        ahead = race_sim.RuleParameter("share kept by the leader", "1", (0, 0.95), (0.2, 0.6), default=0.4)

        @race_sim.add_rule
        def cautious_when_ahead(i, labs, nations, world, p, share_ahead=ahead):
            return share_ahead if labs[i].capability >= world.best_capability else 0.1

        scenario = race_sim.Scenario.load("us-china-2026").replace({"lab.rule": "cautious_when_ahead"})
        bolder = scenario.replace({"rules.share_ahead": 0.2})
    """
    if function is None:
        return lambda decorated: add_rule(decorated, plans=plans)
    first = rules.ARGUMENTS
    named = tuple(inspect.signature(function).parameters) if isinstance(function, FunctionType) else ()
    if not isinstance(function, FunctionType) or named[: len(first)] != first:
        raise InputError(f"rule: must be a function of ({', '.join(first)}), got {one_line(function)}")
    name = function.__name__
    if name in rules.NAMES[: rules.BUILT_IN]:
        raise InputError(f"rule: {name} is built in, choose another name")
    _check_parameters(name, rules.declared(function))
    _check(function)
    rules.add(function, plans)
    _SOURCES[name] = _source(function)
    return function


def add_policy(name: str, policy: Policy) -> None:
    """A policy of nations, known by its name: another combination of the flags of ``race_sim.Policy``.

    It works where the built-in ones do, in this process; adding a name again replaces it. Raises InputError for the
    name of a built-in policy.

    Example::

        open_slowdown = race_sim.Policy("slows down, shares", keeps_standard=True, shares_openly=True)
        race_sim.add_policy("open_slowdown", open_slowdown)
        scenario = race_sim.Scenario.load("us-china-2026").replace({"nations.us.policy": "open_slowdown"})
    """
    if name in BUILT_IN:
        raise InputError(f"policy: {name} is built in, choose another name")
    if not name.isidentifier() or not isinstance(policy, Policy):
        raise InputError(f"policy: must be a name and a race_sim.Policy, got {one_line((name, policy))}")
    POLICIES[name] = policy


def additions(names: Iterable[str]) -> dict[str, str]:
    """Those of the names that were added, with fingerprints: a kept sweep goes on only where they are the same.

    A rule's fingerprint is that of its source; what it reads from outside of itself is not part of it.

    >>> additions(["race", "best_response"])
    {}
    """
    texts = _SOURCES | {name: repr(policy) for name, policy in POLICIES.items() if name not in BUILT_IN}
    return {name: hashlib.sha256(texts[name].encode()).hexdigest()[:16] for name in sorted(set(names) & set(texts))}


def _check_parameters(rule: str, declared: Mapping[str, Any]) -> None:
    """Whether a rule's own parameters can be had beside those of all other rules."""
    others = {name: of for of, own in rules.PARAMETERS.items() if of != rule for name in own}
    for name, own in declared.items():
        where = f"rule: {rule}: {name}"
        if not isinstance(own, rules.RuleParameter):
            raise InputError(f"{where}: must have a race_sim.RuleParameter as its default, got {one_line(own)}")
        if name in others:
            raise InputError(f"{where}: is a parameter of the rule {others[name]}, choose another name")
        low, high = own.bounds
        if own.default is None or not low <= own.default <= high:
            raise InputError(f"{where}: must have a default in [{low:g}, {high:g}], got {one_line(own.default)}")
    room = rules.LARGEST_ADDED - sum(rule != of for of, _ in rules.added().values())
    if len(declared) > room:
        raise InputError(f"rule: {rule}: has {len(declared)} parameters, and there is room for {room} more")


def _check(function: FunctionType) -> None:
    """Compile and try the rule on its own, so that a fault is told in one line."""
    records = build(Scenario.load("duopoly"), 0, np.arange(1))
    values = [float(own.default) for own in rules.declared(function).values()]
    try:
        share = uncached(rules.bare(function))(0, *(array[0] for array in records), *values)
        fits = np.isfinite(float(share))
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        text = next((line for line in lines if not line.startswith("Failed in nopython")), type(error).__name__)
        raise InputError(f"rule: {function.__name__} does not compile or run: {text}") from None
    if not fits:
        raise InputError(f"rule: {function.__name__} must return a finite share, got {one_line(share)}")


def _source(function: FunctionType) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        code = function.__code__
        return repr((code.co_code, code.co_consts, code.co_names))
