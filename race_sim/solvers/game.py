"""A finite game in normal form: what the nations' policy game and the catalogue of published games share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import (
    InputError,
    checked_kind,
    checked_list,
    checked_mapping,
    checked_names,
    checked_numbers,
    checked_text,
    checked_whole,
    one_line,
    unknown,
)

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Citation:
    """Where a published game comes from.

    Attributes
    ----------
    key : str
        The citation key, such as ``nash1951``; a game's file has its name.
    authors : tuple of str
        Their names, in the paper's order.
    title : str
        Of the paper.
    year : int
        Of publication.
    venue : str
        Journal with volume and pages, or what else it was published in.
    doi : str
        Without the resolver, such as ``10.2307/1969529``.
    arxiv : str
        The arXiv number.
    url : str
        For what has neither.
    note : str
        What a reader must know of the source.

    Examples
    --------
    >>> paper = Citation("nash1950", ("John F. Nash",), "Equilibrium points in n-person games", 1950, "PNAS 36:48")
    >>> print(paper)
    John F. Nash (1950). Equilibrium points in n-person games. PNAS 36:48.
    """

    key: str
    authors: tuple[str, ...]
    title: str
    year: int
    venue: str
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    note: str = ""

    def __str__(self) -> str:
        link = f" doi:{self.doi}" if self.doi else f" arXiv:{self.arxiv}" if self.arxiv else self.url and f" {self.url}"
        return f"{', '.join(self.authors)} ({self.year}). {self.title}. {self.venue}.{link}"

    def bibtex(self) -> str:
        """Format the entry for a bibliography.

        Returns
        -------
        str
            An ``@article`` of BibTeX with the fields that are not empty.

        Examples
        --------
        >>> paper = Citation("nash1950", ("John F. Nash",), "Equilibrium points in n-person games", 1950, "PNAS 36:48")
        >>> print(paper.bibtex())
        @article{nash1950,
          author = {John F. Nash},
          title = {{Equilibrium points in n-person games}},
          year = {1950},
          journal = {PNAS 36:48},
        }
        """
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{self.title}}}",
            "year": str(self.year),
            "journal": self.venue,
            "doi": self.doi,
            "eprint": self.arxiv,
            "archiveprefix": "arXiv" if self.arxiv else "",
            "url": self.url,
            "note": self.note,
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@article{{{self.key},", *lines, "}"])


@dataclass(frozen=True, eq=False)
class Game:
    """A finite game: players, each one's strategies, and payoffs.

    ``payoff[n, a, b]`` is what player n gets where the first player uses its strategy a and the second b. A game whose
    payoffs were estimated by simulation also has ``samples``, whose mean over runs is ``payoff``; standard errors,
    those of payoff differences and the bootstrap come from there. Arrays are copied and cannot be written to. Shapes
    that do not fit and numbers that are not finite are refused with an `InputError`.

    Attributes
    ----------
    players : tuple of str
        Names of the players.
    strategies : tuple of tuple of str
        Names of each player's strategies, in the players' order. ``shape`` holds their numbers.
    payoff : array (players, *shape)
        Payoffs of every player in every profile of strategies.
    samples : array (runs, players, *shape) or None
        One payoff per run and profile, the same runs in every profile; None where payoffs are exact.
    outcomes : mapping of str to array (*shape)
        Further numbers per profile, such as the probability of a catastrophe.
    outcome_errors : mapping of str to array (*shape)
        Their standard errors.
    outcome_units : mapping of str to str
        Their units.
    name : str
        What the game is called where it is shown.
    unit : str
        Of the payoffs.
    citation : Citation or None
        Where a published game comes from.
    provenance : mapping of str to Any
        What it takes to compute the game again, such as runs and seed.

    Examples
    --------
    >>> dilemma = Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect"))
    >>> dilemma.shape, float(dilemma.payoff[1, 0, 1])
    ((2, 2), 5.0)
    """

    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoff: Real
    samples: Real | None = None
    outcomes: Mapping[str, Real] = field(default_factory=dict)
    outcome_errors: Mapping[str, Real] = field(default_factory=dict)
    outcome_units: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    unit: str = ""
    citation: Citation | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "players", checked_names("players", self.players))
        strategies = checked_list("strategies", self.strategies)
        object.__setattr__(self, "strategies", tuple(checked_names("strategies", names) for names in strategies))
        for name in ("name", "unit"):
            checked_text(name, getattr(self, name))
        for name in ("outcomes", "outcome_errors", "outcome_units", "provenance"):
            checked_mapping(name, getattr(self, name))
        if self.citation is not None:
            checked_kind(Citation)("citation", self.citation)
        if not self.players or len(set(self.players)) < len(self.players):
            raise InputError(f"players: must be different names, at least one, got {one_line(self.players)}")
        if len(self.strategies) != len(self.players):
            raise InputError(
                f"strategies: must be one tuple per player ({len(self.players)}), got {len(self.strategies)}"
            )
        for player, names in zip(self.players, self.strategies, strict=True):
            if not names or len(set(names)) < len(names):
                raise InputError(
                    f"strategies of {player}: must be different names, at least one, got {one_line(names)}"
                )
        object.__setattr__(self, "payoff", _frozen("payoff", self.payoff, (len(self.players), *self.shape)))
        if self.samples is not None:
            cells = (len(self.players), *self.shape)
            runs = len(checked_list("samples", self.samples))
            object.__setattr__(self, "samples", _frozen("samples", self.samples, (runs, *cells)))
        for which in ("outcomes", "outcome_errors"):
            arrays = {key: _frozen(f"{which}.{key}", value, self.shape) for key, value in getattr(self, which).items()}
            object.__setattr__(self, which, arrays)

    def __repr__(self) -> str:
        sizes = " x ".join(map(str, self.shape))
        runs = "" if self.samples is None else f", {len(self.samples)} runs"
        return f"Game({self.name!r}: {', '.join(self.players)}; {sizes} strategies{runs})"

    def _repr_html_(self) -> str:
        from race_sim.solvers.display import of_game

        return of_game(self)

    @classmethod
    def symmetric(
        cls,
        matrix: ArrayLike,
        strategies: Sequence[str] = (),
        players: Sequence[str] = ("row", "column"),
        **more: Any,
    ) -> "Game":
        """Make the symmetric two-player game in which a against b gets ``matrix[a, b]``.

        Parameters
        ----------
        matrix : array (q, q)
            Payoffs of the row player.
        strategies : sequence of str
            Names of both players' strategies; by default their numbers from 0.
        players : sequence of str
            Names of the two players.
        **more : Any
            Further attributes of the game.

        Returns
        -------
        Game
            The column player's payoffs are the transpose.

        Raises
        ------
        InputError
            Where the matrix is not square.

        Examples
        --------
        >>> Game.symmetric([[4, 0], [3, 3]], ("stag", "hare")).payoff[1].tolist()
        [[4.0, 3.0], [0.0, 3.0]]
        """
        square = checked_numbers("matrix", matrix)
        if square.ndim != 2 or square.shape[0] != square.shape[1]:
            raise InputError(f"matrix: must be square, got shape {square.shape}")
        names = checked_names("strategies", strategies) or tuple(map(str, range(len(square))))
        return cls(checked_names("players", players), (names, names), np.stack([square, square.T]), **more)

    @classmethod
    def of_two(
        cls,
        first: ArrayLike,
        second: ArrayLike,
        strategies: Sequence[Sequence[str]] = (),
        players: Sequence[str] = ("row", "column"),
        **more: Any,
    ) -> "Game":
        """Make the two-player game with these payoff matrices.

        Parameters
        ----------
        first, second : array (p, q)
            Payoffs of the first and of the second player; rows are the first player's strategies in both.
        strategies : sequence of sequence of str
            Names of the first player's strategies and of the second's; by default their numbers from 0.
        players : sequence of str
            Names of the two players.
        **more : Any
            Further attributes of the game.

        Returns
        -------
        Game
            The bimatrix game.

        Raises
        ------
        InputError
            Where the two are no matrices of one shape.

        Examples
        --------
        >>> pennies = Game.of_two([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], [("heads", "tails")] * 2)
        >>> pennies.is_symmetric
        False
        """
        matrices = checked_numbers("first", first), checked_numbers("second", second)
        if matrices[0].ndim != 2 or matrices[0].shape != matrices[1].shape:
            raise InputError(
                f"payoffs: must be two matrices of one shape, got {matrices[0].shape}, {matrices[1].shape}"
            )
        names = tuple(checked_list("strategies", strategies)) or tuple(
            tuple(map(str, range(size))) for size in matrices[0].shape
        )
        return cls(checked_names("players", players), names, np.stack(matrices), **more)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player.

        Returns
        -------
        tuple of int
            In the players' order.

        Examples
        --------
        >>> Game.of_two([[1, 2, 3]], [[0, 0, 0]]).shape
        (1, 3)
        """
        return tuple(map(len, self.strategies))

    @property
    def is_symmetric(self) -> bool:
        """Whether there are two players with the same strategies and exactly transposed payoffs.

        Returns
        -------
        bool
            One population can play such a game against itself.

        Examples
        --------
        >>> Game.symmetric([[3, 0], [5, 1]]).is_symmetric
        True
        """
        return (
            len(self.players) == 2
            and self.strategies[0] == self.strategies[1]
            and np.array_equal(self.payoff[0], self.payoff[1].T)
        )

    @property
    def standard_error(self) -> Real | None:
        """Standard error of every payoff over the runs.

        Returns
        -------
        array (players, *shape) or None
            None where payoffs are exact.

        Examples
        --------
        >>> runs = [[[1.0, 4.0]], [[3.0, 4.0]]]
        >>> Game(("one",), (("a", "b"),), [[2.0, 4.0]], samples=runs).standard_error.tolist()
        [[1.0, 0.0]]
        """
        if self.samples is None:
            return None
        error: Real = self.samples.std(axis=0, ddof=1) / np.sqrt(len(self.samples))
        return error

    def player(self, name: str) -> int:
        """Find a player by its name.

        Parameters
        ----------
        name : str
            Of the player.

        Returns
        -------
        int
            Its index.

        Raises
        ------
        InputError
            For a name that no player has.

        Examples
        --------
        >>> Game.symmetric([[3, 0], [5, 1]], players=("us", "china")).player("china")
        1
        """
        if checked_text("player", name) not in self.players:
            raise InputError(f"player: {unknown('player', name, self.players)}")
        return self.players.index(name)

    def strategy(self, player: int, name: str) -> int:
        """Find a player's strategy by its name.

        Parameters
        ----------
        player : int
            Index of the player.
        name : str
            Of the strategy.

        Returns
        -------
        int
            Its index among the player's strategies.

        Raises
        ------
        InputError
            For a name that is none of its strategies.

        Examples
        --------
        >>> Game.symmetric([[3, 0], [5, 1]], ("cooperate", "defect")).strategy(0, "defect")
        1
        """
        checked_whole("player", player, 0, len(self.players) - 1)
        if checked_text("strategy", name) not in self.strategies[player]:
            raise InputError(
                f"strategy of {self.players[player]}: {unknown('strategy', name, self.strategies[player])}"
            )
        return self.strategies[player].index(name)

    def subgame(self, strategies: Sequence[Sequence[str]]) -> "Game":
        """Restrict every player to some of its strategies.

        Parameters
        ----------
        strategies : sequence of sequence of str
            For each player the names of those that it keeps, in their new order.

        Returns
        -------
        Game
            With the same players; samples and outcomes are restricted too.

        Raises
        ------
        InputError
            Unless there is one sequence per player, and for a name that is none of its strategies.

        Examples
        --------
        >>> Game.symmetric([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).subgame([("0", "2"), ("1",)]).payoff[0].tolist()
        [[2.0], [8.0]]
        """
        if len(checked_list("strategies", strategies)) != len(self.players):
            raise InputError(f"strategies: must be one tuple per player ({len(self.players)}), got {len(strategies)}")
        kept = [
            [self.strategy(n, name) for name in checked_names("strategies", names)]
            for n, names in enumerate(strategies)
        ]
        cells: Any = np.ix_(*kept)
        return replace(
            self,
            strategies=tuple(map(tuple, strategies)),
            payoff=self.payoff[(..., *cells)],
            samples=None if self.samples is None else self.samples[(..., *cells)],
            outcomes={key: value[cells] for key, value in self.outcomes.items()},
            outcome_errors={key: value[cells] for key, value in self.outcome_errors.items()},
        )


def _frozen(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Real:
    array = checked_numbers(name, values).copy()
    if array.shape != shape:
        raise InputError(f"{name}: must have shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError(f"{name}: must be finite, got {one_line(array[~np.isfinite(array)][0])}")
    array.flags.writeable = False
    return array
