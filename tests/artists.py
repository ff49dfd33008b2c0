"""What a figure shows, as plain values: to compare two drawings without pixels, and to read legends."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.quiver import Quiver
from matplotlib.text import Text


def legend(ax: Axes) -> list[str]:
    """What the legend says."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def shown(figure: Figure) -> str:
    """Data, places, texts and looks of everything that can be seen in a figure, whatever axes it stands in."""
    return repr([_plain(value) for artist in figure.findobj() if artist.get_visible() for value in _of(artist)])


def _of(artist: Artist) -> Iterator[Any]:
    yield str(artist.get_label())
    if isinstance(artist, Axes):
        yield from (artist.get_xlim(), artist.get_ylim(), [image.get_array() for image in artist.images])
        yield [str(container.get_label()) for container in artist.containers]
    if isinstance(artist, Text):
        yield from (artist.get_text(), artist.get_position(), artist.get_color(), artist.get_weight())
    if isinstance(artist, Line2D):
        yield from (artist.get_xydata(), artist.get_color(), artist.get_linestyle(), artist.get_marker())
        yield from (artist.get_markerfacecolor(), artist.get_alpha(), artist.get_drawstyle())
    if isinstance(artist, Patch):
        yield from (artist.get_path().vertices, artist.get_patch_transform().get_matrix(), artist.get_facecolor())
        yield from (artist.get_edgecolor(), artist.get_hatch(), artist.get_linestyle(), artist.get_linewidth())
    if isinstance(artist, Collection):
        yield from ([path.vertices for path in artist.get_paths()], artist.get_offsets(), artist.get_array())
        yield from (artist.get_facecolor(), artist.get_edgecolor(), getattr(artist, "get_sizes", list)())
    if isinstance(artist, Quiver):
        yield from (artist.U, artist.V)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return np.ma.filled(value, np.nan).tolist() if isinstance(value, np.ndarray) else value
