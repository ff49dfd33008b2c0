"""``manifest.json``: which sweep a folder holds and how it is cut into parts; checked against itself at every read."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from race_sim.errors import InputError, one_line
from race_sim.sweeps.engine.files import write_synced

MANIFEST, FORMAT = "manifest.json", 2
EARLIER = re.compile(r"before-[1-9][0-9]{0,5}")  # what a sweep was before it was extended
AWAY = "put it back, or sweep into another folder"


def identity_of(sweep: Mapping[str, Any]) -> str:
    """Fingerprint of a sweep.

    Parameters
    ----------
    sweep : mapping of str to Any
        What makes it the one it is, as JSON has it.

    Returns
    -------
    str
        SHA-256 in hexadecimal; it does not depend on the order of keys.
    """
    return hashlib.sha256(json.dumps(sweep, sort_keys=True).encode()).hexdigest()


def write_manifest(folder: Path, sweep: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, Any]:
    """Write the manifest of a sweep.

    Parameters
    ----------
    folder : Path
        The sweep's folder.
    sweep : mapping of str to Any
        What makes it the one it is.
    layout : mapping of str to Any
        ``parts``, ``points_per_part``, ``kinds``, and whatever else is to be said.

    Returns
    -------
    mapping of str to Any
        What was written: these, ``format``, ``identity``, and ``digest``, the fingerprint of all the rest.
    """
    said = {"format": FORMAT, "identity": identity_of(sweep), **layout, "sweep": dict(sweep)}
    manifest: dict[str, Any] = json.loads(json.dumps({**said, "digest": identity_of(said)}))
    write_synced(folder / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a sweep's folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    mapping of str to Any
        What it says; the numbers and kinds of parts are those of its sweep.

    Raises
    ------
    InputError
        Where there is none, it is damaged, is not as it was written, or has another format.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{folder}: holds no sweep ({MANIFEST}: {error.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: is damaged; {AWAY}") from None
    if not isinstance(manifest, dict) or not {"format", "identity", "sweep"} & set(manifest):
        raise InputError(f"{path}: is not that of a sweep, so that {one_line(str(folder))} holds none")
    if type(manifest.get("format")) is not int or manifest["format"] != FORMAT:
        raise InputError(f"{path}: must have format {FORMAT}, got {one_line(manifest.get('format'))}")
    try:
        wrong = _contradiction(manifest)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise InputError(f"{path}: is damaged; {AWAY}") from None
    if wrong:
        raise InputError(f"{path}: was changed since it was written: {wrong}; {AWAY}")
    return manifest


def _contradiction(manifest: Mapping[str, Any]) -> str:
    """Say where a manifest contradicts itself; empty where it does not."""
    sweep = manifest["sweep"]
    if manifest["identity"] != identity_of(sweep):
        return "its identity is not that of its sweep"
    if "digest" in manifest and manifest["digest"] != identity_of({k: v for k, v in manifest.items() if k != "digest"}):
        return "its digest is not that of the rest"
    points = _count(sweep["design"]["points"])
    wanted: dict[str, Any] = {"kinds": ["points", "runs"] if sweep["per_run"] else ["points"], "points": points}
    wanted["parts"] = -(-points // _count(manifest["points_per_part"]))
    for name, value in wanted.items():
        if type(manifest[name]) is not type(value) or manifest[name] != value:
            return f"{name} must be {value}, got {one_line(manifest[name])}"
    units, provenance = manifest["units"], manifest["provenance"]
    if list(units) != sweep["outcomes"]:
        return f"units must be those of {one_line(', '.join(sweep['outcomes']))}, got {one_line(', '.join(units))}"
    for key, pair in units.items():
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(text, str) for text in pair):
            return f"units of {one_line(key)} must be a unit and a meaning, got {one_line(pair)}"
    for name in ("runs", "seed", "estimator"):
        if str(provenance[name]) != str(sweep[name]):
            return f"provenance: {name} must be {one_line(sweep[name])}, got {one_line(provenance[name])}"
    for name in ("scenario", "design", "streams", "race_sim", "numba", "scenario_toml"):
        if not isinstance(provenance[name], str):
            return f"provenance: {name} must be a text, got {one_line(provenance[name])}"
    for entry in manifest.get("history", []):
        if not EARLIER.fullmatch(entry["folder"]) or not isinstance(entry["identity"], str):
            return f"history must name folders such as before-1, got {one_line(entry['folder'])}"
    if manifest["scenario_toml"] != provenance["scenario_toml"]:
        return "scenario_toml and provenance must say the same"
    return ""


def _count(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError
    return value
