"""The papers' own numbers beside ours."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from race_sim.games._base.catalogue import catalogue, published
from race_sim.games._base.published import Reproduced

if TYPE_CHECKING:
    from race_sim.games._base.reproduction_frame import ReproductionTable

COLUMNS = ("game", "result", "place", "published", "ours", "tolerance", "status", "source", "reason")


def reproduced(*games: str) -> Iterator[Reproduced]:
    """Carry out every check of these games.

    Parameters
    ----------
    *games : str
        Citation keys; without any, all games of the catalogue.

    Yields
    ------
    Reproduced
        One per check.

    Raises
    ------
    InputError
        For a game that there is not.
    """
    chosen = [published(key) for key in games] if games else list(catalogue().values())
    for game in chosen:
        yield from game.reproduce()


def as_row(row: Reproduced) -> dict[str, Any]:
    """Put one check under ``COLUMNS``.

    Parameters
    ----------
    row : Reproduced
        The check.

    Returns
    -------
    dict of str to Any
        The reason only where the values differ or the published one is unknown.
    """
    check = row.check
    reason = "" if row.status == "reproduced" else check.reason
    values = (row.game, check.result, check.place, check.published, row.ours, check.tolerance, row.status, check.source)
    return dict(zip(COLUMNS, (*values, reason), strict=True))


def reproduce(*games: str) -> "ReproductionTable":
    """The published values of these games beside ours.

    Parameters
    ----------
    *games : str
        Citation keys; without any, all games of the catalogue.

    Returns
    -------
    DataFrame
        One row per check. Columns: game, result, place in the paper, published, ours, tolerance (the absolute
        difference that rounding in the source allows), status (``reproduced``, ``differs`` or ``published value
        unknown``; it follows from the numbers), source (``paper``: the paper's own number; ``reading``: our reading of
        its equations), reason (why they differ).

    Raises
    ------
    InputError
        For a game that there is not.

    Examples
    --------
    >>> table = reproduce("tan2026", "kwa2026")
    >>> sorted(set(table["status"]))
    ['reproduced']
    """
    from race_sim.games._base.reproduction_frame import ReproductionTable

    return ReproductionTable([as_row(row) for row in reproduced(*games)], columns=list(COLUMNS))
