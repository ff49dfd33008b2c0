"""Where the set of best replies changes: the vertices from which all equilibria of a two-player game are made.

Let ``payoff`` (replies, mixed) be what each reply earns against each strategy that the opponent mixes. The polyhedron
``{(y, v): payoff y <= v, y >= 0, sum y = 1}`` has one inequality per reply, tight where the reply is best, and one per
mixed strategy, tight where it is unused. Its vertices are found by solving every square system of tight inequalities
[1]_ [2]_, in steps that keep ties and near-ties apart at any scale of payoffs:

- only differences within a column of payoffs matter, and multiplying a column by a positive number moves a vertex
  without changing which inequalities are tight: so columns are shifted to a maximum of 0 and scaled to a range of 1;
- payoffs of a column that agree to 12 digits are made equal, so that what is left is either a tie or a difference;
- each solution carries a bound on its error, as if every payoff were rounded by a few units in the last place, and an
  inequality is tight where its slack is within that bound, and only there.

References
----------
.. [1] Mangasarian, O. L. (1964). Equilibrium points of bimatrix games. Journal of the Society for Industrial and
   Applied Mathematics 12:778-780. doi:10.1137/0112064
.. [2] von Stengel, B. (2002). Computing equilibria for two-person games. Handbook of Game Theory 3:1723-1759.
   doi:10.1016/S1574-0005(02)03008-4
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from race_sim.kernels.tables import ROOM, list_vertices, mark_supports
from race_sim.solvers.equilibria.regret import Flags
from race_sim.solvers.game import Real

Index = NDArray[np.int64]


class Vertices(NamedTuple):
    """The vertices of the set of best replies.

    Attributes
    ----------
    mixture : array (vertices, mixed)
        The opponent's mixture at each vertex.
    support : array (vertices, mixed) of bool
        Which strategies it uses.
    best : array (vertices, replies) of bool
        Which replies are best there.
    """

    mixture: Real
    support: Flags
    best: Flags


def vertices(payoff: Real) -> Vertices:
    """Find all vertices.

    Parameters
    ----------
    payoff : array (replies, mixed)
        What each reply earns against each strategy that the opponent mixes.

    Returns
    -------
    Vertices
        Each once.
    """
    payoff = np.ascontiguousarray(payoff, dtype=float)
    replies, mixed = payoff.shape
    room, count = ROOM, -1
    while count < 0:
        mixture, support, best = np.empty((room, mixed)), np.empty((room, mixed), bool), np.empty((room, replies), bool)
        count = list_vertices(payoff, mixture, support, best)
        room *= ROOM
    return Vertices(mixture[:count], support[:count], best[:count])


def supports_exist(payoff: Real, used: Index, replies: Index) -> Flags:
    """In which draws some mixture over exactly these strategies makes all of these replies best.

    Parameters
    ----------
    payoff : array (draws, replies, mixed)
        Draws of the payoffs.
    used : array of int
        Strategies that the mixture uses, all of them and no other.
    replies : array of int
        Replies that must be best.

    Returns
    -------
    array (draws,) of bool
        Whether there is such a mixture.
    """
    exists = np.empty(len(payoff), dtype=bool)
    mark_supports(np.ascontiguousarray(payoff), used, replies, exists)
    return exists
