"""RaceModel: one race as a Mesa model, stage by stage, with the same draws as the same run of the kernel."""

import secrets
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd

from race_sim.agents.fields import Fixed, value
from race_sim.agents.lab import LAB_SERIES, Lab
from race_sim.agents.nation import NATION_SERIES, Nation
from race_sim.errors import InputError, checked_count, checked_seed, one_line, unknown
from race_sim.kernels import aftermath, control_sums, period, survey
from race_sim.kernels.state import WORLD_TRACE
from race_sim.runs.records import build
from race_sim.runs.sampling import checked_estimator
from race_sim.scenario.scenario import BASELINE, Scenario


class RaceModel(mesa.Model):  # type: ignore[misc]
    """A race of nations and labs as a Mesa model, with the same draws as the same run of the kernel.

    ``model.race`` is the Scenario, ``model.labs`` and ``model.nations`` are AgentSets. ``model.running`` is False after
    a catastrophe (sampled) or at the horizon; further steps change nothing. What the laws start from may be assigned
    (``lab.capability``, ``lab.chosen``, ``nation.policy``, ...) and acts; what they compute anew, and mistyped names,
    are refused. A nation's payoff includes that of its labs. Series per period are in ``model.datacollector``,
    ``lab_series()`` and ``nation_series()``; a collector of one's own may take its place, for a batch at the end of the
    ``__init__`` of a subclass (before Mesa 3.4.1 a batch's values of agents are those of the period before). SolaraViz
    needs a network: ``race_sim.interact`` is the way to look at a race.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A Scenario, the name of a shipped one, or the path of a TOML file.
    rng : int or numpy.random.Generator, optional
        Seed of all draws, a whole number in [0, 2^64), or a generator that draws one. By default one is drawn, so that
        the iterations of Mesa's ``batch_run`` differ; ``model.seed``, and the column ``seed`` of a batch, keep it:
        given as ``rng`` it makes the same race again.
    run : int
        Number of the run: the trajectory is that of run ``run`` of ``simulate(scenario, seed=rng)``, bit by bit.
    estimator : str
        ``integrated`` (carries the probability of survival) or ``sampled`` (draws the catastrophe).
    lab_class, nation_class : type or mapping of str to type
        A subclass of Lab for all labs, or subclasses by names of labs; likewise of Nation.
    **parameters : float, int or str
        Parameters of the scenario that are changed, by path, as ``batch_run`` varies them:
        ``RaceModel("duopoly", **{"prize.enmity": 0.3})``.

    Raises
    ------
    InputError
        If an argument is not valid.

    Examples
    --------
    >>> model = RaceModel("duopoly", rng=1)
    >>> model.step()
    >>> round(model.years, 4)
    0.0833
    >>> model.seed, RaceModel("duopoly").seed == RaceModel("duopoly").seed
    (1, False)
    """

    running: bool
    race = Fixed("its scenario")
    seed = Fixed("its seed")

    def __init__(
        self,
        scenario: Scenario | str | Path = BASELINE,
        rng: int | np.random.Generator | None = None,
        run: int = 0,
        estimator: str = "integrated",
        lab_class: type[Lab] | Mapping[str, type[Lab]] = Lab,
        nation_class: type[Nation] | Mapping[str, type[Nation]] = Nation,
        **parameters: Any,
    ) -> None:
        if isinstance(rng, np.random.Generator):
            rng = int(rng.integers(2**63))
        self.seed = secrets.randbits(63) if rng is None else checked_seed(rng)
        super().__init__(rng=self.seed)
        # not `scenario`: from Mesa 3.5 on that is a mutable object of Mesa's own
        self.race = Scenario.load(scenario).replace(parameters)
        number = checked_count("run", run, at_least=0)
        self.records = build(self.race, self.seed, np.array([number]), checked_estimator(estimator))
        self.state = (self.records.labs[0], self.records.nations[0], self.records.worlds[0], self.records.parameters[0])
        classes = _classes("lab", Lab, self.race.labs, lab_class)
        homes_of = _classes("nation", Nation, self.race.nations, nation_class)
        named = enumerate(self.race.nations.items())
        made = [homes_of[name](self, n, name, nation.policy) for n, (name, nation) in named]
        homes = {nation.name: nation for nation in made}
        for i, (name, lab) in enumerate(self.race.labs.items()):
            classes[name](self, i, name, homes[lab.nation])
        self.nations = self.agents.select(lambda agent: isinstance(agent, Nation))
        self.labs = self.agents.select(lambda agent: isinstance(agent, Lab))
        for nation in self.nations:
            nation._labs = tuple(lab for lab in self.labs if lab.nation is nation)
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_read, name) for name in WORLD_TRACE.names or ()} | {"seed": "seed"},
            tables={"nations": ["period", *NATION_SERIES], "labs": ["period", *LAB_SERIES]},
        )

    @property
    def years(self) -> float:
        """Time at the end of the last period, in years."""
        return float(self.state[2]["time"])

    @property
    def survival(self) -> float:
        """Probability that no catastrophe has occurred so far (0 or 1 when sampled)."""
        return float(self.state[2]["survival"])

    @property
    def catastrophe(self) -> float:
        """Probability that a catastrophe has occurred so far (0 or 1 when sampled)."""
        return float(self.state[2]["catastrophe"])

    def step(self) -> None:
        """Run one period: the stages of ``race_sim.kernels.period.run_period``, each called on the agents.

        Examples
        --------
        >>> model = RaceModel("duopoly", rng=1)
        >>> model.step()
        >>> len(model.lab_series())
        2
        """
        labs, nations, world, parameters = self.state
        if not self.running:
            return
        period.open_period(world, parameters)
        survey.open_treaty(nations, world, parameters)
        self.labs.do("open_period")
        survey.survey_safety(labs, nations, world)
        survey.survey_capability(labs, nations, world)
        if period.is_decision(world):
            period.prepare_decisions(labs, nations, world, parameters)
            self.labs.do("decide")
            self.labs.do("adopt")
            survey.survey_safety(labs, nations, world)
        self.labs.do("advance")
        control_sums.count_breakthroughs(labs, nations, world, parameters)
        period.spread_breakthroughs(labs, nations, world, parameters)
        self.labs.do("settle")
        survey.survey_capability(labs, nations, world)
        self.labs.do("offer")
        period.clear_market(labs, world, parameters)
        self.labs.do("risk_mishap")
        control_sums.count_mishaps(labs, nations, world)
        period.survive(labs, world)
        period.keep_time(labs, nations, world)
        if world["alive"]:
            self.labs.do("collect_payoff")
            self.labs.do("lose_trust")
            self.labs.do("alarm_researchers")
            control_sums.count_damages(labs, nations, world, parameters)
            self.nations.do("regulate")
            aftermath.finish(labs, nations, world, parameters)
            self.nations.do("monitor")
            aftermath.suspend(nations, world, parameters)
        self.nations.do("collect_payoff")
        self._collect()
        world["period"] += 1
        self.running = bool(world["alive"]) and bool(world["period"] < world["periods"])

    def run_model(self) -> None:
        """Step until the race has ended.

        Examples
        --------
        >>> model = RaceModel("duopoly", rng=1)
        >>> model.run_model()
        >>> model.running, model.years
        (False, 10.0)
        """
        while self.running:
            self.step()

    def lab_series(self) -> pd.DataFrame:
        """Tabulate what was collected of the labs.

        Returns
        -------
        pandas.DataFrame
            One row per period and lab: capability, assurance, gap, share, trust, hazard, payoff and more.

        Examples
        --------
        >>> model = RaceModel("duopoly", rng=1)
        >>> model.step()
        >>> model.lab_series()["name"].tolist()
        ['east_lab', 'west_lab']
        """
        return pd.DataFrame(self.datacollector.get_table_dataframe("labs"))

    def nation_series(self) -> pd.DataFrame:
        """Tabulate what was collected of the nations.

        Returns
        -------
        pandas.DataFrame
            One row per period and nation: policy, regulation, floor, sharing, payoff and more.

        Examples
        --------
        >>> model = RaceModel("duopoly", rng=1)
        >>> model.step()
        >>> model.nation_series()["policy"].tolist()
        ['race', 'race']
        """
        return pd.DataFrame(self.datacollector.get_table_dataframe("nations"))

    def _collect(self) -> None:
        number = int(self.state[2]["period"])
        for table, agents, series in (("nations", self.nations, NATION_SERIES), ("labs", self.labs, LAB_SERIES)):
            for agent in agents if table in self.datacollector.tables else ():  # not in a collector of the user's own
                row = {"period": number, **{name: value(agent, name) for name in series}}
                self.datacollector.add_table_row(table, row)
        self.datacollector.collect(self)


def _read(name: str, model: RaceModel) -> Any:
    """A field of the world's record."""
    return model.state[2][name].item()


def _classes(kind: str, base: type[Any], names: Iterable[str], given: Any) -> dict[str, type[Any]]:
    """The class of every lab, or of every nation, checked."""
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                raise InputError(f"{kind}_class: {unknown(kind, name, names)}")
        classes = {name: given.get(name, base) for name in names}
    else:
        classes = dict.fromkeys(names, given)
    for name, one in classes.items():
        if not (isinstance(one, type) and issubclass(one, base)):
            what = f"must be a subclass of race_sim.{base.__name__}"
            raise InputError(f"{kind}_class: {what}, got {one_line(one)} for {name}")
    return classes
