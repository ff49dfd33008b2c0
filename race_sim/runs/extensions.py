"""Decision rules, policies and outcomes of one's own, without editing the package."""

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any, get_args, overload

import numpy as np

from race_sim.errors import InputError, checked_flag, checked_list, checked_number, checked_text, one_line, unknown
from race_sim.kernels import rules
from race_sim.kernels.compile import uncached
from race_sim.runs.outcomes import ANY, OUTCOMES, SHARE, WEIGHTS, Bounds, Events, Level, Outcome, Real, Weight
from race_sim.runs.outcomes import BUILT_IN as BUILT_IN_OUTCOMES
from race_sim.runs.records import Records, build
from race_sim.scenario.policies import BUILT_IN, FLAGS, POLICIES, Policy
from race_sim.scenario.scenario import Scenario

Rule = Callable[..., float]
OUTCOME_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
COORDINATES = {"run", "nation", "lab", "control", "nation_of_lab", "period", "time", "luck", "point", "outcome"}
ADDED_EVENTS: tuple[Events, ...] = ("", "chance", "count")
_SOURCES: dict[str, str] = {}


class ShareError(InputError):
    """A decision rule from outside wanted a share that is not a finite number.

    Parameters
    ----------
    rule : str
        The rule's name.
    lab : int
        The lab's number, from 0.
    time : float
        When, in years.
    """

    def __init__(self, rule: str, lab: int, time: float) -> None:
        ValueError.__init__(self, rule, lab, time)

    def __str__(self) -> str:
        rule, lab, time = self.args
        return f"rule: {rule}: the share of lab {lab + 1} at {time:.4g} years must be a finite number"


@overload
def add_rule(function: Rule, *, plans: bool = ...) -> Rule: ...
@overload
def add_rule(function: None = ..., *, plans: bool = ...) -> Callable[[Rule], Rule]: ...
def add_rule(function: Rule | None = None, *, plans: bool = False) -> Any:
    """Add a decision rule: a function of what a lab sees, to the safety share that it wants.

    The rule is known by the function's name, in scenarios, sweeps and both engines of this process and its threads. The
    function is compiled by numba with everything that calls rules, once more after every addition (some ten seconds).
    What it returns is kept within [0, 0.95]; floors are applied afterwards. Adding a name again replaces the rule.

    Processes and clusters know rules that stand in a module which they import: a sweep's executor may be
    ``ProcessPoolExecutor(2, initializer=import_module, initargs=("my_rules",))``, or use
    ``dask worker --preload my_rules.py``.

    Parameters
    ----------
    function : callable
        ``rule(i, labs, nations, world, p, ...) -> safety share``. ``labs[i]`` is the lab that decides; the fields of
        labs, nations and the world are those of race_sim/kernels/state.py, parameters are ``p.<section>_<name>``.
        Further arguments are the rule's own parameters, each with a ``race_sim.RuleParameter`` as its default: it is
        then ``rules.NAME`` in scenarios, ``--set``, sweeps and the screening. Left out, ``add_rule`` is a decorator.
    plans : bool
        Whether the rule reads the fields ``outlook_...``, which are formed only where a rule asks.

    Returns
    -------
    callable
        The function as it came.

    Raises
    ------
    InputError
        If the name is that of a built-in rule, the arguments are others, a parameter's name is taken or its default not
        within its bounds, or the function does not compile.

    Examples
    --------
    A leader that keeps a share, and all others a tenth (compiled, so not run here)::

        ahead = race_sim.RuleParameter("share kept by the leader", "1", (0, 0.95), (0.2, 0.6), default=0.4)

        @race_sim.add_rule
        def cautious_when_ahead(i, labs, nations, world, p, share_ahead=ahead):
            return share_ahead if labs[i].capability >= world.best_capability else 0.1

        scenario = race_sim.Scenario.load("us-china-2026").replace({"lab.rule": "cautious_when_ahead"})
        bolder = scenario.replace({"rules.share_ahead": 0.2})
    """
    if function is None:
        return lambda decorated: add_rule(decorated, plans=plans)
    checked_flag("rule: plans", plans)
    first = rules.ARGUMENTS
    named = tuple(inspect.signature(function).parameters) if isinstance(function, FunctionType) else ()
    if not isinstance(function, FunctionType) or named[: len(first)] != first:
        raise InputError(f"rule: must be a function of ({', '.join(first)}), got {one_line(function)}")
    name = function.__name__
    if name in rules.NAMES[: rules.BUILT_IN]:
        raise InputError(f"rule: {name} is built in, choose another name")
    _check_parameters(name, rules.declared(function))
    _check(function)
    rules.add(function, plans, ShareError)
    _SOURCES[name] = _source(function)
    return function


def add_policy(name: str, policy: Policy) -> None:
    """Add a policy of nations: another combination of the flags of ``race_sim.Policy``.

    It works where the built-in ones do, in this process; adding a name again replaces it.

    Parameters
    ----------
    name : str
        By which scenarios name it.
    policy : Policy
        Its flags.

    Raises
    ------
    InputError
        If the name is that of a built-in policy, or not an identifier.

    Examples
    --------
    A nation that slows down alone, and shares::

        open_slowdown = race_sim.Policy("slows down, shares", keeps_standard=True, shares_openly=True)
        race_sim.add_policy("open_slowdown", open_slowdown)
        scenario = race_sim.Scenario.load("us-china-2026").replace({"nations.us.policy": "open_slowdown"})
    """
    if checked_text("policy", name) in BUILT_IN:
        raise InputError(f"policy: {name} is built in, choose another name")
    if not name.isidentifier() or not isinstance(policy, Policy):
        raise InputError(f"policy: must be a name and a race_sim.Policy, got {one_line((name, policy))}")
    checked_text("policy: meaning", policy.meaning)
    for flag in FLAGS:
        checked_flag(f"policy: {flag}", getattr(policy, flag))
    POLICIES[name] = policy


def add_outcome(
    name: str,
    unit: str,
    meaning: str,
    function: Callable[[Records], Any],
    *,
    level: Level = "run",
    weight: Weight = "",
    bounds: Bounds = ANY,
    events: Events = "",
) -> None:
    """Add an outcome: from then on in every table, Dataset, sweep, plot and JSON of this process.

    Processes and clusters know outcomes that stand in a module which they import. Adding a name again replaces the
    outcome.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    unit : str
        Its unit; ``1`` for a number without one.
    meaning : str
        What it is, in a few words.
    function : callable
        Of the records at the end of some runs (race_sim/kernels/state.py lists their fields), to finite numbers: one
        per run (runs,), or per run and nation or lab, (runs, nations) or (runs, labs), as ``level`` says.
    level : str
        ``run``, ``nation`` or ``lab``.
    weight : str
        What the mean over runs is weighted by: ``time_alive``, ``survival``, ``survival_at_threshold``, ``decisions``,
        or nothing.
    bounds : tuple of float
        Between which the value of any run lies; intervals keep to them.
    events : str
        ``chance`` where a run is worth 0 or 1, ``count`` for numbers of events, nothing otherwise: how intervals allow
        for events that no run has met.

    Raises
    ------
    InputError
        If the name is taken, or another argument is not valid.

    Examples
    --------
    The largest gap among those who survive::

        race_sim.add_outcome(
            "largest_gap", "OOM", "largest gap of any lab at the end",
            lambda records: (records.labs["capability"] - records.labs["assurance"]).max(axis=1), weight="survival",
        )
        race_sim.estimate("duopoly", runs=20)["largest_gap"].mean
    """
    for what, text in (("unit", unit), ("meaning", meaning)):
        if not isinstance(text, str) or not text.isprintable() or not text:
            raise InputError(f"outcome: {what}: must be a text in one line, got {one_line(text)}")
    if not callable(function):
        raise InputError(f"outcome: function: must be a function of a run's records, got {one_line(function)}")
    if checked_text("outcome: level", level) not in get_args(Level):
        raise InputError(f"outcome: {unknown('level', level, get_args(Level))}")
    if checked_text("outcome: weight", weight) not in get_args(Weight):
        raise InputError(f"outcome: {unknown('weight', weight, get_args(Weight))}")
    if not isinstance(events, str) or events not in ADDED_EVENTS:
        raise InputError(f"outcome: {unknown('events', events, ADDED_EVENTS)}")
    low, high = _checked_bounds(bounds)
    if events == "chance" and (low, high) != SHARE:
        raise InputError(f"outcome: bounds: of a chance must be (0, 1), got {one_line(bounds)}")
    _check_outcome_name(name, level)

    def numerator(records: Records) -> Real:
        shape = {"run": (len(records.worlds),), "nation": records.nations.shape, "lab": records.labs.shape}[level]
        try:
            values = np.asarray(function(records), dtype=float)
        except Exception as error:
            raise InputError(f"outcome: {name}: its function fails: {one_line(str(error), 200)}") from error
        if values.shape != shape or not np.isfinite(values).all():
            what = f"shape {values.shape}" if values.shape != shape else "one that is not finite"
            raise InputError(f"outcome: {name}: must return finite numbers of shape {shape}, got {what}")
        if not weight:
            return values
        weights = WEIGHTS[weight][2](records)
        return values * (weights if values.ndim == 1 else weights[:, np.newaxis])

    made = Outcome(name, level, unit, meaning, weight, numerator, (low, high), events)
    places = [place for place, known in enumerate(OUTCOMES) if (known.name, known.level) == (name, level)]
    if places:
        OUTCOMES[places[0]] = made
    else:
        OUTCOMES.append(made)
    _SOURCES[f"outcome {name}"] = repr((unit, meaning, level, weight, low, high, events)) + _source(function)


def _checked_bounds(bounds: object) -> Bounds:
    """Two numbers, the first below the second."""
    try:
        low, high = map(float, bounds)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        low, high = np.nan, np.nan
    if not low < high:
        raise InputError(f"outcome: bounds: must be two numbers, the lower first, got {one_line(bounds)}")
    return low, high


def _check_outcome_name(name: str, level: str) -> None:
    """Whether no outcome that ships, and nothing else in a Dataset of runs, has this name."""
    if not isinstance(name, str) or not OUTCOME_NAME.fullmatch(name) or name.endswith("_path"):
        raise InputError(f"outcome: a name is letters, digits and _, and does not end in _path, got {one_line(name)}")
    variable = name if level == "run" else f"{level}_{name}"
    taken = {known.variable for known in OUTCOMES[:BUILT_IN_OUTCOMES]} | {
        known.name for known in OUTCOMES[:BUILT_IN_OUTCOMES]
    }
    others = {known.variable for known in OUTCOMES[BUILT_IN_OUTCOMES:] if (known.name, known.level) != (name, level)}
    if {name, variable} & (taken | others | set(WEIGHTS) | COORDINATES):
        raise InputError(f"outcome: {name} is taken, choose another name")


def additions(names: Iterable[str]) -> dict[str, str]:
    """Give fingerprints of those names that were added: a kept sweep goes on only where they are the same.

    The fingerprint of a rule or an outcome is that of its source; what it reads from outside of itself is not part of
    it.

    Parameters
    ----------
    names : iterable of str
        Rules, policies, and outcomes behind the word ``outcome``.

    Returns
    -------
    dict
        Fingerprints by name; shipped ones are left out.

    Examples
    --------
    >>> additions(["race", "best_response", "outcome welfare"])
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
        for what in ("meaning", "unit", "status", "source"):
            checked_text(f"{where}: {what}", getattr(own, what))
        for what, ends in (("bounds", own.bounds), ("plausible", own.plausible)):
            if ends is not None or what == "bounds":
                if len(checked_list(f"{where}: {what}", ends)) != 2:
                    raise InputError(f"{where}: {what}: must be a low and a high end, got {one_line(ends)}")
                for end in ends or ():
                    checked_number(f"{where}: {what}", end)
        if own.default is not None:
            checked_number(f"{where}: default", own.default)
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


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        code = getattr(function, "__code__", None)
        if code is None:
            return repr(function)
        return repr((code.co_code, code.co_consts, code.co_names))
