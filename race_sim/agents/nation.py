"""A nation as a Mesa agent: a row of the records that the kernels run on, which calls their laws."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from race_sim.agents.fields import Field
from race_sim.kernels import aftermath
from race_sim.kernels.state import NATION_TRACE, NATION_TRACED

if TYPE_CHECKING:
    from race_sim.agents.lab import Lab
    from race_sim.agents.model import RaceModel

NATION_SERIES = ("name", "policy", *(NATION_TRACE.names or ()))


class Nation(mesa.Agent):  # type: ignore[misc]
    """A nation: its policy, its regulation, its payoff.

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
    """

    model: "RaceModel"
    regulation = Field(NATION_TRACED)
    floor = Field(NATION_TRACED)
    benchmarks = Field(NATION_TRACED)
    sharing = Field(NATION_TRACED)
    best_capability = Field("capability of its best lab, OOM")
    payoff = Field(NATION_TRACED)
    wins = Field("probability that it was first over the threshold")
    mishaps = Field("ordinary mishaps at its labs so far, weighted by survival")
    suspicion = Field(NATION_TRACED)

    def __init__(self, model: "RaceModel", index: int, name: str, policy: str) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.policy = policy
        self.record: np.void = model.records.nations[0, index]
        self.labs: tuple[Lab, ...] = ()

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
