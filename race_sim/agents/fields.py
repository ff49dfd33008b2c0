"""Attributes of an agent that are fields of its record."""

from typing import Any


class Field:
    """A read-only attribute of an agent that is a field of its record."""

    def __init__(self, meaning: str) -> None:
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else agent.record[self.name].item()
