"""A lab as a Mesa agent: a row of the records that the kernels run on, which calls their laws."""

import math
from typing import TYPE_CHECKING

import numpy as np

from race_sim.agents.fields import Field, Fixed, Row
from race_sim.agents.nation import Nation
from race_sim.errors import InputError, one_line
from race_sim.kernels import aftermath, period, rules, survey
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.state import LAB_TRACE, LAB_TRACED
from race_sim.runs.outcomes import ANY, SHARE

if TYPE_CHECKING:
    from race_sim.agents.model import RaceModel

_FIRST = ("name", "capability", "assurance", "gap")
LAB_SERIES = (*_FIRST, *(name for name in LAB_TRACE.names or () if name not in _FIRST))


class Lab(Row):
    """A lab. Subclass it and override ``choose_share`` to give it a decision rule in plain Python.

    A lab is a row of the records that the kernels run on; its stages call their laws, in the order of
    ``RaceModel.step``.

    Parameters
    ----------
    model : RaceModel
        The race that it runs in.
    index : int
        Its place among the labs.
    name : str
        Its name.
    nation : Nation
        The nation that it belongs to.

    Examples
    --------
    >>> class Cautious(Lab):
    ...     def choose_share(self) -> float:
    ...         return 0.4 if self.gap > 1.0 else 0.1
    """

    model: "RaceModel"
    name = Fixed("its name")
    index = Fixed("its place among the labs")
    nation = Fixed("the nation that it belongs to")
    capability = Field(LAB_TRACED, ANY)
    assurance = Field(LAB_TRACED, ANY)
    share = Field(LAB_TRACED, instead="chosen")
    chosen = Field("safety share that the lab chose last, before floors", (0.0, LARGEST_SHARE))
    resources = Field("resources r, relative to the best-funded lab at the start", instead="boost")
    boost = Field(LAB_TRACED, (0.0, math.inf))
    trust = Field(LAB_TRACED, SHARE)
    market_share = Field(LAB_TRACED)
    hazard = Field(LAB_TRACED)
    severity = Field(LAB_TRACED)
    delay = Field(LAB_TRACED, instead="delay_chosen")
    delay_chosen = Field("delay before release that the lab chose last, before floors, yr", (0.0, math.inf))
    deployed = Field(LAB_TRACED, ANY)
    tested = Field("assurance by testing before release, OOM", (0.0, math.inf))
    alarm = Field(LAB_TRACED, SHARE)
    payoff = Field(LAB_TRACED, ANY)
    mishap = Field(LAB_TRACED)
    mishaps = Field("ordinary mishaps so far, weighted by survival", (0.0, math.inf))
    breakthrough = Field(LAB_TRACED)

    def __init__(self, model: "RaceModel", index: int, name: str, nation: Nation) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.nation = nation
        self.record = model.records.labs[0, index]

    @property
    def gap(self) -> float:
        """Capability without assurance, OOM."""
        return float(self.capability - self.assurance)

    @property
    def rivals(self) -> tuple["Lab", ...]:
        """All other labs."""
        return tuple(lab for lab in self.model.labs if lab is not self)

    def choose_share(self) -> float:
        """Choose the safety share wanted from now on; by default what the scenario's decision rule says.

        Returns
        -------
        float
            From 0 to 1; floors are applied afterwards, and no lab spends more than 0.95.

        Examples
        --------
        >>> model = RaceModel("duopoly", rng=1)
        >>> model.step()
        >>> 0.0 <= next(iter(model.labs)).choose_share() <= 0.95
        True
        """
        return float(rules.choose(self.index, *self.model.state))

    def open_period(self) -> None:
        """Take the resources of the period, and the share in use under the floor in force."""
        labs, nations, _, parameters = self.model.state
        survey.open_lab(self.index, labs, nations, parameters)

    def decide(self) -> None:
        """Ask for the share wanted; it takes effect when all have decided.

        Raises
        ------
        InputError
            If ``choose_share`` does not give a finite number in [0, 1].
        """
        share = self.choose_share()
        number = isinstance(share, int | float | np.floating | np.integer) and not isinstance(share, bool)
        if not number or not math.isfinite(share) or not 0.0 <= share <= 1.0:
            rule = f"{type(self).__name__}.choose_share"
            raise InputError(f"{rule}: the share of {self.name} must be a number in [0, 1], got {one_line(share)}")
        self.record["step"] = share

    def adopt(self) -> None:
        """Use the share that was decided on."""
        labs, nations, world, p = self.model.state
        self.record["chosen"] = self.record["step"]
        period.count_decision(self.index, labs, world)
        survey.use_share(self.index, labs, nations, p)

    def advance(self) -> None:
        """Prepare the next step by laws 3.2 to 3.4 from the state at the start of the period."""
        period.advance(self.index, *self.model.state)

    def settle(self) -> None:
        """Take the prepared step, release (law 3.9), and the boosts of everybody's breakthroughs."""
        period.settle(self.index, *self.model.state)

    def offer(self) -> None:
        """Offer the quality that buyers perceive (law 3.6)."""
        labs, nations, _, parameters = self.model.state
        period.offer(self.index, labs, nations, parameters)

    def risk_mishap(self) -> None:
        """Risk a mishap: hazard, severity and the draw of law 3.5."""
        labs, _, world, parameters = self.model.state
        period.risk_mishap(self.index, labs, world, parameters)

    def collect_payoff(self) -> None:
        """Collect revenue less damages (section 5)."""
        aftermath.pay_lab(self.index, *self.model.state)

    def lose_trust(self) -> None:
        """Lose trust by this period's mishaps, then recover (law 3.7)."""
        labs, _, world, parameters = self.model.state
        aftermath.lose_trust(self.index, labs, world, parameters)

    def alarm_researchers(self) -> None:
        """Alarm its researchers: jolts by this period's mishaps, then towards what the gap warrants (law 3.10)."""
        labs, _, world, parameters = self.model.state
        aftermath.alarm_researchers(self.index, labs, world, parameters)
