"""Dictionaries that do not change, so that what holds them can be frozen all through."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

Value = TypeVar("Value")


class FrozenDict(dict[str, Value]):
    """A dictionary that refuses every change, has a hash, and travels between processes.

    Parameters
    ----------
    items : mapping
        What it holds.

    Raises
    ------
    TypeError
        At every attempt to change it.
    """

    def __init__(self, items: Mapping[str, Value]) -> None:
        super().__init__(items)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __copy__(self) -> "FrozenDict[Value]":
        return self

    def __deepcopy__(self, memory: Any) -> "FrozenDict[Value]":
        return self

    def _refuse(self, *arguments: Any, **options: Any) -> NoReturn:
        raise TypeError("a scenario does not change; Scenario.replace gives a changed copy")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse
