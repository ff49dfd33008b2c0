"""The main plots look as they did, and an artist that moves by little is noticed."""

import pytest
from matplotlib.quiver import Quiver
from matplotlib.testing.compare import compare_images
from matplotlib.transforms import Affine2D

from tests.baseline_images import BASELINES, MAIN, drawn, save

TOLERANCE = 0.4  # of 255 levels, root mean square; the moves below make 0.67 or more, versions of matplotlib 0


def difference(figure, name, folder):
    """What differs from the baseline, in words; None where it is within the tolerance."""
    expected = folder / f"{name}.png"  # a copy, since what differs is written beside it
    expected.write_bytes((BASELINES / expected.name).read_bytes())
    return compare_images(expected, save(figure, folder / f"{name}-now.png"), tol=TOLERANCE)


def shift(artist, right, up):
    """Move an artist by pixels."""
    by = Affine2D().translate(right, up)
    if isinstance(artist, Quiver):
        artist.set_offset_transform(artist.get_offset_transform() + by)
    else:
        artist.set_transform(artist.get_transform() + by)


def movable(figure):
    (ax,) = figure.axes
    return [artist for artist in (*ax.lines, *ax.collections, *ax.patches) if artist.get_visible()]


@pytest.mark.parametrize("name", MAIN)
def test_it_looks_as_it_did(name, tmp_path):
    result = difference(drawn(name), name, tmp_path)
    assert result is None, f"{result}\nIf it is meant to look so: python -m tests.baseline_images"


@pytest.mark.parametrize("name", MAIN)
def test_any_one_artist_a_pixel_off_each_way_is_noticed(name, tmp_path):
    for number in range(len(movable(drawn(name)))):
        figure = drawn(name)
        artist = movable(figure)[number]
        shift(artist, 1, 1)
        assert difference(figure, name, tmp_path) is not None, artist
