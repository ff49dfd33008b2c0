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
    """A nation: its policy, its regulation, its payoff."""

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
        """Law 3.7: jumps of regulation after this period's mishaps, then decay."""
        aftermath.regulate(self.index, *self.model.state)

    def monitor(self) -> None:
        """Section 6: is it detected in defection, or accused wrongly?"""
        _, nations, world, parameters = self.model.state
        aftermath.monitor(self.index, nations, world, parameters)

    def collect_payoff(self) -> None:
        """Section 5: rivalry over the lead, and the risk of catastrophe that was run."""
        _, nations, world, parameters = self.model.state
        aftermath.pay_nation(self.index, nations, world, parameters)
