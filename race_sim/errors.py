"""What goes wrong with a user's input, in one line: where, the name, the rule, the value; checks at the edge."""

import difflib
import numbers
from collections.abc import Iterable

LARGEST_COUNT = 2**53  # up to which floats hold every whole number
MANY = 20  # names beyond which they are not listed


class InputError(ValueError):
    """Bad input from outside: a file, an option, an argument. Its text is one line, fit to be shown as it is."""


def one_line(value: object, width: int = 60) -> str:
    """Show a value on one line.

    Parameters
    ----------
    value : object
        Whatever was given.
    width : int
        Most characters; what is longer is cut off, with dots.

    Returns
    -------
    str
        Its ``repr``, with line breaks as spaces.

    Examples
    --------
    >>> one_line([1, 2]), one_line("x" * 99, width=10)
    ('[1, 2]', "'xxxxxx...")
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= width else text[: width - 3] + "..."


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """Say that there is no such name, and which one may have been meant.

    Parameters
    ----------
    kind : str
        What it should have been the name of: ``policy``.
    name : object
        What was given.
    known : iterable of str
        The names that there are.

    Returns
    -------
    str
        One line; the names that there are where none of them is near, unless there are more than 20.

    Examples
    --------
    >>> unknown("policy", "raec", ["race", "treaty"])
    "no policy 'raec' (did you mean 'race'?)"
    """
    names = sorted(known)
    same = [known for known in names if known.casefold() == str(name).casefold()]
    near = same or difflib.get_close_matches(str(name), names, n=2)
    if near:
        hint = f"did you mean {' or '.join(map(repr, near))}?"
    elif len(names) > MANY:
        hint = f"none of {len(names)} known ones is near"
    else:
        hint = f"known: {', '.join(names) or 'none'}"
    return f"no {kind} {one_line(name)} ({hint})"


def checked_whole(name: str, value: int, at_least: int, at_most: int) -> int:
    """Check that a value is a whole number within bounds.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : int
        What was given; a bool is no number.
    at_least, at_most : int
        The bounds, included.

    Returns
    -------
    int
        The value.

    Raises
    ------
    InputError
        If it is not.
    """
    if not _is_whole(value) or not at_least <= value <= at_most:
        raise InputError(f"{name}: must be a whole number in [{at_least}, {at_most}], got {one_line(value)}")
    return int(value)


def checked_count(name: str, value: int, at_least: int = 1) -> int:
    """Check that a value is a number of things.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : int
        What was given.
    at_least : int
        The least number allowed; the most is 2^53, up to which floats hold every whole number.

    Returns
    -------
    int
        The value.

    Raises
    ------
    InputError
        If it is no whole number within these bounds.

    Examples
    --------
    >>> checked_count("runs", 20)
    20
    """
    if not _is_whole(value) or not at_least <= value <= LARGEST_COUNT:
        raise InputError(f"{name}: must be a whole number, at least {at_least}, got {one_line(value)}")
    return int(value)


def checked_seed(seed: int) -> int:
    """Check that a value can be the seed of all draws.

    Parameters
    ----------
    seed : int
        What was given.

    Returns
    -------
    int
        The value.

    Raises
    ------
    InputError
        If it is no whole number in [0, 2^64).
    """
    if not _is_whole(seed) or not 0 <= seed < 2**64:
        raise InputError(f"seed: must be a whole number in [0, 2^64), got {one_line(seed)}")
    return int(seed)


def _is_whole(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
