"""``make verify``: every test that compares the implementation with something known, and the table of what they found.

A test that takes the fixture ``verified`` states what it compares, what was reached and within which bounds; with
``--verify`` only these run, those of the long ring too, and their rows are printed and kept.
"""

import csv
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

TABLE = Path(__file__).parent.parent / "results" / "verification.csv"
COLUMNS = ("check", "reached", "at_least", "at_most", "verdict")
Row = tuple[str, float, float, float, str]


@pytest.fixture
def verified(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """State and assert one comparison: ``verified(what, reached, at_least=..., at_most=...)``."""

    def check(what: str, reached: float, at_least: float = -math.inf, at_most: float = math.inf) -> None:
        holds = bool(at_least <= reached <= at_most)
        row = what, float(reached), float(at_least), float(at_most), "holds" if holds else "FAILS"
        record_property("verified", row)
        assert holds, f"{what}: {reached:.6g} is not in [{at_least:g}, {at_most:g}]"

    return check


def rows(reports: Iterable[pytest.TestReport]) -> list[Row]:
    """What the tests stated, in the order of the checks; a test that broke before it stated anything is a row too."""
    result: list[Row] = []
    for report in reports:
        stated = [tuple(value) for name, value in report.user_properties if name == "verified"]
        result += stated
        if report.failed and all(row[-1] == "holds" for row in stated):
            result.append((report.nodeid, math.nan, -math.inf, math.inf, "FAILS"))
    return sorted(result)


def lines(table: list[Row]) -> list[str]:
    """The table as text."""
    width = max(len(row[0]) for row in table)
    text = []
    for what, reached, low, high, verdict in table:
        bounds = f"[{low:.4g}, {high:.4g}]" if math.isfinite(low) and math.isfinite(high) else (
            f"at most {high:.4g}" if math.isfinite(high) else f"at least {low:.4g}")  # fmt: skip
        text.append(f"{what:{width}s}  {reached:12.5g}  {bounds:24s} {verdict}")
    failed = sum(row[-1] != "holds" for row in table)
    return [*text, f"{len(table)} checks, {len(table) - failed} hold"]


def keep(table: list[Row]) -> None:
    """Write it to ``results/verification.csv``."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((what, f"{reached:.6g}", low, high, verdict) for what, reached, low, high, verdict in table)
