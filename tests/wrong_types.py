"""Every public function with arguments that fit, and values that do not: what a fuzz over them draws from."""

import inspect
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import race_sim
from race_sim.runs.records import build
from race_sim.solvers.evolution import complete

WRONG: tuple[Any, ...] = (
    None, [], {}, (), "", "x", "no", "9" * 3000, "[", b"x", -1, 0, 1.5, math.nan, math.inf, -math.inf, 10**400,
    -(10**400), 10**5000, 2**70, True, object(), int, [None], [[]], {1: 2}, {"a": 1}, [1, 2], ["x", "x"],
    np.arange(3), np.array("x"),
    np.zeros((2, 2)), np.float64("nan"), np.array([None, 1]), np.array(["a", "b"]), Path("nowhere"), Path("nul\0"),
    lambda *arguments, **options: None, 1 + 2j, {1, 2}, range(3), np.bool_(True), "2020-01-01", "two\nlines",
)  # fmt: skip
SHORT = {"base": "duopoly", "time": {"horizon": 1}}
UNCHECKED = {"InputError", "Lab", "Nation", "RuleParameter", "OtherRegarding", "Policy", "Estimate"}  # made by others
SMALL = ("runs", "draws", "scenario", "max_runs", "max_settings", "starts")  # where a default would take long
METHODS = (race_sim.Scenario, race_sim.Game, race_sim.StageGame, race_sim.RaceModel)


class Target(NamedTuple):
    """A public function, and arguments that it takes."""

    name: str
    call: Callable[..., Any]
    arguments: dict[str, Any]

    def __call__(self, changes: dict[str, Any], without: str = "") -> Any:
        """Call it with some arguments changed, or one left out."""
        chosen = {name: value for name, value in (self.arguments | changes).items() if name != without}
        parameters = inspect.signature(self.call).parameters
        place = [
            name for name in chosen if name in parameters and parameters[name].kind == inspect.Parameter.POSITIONAL_ONLY
        ]
        return self.call(*(chosen.pop(name) for name in place), **chosen)


def _fitting() -> dict[str, Any]:
    """Arguments that fit, by their names, which mean the same everywhere."""
    scenario = race_sim.Scenario.from_dict(SHORT)
    game = race_sim.policy_game(scenario, ["race", "unilateral_slowdown"], runs=8)
    table = np.array([[3.0, 0.0], [5.0, 1.0]])
    swept = race_sim.sweep(scenario, {"prize.enmity": [0.0, 1.0]}, 4, outcomes=["welfare"], progress=False)
    logs = np.log(np.full((2, 2), 0.1))
    return {
        "scenario": scenario, "runs": 4, "seed": 0, "game": game,
        "whose": "world", "group": "east", "starts": 2,
        "payoff": table, "beta": 0.1, "population": 4,
        "matrix": table, "first": table, "second": table, "shares": np.full((2, scenario.periods, 2), 0.1), "rng": 0,
        "other_regarding": race_sim.OtherRegarding(0, 0, 0, 0), "run": 0, "key": "spt", "swept": swept, "time": 0.0,
        "dataset": race_sim.simulate(scenario, 4), "design": {"prize.enmity": [0.0, 1.0]}, "low": 0.0, "high": 1.0,
        "mode": 0.5, "mean": 0.5, "standard_deviation": 0.1, "median": 1.0, "sigma": 0.5, "players": ("a", "b"),
        "text": scenario.to_toml(), "source": "duopoly", "changes": {"prize.enmity": 0.1}, "tables": SHORT,
        "graph": complete(4), "nodes": 4, "rows": 3, "columns": 3, "cooperate": (0, 0), "punish": (1, 1),
        "leader": "east", "own": [1.0, 2.0, 3.0], "other": [1.0, 2.0, 3.0], "advantage": 0.1, "mutation": 0.01,
        "intensity": 0.1, "precisions": [0.0, 1.0], "strategies": [("x", "y")] * 2, "steps": 20,
        "generations": 2, "times": [0.0, 1.0], "names": ["x", "y"], "log_fixation": logs, "log_probability": logs,
        "log_rate": logs, "log_ratio": np.zeros((2, 3)), "folder": "nowhere",
        "records": build(scenario, 0, np.arange(1)),
        "threads": 1, "max_runs": 256, "max_settings": 5, "lever": "penalty", "deviations": ["covert_defection"],
        "lab": 0, "mixture": [0.5, 0.5], "name": "some_name", "unit": "1", "meaning": "what it is", "level": "run",
        "function": lambda records: records.worlds["time"], "policy": race_sim.Policy("other"), "draws": 20,
        "experiment": "whose_race",
    }  # fmt: skip


_OWN: dict[str, dict[str, Any]] = {  # where a name means another thing, or the default would take long
    "Game": {"payoff": np.zeros((2, 2, 2))},
    "Game.player": {"name": "east"},
    "Game.strategy": {"player": 0, "name": "race"},
    "Game.subgame": {"strategies": [["race"], ["race", "unilateral_slowdown"]]},
    "Game.symmetric": {"strategies": ("x", "y")},
    "equilibria.expected_payoffs": {"profile": [[0.5, 0.5], [0.5, 0.5]]},
    "equilibria.exploitability": {"profile": [[0.5, 0.5], [0.5, 0.5]]},
    "equilibria.treaty_stability": {"signed": "unilateral_slowdown", "outside": "race"},
    "equilibria.critical_discount_factor": {"detection": 0.9},
    "evolution.group_log_fixation": {"payoff": np.zeros((2, 2, 3))},
    "evolution.imitate": {"start": [2, 2]},
    "evolution.imitate_on": {"start": [2, 2]},
    "evolution.replicator": {"start": [0.5, 0.5]},
    "evolution.replicator_of_populations": {"payoffs": [np.zeros((2, 2))] * 2, "starts": [[0.5, 0.5]] * 2},
    "evolution.populations_log_rates": {"log_fixations": [np.log(np.full((2, 2, 2), 0.1))] * 2},
    "full_chain": {"mutation": 0.1},
    "sensitivity_indices": {"parameters": ["prize.enmity"], "samples": 4, "runs": 2, "outcomes": ["welfare"]},
    "sobol_over_draws": {"scenario": "us-china-2026", "samples": 4},
    "sweep": {"outcomes": ["welfare"]},
    "interact": {"scenario": "duopoly"},
    "equilibria.evolutionarily_stable": {"game": race_sim.Game.symmetric([[3.0, 0.0], [5.0, 1.0]])},
}  # fmt: skip
_OWN |= {
    f"StageGame.{name}": {"shares": [0.1, 0.1]}
    for name in ("objective", "objectives", "best_response", "gains", "exploitability", "total")
}
for _name in ("imitate", "imitate_on", "replicator"):
    _OWN[_name] = _OWN[f"evolution.{_name}"]


def targets() -> dict[str, Target]:
    """By name: what race_sim offers, methods of its objects, and the solvers."""
    fitting = _fitting()
    scenario, game = fitting["scenario"], fitting["game"]
    objects = (scenario, game, race_sim.stage_game(scenario), race_sim.RaceModel(scenario))
    calls = {name: getattr(race_sim, name) for name in race_sim.__all__ if callable(getattr(race_sim, name))}
    for part in objects:
        kind = next(kind for kind in METHODS if isinstance(part, kind))
        calls |= {
            f"{kind.__name__}.{name}": getattr(part, name)
            for name, member in vars(kind).items()
            if name[0] != "_" and (inspect.isfunction(member) or isinstance(member, classmethod))
        }
    for room in ("equilibria", "evolution"):
        module = getattr(race_sim, room)
        calls |= {
            f"{room}.{name}": value
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__.startswith("race_sim.solvers")
        }
    made = {}
    for name, call in calls.items():
        if name in UNCHECKED | {"Scenario", "reproduce", "add_game", "add_rule"}:
            continue
        parameters = inspect.signature(call).parameters.values()
        own = _OWN.get(name, {})
        needed = {
            parameter.name: fitting[parameter.name]
            for parameter in parameters
            if parameter.name in fitting and (parameter.default is inspect.Parameter.empty or parameter.name in SMALL)
        }
        made[name] = Target(name, call, needed | own)
    return made


def spoilt(target: Target, random_: random.Random) -> dict[str, Any]:
    """One of its arguments, or two, of which at least one does not fit."""
    names = [
        parameter.name
        for parameter in inspect.signature(target.call).parameters.values()
        if parameter.kind not in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    ]
    count = min(len(names), random_.choice((1, 1, 1, 2)))
    return {name: random_.choice(WRONG) for name in random_.sample(names, count)}
