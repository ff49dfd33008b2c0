"""The command line, ``race-sim``: finds the commands, runs one, and says in one line what is wrong."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

from race_sim import __version__
from race_sim.cli.signals import interruptible
from race_sim.cli.surroundings import Output, Unwritable, kept_traceback, made_safe, say
from race_sim.errors import InputError, one_line

UNFORESEEN, BAD_INPUT, INTERRUPTED = 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command of ``race-sim``.

    Parameters
    ----------
    arguments : sequence of str, optional
        What was typed after ``race-sim``; by default on the command line.

    Returns
    -------
    int
        The exit code: 0 done, 1 an error of race_sim's own, 2 bad input, 130 interrupted, 143 terminated.
    """
    with made_safe() as output, interruptible(arguments is None) as signals:
        if output is None:
            say("output: must be open, is closed (to see none of it: > /dev/null)")
            return BAD_INPUT
        return _run(arguments, output, signals)


def _run(arguments: Sequence[str] | None, output: Output, signals: list[int]) -> int:
    try:
        try:
            options = _parser().parse_args(arguments)
            with quietly() if getattr(options, "quiet", False) else nullcontext():
                options.command(options)
        finally:
            output.flush()
    except InputError as error:
        say(str(error))
        return BAD_INPUT
    except KeyboardInterrupt as interrupt:
        say(str(interrupt) or "interrupted; nothing was written")
        exec("")  # after one that came out of exec, as imports have it, Python would end by SIGINT whatever is returned
        return 128 + signals[0] if signals else INTERRUPTED
    except Unwritable as error:
        output.silence()
        if isinstance(error.reason, BrokenPipeError):  # who reads it has seen enough
            return 0
        say(f"output: cannot be written: {error}")
        return BAD_INPUT
    except MemoryError:
        say("not enough memory for this: ask for less at once, such as fewer --runs")
        return BAD_INPUT
    except Exception as error:
        text = one_line(str(error), 160)[1:-1]
        say(f"an error that should not be, {type(error).__name__}: {text}; {kept_traceback()}")
        return UNFORESEEN
    return 0


@contextmanager
def quietly() -> Iterator[None]:
    """Show no bars of progress, here and in processes that are started."""
    before = os.environ.get("TQDM_DISABLE")
    os.environ["TQDM_DISABLE"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TQDM_DISABLE"]
        else:
            os.environ["TQDM_DISABLE"] = before


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="race-sim", description="A game-theory simulation of the AI race.")
    parser.add_argument("--version", action="version", version=f"race-sim {__version__}")
    declared = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands = import_module(f"{__name__}.commands")
    for module in sorted(iter_modules(commands.__path__), key=lambda result: result.name):
        import_module(f"{commands.__name__}.{module.name}").add(declared)
    return parser
