"""What a command takes from its surroundings: an output that may be closed, full or narrow, settings of matplotlib."""

import codecs
import contextlib
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from typing import Any

from race_sim.errors import printable

ESCAPED = "race_sim.escaped"
OWN = {"MPLBACKEND": "agg", "MATPLOTLIBRC": os.devnull}  # figures go to files and look as ours do


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """Characters that an encoding does not have, as TOML, JSON and Python read them."""
    assert isinstance(error, UnicodeEncodeError)
    signs = map(ord, error.object[error.start : error.end])
    return "".join(f"\\u{sign:04x}" if sign < 2**16 else f"\\U{sign:08x}" for sign in signs), error.end


codecs.register_error(ESCAPED, _escaped)


class Unwritable(Exception):
    """Standard output cannot be written.

    Parameters
    ----------
    reason : OSError
        Why it cannot.
    """

    def __init__(self, reason: OSError) -> None:
        super().__init__(reason.strerror or str(reason))
        self.reason = reason


class Output:
    """Standard output that says when it cannot be written, and escapes characters that its encoding does not have.

    Parameters
    ----------
    stream : text stream
        What is written to.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text.

        Parameters
        ----------
        text : str
            Whatever it holds; ``\\u00e9`` stands for what the encoding does not have.

        Returns
        -------
        int
            How many characters were written.

        Raises
        ------
        Unwritable
            Where that is not possible.
        """
        try:
            try:
                return int(self._stream.write(text))
            except UnicodeEncodeError:
                encoding = self._stream.encoding
                return int(self._stream.write(text.encode(encoding, ESCAPED).decode(encoding)))
        except OSError as error:
            raise Unwritable(error) from None

    def flush(self) -> None:
        """Write what has been held back.

        Raises
        ------
        Unwritable
            Where that is not possible.
        """
        try:
            self._stream.flush()
        except OSError as error:
            raise Unwritable(error) from None

    def silence(self) -> None:
        """Let what is still held back, and all that follows, go nowhere."""
        with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), self._stream.fileno())


@contextlib.contextmanager
def made_safe() -> Iterator[Output | None]:
    """Make output and settings safe for a command, and leave them as they were.

    Standard error may be closed. The user's settings of matplotlib, wrong ones among them, do not count.

    Yields
    ------
    Output or None
        Standard output for as long as it lasts; None where it is closed.
    """
    with contextlib.ExitStack() as stack:
        if sys.stderr is None:
            nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            stack.enter_context(contextlib.redirect_stderr(nowhere))
        for name, value in OWN.items():
            stack.callback(_set, name, os.environ.get(name))
            _set(name, value)
        output = None if sys.stdout is None else Output(sys.stdout)
        if output is not None:
            stack.enter_context(contextlib.redirect_stdout(output))
        yield output


def say(line: str) -> None:
    """Write one line to standard error, whatever is in it, if that can be written.

    Parameters
    ----------
    line : str
        The text; characters that would break or disturb the line are written as escapes.
    """
    with contextlib.suppress(OSError, ValueError):
        print(f"race-sim: {printable(line)}", file=sys.stderr, flush=True)


def kept_traceback() -> str:
    """Keep the traceback of the error that is being handled, or print it where ``RACE_SIM_TRACEBACK=1`` asks for it.

    Returns
    -------
    str
        Where it is.
    """
    text = traceback.format_exc()
    if os.environ.get("RACE_SIM_TRACEBACK") == "1":
        print(text, file=sys.stderr)
        return "its traceback is above"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="race-sim-", suffix=".txt", encoding="utf-8", errors="backslashreplace", delete=False
        ) as file:
            file.write(text)
        return f"its traceback is in {file.name}"
    except OSError:
        return "RACE_SIM_TRACEBACK=1 shows its traceback"


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
