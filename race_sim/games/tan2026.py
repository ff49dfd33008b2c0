"""The suicide region: racing early because the other would, though the race is worth less than nothing."""

from typing import Any, ClassVar, Self

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.reading import Reading, Verdict
from race_sim.solvers.game import Citation, Game


class Tan2026(PublishedGame):
    """A shared ruin cancels from the choice who goes first, so fear of it does not stop the race but widens its reach.

    Who deploys first pays I and with probability pi wins V, of which the follower gets the part S; otherwise both
    suffer the ruin D. The leader gets ``L = pi V (1 - S) - (1 - pi) D - I``, the follower ``F = pi V S - (1 - pi) D``.
    Thresholds of V:

    - ``preempt``, L = F: I / ((1 - 2 S) pi), free of D;
    - ``individual`` (the paper's V_S), L = 0: (I + (1 - pi) D) / ((1 - S) pi);
    - ``social``, L + F = 0: (I + 2 (1 - pi) D) / pi.

    Between the first and the second lies the suicide region: each prefers leading to following although leading is
    worth less than nothing. Where the second is not the larger one there is none: an empty region has no ends (``low``,
    ``high`` None, ``width`` 0). At a given V the choice is a 2 x 2 game (ours: both wait 0; both deploy, a coin decides
    who leads): in the suicide region a stag hunt with two equilibria, above both thresholds deployment dominates.
    """

    citation: ClassVar[Citation] = Citation(
        "tan2026",
        ("David Tan",),
        "The suicide region: option games and the race to artificial general intelligence",
        2025,
        "arXiv preprint, revised 2026",
        arxiv="2512.07526",
    )
    mapping: ClassVar[str] = (
        "two nations; V and S so that the winner gets the prize and the other (1 - enmity) of it, D = cost of "
        "a catastrophe, pi = 1 - simulated probability without safety work, I = 0 (deploying costs nothing)"
    )
    I: float = parameter(1.0, "cost of deploying", 0)  # noqa: E741
    S: float = parameter(0.1, "follower's part of the prize, less than half", 0, 0.4999999999)
    pi: float = parameter(0.8, "probability that deployment goes well", above=0, at_most=1)
    D: float = parameter(10.0, "ruin, to each, if it goes wrong", 0)
    V: float | None = parameter(None, "prize; where given, its equilibria are reported", 0)

    @finite
    def results(self) -> dict[str, Any]:
        """The thresholds, the suicide region and, at a given prize, the equilibria.

        Returns
        -------
        dict
            ``preempt``, ``individual`` and ``social``, prizes; ``suicide_region`` with ``low``, ``high`` and ``width``;
            at a given V also ``equilibria``, in words, and the payoffs of ``leader`` and ``follower``.
        """
        preempt, individual = self._preempt(), self._individual()
        region: dict[str, float | None] = {"low": None, "high": None, "width": 0.0}
        width = self._width_of_region()
        if width > 0:
            region = {"low": preempt, "high": individual, "width": width}
        results: dict[str, Any] = {
            "preempt": preempt,
            "individual": individual,
            "social": (self.I + 2 * (1 - self.pi) * self.D) / self.pi,
            "suicide_region": region,
        }
        if self.V is not None:
            results["equilibria"] = self._equilibria(self.V, preempt, individual)
            results["leader"], results["follower"] = self.payoffs(self.V)
        return results

    def payoffs(self, prize: float) -> tuple[float, float]:
        """What the leader and the follower get.

        Parameters
        ----------
        prize : float
            Won if deployment goes well, V.

        Returns
        -------
        tuple of float
            L and F.
        """
        ruin = (1 - self.pi) * self.D
        return self.pi * prize * (1 - self.S) - ruin - self.I, self.pi * prize * self.S - ruin

    def _preempt(self) -> float:
        return self.I / ((1 - 2 * self.S) * self.pi)

    def _individual(self) -> float:
        return (self.I + (1 - self.pi) * self.D) / ((1 - self.S) * self.pi)

    def _width_of_region(self) -> float:
        """Individual less preempt over a common denominator, which keeps it from drowning where ruin is small."""
        ruin = (1 - self.pi) * self.D
        return (ruin * (1 - 2 * self.S) - self.I * self.S) / ((1 - self.S) * (1 - 2 * self.S) * self.pi)

    def _equilibria(self, prize: float, preempt: float, individual: float) -> str:
        if prize >= max(preempt, individual):
            return "both deploy"
        if prize < min(preempt, individual):
            return "both wait"
        return "both deploy, or both wait" if preempt < individual else "one deploys, the other follows"

    def game(self) -> Game | None:
        """Deploy or wait, at the given prize.

        Returns
        -------
        Game or None
            None without a prize.
        """
        if self.V is None:
            return None
        leader, follower = self.payoffs(self.V)
        matrix = [[(leader + follower) / 2, leader], [follower, 0.0]]
        return Game.symmetric(matrix, ("deploy", "wait"), name="tan2026", citation=self.citation)

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """The winner gets the prize, the other (1 - enmity) of it, and deploying costs nothing but the risk.

        Parameters
        ----------
        reading : Reading
            Of a race scenario.

        Returns
        -------
        Tan2026
            The choice of two nations.
        """
        whole = 2 - reading.enmity
        return cls(
            I=0.0,
            S=(1 - reading.enmity) / whole,
            pi=1 - reading.unsafe_probability,
            D=reading.catastrophe_cost,
            V=reading.prize * whole,
        )

    def answer(self, reading: Reading) -> Verdict:
        """Deploying is racing, waiting is slowing down.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            With the prize beside the paper's thresholds.

        Raises
        ------
        InputError
            For other than two nations.
        """
        if reading.nations != 2:
            raise InputError(f"tan2026: is a game of two, got {reading.nations} nations")
        results = self.results()
        equilibria = results["equilibria"]
        says = f"{equilibria}: the prize {2 * reading.prize - reading.prize * reading.enmity:.3g} against thresholds "
        says += ", ".join(f"{key} {results[key]:.3g}" for key in ("preempt", "individual", "social"))
        return Verdict("both deploy" in equilibria, "both wait" in equilibria, reading.unsafe_probability, says)

    @classmethod
    def checks(cls) -> list[Check]:
        """The three thresholds, and how the region answers to ruin.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """

        def row(key: str, published: float) -> Check:
            result = f"{key} threshold, I = 1, S = 0.1, pi = 0.8, D = 10"
            return Check(result, "thresholds", published, lambda: cls().results()[key], 5e-5, "reading")

        rows = [row("preempt", 1.5625), row("individual", 4.1667), row("social", 6.25)]
        return [
            *rows,
            Check("suicide region as ruin grows", "abstract", "widens",
                  lambda: "widens" if cls._width(20) > cls._width(10) > cls._width(5) else "does not widen"),
            Check("preemption threshold as ruin grows", "abstract: the risk term cancels", "unchanged",
                  lambda: "unchanged" if cls(D=20)._preempt() == cls(D=5)._preempt() else "changes"),
            Check("deploying in the suicide region (V = 3)", "abstract", "an equilibrium of negative value",
                  cls._inside),
        ]  # fmt: skip

    @classmethod
    def _width(cls, ruin: float) -> float:
        width: float = cls(D=ruin).results()["suicide_region"]["width"]
        return width

    @classmethod
    def _inside(cls) -> str:
        """Read off the normal form."""
        game = cls(V=3.0).game()
        assert game is not None
        both, left_behind = game.payoff[0][:, 0]
        return "an equilibrium of negative value" if left_behind <= both < 0 else "none"
