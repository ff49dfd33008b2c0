"""Mutants of the laws: small changes drawn at random, and whether a test notices them. By hand, an hour or two.

``python -m tests.mutants --number 60 --seed 1 [--workers 2]`` draws places in the laws, plans, periods and their
aftermath, changes one of them in a scratch copy of the checkout, and runs the tests that compare the laws with
something known: first short races without the compiler against the program in C (seconds), then, for who survives
that, the tests of ``SECOND``, compiled (minutes). The list is the seed's; results/mutants.csv keeps it, and goes on
from there.
"""

import argparse
import ast
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.scratch import ROOT, Scratch

TABLE = ROOT / "results" / "mutants.csv"
FILES = ("laws", "objective", "outlook", "period", "aftermath", "release", "survey")
FIRST = ("-m", "tests.short_races")
SECOND = (
    "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not long", "tests/test_laws.py",
    "tests/test_release.py", "tests/test_alarm.py", "tests/test_plans.py", "tests/test_perception.py",
    "tests/test_twins.py", "tests/test_maximise.py", "tests/test_stage.py", "tests/statistical",
)  # fmt: skip
LIMITS = (60.0, 1200.0)  # seconds, ten times what both take; a mutant that runs on for so long is noticed
SWAPPED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Pow: "*"}
TURNED = {ast.Lt: ">=", ast.LtE: ">", ast.Gt: "<=", ast.GtE: "<", ast.Eq: "!=", ast.NotEq: "=="}
CALLS = {"max": "min", "min": "max"}
Row = dict[str, str]


class Mutant(NamedTuple):
    """One change: where it stands, and what is written instead."""

    file: str
    function: str
    line: int
    start: int
    end: int
    before: str
    after: str


def mutants_of(file: str) -> Iterator[Mutant]:
    """Every change that may be made in one file of kernels."""
    text = (ROOT / "race_sim" / "kernels" / f"{file}.py").read_text()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            for statement in function.body:
                if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                    for node in ast.walk(statement):
                        for after in changes(node, text):
                            start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
                            before = ast.get_source_segment(text, node) or ""
                            end = start + len(before.encode())
                            yield Mutant(file, function.name, node.lineno, start, end, before, after)  # type: ignore[attr-defined]


def changes(node: ast.AST, text: str) -> Iterator[str]:
    """What may be written instead of an expression or a statement."""

    def source(part: ast.AST) -> str:
        return f"({ast.get_source_segment(text, part)})"

    if isinstance(node, ast.BinOp) and type(node.op) in SWAPPED:
        yield f"{source(node.left)} {SWAPPED[type(node.op)]} {source(node.right)}"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield source(node.operand)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
        yield f"{source(node.left)} {TURNED[type(node.ops[0])]} {source(node.comparators[0])}"
    elif isinstance(node, ast.Constant) and type(node.value) is float:
        yield "0.0" if node.value == 1.0 else repr(1.1 * node.value) if node.value else "0.1"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield f"{CALLS[node.func.id]}({', '.join(source(one)[1:-1] for one in node.args)})"
    elif isinstance(node, ast.AugAssign):
        yield "pass"


def drawn(number: int, seed: int) -> list[Mutant]:
    """So many of all changes, in the order in which the seed draws them."""
    everything = [one for file in FILES for one in mutants_of(file)]
    return random.Random(seed).sample(everything, number)


def tried(mutant: Mutant, folder: Path) -> Row:
    """Run the tests on a scratch copy with the change; what noticed it."""
    scratch = Scratch(folder)
    name = f"race_sim/kernels/{mutant.file}.py"
    content = (folder / name).read_bytes()
    changed = content[: mutant.start] + mutant.after.encode() + content[mutant.end :]
    ast.parse(changed)
    scratch.write(name, changed.decode())
    begun, by = time.monotonic(), "nobody"
    given = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg", "NUMBA_CACHE_DIR": str(folder / "compiled")}
    rounds = ((FIRST, LIMITS[0], {"NUMBA_DISABLE_JIT": "1"}), (SECOND, LIMITS[1], {}))
    for arguments, limit, more in rounds:
        try:
            done = subprocess.run([sys.executable, *arguments], cwd=folder, env={**given, **more}, timeout=limit,
                                  capture_output=True, text=True, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            by = "the limit of time"
            break
        if done.returncode:
            failed = [line.split(" - ")[0].split("::")[-1] for line in done.stdout.splitlines() if "FAILED" in line]
            by = "short races" if arguments == FIRST else (failed or ["an error"])[-1].removeprefix("FAILED ")
            break
    return {"file": mutant.file, "function": mutant.function, "line": str(mutant.line), "before": mutant.before,
            "after": mutant.after, "noticed_by": by, "seconds": f"{time.monotonic() - begun:.0f}"}  # fmt: skip


def main() -> int:
    """Try all; exit code 1 where fewer than 95 % are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rows: list[Row] = list(csv.DictReader(TABLE.open())) if TABLE.exists() else []
    place = Path(tempfile.mkdtemp(prefix="mutants-"))
    known = {(row["file"], row["line"], row["before"], row["after"]) for row in rows}
    waiting = [one for one in drawn(options.number, options.seed)
               if (one.file, str(one.line), one.before, one.after) not in known]  # fmt: skip

    def one_by_one(mutant: Mutant) -> Row:
        folder = Path(tempfile.mkdtemp(dir=place))
        try:
            return tried(mutant, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    with ThreadPoolExecutor(options.workers) as pool:
        for row in pool.map(one_by_one, waiting):
            rows.append(row)
            print(f"{row['file']}.{row['function']}, line {row['line']}: {row['before']!r} -> {row['after']!r}: "
                  f"noticed by {row['noticed_by']} ({row['seconds']} s)", flush=True)  # fmt: skip
            with TABLE.open("w", newline="") as file:
                writer = csv.DictWriter(file, list(row), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    shutil.rmtree(place, ignore_errors=True)
    noticed = sum(row["noticed_by"] != "nobody" for row in rows)
    print(f"{noticed} of {len(rows)} mutants were noticed")
    return int(noticed < 0.95 * len(rows))


if __name__ == "__main__":
    sys.exit(main())
