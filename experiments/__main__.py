"""Compute the results again: every experiment, then what is made of all results, each in a process of its own.

Which must come after which stands in the modules (``AFTER``). Named ones run in that order as well, and nothing else.
"""

import argparse
import subprocess
import sys

from experiments._base.steps import in_order, steps
from race_sim.errors import InputError


def main(arguments: list[str] | None = None) -> int:
    """Run them; returns the exit code: 0 done, 1 one has failed, 2 bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help="a module of experiments/ (default: all)")
    parser.add_argument("--list", action="store_true", help="name them in the order in which they would run")
    parser.add_argument("--quick", action="store_true", help="small grids and few runs, to see that they work")
    parser.add_argument("--into", metavar="DIR", help="write there instead of into results/")
    options = parser.parse_args(arguments)
    try:
        chosen = in_order(steps(), options.names)
    except InputError as error:
        print(f"experiments: {error}", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(f"{step.name:32s} {step.question}" for step in chosen))
        return 0
    passed = [*(["--quick"] if options.quick else []), *(["--into", options.into] if options.into else [])]
    for number, step in enumerate(chosen, start=1):
        print(f"== {step.name} ({number} of {len(chosen)})", flush=True)
        done = subprocess.run([sys.executable, "-m", f"experiments.{step.name}", *passed], check=False)
        if done.returncode:
            left = ", ".join(other.name for other in chosen[number:])
            print(f"experiments: {step.name} has failed; not run: {left or 'none'}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
