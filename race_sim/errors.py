"""What goes wrong with a user's input, in one line: where, the name, the rule, the value; checks at the edge."""

import difflib
import inspect
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

LARGEST_COUNT = 2**53  # up to which floats hold every whole number
MANY = 20  # names beyond which they are not listed


class InputError(ValueError):
    """Bad input from outside: a file, an option, an argument. Its text is one line, fit to be shown as it is.

    Parameters
    ----------
    message : str
        The name, the rule, the value; what would break the line in it, such as the name of a file, is escaped.

    Examples
    --------
    >>> print(InputError("two\\nlines: must be the name of a scenario"))
    two\\nlines: must be the name of a scenario
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(printable(message))


def printable(text: str) -> str:
    """Escape what would break or disturb a line of text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The same, with control characters and the like as Python writes them.

    Examples
    --------
    >>> print(printable("two\\nlines"))
    two\\nlines
    """
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


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
    try:
        text = " ".join(repr(value).split())
    except Exception:  # a whole number of more digits than Python writes, an object whose own repr fails
        text = f"{_article(type(value).__name__)} that cannot be shown"
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
    names, text = sorted(known), name if isinstance(name, str) else ""
    same = [known for known in names if known.casefold() == text.casefold()]
    near = same or difflib.get_close_matches(text, names, n=2)
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


def checked_flag(name: str, value: object) -> bool:
    """Check that a value is True or False: a text or a number, ``"no"`` or 0, is not taken for one.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : bool
        What was given.

    Returns
    -------
    bool
        The value.

    Raises
    ------
    InputError
        For anything else.

    Examples
    --------
    >>> checked_flag("controlled", False)
    False
    """
    if isinstance(value, bool) or (str(getattr(value, "dtype", "")) == "bool" and getattr(value, "shape", None) == ()):
        return bool(value)
    raise InputError(f"{name}: must be True or False, got {one_line(value)}")


def checked_text(name: str, value: object) -> str:
    """Check that a value is text.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : str
        What was given.

    Returns
    -------
    str
        The value.

    Raises
    ------
    InputError
        For anything else.
    """
    if not isinstance(value, str):
        raise InputError(f"{name}: must be text, got {one_line(value)}")
    return value


def checked_number(name: str, value: Any) -> float:
    """Check that a value is a number, finite or not.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : float
        What was given; neither a bool nor an array with an axis is a number.

    Returns
    -------
    float
        The value.

    Raises
    ------
    InputError
        For anything else, NaN and what no float can hold.

    Examples
    --------
    >>> checked_number("patience", 1)
    1.0
    """
    single = value.item() if getattr(value, "shape", None) == () else value
    try:
        if isinstance(single, numbers.Real) and not isinstance(single, bool) and single == single:
            return float(single)
    except OverflowError:
        pass
    raise InputError(f"{name}: must be a number, got {one_line(value)}")


def checked_numbers(name: str, value: Any) -> "NDArray[np.float64]":
    """Check that a value is a number or an array of them.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : array
        What was given; of any shape.

    Returns
    -------
    array
        As floats.

    Raises
    ------
    InputError
        For texts, for rows of different lengths, and for what no float can hold.

    Examples
    --------
    >>> checked_numbers("weights", [1, 2]).tolist()
    [1.0, 2.0]
    """
    import numpy as np

    try:
        array = np.asarray(value)
        known = array.dtype.kind in "biuf" or (array.size and all(isinstance(x, numbers.Real) for x in array.flat))
        if known or (array.size == 0 and isinstance(value, Sequence | np.ndarray)):
            return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InputError(f"{name}: must be numbers, got {one_line(value)}")


def checked_list(name: str, value: Any) -> Sequence[Any]:
    """Check that a value is a list, a tuple or an array.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : sequence
        What was given.

    Returns
    -------
    sequence
        The value.

    Raises
    ------
    InputError
        For anything else, one text among it.
    """
    shape = getattr(value, "shape", None)
    if isinstance(value, str | bytes) or not (isinstance(value, Sequence) or shape):
        raise InputError(f"{name}: must be a list, got {one_line(value)}")
    return value  # type: ignore[no-any-return]


def checked_names(name: str, value: Any) -> tuple[str, ...]:
    """Check that a value is a list of names.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : sequence of str
        What was given.

    Returns
    -------
    tuple of str
        The names.

    Raises
    ------
    InputError
        For anything else, one text among it.

    Examples
    --------
    >>> checked_names("outcomes", ["welfare", "trust"])
    ('welfare', 'trust')
    """
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise InputError(f"{name}: must be a list of names, got {one_line(value)}")
    names = tuple(value) if getattr(value, "shape", None) != () else (None,)
    for one in names:
        if not isinstance(one, str):
            raise InputError(f"{name}: must be a list of names, got {one_line(value)}")
    return names


def checked_choices(name: str, value: Any) -> tuple[str | int, ...]:
    """Check that a value is a list of names or places.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : sequence of str or int
        What was given.

    Returns
    -------
    tuple of str or int
        The same.

    Raises
    ------
    InputError
        For anything else, one text among it.
    """
    listed = tuple(checked_list(name, value))
    if not all(isinstance(one, str) or _is_whole(one) for one in listed):
        raise InputError(f"{name}: must be a list of names or whole numbers, got {one_line(value)}")
    return listed


def checked_mapping(name: str, value: Any) -> Mapping[str, Any]:
    """Check that a value is a mapping with texts as keys.

    Parameters
    ----------
    name : str
        Its name, for the message.
    value : mapping of str to object
        What was given.

    Returns
    -------
    mapping of str to object
        The value.

    Raises
    ------
    InputError
        For anything else.
    """
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InputError(f"{name}: must be a mapping with names as keys, got {one_line(value)}")
    return value


def checked_kind(kind: type[Result]) -> Callable[[str, Any], Result]:
    """Make the check that a value is an object of a class.

    Parameters
    ----------
    kind : type
        The class.

    Returns
    -------
    callable
        (name, value) -> value; raises InputError for an object of another class.

    Examples
    --------
    >>> checked_kind(dict)("scenario", {})
    {}
    """

    def check(name: str, value: Any) -> Result:
        if not isinstance(value, kind):
            raise InputError(f"{name}: must be {_article(kind.__name__)}, got {one_line(value)}")
        return value

    return check


def checked_arguments(
    **rules: Callable[[str, Any], Any],
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Check arguments before a function sees them.

    An argument that is what the function has by default is not checked.

    Parameters
    ----------
    **rules : callable
        (name, value) -> value, by the argument's name: the checks of this module, for instance.

    Returns
    -------
    callable
        A decorator. The function gets what the checks return; it raises InputError where one of them does.

    Examples
    --------
    >>> @checked_arguments(loud=checked_flag)
    ... def greet(loud=False):
    ...     return "HELLO" if loud else "hello"
    >>> greet(loud="no")
    Traceback (most recent call last):
    race_sim.errors.InputError: loud: must be True or False, got 'no'
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        signature = inspect.signature(function)
        defaults = {name: signature.parameters[name].default for name in rules}

        @wraps(function)
        def checked(*arguments: Parameters.args, **options: Parameters.kwargs) -> Result:
            try:
                bound = signature.bind(*arguments, **options)
            except TypeError:
                return function(*arguments, **options)  # which says by its name what is missing or not known
            for name, rule in rules.items():
                if name in bound.arguments and bound.arguments[name] is not defaults[name]:
                    bound.arguments[name] = rule(name, bound.arguments[name])
            return function(*bound.args, **bound.kwargs)

        return checked

    return decorate


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _is_whole(value: object) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
