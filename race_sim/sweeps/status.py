"""How far the sweep in a folder is, as text: what ``race-sim sweep status`` prints, and one phrase for other texts."""

from pathlib import Path
from typing import Any

from race_sim.sweeps.engine.files import folder_of
from race_sim.sweeps.engine.journal import name, read_checksums
from race_sim.sweeps.engine.lock import holder, is_held
from race_sim.sweeps.engine.manifest import read_manifest
from race_sim.sweeps.engine.store import DAMAGED, finished_parts, read_tables
from race_sim.sweeps.engine.tables import checksum


def where_it_stands(folder: str) -> str:
    """Say in one phrase how many points of a sweep are finished.

    Parameters
    ----------
    folder : str
        Of the sweep.

    Returns
    -------
    str
        The phrase; ``nothing was kept`` where there is no sweep.
    """
    path = Path(folder)
    try:
        manifest = read_manifest(path)
        done = _points_done(path, manifest)
    except ValueError:
        return "nothing was kept"
    return f"{done:,} of {manifest['points']:,} points are kept in {folder}"


def status(folder: str) -> str:
    """Describe what a sweep's folder holds.

    Parameters
    ----------
    folder : str
        Of the sweep.

    Returns
    -------
    str
        One line per thing: scenario, design, runs, points, parts, versions, damage, who is at work, checksums.

    Raises
    ------
    InputError
        For a folder that holds no sweep.
    """
    path = folder_of("folder", folder)
    manifest = read_manifest(path)
    listed = read_checksums(path)
    done = _points_done(path, manifest)
    files = [name(kind, part) for kind in manifest["kinds"] for part in range(manifest["parts"])]
    missing = [file for file in files if file in listed and not (path / file).is_file()]
    size = sum((path / file).stat().st_size for file in files if file in listed and file not in missing)
    tables = read_tables(path, manifest) if done and not missing else {}
    lines = [
        f"scenario    {manifest['provenance']['scenario']}",
        f"design      {manifest['provenance']['design']}, {manifest['provenance']['streams']} streams",
        f"runs        {manifest['provenance']['runs']:,} per point, seed {manifest['provenance']['seed']}, "
        f"{manifest['provenance']['estimator']} estimator",
        *(
            f"extended    from {e['design']}, {e['runs']:,} runs, {len(e['outcomes'])} outcomes, kept in {e['folder']}"
            for e in manifest.get("history", [])
        ),
        f"points      {done:,} of {manifest['points']:,} ({100 * done / manifest['points']:.3g} %)",
        f"parts       of up to {manifest['points_per_part']} points; {size / 1e6:.3g} MB",
        f"made with   race_sim {manifest['provenance']['race_sim']}, numba {manifest['provenance']['numba']}",
    ]
    damaged = sorted(item.name for item in (path / DAMAGED).glob("*")) if (path / DAMAGED).is_dir() else []
    if damaged or missing:
        lines.append(f"set aside   {', '.join(damaged) or 'nothing'}; missing: {', '.join(missing) or 'nothing'}")
    if is_held(path):
        lines.append(f"at work     {holder(path)}")
    elif done < manifest["points"]:
        lines.append("at work     nobody: the same command goes on from here")
    if done == manifest["points"]:
        lines += [f"checksum    {checksum(table)} ({kind})" for kind, table in tables.items()]
    return "\n".join(lines)


def _points_done(folder: Path, manifest: dict[str, Any]) -> int:
    each, points = manifest["points_per_part"], manifest["points"]
    return sum(min(each, points - part * each) for part in finished_parts(folder, manifest))
