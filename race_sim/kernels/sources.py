"""What the kernels are made of, as a digest; where compiled code is kept; what is said while something is compiled."""

import hashlib
import os
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
NOT_KEPT = "compiled code is not cached, every start compiles anew"
NOT_READ = "cached code is damaged, compiling anew"
COMPILES = os.environ.get("NUMBA_DISABLE_JIT", "0") in ("", "0")
# CPU time of numba with an empty cache, one reading of each (2026, an x86-64 server): what takes seconds is announced
SECONDS = {"run_block": 25, "run_traced": 30, "prepare_decisions": 9, "choose": 13}
WHOLE = {"run_block", "run_traced"}  # the others are compiled as parts of these
_warned: set[str] = set()


@cache
def numba_version() -> str:
    """Look up the version of numba without importing it.

    Returns
    -------
    str
        Its version.
    """
    return version("numba")


def _digest(*first: str) -> str:
    digest = hashlib.sha256("".join(first).encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


STAMP = _digest()  # of the sources alone
SOURCE_DIGEST = _digest(numba_version())  # on what numbers may depend


def warn_once(what: str, reason: object) -> None:
    """Print one warning line, the first only.

    Parameters
    ----------
    what : str
        What happens.
    reason : object
        Why.
    """
    if "warning" not in _warned:
        _warned.add("warning")
        print(f"race-sim: warning: {what} ({' '.join(str(reason).split())})", file=sys.stderr)


def announce(name: str) -> None:
    """Say that a function is being compiled, once, where that takes seconds.

    Parameters
    ----------
    name : str
        The function's name.
    """
    if name in SECONDS and name not in _warned and not (name not in WHOLE and WHOLE & _warned):
        _warned.add(name)
        print(f"race-sim: compiling {name}, about {SECONDS[name]} s ...", file=sys.stderr, flush=True)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


@cache
def cache_folder() -> Path | None:
    """Find where compiled code is kept: NUMBA_CACHE_DIR, the package's own ``__pycache__``, or the user's cache folder.

    Returns
    -------
    Path or None
        The first of them that can be written to.
    """
    candidates = [HERE / "__pycache__"]
    if os.environ.get("NUMBA_CACHE_DIR"):
        candidates.insert(0, Path(os.environ["NUMBA_CACHE_DIR"]))
    try:
        user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        candidates.append(user / "race_sim")
    except RuntimeError:
        pass
    for folder in candidates:
        if _writable(folder):
            return folder
    warn_once(NOT_KEPT, f"no writable folder among {', '.join(map(str, candidates))}")
    return None
