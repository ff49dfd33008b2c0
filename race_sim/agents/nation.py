"""A nation as a Mesa agent: a row of the records that the kernels run on, which calls their laws."""

from typing import TYPE_CHECKING

import mesa
import numpy as np

from race_sim.agents.fields import Field
from race_sim.kernels import aftermath

if TYPE_CHECKING:
    from race_sim.agents.lab import Lab
    from race_sim.agents.model import RaceModel

NATION_SERIES = ("name", "policy", "regulation", "floor", "benchmarks", "sharing", "payoff", "suspicion")


class Nation(mesa.Agent):  # type: ignore[misc]
    """A nation: its policy, its regulation, its payoff."""

    model: "RaceModel"
    regulation = Field("regulation R, 0 to 1")
    floor = Field("safety share that its labs must keep, 0 to 1")
    benchmarks = Field("visibility by shared benchmarks in force, 0 to 1")
    sharing = Field("openness of safety work in force, 0 to 1")
    best_capability = Field("capability of its best lab, OOM")
    payoff = Field("discounted payoff so far, V yr")
    wins = Field("probability that it was first over the threshold")
    mishaps = Field("ordinary mishaps at its labs so far, weighted by survival")
    suspicion = Field("in this period: 1 detected in defection, 2 accused wrongly")

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
