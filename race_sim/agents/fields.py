"""Attributes of an agent that are fields of its record, and what may be assigned to them."""

import difflib
import math
from typing import TYPE_CHECKING, Any

import mesa

from race_sim.errors import InputError, checked_number, one_line, unknown
from race_sim.kernels.state import Traced

Bounds = tuple[float, float]
NEAR = 0.8  # similarity from which a name is taken for a mistyped one


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

    if TYPE_CHECKING:  # without it Python reads the agent's own dictionary, which is faster

        def __get__(self, agent: Any, owner: type | None = None) -> Any: ...

    def __set__(self, agent: Any, value: Any) -> None:
        if self.name in vars(agent):
            raise InputError(f"{type(agent).__name__}.{self.name}: stays what it is, got {one_line(value)}")
        vars(agent)[self.name] = value


class Row(mesa.Agent):  # type: ignore[misc]
    """An agent that is a row of the records: what the laws would ignore is refused.

    A new attribute is the user's own, unless its name is nearly that of an attribute that there is. A subclass may have
    any name of its own: one that stands in its body, or that its ``__init__`` sets.
    """

    model: Any
    record = Fixed("its row of the records")

    def __setattr__(self, name: str, value: Any) -> None:
        kind = type(self)
        known = getattr(kind, name, None)
        if isinstance(known, property) and known.fset is None:
            raise InputError(f"{kind.__name__}.{name}: follows from others, assign those, got {one_line(value)}")
        model = vars(self).get("model")
        made = model is not None and "labs" in vars(model)
        if made and not hasattr(kind, name) and name not in vars(self):
            names = {attribute for attribute in dir(kind) if not attribute.startswith("_")}
            if difflib.get_close_matches(name, names, cutoff=NEAR):
                why = unknown("attribute", name, names)
                raise InputError(
                    f"{kind.__name__}.{name}: {why}; a new one like it must be set in a subclass's __init__"
                )
        super().__setattr__(name, value)

    def remove(self) -> None:
        """Refuse to leave the race: the records keep everybody.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{type(self).__name__}.remove: a race keeps its labs and nations from start to end")


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
