"""The long ring: run every test marked ``long``, and append what came out to ``results/long_tests.csv``.

``python -m tests.long_tests [--seed N]``, or ``make test-long SEED=N``. One seed drives the random parts of the fuzzes.
"""

import argparse
import csv
import platform
import secrets
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "results" / "long_tests.csv"
COLUMNS = ("utc", "seconds", "seed", "commit", "tree", "python", "passed", "failed", "skipped", "verdict")
VERDICTS = {pytest.ExitCode.OK: "passed", pytest.ExitCode.TESTS_FAILED: "failed"}
TWO_PROCESSES = ("-n", "2", "--dist", "worksteal")


class Counted:
    """A pytest plugin that knows how many tests there were of each kind."""

    passed = failed = skipped = 0

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """At the end of a run."""
        number = {kind: len(reports) for kind, reports in terminalreporter.stats.items()}
        self.passed = number.get("passed", 0)
        self.failed = number.get("failed", 0) + number.get("error", 0)
        self.skipped = number.get("skipped", 0)


def git(*arguments: str) -> str:
    """What git prints about the checkout; nothing where there is none."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def version() -> tuple[str, str]:
    """The commit that is checked out, and whether the tree is as it was committed, this table left out."""
    changed = git("status", "--porcelain", "--", ".", f":!{TABLE.relative_to(ROOT)}")
    return git("rev-parse", "HEAD") or "unknown", "dirty" if changed else "clean"


def run(seed: int, options: tuple[str, ...] = TWO_PROCESSES) -> dict[str, object]:
    """Run the long tests; the row to keep."""
    commit, tree = version()
    counted, start, begun = Counted(), time.monotonic(), datetime.now(UTC)
    code = pytest.main(["-m", "long", "--seed", str(seed), "--durations=10", *options], plugins=[counted])
    return {
        "utc": begun.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - start),
        "seed": seed,
        "commit": commit,
        "tree": tree,
        "python": platform.python_version(),
        "passed": counted.passed,
        "failed": counted.failed,
        "skipped": counted.skipped,
        "verdict": VERDICTS.get(pytest.ExitCode(code), "not finished"),
    }


def append(row: dict[str, object], table: Path = TABLE) -> None:
    """A row at the end of the table, which is begun where there is none."""
    new = not table.exists()
    with table.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)


def main(arguments: list[str]) -> int:
    """Run, keep the row, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.long_tests")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32), help="of the fuzzes (default: drawn)")
    seed = parser.parse_args(arguments).seed
    print(f"seed of the long fuzzes: {seed}", flush=True)
    row = run(seed)
    append(row)
    print(", ".join(f"{name} {value}" for name, value in row.items()))
    return 0 if row["verdict"] == "passed" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
