"""An all-pay race for general intelligence: who takes part, and how hard they try."""

import math
from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator, model_validator

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.roots import root_between
from race_sim.solvers.game import Citation


class Naude2020(PublishedGame):
    """In a race that the winner takes all of and everybody pays for, only the most competitive teams take part.

    Team i spends x_i and succeeds with probability b_i x_i / (d + sum_j b_j x_j): b_i its ability, d the difficulty,
    with which nobody succeeds. Payoff: v times that, minus x_i. It is concave in x_i, so the first-order conditions
    decide. With Y = d + sum_j b_j x_j, y_i = b_i x_i = Y (1 - Y / (v b_i)) where that is positive, otherwise 0. The k
    teams with v b_i > Y are active; with S = sum of 1 / (v b_i) over them,
    Y = [k - 1 + sqrt((k - 1)^2 + 4 S d)] / (2 S). Summed over i, Y's equation has one root, so the equilibrium is the
    only one. Where no team finds v b_i > d, nobody takes part and Y = d.
    """

    citation: ClassVar[Citation] = Citation(
        "naude2020",
        ("Wim Naudé", "Nicola Dimitri"),
        "The race for an artificial general intelligence: implications for public policy",
        2020,
        "AI & Society 35:367-379",
        doi="10.1007/s00146-019-00887-x",
    )
    b: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        (3.0, 2.0, 1.0, 0.5), min_length=1, max_length=1000, description="abilities of the teams, any number of them"
    )
    v: float = parameter(10.0, "value of winning", above=0)
    d: float = parameter(1.0, "difficulty: the weight of nobody succeeding", 0)

    @field_validator("b", mode="before")
    @classmethod
    def _one_team(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _contested(self) -> "Naude2020":
        if self.d == 0 and len(self.b) == 1:
            raise ValueError("d: must be above 0 for a single team (it would win with any spending, so none is best)")
        return self

    @finite
    def results(self) -> dict[str, Any]:
        """Spending and success of every team.

        Returns
        -------
        dict
            ``x``, ``success`` and ``active``, one entry per team; ``Y``; ``none_succeeds``, the probability that nobody
            does.
        """
        worth = self._worth()
        total = self._total(sorted(worth, reverse=True))
        # b_i x_i over Y is both the probability of success and 1 - Y / (v b_i).
        success = [max(0.0, 1 - total / value) for value in worth]
        return {
            "x": [total * part / ability for part, ability in zip(success, self.b, strict=True)],
            "success": success,
            "active": [value > total for value in worth],
            "Y": total,
            "none_succeeds": self.d / total,
        }

    def _worth(self) -> list[float]:
        worth = [self.v * ability for ability in self.b]
        if not all(0 < value < math.inf and 1 / value < math.inf for value in worth):
            raise InputError(f"naude2020: v b: must lie within what a float can hold, got v = {self.v}")
        return worth

    def _total(self, falling: list[float]) -> float:
        inverse = 0.0
        for active, value in enumerate(falling, start=1):
            inverse += 1 / value
            total = (active - 1 + math.sqrt((active - 1) ** 2 + 4 * inverse * self.d)) / (2 * inverse)
            following = falling[active] if active < len(falling) else 0.0
            if following <= total:
                return max(total, self.d)
        raise AssertionError("the last team decides")

    def numerical_total(self) -> float:
        """Find Y as the root of d + sum of best replies - Y, from the payoff's derivative alone.

        Returns
        -------
        float
            In units of ability times spending.
        """
        worth = self._worth()

        def excess(total: float) -> float:
            return self.d + sum(max(0.0, total - total * total / value) for value in worth) - total

        return root_between(excess, 1e-12 * max(worth), self.d + max(worth))

    def payoff(self, player: int, own: float, spending: list[float]) -> float:
        """Compute the payoff of one team's spending.

        Parameters
        ----------
        player : int
            Index of the team.
        own : float
            What it spends.
        spending : list of float
            What all teams spend; the team's own entry does not matter.

        Returns
        -------
        float
            In the unit of spending.
        """
        weights = [ability * x for ability, x in zip(self.b, spending, strict=True)]
        weights[player] = self.b[player] * own
        whole = self.d + sum(weights)
        return (self.v * weights[player] / whole if whole > 0 else 0.0) - own

    @classmethod
    def checks(cls) -> list[Check]:
        """Two races, and the abstract's first result.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        equal, unequal = cls(b=(1, 1, 1)), cls(b=(3, 2, 1, 0.5))
        place = "first-order conditions, v = 10, d = 1"

        def row(race: "Naude2020", team: int, published: float, tolerance: float) -> Check:
            result = f"x of team {team + 1}, b = ({', '.join(f'{ability:g}' for ability in race.b)})"
            return Check(result, place, published, lambda: race.results()["x"][team], tolerance, "reading")

        return [
            *(row(equal, team, 2.0446, 5e-5) for team in range(3)),
            *(row(unequal, team, x, 5e-4) for team, x in enumerate((2.452, 2.286, 0.0, 0.0))),
            Check("active teams, b = (3, 2, 1, 0.5)", place, 2.0,
                  lambda: float(sum(unequal.results()["active"])), source="reading"),
            Check("who takes part, b = (3, 2, 1, 0.5)", "abstract", "only the most competitive teams",
                  lambda: "only the most competitive teams" if unequal.results()["active"] == [True, True, False, False]
                  else "others too"),
        ]  # fmt: skip
