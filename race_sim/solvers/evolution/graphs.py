"""Who meets whom: graphs as adjacency arrays."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import LARGEST_COUNT, InputError, checked_numbers, checked_whole, one_line


class Graph(Protocol):
    """What is needed of a graph, as networkx has it."""

    @property
    def nodes(self) -> Iterable[Any]:
        """The nodes.

        Returns
        -------
        iterable
            Of anything hashable.
        """

    def neighbors(self, node: Any) -> Iterable[Any]:
        """The neighbours of a node.

        Parameters
        ----------
        node : Any
            One of ``nodes``.

        Returns
        -------
        iterable
            Of nodes.
        """


@dataclass(frozen=True, eq=False)
class Adjacency:
    """An undirected graph without loops: the neighbours of node i are ``neighbour[start[i]:start[i + 1]]``.

    Arrays are copied and cannot be written to. What is no such graph is refused with an `InputError`.

    Attributes
    ----------
    start : array (nodes + 1,) of int
        Where each node's neighbours begin.
    neighbour : array (2 x edges,) of int
        The neighbours, node by node.
    """

    start: NDArray[np.int64]
    neighbour: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in ("start", "neighbour"):
            given = checked_numbers(f"adjacency: {name}", getattr(self, name))
            if given.ndim != 1 or (given != np.rint(given)).any() or (np.abs(given) > LARGEST_COUNT).any():
                raise InputError(f"adjacency: {name}: must be a list of whole numbers, got {one_line(given)}")
            array = given.astype(np.int64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        start, neighbour = self.start, self.neighbour
        if (
            start.ndim != 1
            or len(start) < 3
            or start[0] != 0
            or (np.diff(start) < 0).any()
            or start[-1] != len(neighbour)
        ):
            raise InputError("adjacency: start must rise from 0 to the length of neighbour, over 2 nodes or more")
        if len(neighbour) and (neighbour.min() < 0 or neighbour.max() >= self.nodes):
            raise InputError(f"adjacency: neighbours must be nodes 0 to {self.nodes - 1}, got others")
        here = np.repeat(np.arange(self.nodes), self.degree)
        there = np.sort(here * self.nodes + neighbour)
        if (here == neighbour).any() or not np.array_equal(there, np.sort(neighbour * self.nodes + here)):
            raise InputError("adjacency: must be mutual, without loops")

    @property
    def nodes(self) -> int:
        """Number of nodes.

        Returns
        -------
        int
            At least 2.
        """
        return len(self.start) - 1

    @property
    def degree(self) -> NDArray[np.int64]:
        """Number of neighbours of every node.

        Returns
        -------
        array (nodes,) of int
            In the nodes' order.
        """
        return np.diff(self.start)


def adjacency(graph: Graph) -> Adjacency:
    """Take the adjacency arrays of an undirected graph, such as one of networkx.

    Parameters
    ----------
    graph : Graph
        Anything with ``nodes`` and ``neighbors``.

    Returns
    -------
    Adjacency
        Nodes in the graph's order.

    Raises
    ------
    InputError
        For anything else, and for a graph that is not mutual or has loops.

    Examples
    --------
    >>> import networkx
    >>> adjacency(networkx.path_graph(3)).neighbour.tolist()
    [1, 0, 2, 1]
    """
    if not hasattr(graph, "nodes") or not hasattr(graph, "neighbors"):
        raise InputError(f"graph: must have nodes and neighbors, got {one_line(graph)}")
    number = {node: index for index, node in enumerate(graph.nodes)}
    near = [sorted(number[other] for other in graph.neighbors(node)) for node in number]
    start = np.concatenate([[0], np.cumsum([len(others) for others in near])])
    return Adjacency(start, np.array([other for others in near for other in others], dtype=np.int64))


def square_lattice(rows: int, columns: int) -> Adjacency:
    """Build a periodic square lattice with four neighbours.

    Parameters
    ----------
    rows, columns : int
        At least 3 each.

    Returns
    -------
    Adjacency
        Nodes row by row.

    Examples
    --------
    >>> square_lattice(3, 4).degree.tolist() == [4] * 12
    True
    """
    rows, columns = checked_whole("rows", rows, 3, 100_000), checked_whole("columns", columns, 3, 100_000)
    cell = np.arange(rows * columns).reshape(rows, columns)
    near = [np.roll(cell, shift, axis).ravel() for axis in (0, 1) for shift in (1, -1)]
    return Adjacency(np.arange(0, 4 * cell.size + 1, 4), np.sort(np.stack(near, axis=1), axis=1).ravel())


def complete(nodes: int) -> Adjacency:
    """Build the graph in which everybody meets everybody else.

    Parameters
    ----------
    nodes : int
        From 2 to 20,000.

    Returns
    -------
    Adjacency
        With ``nodes - 1`` neighbours each.

    Examples
    --------
    >>> complete(3).neighbour.tolist()
    [1, 2, 0, 2, 0, 1]
    """
    nodes = checked_whole("nodes", nodes, 2, 20_000)
    everybody = np.arange(nodes)
    near = np.broadcast_to(everybody, (nodes, nodes))[~np.eye(nodes, dtype=bool)]
    return Adjacency(np.arange(0, nodes * (nodes - 1) + 1, nodes - 1), near)
