"""A nation as a Mesa agent: a row of the records that the kernels run on, which calls their laws."""

import math
from typing import TYPE_CHECKING, Any

from race_sim.agents.fields import Field, Fixed, Row
from race_sim.errors import InputError, checked_text, unknown
from race_sim.kernels import aftermath
from race_sim.kernels.state import NATION_TRACE, NATION_TRACED
from race_sim.runs.outcomes import ANY, SHARE
from race_sim.scenario.policies import FLAGS, POLICIES

if TYPE_CHECKING:
    from race_sim.agents.lab import Lab
    from race_sim.agents.model import RaceModel

NATION_SERIES = ("name", "policy", *(NATION_TRACE.names or ()))


class _Policy:
    """Name of a nation's policy; another one that is assigned acts from the next period on."""

    def __get__(self, nation: Any, owner: type | None = None) -> Any:
        return self if nation is None else vars(nation)["policy"]

    def __set__(self, nation: Any, name: Any) -> None:
        what = f"{type(nation).__name__}.policy"
        if checked_text(what, name) not in POLICIES:
            raise InputError(f"{what}: {unknown('policy', name, POLICIES)}")
        vars(nation)["policy"] = name
        for flag in FLAGS:
            nation.record[flag] = getattr(POLICIES[name], flag)


class Nation(Row):
    """A nation: its policy, its regulation, its payoff. Subclass it to override a stage, or to change its policy.

    A nation is a row of the records that the kernels run on; its stages call their laws, in the order of
    ``RaceModel.step``.

    Parameters
    ----------
    model : RaceModel
        The race that it runs in.
    index : int
        Its place among the nations.
    name, policy : str
        Its name, and the name of its policy.

    Examples
    --------
    >>> class Frightened(Nation):
    ...     def regulate(self) -> None:
    ...         super().regulate()
    ...         if self.mishaps > 0.0:
    ...             self.policy = "unilateral_slowdown"
    """

    model: "RaceModel"
    name = Fixed("its name")
    index = Fixed("its place among the nations")
    policy = _Policy()
    regulation = Field(NATION_TRACED, SHARE)
    floor = Field(NATION_TRACED, instead="policy")
    benchmarks = Field(NATION_TRACED, instead="policy")
    sharing = Field(NATION_TRACED, instead="policy")
    best_capability = Field("capability of its best lab, OOM", instead="a lab's capability")
    payoff = Field(NATION_TRACED, ANY)
    wins = Field("probability that it was first over the threshold", SHARE)
    mishaps = Field("ordinary mishaps at its labs so far, weighted by survival", (0.0, math.inf))
    suspicion = Field(NATION_TRACED)

    def __init__(self, model: "RaceModel", index: int, name: str, policy: str) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.record = model.records.nations[0, index]
        self.policy = policy
        self._labs: tuple[Lab, ...] = ()

    @property
    def labs(self) -> "tuple[Lab, ...]":
        """Its labs."""
        return self._labs

    @property
    def nation(self) -> "Nation":
        """Itself, so that ``model.agents.groupby("nation")`` groups nations with their labs."""
        return self

    def regulate(self) -> None:
        """Move regulation: jumps after this period's mishaps, then decay (law 3.7)."""
        aftermath.regulate(self.index, *self.model.state)

    def monitor(self) -> None:
        """Find out whether it is detected in defection, or accused wrongly (section 6)."""
        _, nations, world, parameters = self.model.state
        aftermath.monitor(self.index, nations, world, parameters)

    def collect_payoff(self) -> None:
        """Collect what a lead is worth, less the risk of catastrophe that was run (section 5)."""
        _, nations, world, parameters = self.model.state
        aftermath.pay_nation(self.index, nations, world, parameters)
