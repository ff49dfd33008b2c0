"""How far a sweep is: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType

from tqdm import tqdm

EVERY = 10.0  # seconds between plain lines


class Progress:
    """Counts points. ``shown`` None: a bar on a terminal only; "lines": plain lines where there is no terminal."""

    def __init__(self, total: int, done: int = 0, shown: bool | str | None = None) -> None:
        self._total, self._done, self._new = total, done, 0
        self._start = self._told = time.monotonic()
        terminal = sys.stderr.isatty()
        self._lines = shown == "lines" and not terminal
        hidden = self._lines or shown is False or (shown != True and not terminal)  # noqa: E712
        self._bar = tqdm(total=total, initial=done, desc="points", unit="point", disable=hidden, leave=False)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def update(self, points: int) -> None:
        """Count points that have been finished."""
        self._done += points
        self._new += points
        self._bar.update(points)
        now = time.monotonic()
        if self._lines and (now - self._told >= EVERY or self._done == self._total):
            self._told = now
            rate = self._new / max(now - self._start, 1e-9)
            left = duration((self._total - self._done) / rate)
            self.say(f"{self._done:,} of {self._total:,} points, {rate:.3g} points/s, {left} left")

    def say(self, line: str) -> None:
        """A line that does not break the bar."""
        tqdm.write(line, file=sys.stderr)


def duration(seconds: float) -> str:
    """``1:02:03``, or ``2:03`` within the hour."""
    minutes, second = divmod(round(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"
