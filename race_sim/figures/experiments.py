"""The experiments of a checkout, found by folder: a result is drawn by the experiment that computed it."""

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from race_sim.errors import InputError, one_line, unknown
from race_sim.figures.kinds import Kind

PACKAGE = "experiments"
FOLDER = Path(__file__).parents[2] / PACKAGE  # beside the package in a checkout; an installation has none


def experiment_files(folder: Path = FOLDER) -> dict[str, Path]:
    """Find everything that can be run as ``python -m experiments.NAME``.

    Parameters
    ----------
    folder : Path
        The folder of experiments.

    Returns
    -------
    dict of str to Path
        Name -> the file with its docstring and constants: ``NAME.py``, or ``NAME/__init__.py`` of a folder with a
        ``__main__.py``; in the order of names, and empty where there is no such folder.
    """
    modules = {path.stem: path for path in folder.glob("*.py")}
    packages = {path.parent.name: path.with_name("__init__.py") for path in folder.glob("*/__main__.py")}
    return {name: path for name, path in sorted({**modules, **packages}.items()) if name[0] != "_"}


def kinds_of(experiment: object) -> tuple[Kind, ...]:
    """Give the kinds of figures that an experiment declares, the main one first.

    Parameters
    ----------
    experiment : str
        Its name, as a result's provenance gives it; whatever else stands there is refused.

    Returns
    -------
    tuple of Kind
        ``KINDS`` of its module; empty for an experiment that draws nothing.

    Raises
    ------
    InputError
        Where no experiments are at hand, there is none with that name, or it cannot be imported.
    """
    files = experiment_files()
    if not files:
        raise InputError(
            f"is a result of the experiment {one_line(experiment)}, which only a checkout of race_sim can draw: "
            f"there is no folder {PACKAGE} beside the installed package"
        )
    if experiment not in files:
        raise InputError(f"{unknown('experiment', experiment, files)} in {FOLDER}")
    try:
        kinds: tuple[Kind, ...] = getattr(_imported(str(experiment)), "KINDS", ())
    except ImportError as error:
        raise InputError(f"{files[str(experiment)]}: cannot be imported: {error}") from None
    return kinds


def _imported(name: str) -> Any:
    """The module of an experiment; an installed ``race-sim`` does not have the checkout on its path."""
    if PACKAGE not in sys.modules:
        spec = spec_from_file_location(PACKAGE, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)])
        assert spec is not None
        assert spec.loader is not None
        package = module_from_spec(spec)
        sys.modules[PACKAGE] = package
        spec.loader.exec_module(package)
    return import_module(f"{PACKAGE}.{name}")
