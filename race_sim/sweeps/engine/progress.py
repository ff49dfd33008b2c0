"""How far a sweep is: a bar on a terminal or in Jupyter, plain lines elsewhere."""

import sys
import time
from types import TracebackType

from tqdm import tqdm

from race_sim.text.progress import bar

EVERY = 10.0  # seconds between plain lines


class Progress:
    """Count of a sweep's finished points, shown while its ``with`` block lasts.

    Parameters
    ----------
    total : int
        Points of the sweep.
    done : int
        Those that an earlier start has finished.
    shown : bool or str, optional
        True shows a bar, False none, ``"lines"`` plain lines (at the start and every 10 seconds) where there is no
        terminal; by default a bar where somebody watches.
    """

    def __init__(self, total: int, done: int = 0, shown: bool | str | None = None) -> None:
        self._total, self._done, self._new = total, done, 0
        self._start = self._last_line = time.monotonic()
        self._lines = shown == "lines" and not sys.stderr.isatty()
        whether = False if self._lines else shown if isinstance(shown, bool) else None
        self._bar = bar(total, label="points", unit="point", shown=whether, done=done, patience=0.0)

    def __enter__(self) -> "Progress":
        if self._lines and self._done < self._total:
            self.say(f"{self._done:,} of {self._total:,} points")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def update(self, points: int) -> None:
        """Count points that have been finished.

        Parameters
        ----------
        points : int
            How many.
        """
        self._done += points
        self._new += points
        self._bar.update(points)
        now = time.monotonic()
        if self._lines and (now - self._last_line >= EVERY or self._done == self._total):
            self._last_line = now
            rate = self._new / max(now - self._start, 1e-9)
            left = duration((self._total - self._done) / rate)
            self.say(f"{self._done:,} of {self._total:,} points, {rate:.3g} points/s, {left} left")

    def say(self, line: str) -> None:
        """Write a line that does not break the bar.

        Parameters
        ----------
        line : str
            Its text; it goes to the standard error.
        """
        tqdm.write(line, file=sys.stderr)


def duration(seconds: float) -> str:
    """Format a time span.

    Parameters
    ----------
    seconds : float
        The time span, s.

    Returns
    -------
    str
        ``1:02:03``, or ``2:03`` within the hour.

    Examples
    --------
    >>> duration(3723.4)
    '1:02:03'
    """
    minutes, second = divmod(round(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"
