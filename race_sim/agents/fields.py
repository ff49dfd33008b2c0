"""Attributes of an agent that are fields of its record, and what may be assigned to them."""

import math
from typing import Any

from race_sim.errors import InputError, checked_number, one_line
from race_sim.kernels.state import Traced

Bounds = tuple[float, float]


class Field:
    """An attribute of an agent that is a field of its record.

    What the laws start from may be assigned, and acts from then on. What they compute anew every period may not: the
    assignment would be lost.

    Parameters
    ----------
    meaning : str or tuple of Traced
        What it is, in words, or the table of traced fields in which it stands under its name.
    within : tuple of float, optional
        Bounds of what may be assigned; by default nothing may.
    instead : str
        What to assign instead, for the refusal.
    """

    def __init__(
        self, meaning: str | tuple[Traced, ...], within: Bounds | None = None, instead: str = "what it follows from"
    ) -> None:
        self._meaning = meaning
        self._within = within
        self._instead = instead

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        if isinstance(self._meaning, str):
            self.__doc__ = self._meaning
        else:
            traced = next(field for field in self._meaning if field.name == name)
            self.__doc__ = f"{traced.meaning} ({traced.unit})"

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else agent.record[self.name].item()

    def __set__(self, agent: Any, value: Any) -> None:
        what = f"{type(agent).__name__}.{self.name}"
        if self._within is None:
            raise InputError(f"{what}: is computed anew every period, assign {self._instead}, got {one_line(value)}")
        low, high = self._within
        number = checked_number(what, value)
        if not (math.isfinite(number) and low <= number <= high):
            rule = f"a finite number in [{low:g}, {high:g}]" if math.isfinite(low + high) else "a finite number"
            raise InputError(f"{what}: must be {rule}, got {one_line(value)}")
        agent.record[self.name] = number


class Fixed:
    """An attribute that is set when the agent is made, and stays.

    Parameters
    ----------
    meaning : str
        What it is.
    """

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else vars(agent)[self.name]

    def __set__(self, agent: Any, value: Any) -> None:
        if self.name in vars(agent):
            raise InputError(f"{type(agent).__name__}.{self.name}: stays what it is, got {one_line(value)}")
        vars(agent)[self.name] = value


def value(agent: Any, name: str) -> Any:
    """Read a field of an agent's record, or else an attribute.

    Parameters
    ----------
    agent : Lab or Nation
        Whose.
    name : str
        Which.

    Returns
    -------
    object
        A plain number or text.
    """
    return agent.record[name].item() if name in agent.record.dtype.names else getattr(agent, name)
