"""What a run is asked for: one entry per outcome, each a weighted mean over runs.

The mean of an outcome over runs is sum(numerator) / sum(weight) (race_sim/MODEL.md, section 3.5): path averages are
weighted by the time alive, end values by survival, and payoffs, wins and mishaps by nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from race_sim.runs.records import MONTHS_PER_YEAR, Records
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.parameters import NationDefaults, about
from race_sim.scenario.policies import POLICIES
from race_sim.scenario.scenario import Scenario

Real = NDArray[np.float64]
Level = Literal["run", "nation", "lab"]
Weight = Literal["", "time_alive", "survival", "survival_at_threshold", "arrival", "decisions"]
Events = Literal["", "chance", "catastrophe", "count", "cost"]
Bounds = tuple[float, float]
ANY: Bounds = (-np.inf, np.inf)
SHARE: Bounds = (0.0, 1.0)
POSITIVE: Bounds = (0.0, np.inf)


@dataclass(frozen=True)
class Outcome:
    """One outcome: ``numerator(records)`` has shape (runs,), (runs, nations) or (runs, labs), by ``level``.

    Attributes
    ----------
    name : str
        Name, together with the level its key.
    level : {'run', 'nation', 'lab'}
        Whether a run has one value, or one per nation or lab.
    unit : str
        Unit of the value.
    long_name : str
        What it means.
    weight : str
        Key of ``WEIGHTS``, or empty where every run counts alike.
    numerator : callable
        The value times its weight, of a run's records.
    bounds : tuple of float
        Between which the value of any run lies.
    events : {'', 'chance', 'catastrophe', 'count', 'cost'}
        What runs meet or do not meet, so that a sample without it does not show it: ``chance``, a run is worth 0 or 1;
        ``catastrophe``, the same, where catastrophes are drawn; ``count``, events of size 1; ``cost``, what a drawn
        catastrophe costs nations; nothing in particular, and the sample shows what there is.
    possible : callable
        Whether a scenario can have it at all; where it cannot, it is 0.
    """

    name: str
    level: Level
    unit: str
    long_name: str
    weight: Weight
    numerator: Callable[[Records], Real]
    bounds: Bounds = ANY
    events: Events = ""
    possible: Callable[[Scenario], bool] = lambda scenario: True

    def range(self, scenario: Scenario) -> Bounds:
        """Give the bounds of a run's value.

        Parameters
        ----------
        scenario : Scenario
            What is simulated.

        Returns
        -------
        tuple of float
            Least and most; both 0 where the scenario cannot have it.
        """
        return self.bounds if self.possible(scenario) else (0.0, 0.0)

    def event(self, scenario: Scenario, estimator: str) -> tuple[bool, float, float]:
        """Tell what an event is worth that no run may have met.

        Parameters
        ----------
        scenario : Scenario
            What is simulated.
        estimator : str
            ``integrated`` or ``sampled``: whether catastrophes are drawn.

        Returns
        -------
        tuple
            Whether a run is worth 0 or 1, and by how much an event raises and lowers the value of a run.
        """
        drawn = estimator == "sampled"
        if not self.possible(scenario):
            return False, 0.0, 0.0
        if self.events == "chance" or (self.events == "catastrophe" and drawn):
            return True, 1.0, 1.0
        if self.events == "cost" and drawn:
            costs = [_cost_of_a_catastrophe(cost) for cost in scenario.catastrophe_costs.values()]
            return False, 0.0, sum(costs) if self.level == "run" else max(costs)
        return False, float(self.events == "count"), 0.0

    @property
    def variable(self) -> str:
        """Name of the variable in a Dataset of runs."""
        return self.name if self.level == "run" else f"{self.level}_{self.name}"


def _arrived(records: Records) -> Real:
    """Probability that the threshold is reached before a catastrophe."""
    worlds = records.worlds
    arrived: Real = np.where(worlds["finished"] == 1, worlds["finish_survival"], 0.0)
    return arrived


WEIGHTS: dict[str, tuple[str, str, Callable[[Records], Real]]] = {
    "time_alive": ("yr", "time alive, weighted by survival", lambda r: r.worlds["time_alive"]),
    "survival": ("1", "survival probability at the end", lambda r: r.worlds["survival"]),
    "survival_at_threshold": (
        "1",
        "survival probability when the threshold or the horizon is reached",
        lambda r: np.where(r.worlds["finished"] == 1, r.worlds["finish_survival"], r.worlds["survival"]),
    ),
    "arrival": (
        "1",
        "probability that the threshold is reached before a catastrophe",
        _arrived,
    ),
    "decisions": ("decisions", "decisions taken by labs, weighted by survival", lambda r: r.worlds["decisions"]),
}


def _cost_of_a_catastrophe(value: float | Distribution) -> float:
    """What it costs a nation, V yr: of drawn costs the mean size of an event, third over second moment."""
    if not isinstance(value, Distribution):
        return float(value)
    known = about(NationDefaults, "catastrophe_cost")
    assert known is not None
    costs = value.draw(np.linspace(0.0005, 0.9995, 1000), known.at_least, known.at_most)
    return float((costs**3).sum() / max((costs**2).sum(), 1e-300))


def _treaty(scenario: Scenario) -> bool:
    """Whether enough nations sign for a treaty to exist."""
    least = scenario.cooperation.treaty_min_signatories
    assert not isinstance(least, Distribution)
    return sum(POLICIES[policy].signs for policy in scenario.policies.values()) >= least


def _world(field: str) -> Callable[[Records], Real]:
    return lambda r: r.worlds[field]


def _nation(field: str) -> Callable[[Records], Real]:
    return lambda r: r.nations[field]


def _lab(field: str) -> Callable[[Records], Real]:
    return lambda r: r.labs[field]


def perceived_payoff(records: Records) -> Real:
    """Compute nations' payoffs with the risk of a catastrophe as each perceives it.

    Parameters
    ----------
    records : Records
        The end of some runs.

    Returns
    -------
    array (runs, nations)
        Payoffs plus (1 - risk_perception) x catastrophe cost x discounted probability of a catastrophe, V yr.
    """
    nations, discounted = records.nations, records.worlds["discounted_catastrophe"]
    unseen = (1.0 - nations["risk_perception"]) * nations["catastrophe_cost"]
    perceived: Real = nations["payoff"] + unseen * discounted[:, np.newaxis]
    return perceived


@dataclass(frozen=True)
class AtEnd:
    """The numerator of a value at the end of a run, which counts as far as the run survives.

    Attributes
    ----------
    value : callable
        The value itself, of a run's records.
    """

    value: Callable[[Records], Real]

    def __call__(self, records: Records) -> Real:
        """Weigh the value by survival.

        Parameters
        ----------
        records : Records
            Of some runs at their ends.

        Returns
        -------
        array (runs,), (runs, nations) or (runs, labs)
            The value times the survival probability.
        """
        values, survival = self.value(records), records.worlds["survival"]
        weighted: Real = values * (survival if values.ndim == 1 else survival[:, np.newaxis])
        return weighted


def _gap(records: Records) -> Real:
    gap: Real = records.labs["capability"] - records.labs["assurance"]
    return gap


def _by_nation(values: Real, records: Records) -> Real:
    """Mean over each nation's labs: (runs, labs) -> (runs, nations)."""
    home = records.labs["nation"][0]
    columns = [values[:, home == n].mean(axis=1) for n in range(records.nations.shape[1])]
    return np.stack(columns, axis=1)


def _lead(records: Records) -> Real:
    best = np.sort(records.nations["best_capability"], axis=1)
    lead: Real = best[:, -1] - best[:, -2] if best.shape[1] > 1 else np.zeros(len(best))
    return lead


def _lag(records: Records) -> Real:
    """Months behind at the mean speed of the frontier over the run, times the time alive."""
    worlds = records.worlds
    speed = (worlds["best_capability"] - worlds["first_capability"]) / worlds["time"]
    years = records.nations["behind_time"] / np.maximum(speed, 1e-9)[:, np.newaxis]
    months: Real = np.minimum(MONTHS_PER_YEAR * years, MONTHS_PER_YEAR * 1e4)
    return months


def _time_to_threshold(records: Records) -> Real:
    worlds = records.worlds
    reached: Real = np.where(worlds["finished"] == 1, worlds["finish_time"], worlds["time"])
    return reached * WEIGHTS["survival_at_threshold"][2](records)


OUTCOMES: list[Outcome] = [
    Outcome("catastrophe_probability", "run", "1", "probability of a catastrophe by the horizon", "",
            _world("catastrophe"), SHARE, "catastrophe"),
    Outcome("risk_given_arrival", "run", "1",
            "probability of a catastrophe by the horizon once the threshold is reached", "arrival",
            lambda r: _arrived(r) - np.where(r.worlds["finished"] == 1, r.worlds["survival"], 0.0), SHARE),
    Outcome("catastrophe_hazard", "run", "1/yr", "hazard of a catastrophe, path average", "time_alive",
            _world("catastrophe_hazard_time"), POSITIVE),
    Outcome("mishaps", "run", "mishaps", "ordinary mishaps in a run", "", _world("mishaps"), POSITIVE, "count"),
    Outcome("mishap_hazard", "run", "1/yr", "hazard of a serious mishap at any lab, path average", "time_alive",
            _world("hazard_time"), POSITIVE),
    Outcome("safety_share", "run", "1", "safety share, mean of labs, path average", "time_alive",
            _world("share_time"), SHARE),
    Outcome("leader_safety_share", "run", "1", "safety share of the most capable lab, path average", "time_alive",
            _world("leader_share_time"), SHARE),
    Outcome("assurance_gap", "run", "OOM", "capability without assurance at the end, mean of labs", "survival",
            AtEnd(lambda r: _gap(r).mean(axis=1)), POSITIVE),
    Outcome("capability", "run", "OOM", "best capability at the end", "survival",
            AtEnd(lambda r: r.worlds["best_capability"])),
    Outcome("lead", "run", "OOM", "best nation's lead over the next at the end (0 for one nation)", "survival",
            AtEnd(_lead), POSITIVE),
    Outcome("time_to_threshold", "run", "yr", "time to the threshold, or to the horizon if that comes first",
            "survival_at_threshold", _time_to_threshold, POSITIVE),
    Outcome("trust", "run", "1", "public trust, mean weighted by market share, path average", "time_alive",
            _world("trust_time"), SHARE),
    Outcome("regulation", "run", "1", "regulation, mean of nations, path average", "time_alive",
            _world("regulation_time"), SHARE),
    Outcome("treaty_in_force", "run", "1", "part of the time that a treaty is in force", "time_alive",
            _world("treaty_time"), SHARE, "", _treaty),
    Outcome("suspensions", "run", "suspensions", "suspensions of the treaty in a run", "", _world("suspensions"),
            POSITIVE, "count", _treaty),
    Outcome("breakthroughs", "run", "breakthroughs", "breakthroughs in a run", "", _world("breakthroughs_total"),
            POSITIVE, "count"),
    Outcome("welfare", "run", "V yr", "sum of the nations' payoffs", "", lambda r: r.nations["payoff"].sum(axis=1),
            ANY, "cost"),
    Outcome("winner_none", "run", "1", "probability that nobody reaches the threshold", "",
            lambda r: np.maximum(0.0, 1.0 - r.nations["wins"].sum(axis=1)), SHARE, "chance"),
    Outcome("share_at_an_end", "run", "1", "best responses at an end of the interval", "decisions",
            lambda r: r.labs["corners"].sum(axis=1), SHARE),
    Outcome("several_maxima", "run", "1", "best responses that were one of several maxima", "decisions",
            lambda r: r.labs["several_maxima"].sum(axis=1), SHARE),
    Outcome("exploitability", "run", "1", "largest relative gain left in a stage equilibrium, mean", "decisions",
            _world("exploitability"), POSITIVE),
    Outcome("payoff", "nation", "V yr", "discounted payoff", "", _nation("payoff"), ANY, "cost"),
    Outcome("perceived_payoff", "nation", "V yr", "discounted payoff, the risk of a catastrophe as it perceives it", "",
            perceived_payoff, ANY, "cost"),
    Outcome("winner", "nation", "1", "probability of reaching the threshold first", "", _nation("wins"),
            SHARE, "chance"),
    Outcome("mishaps", "nation", "mishaps", "ordinary mishaps at its labs in a run", "", _nation("mishaps"),
            POSITIVE, "count"),
    Outcome("safety_share", "nation", "1", "safety share, mean of its labs, path average", "time_alive",
            lambda r: _by_nation(r.labs["share_time"], r), SHARE),
    Outcome("assurance_gap", "nation", "OOM", "capability without assurance at the end, mean of its labs", "survival",
            AtEnd(lambda r: _by_nation(_gap(r), r)), POSITIVE),
    Outcome("capability", "nation", "OOM", "capability of its best lab at the end", "survival",
            AtEnd(lambda r: r.nations["best_capability"])),
    Outcome("lag", "nation", "months", "its best lab's lag behind the frontier, path average", "time_alive", _lag,
            POSITIVE),
    Outcome("regulation", "nation", "1", "regulation, path average", "time_alive", _nation("regulation_time"), SHARE),
    Outcome("payoff", "lab", "V yr", "discounted payoff", "", _lab("payoff")),
    Outcome("mishaps", "lab", "mishaps", "ordinary mishaps in a run", "", _lab("mishaps"), POSITIVE, "count"),
    Outcome("safety_share", "lab", "1", "safety share, path average", "time_alive", _lab("share_time"), SHARE),
    Outcome("release_months", "lab", "months", "months from having a capability to deploying it, path average",
            "time_alive", lambda r: MONTHS_PER_YEAR * r.labs["delay_time"], POSITIVE),
    Outcome("alarm", "lab", "1", "alarm of its researchers, path average", "time_alive", _lab("alarm_time"), SHARE),
    Outcome("market_share", "lab", "1", "market share, path average", "time_alive", _lab("market_share_time"), SHARE),
    Outcome("assurance_gap", "lab", "OOM", "capability without assurance at the end", "survival",
            AtEnd(_gap), POSITIVE),
    Outcome("capability", "lab", "OOM", "capability at the end", "survival",
            AtEnd(lambda r: r.labs["capability"])),
    Outcome("trust", "lab", "1", "public trust at the end", "survival", AtEnd(lambda r: r.labs["trust"]), SHARE),
]  # fmt: skip
BUILT_IN = len(OUTCOMES)


def numerator(outcome: Outcome, records: Records) -> Real:
    """Compute an outcome times its weight.

    Parameters
    ----------
    outcome : Outcome
        Which.
    records : Records
        The end of some runs.

    Returns
    -------
    array (runs,), (runs, nations) or (runs, labs)
        By the outcome's level; in its unit times that of the weight.
    """
    return outcome.numerator(records)


def weight(outcome: Outcome, records: Records) -> Real | None:
    """Compute an outcome's weight in every run.

    Parameters
    ----------
    outcome : Outcome
        Which.
    records : Records
        The end of some runs.

    Returns
    -------
    array (runs,) or None
        None where every run counts alike.
    """
    return WEIGHTS[outcome.weight][2](records) if outcome.weight else None


def keys(scenario: Scenario) -> Iterator[tuple[str, Outcome]]:
    """Name every number that a scenario's outcomes have: ``mishaps``, ``payoff.us``, ``winner.none``, ``payoff.us_1``.

    Parameters
    ----------
    scenario : Scenario
        Whose nations and labs give their names.

    Yields
    ------
    tuple
        The key and its Outcome; nations and labs in the scenario's order.
    """
    names = {"nation": scenario.nation_names, "lab": scenario.lab_names}
    for outcome in OUTCOMES:
        if outcome.level == "run":
            yield outcome.name.replace("winner_none", "winner.none"), outcome
        else:
            for name in names[outcome.level]:
                yield f"{outcome.name}.{name}", outcome


def additive_groups(outcomes: Iterable[Outcome]) -> NDArray[np.int64]:
    """Label outcomes that add up to each other: payoffs and welfare, winners and nobody.

    Parameters
    ----------
    outcomes : iterable of Outcome
        In the order of the numbers that are labelled.

    Returns
    -------
    array (outcomes,)
        Equal labels for outcomes of one group.
    """
    alias = {"welfare": "payoff", "winner_none": "winner"}
    names = [alias.get(outcome.name, outcome.name) for outcome in outcomes]
    return np.array([names.index(name) for name in names])
