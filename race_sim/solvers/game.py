"""A finite game in normal form: what the nations' policy game and the catalogue of published games share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import InputError, one_line, unknown

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Citation:
    """Where a published game comes from. url: for what has neither DOI nor arXiv number; note: what a reader must know.

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
        """The entry for a bibliography."""
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

    players: names. strategies: one tuple of names per player, in the players' order. payoff: (players, *shape), where
    ``shape`` holds the numbers of strategies; ``payoff[n, a, b]`` is what player n gets where the first player uses its
    strategy a and the second b. Arrays are copied and cannot be written to.

    A game whose payoffs were estimated by simulation also has ``samples`` (samples, players, *shape): one payoff per
    run and cell, the same runs in every cell, whose mean over runs is ``payoff``. Standard errors, those of payoff
    differences and the bootstrap come from there. outcomes: further numbers per cell, each (*shape); outcome_errors:
    their standard errors; outcome_units: their units. unit: of the payoffs. Raises InputError where shapes do not fit
    or numbers are not finite.

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
        object.__setattr__(self, "players", tuple(map(str, self.players)))
        object.__setattr__(self, "strategies", tuple(tuple(map(str, names)) for names in self.strategies))
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
            object.__setattr__(self, "samples", _frozen("samples", self.samples, (len(self.samples), *cells)))
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
        """The symmetric two-player game in which a against b gets ``matrix[a, b]``."""
        square = np.asarray(matrix, dtype=float)
        if square.ndim != 2 or square.shape[0] != square.shape[1]:
            raise InputError(f"matrix: must be square, got shape {square.shape}")
        names = tuple(strategies) or tuple(map(str, range(len(square))))
        return cls(tuple(players), (names, names), np.stack([square, square.T]), **more)

    @classmethod
    def of_two(
        cls,
        first: ArrayLike,
        second: ArrayLike,
        strategies: Sequence[Sequence[str]] = (),
        players: Sequence[str] = ("row", "column"),
        **more: Any,
    ) -> "Game":
        """The two-player game with these payoff matrices, both (first's strategies, second's strategies)."""
        matrices = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
        if matrices[0].ndim != 2 or matrices[0].shape != matrices[1].shape:
            raise InputError(
                f"payoffs: must be two matrices of one shape, got {matrices[0].shape}, {matrices[1].shape}"
            )
        names = tuple(map(tuple, strategies)) or tuple(tuple(map(str, range(size))) for size in matrices[0].shape)
        return cls(tuple(players), names, np.stack(matrices), **more)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player."""
        return tuple(map(len, self.strategies))

    @property
    def is_symmetric(self) -> bool:
        """Two players with the same strategies and transposed payoffs, exactly."""
        return (
            len(self.players) == 2
            and self.strategies[0] == self.strategies[1]
            and np.array_equal(self.payoff[0], self.payoff[1].T)
        )

    @property
    def standard_error(self) -> Real | None:
        """Standard error of every payoff, (players, *shape); None where payoffs are exact."""
        if self.samples is None:
            return None
        error: Real = self.samples.std(axis=0, ddof=1) / np.sqrt(len(self.samples))
        return error

    def player(self, name: str) -> int:
        """Index of a player. Raises InputError for a name that no player has."""
        if name not in self.players:
            raise InputError(f"player: {unknown('player', name, self.players)}")
        return self.players.index(name)

    def strategy(self, player: int, name: str) -> int:
        """Index of a player's strategy. Raises InputError for a name that is none of its strategies."""
        if name not in self.strategies[player]:
            raise InputError(
                f"strategy of {self.players[player]}: {unknown('strategy', name, self.strategies[player])}"
            )
        return self.strategies[player].index(name)

    def subgame(self, strategies: Sequence[Sequence[str]]) -> "Game":
        """The game in which player n only has ``strategies[n]``, in that order.

        >>> Game.symmetric([[1, 2, 3], [4, 5, 6], [7, 8, 9]]).subgame([("0", "2"), ("1",)]).payoff[0].tolist()
        [[2.0], [8.0]]
        """
        if len(strategies) != len(self.players):
            raise InputError(f"strategies: must be one tuple per player ({len(self.players)}), got {len(strategies)}")
        kept = [[self.strategy(n, name) for name in names] for n, names in enumerate(strategies)]
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
    array = np.array(values, dtype=float)
    if array.shape != shape:
        raise InputError(f"{name}: must have shape {shape}, got {array.shape}")
    if not np.isfinite(array).all():
        raise InputError(f"{name}: must be finite, got {one_line(array[~np.isfinite(array)][0])}")
    array.flags.writeable = False
    return array
