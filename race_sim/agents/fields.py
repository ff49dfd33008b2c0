"""Attributes of an agent that are fields of its record."""

from typing import Any

from race_sim.kernels.state import Traced


class Field:
    """A read-only attribute of an agent that is a field of its record.

    Parameters
    ----------
    meaning : str or tuple of Traced
        What it is, in words, or the table of traced fields in which it stands under its name.
    """

    def __init__(self, meaning: str | tuple[Traced, ...]) -> None:
        self._meaning = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        if isinstance(self._meaning, str):
            self.__doc__ = self._meaning
        else:
            traced = next(field for field in self._meaning if field.name == name)
            self.__doc__ = f"{traced.meaning} ({traced.unit})"

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else agent.record[self.name].item()


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
