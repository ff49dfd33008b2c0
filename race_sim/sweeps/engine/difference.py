"""In what two sweeps differ, in words."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from race_sim.errors import one_line

NOTHING = "nothing"


def differences(there: Any, here: Any, where: str = "") -> list[str]:
    """Describe in what two structures of plain values differ, one phrase per difference.

    Mappings are compared key by key, lists item by item (``nothing`` where one is shorter), all else as it is.

    Parameters
    ----------
    there, here : Any
        The two: what is kept, and what is wanted.
    where : str
        Path of both inside the structures that were compared first.

    Returns
    -------
    list of str
        Phrases such as ``seed is 1 there, 2 here``; empty where the two are equal.

    Examples
    --------
    >>> differences({"seed": 1, "runs": 5}, {"seed": 2, "runs": 5})
    ['seed is 1 there, 2 here']
    """
    if isinstance(there, Mapping) and isinstance(here, Mapping):
        phrases = []
        for key in [*there, *(key for key in here if key not in there)]:
            at = f"{where}.{key}" if where else str(key)
            phrases += differences(there.get(key), here.get(key), at)
        return phrases
    if isinstance(there, list) and isinstance(here, list):
        pairs = zip_longest(there, here, fillvalue=NOTHING)
        return [_phrase(where, one, other) for one, other in pairs if one != other]
    return [] if there == here else [_phrase(where, there, here)]


def _phrase(where: str, there: Any, here: Any) -> str:
    return f"{where} is {one_line(there)} there, {one_line(here)} here"
