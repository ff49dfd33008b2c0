"""What is refused is refused in one line."""

from collections.abc import Callable

import pytest

from race_sim import InputError


def refused(reading: Callable[[], object], *words: str) -> None:
    """The call raises InputError, whose one line holds these words."""
    with pytest.raises(InputError) as error:
        reading()
    text = str(error.value)
    assert "\n" not in text
    for word in words:
        assert word in text, text
