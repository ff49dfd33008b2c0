"""What goes wrong with a user's input, in one line: where, the name, the rule, the value; checks at the edge."""

import difflib
import numbers
from collections.abc import Iterable

LARGEST_COUNT = 2**53  # up to which floats hold every whole number
MANY = 20  # names beyond which they are not listed


class InputError(ValueError):
    """Bad input from outside: a file, an option, an argument. Its text is one line, fit to be shown as it is."""


def one_line(value: object, width: int = 60) -> str:
    """``repr`` of a value on one line, shortened."""
    text = " ".join(repr(value).split())
    return text if len(text) <= width else text[: width - 3] + "..."


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """``no policy 'raec' (did you mean 'race'?)``, or the known names when none is near."""
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
    """The value, if it is a whole number within bounds; InputError otherwise."""
    if not _is_whole(value) or not at_least <= value <= at_most:
        raise InputError(f"{name}: must be a whole number in [{at_least}, {at_most}], got {one_line(value)}")
    return int(value)


def checked_count(name: str, value: int, at_least: int = 1) -> int:
    """The value, if it is a whole number from ``at_least`` up to 2^53; InputError otherwise."""
    if not _is_whole(value) or not at_least <= value <= LARGEST_COUNT:
        raise InputError(f"{name}: must be a whole number, at least {at_least}, got {one_line(value)}")
    return int(value)


def checked_seed(seed: int) -> int:
    """The seed, if it is a whole number in [0, 2^64); InputError otherwise."""
    if not _is_whole(seed) or not 0 <= seed < 2**64:
        raise InputError(f"seed: must be a whole number in [0, 2^64), got {one_line(seed)}")
    return int(seed)


def _is_whole(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
