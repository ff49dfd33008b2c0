"""Numbers that come in from outside, checked once."""

import numpy as np

from race_sim.errors import InputError, one_line

LARGEST_COUNT = 2**53  # up to which floats hold every whole number


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
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
