"""Fernández Domingos and others (2026): falling behind drives unsafe development in a race of uncertain length."""

import math
from functools import partial
from typing import Any

import numpy as np

from race_sim.errors import InputError
from race_sim.games._base.published import Check, PublishedGame, parameter
from race_sim.solvers.evolution import full_chain
from race_sim.solvers.evolution.reports import population_results
from race_sim.solvers.game import Citation, Game, Real

STRATEGIES = ("AS", "AU", "CS", "CAS")
STARTS_UNSAFE = (0, 1, 0, 1)
COPIES = (False, False, True, True)
STAGE = np.array([[1.0, 0.6], [2.4, 2.0]])  # SAFE, UNSAFE; row against column
RAREST_END = 1e-5  # probability per round below which lengths of races are too many to sum over
NEGLIGIBLE = 1e-20  # probability of longer races that are left out of the sum over their length


class UncertainRace(PublishedGame):
    """Two labs play SAFE or UNSAFE every round; the one ahead when the race ends takes the prize, unless it loses all.

    Rounds pay [[1, 0.6], [2.4, 2]] (SAFE, UNSAFE; row against column) and advance a lab by 1 or 1.5. The race lasts
    R = W + G - 1 rounds, G geometric on 1, 2, ... with probability w_stop. The leader gets the prize, a tie halves it;
    whoever leads or ties keeps everything with probability 1 - p_max (own unsafe rounds)/R. AS and AU are always safe
    and always unsafe; CS starts safe, CAS starts unsafe, and both copy the other's last move. Payoffs are expectations
    over R, summed exactly. With E[R] = W - 1 + 1/w_stop:

    safety is socially better for p_max > 1 - (E[R] + prize/2)/(2 E[R] + prize/2), AS resists AU for
    p_max > 1 - (E[R] + prize/2)/(2.4 E[R] + prize), and AU yields to AS for p_max > 1 - 0.6 E[R]/(2 E[R] + prize/2).

    AU and CAS play alike against whoever starts unsafe, so that neither displaces the other when mutants are rare; at
    finite mutation the full chain tells them apart. In the paper's experiment (340 people) the log-odds of unsafe play
    were higher by 0.607 after an unsafe move of the other, by -0.296 per step of lead and 0.466 for both together:
    data, not results of this game.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in UncertainRace().thresholds().items()}
    {'social': 0.132, 'AS_AS': 0.515, 'AU_AU': 0.921}
    """

    citation = Citation(
        "fernandezdomingos2026",
        ("Elias Fernández Domingos", "others"),
        "Falling behind drives unsafe development",
        2026,
        "arXiv preprint",
        arxiv="2607.26034",
    )
    p_max: float = parameter(0.5, "probability that a leader who was always unsafe loses everything", 0, 1)
    W: int = parameter(5, "rounds before the race may end", 1, 1_000_000)
    w_stop: float = parameter(0.2, "probability per round, from round W on, that the race ends", at_most=1, above=0)
    prize: float = parameter(100.0, "prize of the leader", 0)
    step_safe: float = parameter(1.0, "progress of a safe round", 0)
    step_unsafe: float = parameter(1.5, "progress of an unsafe round", 0)
    Z: int = parameter(100, "population size", 2, 10_000)
    beta: float = parameter(0.1, "selection strength", 0)
    mutation: float = parameter(0.0, "probability of a random strategy per step; 0 is the limit of rare mutants", 0, 1)
    self_interaction: bool = parameter(False, "whether average payoffs include play against oneself")

    @property
    def mean_rounds(self) -> float:
        """Expected length of a race, E[R].

        Returns
        -------
        float
            Rounds.
        """
        return self.W - 1 + 1 / self.w_stop

    def lengths(self) -> tuple[np.ndarray, Real]:
        """List numbers of rounds and their probabilities, until what is left has a probability of 1e-20.

        Returns
        -------
        tuple of array (lengths,)
            Rounds, and the probability of each number.

        Raises
        ------
        InputError
            Where races end so rarely that there would be too many lengths.
        """
        if self.w_stop < RAREST_END:
            raise InputError(
                f"w_stop: must be at least {RAREST_END:g}, or races are too long to sum, got {self.w_stop}"
            )
        if self.w_stop == 1.0:
            return np.array([self.W]), np.ones(1)
        more = np.arange(math.ceil(math.log(NEGLIGIBLE) / math.log1p(-self.w_stop)) + 1)
        return self.W + more, self.w_stop * np.exp(more * math.log1p(-self.w_stop))

    @property
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def payoff(self) -> Real:
        """Expected payoffs of a whole race of AS, AU, CS, CAS.

        Returns
        -------
        array (4, 4)
            Row against column.
        """
        rounds, chance = self.lengths()
        table = np.empty((4, 4))
        for i in range(4):
            for j in range(i, 4):
                table[i, j], table[j, i] = (float(chance @ kept) for kept in self._race(i, j, rounds))
        return table

    def _race(self, i: int, j: int, rounds: np.ndarray) -> tuple[Real, Real]:
        """What both keep on average in races of so many rounds. After the first, moves repeat every two rounds."""
        first, second, third = _moves(i, j)
        seconds, thirds = rounds // 2, (rounds - 1) // 2
        unsafe = [first[k] + seconds * second[k] + thirds * third[k] for k in (0, 1)]
        earned = []
        for a, b in ((0, 1), (1, 0)):
            stage = [STAGE[moves[a], moves[b]] for moves in (first, second, third)]
            earned.append(stage[0] + seconds * stage[1] + thirds * stage[2])
        lead = np.sign((self.step_unsafe - self.step_safe) * (unsafe[0] - unsafe[1]))
        kept = []
        for own, ahead, earnings in zip(unsafe, (lead, -lead), earned, strict=True):
            risked = np.where(ahead >= 0, 1 - self.p_max * own / rounds, 1.0)
            kept.append((earnings + self.prize * (1 + ahead) / 2) * risked)
        return kept[0], kept[1]

    def thresholds(self) -> dict[str, float | None]:
        """The p_max above which safety is better in three ways.

        Returns
        -------
        dict of str to float
            ``social``: two AS do better than two AU; ``AS_AS``: AU is no better reply to AS than AS, None where unsafe
            rounds are the slower ones; ``AU_AU``: AS is a better reply to AU than AU.
        """
        sure = self.model_copy(update={"p_max": 0.0}).payoff
        loses = self.step_unsafe < self.step_safe  # then AU never wins against AS, and its payoff bears no risk
        return {
            "social": float(1 - sure[0, 0] / sure[1, 1]),
            "AS_AS": None if loses else float(1 - sure[0, 0] / sure[1, 0]),
            "AU_AU": float(1 - sure[0, 1] / sure[1, 1]),
        }

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # what is not finite is named when it is reported
    def results(self) -> dict[str, Any]:
        """Compute payoffs, what evolution makes of them, and thresholds.

        Returns
        -------
        dict
            ``payoff``, ``log_fixation``, ``stationary``, ``reason``, ``thresholds``, and ``frequency`` with mutation.
        """
        results = population_results(self.payoff, STRATEGIES, self.Z, self.beta, self.self_interaction, self.mutation)
        return {**results, "thresholds": self.thresholds()}

    def game(self) -> Game:
        """The race as a symmetric game.

        Returns
        -------
        Game
            Of AS, AU, CS and CAS.
        """
        return Game.symmetric(
            self.payoff, STRATEGIES, name="AI race of uncertain length", unit="per race", citation=self.citation
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """The three thresholds, and the tie that only finite mutation breaks.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        values = {"social": 0.132, "AS_AS": 0.515, "AU_AU": 0.921}
        words = {
            "social": "two AS do better than two AU above p_max",
            "AS_AS": "AS is a best reply to AS above p_max",
            "AU_AU": "AS is a better reply to AU than AU above p_max",
        }
        return [
            *(
                Check(words[name], "thresholds", value, partial(_threshold, name), 5e-4)
                for name, value in values.items()
            ),
            Check(
                "fixation of AU among CAS over neutral, rare mutants: a tie",
                "small-mutation limit",
                1.0,
                lambda: float(100 * math.exp(cls().results()["log_fixation"][3][1])),
                1e-9,
                "reading",
            ),
            Check(
                "full chain, Z = 20, mutation 0.01, p_max = 0.5: AU is more frequent than CAS or less, by 1 % or more",
                "finite mutation",
                "yes",
                _tells_apart,
                source="reading",
            ),
        ]


def _moves(i: int, j: int) -> list[tuple[int, int]]:
    """The moves of both in rounds 1, 2, 3; 1 is UNSAFE."""
    now = STARTS_UNSAFE[i], STARTS_UNSAFE[j]
    played = [now]
    for _ in range(2):
        now = (now[1] if COPIES[i] else now[0], now[0] if COPIES[j] else now[1])
        played.append(now)
    return played


def _threshold(name: str) -> float:
    threshold = UncertainRace().thresholds()[name]
    return math.nan if threshold is None else threshold


def _tells_apart() -> str:
    race = UncertainRace(p_max=0.5)
    frequency = full_chain(race.payoff, 20, race.beta, 0.01).frequency
    return "yes" if abs(frequency[1] - frequency[3]) > 0.01 else "no"
