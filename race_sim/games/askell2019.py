"""Five factors of cooperation: which beliefs about the other make responsible development the better choice."""

from typing import Any, ClassVar, Self

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.reading import SLOW, Reading, Verdict
from race_sim.solvers.game import Citation, Game


class Askell2019(PublishedGame):
    """Whether a developer cooperates turns on its belief that the other does; five factors move the belief it takes.

    Payoffs to a developer: R both cooperate, T it alone defects, S it alone cooperates, P both defect. With belief pi
    that the other cooperates, cooperate iff pi (R - T) + (1 - pi) (S - P) >= 0. ``beliefs`` is the set of such pi:

    - ``empty``: R < T and S < P (prisoner's dilemma, or deadlock where P >= R);
    - ``all``: R >= T and S >= P (harmony; ``indifferent`` where both are equal);
    - ``above`` a threshold: S < P (stag hunt), ``below`` one: R < T (chicken), the threshold being
      (P - S) / ((P - S) + (R - T)) in both.

    The paper's five factors are the gain from mutual cooperation (R), the harm of being the only one (S), the gain from
    free riding (T), the harm of mutual defection (P), and trust (pi). ``factors``: the sign of the threshold's
    derivative in each payoff, None where there is no threshold; in a stag hunt it falls in R and S and rises in T and
    P, so cooperation gets easier with the first two.

    ``game_class`` names the game as textbooks do, which takes more than the beliefs do: a prisoner's dilemma needs
    R > P, as otherwise mutual defection costs the two nothing. Ties go with the weak inequality: R = T leaves a stag
    hunt with threshold 1, S = P a chicken with threshold 0.
    """

    citation: ClassVar[Citation] = Citation(
        "askell2019",
        ("Amanda Askell", "Miles Brundage", "Gillian Hadfield"),
        "The role of cooperation in responsible AI development",
        2019,
        "arXiv preprint",
        arxiv="1907.04534",
    )
    mapping: ClassVar[str] = (
        "payoffs R, S, T, P of the first nation in the simulated game of slowing down against racing"
    )
    R: float = parameter(3.0, "payoff where both cooperate")
    S: float = parameter(0.0, "payoff of cooperating alone")
    T: float = parameter(5.0, "payoff of defecting alone")
    P: float = parameter(1.0, "payoff where both defect")

    @classmethod
    def of(cls, game: Game, player: str, cooperate: str, others_cooperate: str | None = None) -> Self:
        """Put the same question to any two-player game with two strategies each, a simulated policy game included.

        Parameters
        ----------
        game : Game
            Two players with two strategies each.
        player : str
            Whose beliefs.
        cooperate : str
            Its strategy that counts as cooperation.
        others_cooperate : str, optional
            The other's, by default of the same name.

        Returns
        -------
        Askell2019
            The player's payoffs.

        Raises
        ------
        InputError
            Where the game is not 2 x 2, and for a player or a strategy that there is not.

        Examples
        --------
        >>> hunt = Game.symmetric([[4, 0], [3, 2]], ("stag", "hare"))
        >>> Askell2019.of(hunt, "row", "stag").results()["beliefs"]["threshold"]
        0.6666666666666666
        """
        if game.shape != (2, 2):
            raise InputError(f"game: must have two players with two strategies each, got shape {game.shape}")
        own = game.player(player)
        payoff = game.payoff[own] if own == 0 else game.payoff[own].T
        mine = game.strategy(own, cooperate)
        theirs = game.strategy(1 - own, others_cooperate or cooperate)
        return cls(
            R=payoff[mine, theirs],
            S=payoff[mine, 1 - theirs],
            T=payoff[1 - mine, theirs],
            P=payoff[1 - mine, 1 - theirs],
        )

    @finite
    def results(self) -> dict[str, Any]:
        """The beliefs that favour cooperation, and how each payoff moves them.

        Returns
        -------
        dict
            ``beliefs`` with ``kind``, ``threshold`` and ``interval``; ``game_class``; ``gain_if_cooperates``, R - T,
            and ``gain_if_defects``, S - P; ``factors``, signs by payoff.
        """
        if_cooperates, if_defects = self.R - self.T, self.S - self.P
        kind, threshold, interval = self._beliefs(if_cooperates, if_defects)
        factors: dict[str, int] | None = None
        if threshold is not None:
            factors = {"R": _sign(if_defects), "T": -_sign(if_defects),
                       "S": -_sign(if_cooperates), "P": _sign(if_cooperates)}  # fmt: skip
        return {
            "beliefs": {"kind": kind, "threshold": threshold, "interval": interval},
            "game_class": self._game_class(kind, if_cooperates, if_defects),
            "gain_if_cooperates": if_cooperates,
            "gain_if_defects": if_defects,
            "factors": factors,
        }

    def _beliefs(self, gain: float, alone: float) -> tuple[str, float | None, list[float] | None]:
        if gain >= 0 and alone >= 0:
            return "all", None, [0.0, 1.0]
        if gain < 0 and alone < 0:
            return "empty", None, None
        scale = max(abs(gain), abs(alone))
        threshold = (-alone / scale) / (gain / scale - alone / scale) + 0.0
        return ("above", threshold, [threshold, 1.0]) if alone < 0 else ("below", threshold, [0.0, threshold])

    def _game_class(self, kind: str, gain: float, alone: float) -> str:
        if kind == "all":
            return "indifferent" if gain == alone == 0 else "harmony"
        if kind == "empty":
            return "prisoner's dilemma" if self.R > self.P else "deadlock"
        return "stag hunt" if kind == "above" else "chicken"

    def game(self) -> Game:
        """The normal form.

        Returns
        -------
        Game
            Symmetric: both players have these payoffs.
        """
        return Game.symmetric(
            [[self.R, self.S], [self.T, self.P]], ("cooperate", "defect"), name="askell2019", citation=self.citation
        )

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """Take the payoffs of the first nation in the simulated game; slowing down is cooperation.

        Parameters
        ----------
        reading : Reading
            Of a race scenario of two nations.

        Returns
        -------
        Askell2019
            The first nation's choice.
        """
        game = reading.slowing_or_racing()
        return cls.of(game, game.players[0], SLOW)

    def answer(self, reading: Reading) -> Verdict:
        """Racing is an equilibrium where it pays against racing, slowing down where it pays against slowing down.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            Without a risk, of which the game knows nothing.
        """
        results = self.results()
        return Verdict(
            results["gain_if_defects"] <= 0,
            results["gain_if_cooperates"] >= 0,
            None,
            f"{results['game_class']}; beliefs that favour slowing down: {results['beliefs']['kind']}",
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """The four kinds of games, and the direction in which each factor works.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        hunt = cls(R=4, S=0, T=3, P=2)

        def kind_of(name: str, kind: str, game: "Askell2019") -> Check:
            return Check(f"beliefs that favour cooperation, {name}", "collective action problems", kind,
                         lambda: game.results()["beliefs"]["kind"], source="reading")  # fmt: skip

        def direction_of(name: str, direction: str) -> Check:
            return Check(f"threshold in {name}, stag hunt", "five factors", direction,
                         lambda: hunt._moves(name), source="reading")  # fmt: skip

        return [
            kind_of("prisoner's dilemma", "empty", cls(R=3, S=0, T=5, P=1)),
            kind_of("harmony", "all", cls(R=5, S=2, T=3, P=1)),
            kind_of("stag hunt", "above", hunt),
            kind_of("chicken", "below", cls(R=3, S=1, T=5, P=0)),
            Check("threshold, stag hunt R = 4, S = 0, T = 3, P = 2", "(P - S) / ((P - S) + (R - T))", 2 / 3,
                  lambda: hunt.results()["beliefs"]["threshold"], 1e-12, "reading"),
            *(direction_of(name, "falls") for name in ("R", "S")),
            *(direction_of(name, "rises") for name in ("T", "P")),
        ]  # fmt: skip

    def _moves(self, name: str) -> str:
        """Which way the threshold goes when a payoff is raised a little: computed, not differentiated."""
        before, after = (
            game.results()["beliefs"]["threshold"]
            for game in (self, self.__class__(**{**self.model_dump(), name: getattr(self, name) + 0.01}))
        )
        return "rises" if after > before else "falls" if after < before else "stays"


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
