"""``race-sim reproduce``: the papers' own numbers beside ours."""

import argparse
import json
from typing import Any

from race_sim.cli.options import command

EXAMPLES = """
race-sim reproduce tan2026 bova2024
"""


def add(commands: Any) -> None:
    """Declare the command.

    Parameters
    ----------
    commands : object
        The commands of the parser, as argparse keeps them.
    """
    parser = command(commands, "reproduce", "compare the numbers of the published games with ours", EXAMPLES)
    parser.add_argument("games", metavar="GAME", nargs="*", help="keys, as listed by race-sim games (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(command=run)


HEADER = (
    f"{'game':24s} {'status':12s} {'source':8s} {'published':>15s} {'ours':>15s} {'tolerance':>10s}  "
    "result (place in the paper)"
)


def run(options: argparse.Namespace) -> None:
    """Print every check of the games as it is done, then how many came out.

    Parameters
    ----------
    options : argparse.Namespace
        As they were typed.
    """
    from collections import Counter

    from race_sim.games._base.catalogue import published
    from race_sim.games._base.reproduction import as_row, reproduced

    for key in options.games:
        published(key)
    if options.json:
        print(json.dumps({"checks": [as_row(row) for row in reproduced(*options.games)]}, allow_nan=False))
        return
    counts: Counter[str] = Counter()
    print(HEADER)
    for row in map(as_row, reproduced(*options.games)):
        counts[row["status"]] += 1
        print(line(row), flush=True)
    print("\n" + ", ".join(f"{count} {status}" for status, count in counts.items()))
    print("source paper: the paper's own number or statement; reading: our reading of its equations")


def line(row: dict[str, Any]) -> str:
    """Write one line under ``HEADER``, and a second one with the reason where the values differ.

    Parameters
    ----------
    row : mapping
        A check, as ``as_row`` gives it.

    Returns
    -------
    str
        One line, or two.
    """
    published, ours = (as_text(row[name]) for name in ("published", "ours"))
    status = {"published value unknown": "unknown"}.get(row["status"], row["status"])
    text = (
        f"{row['game']:24s} {status:12s} {row['source']:8s} {published:>15s} {ours:>15s} {row['tolerance']:>10.2g}  "
        f"{row['result']} ({row['place']})"
    )
    return f"{text}\n{'':24s} because {row['reason']}" if row["reason"] else text


def as_text(value: float | str | None) -> str:
    """Write a published value or ours.

    Parameters
    ----------
    value : float, str or None
        A number, a statement, or nothing where it is unknown.

    Returns
    -------
    str
        A number to six digits, a text as it is.
    """
    return "unknown" if value is None else value if isinstance(value, str) else f"{value:.6g}"
