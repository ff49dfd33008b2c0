"""What goes wrong with a user's input, in one line: where, the name, the rule, the value."""

import difflib
from collections.abc import Iterable

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
