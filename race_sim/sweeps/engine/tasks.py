"""Several processes, or tasks of an array, that work on one folder: task i of n computes parts i, i + n, i + 2n, ..."""

import re
from dataclasses import dataclass

from race_sim.errors import InputError, one_line


@dataclass(frozen=True)
class Task:
    """One of several that share the parts of a sweep among them.

    Attributes
    ----------
    number : int
        Which, from 0.
    of : int
        How many there are.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Task":
        """Read a task from its text.

        Parameters
        ----------
        text : str
            Such as ``0/4``, the first of four.

        Returns
        -------
        Task
            The task.

        Raises
        ------
        InputError
            For text that has another form, or a number that is not below how many there are.

        Examples
        --------
        >>> Task.parse("1/4").parts(10)
        range(1, 10, 4)
        """
        match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip()) if isinstance(text, str) else None
        if match is None or not int(match[1]) < int(match[2]):
            raise InputError(f"take: must be i/n with i from 0 to n - 1, such as 0/4, got {one_line(text)}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}-of-{self.of}"

    def parts(self, parts: int) -> range:
        """List the parts that are this task's.

        Parameters
        ----------
        parts : int
            Parts of the sweep.

        Returns
        -------
        range
            Their numbers.

        Raises
        ------
        InputError
            Where there is none for it.
        """
        if self.number >= parts:
            raise InputError(f"take: there are {parts} parts, none for task {self.number} of {self.of}")
        return range(self.number, parts, self.of)
