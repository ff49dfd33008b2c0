"""Published games with their parameters read off a race scenario, and one question put to all of them.

How a game's parameters are read off, and what it answers, stands in the game's own file; here a scenario is read, the
simulated game of nations answers first, and the answers are compared.
"""

import functools
import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from race_sim.errors import InputError, checked_count, unknown
from race_sim.games._base.catalogue import catalogue, published
from race_sim.games._base.published import PublishedGame
from race_sim.games._base.reading import RACE, SLOW, Reading, Verdict
from race_sim.nations.policy_games import policy_game
from race_sim.runs.estimation import estimate
from race_sim.runs.footprint import check_profiles
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Game

SIMULATED = "simulated policy game"


def read(scenario: Scenario | str, runs: int = 200, seed: int = 0) -> Reading:
    """Read a scenario as the published games see it.

    Parameters
    ----------
    scenario : Scenario or str
        The scenario, or the name or file of one.
    runs : int
        Of each simulation: two for the probabilities of a catastrophe; one more, of four cells, if a game asks for the
        simulated game.
    seed : int
        Of all their draws.

    Returns
    -------
    Reading
        The numbers; a distribution in the scenario stands for its median.

    Raises
    ------
    InputError
        For a scenario that there is not, or a number of runs or a seed that is none.

    Examples
    --------
    >>> reading = read("duopoly", runs=20)
    >>> round(reading.speed, 3), reading.nations, reading.head_start
    (1.133, 2, 0.0)
    """
    scenario = Scenario.load(scenario)
    standard, elasticity, growth, threshold = (
        _median(value)
        for value in (
            scenario.cooperation.standard,
            scenario.capability.effort_elasticity,
            scenario.capability.growth_rate,
            scenario.prize.threshold,
        )
    )
    slowed = (1 - standard) ** elasticity
    horizon, interval = _median(scenario.time.horizon), _median(scenario.time.decision_interval)
    years = horizon if growth == 0 else min(horizon, max(interval, threshold / (growth * slowed)))
    best = [
        max(_median(lab.capability) for lab in scenario.labs.values() if lab.nation == name)
        - growth * _median(nation.lag) / 12
        for name, nation in scenario.nations.items()
    ]
    return Reading(
        speed=1 / slowed,
        unsafe_probability=_catastrophe(scenario, 0.0, runs, seed),
        even_probability=_catastrophe(scenario, 0.5, runs, seed),
        years=years,
        rounds=years / interval,
        head_start=max(best) - min(best),
        price_of_safety=growth * years * (1 - slowed),
        prize=_median(scenario.prize.prize),
        enmity=_median(scenario.prize.enmity),
        catastrophe_cost=float(np.mean([_median(cost) for cost in scenario.catastrophe_costs.values()])),
        revenue_per_round=_median(scenario.market.size) * interval,
        nations=len(scenario.nations),
        effort_elasticity=elasticity,
        slowing_or_racing=functools.cache(lambda: _slowing_or_racing(scenario, runs, seed)),
    )


def _median(value: Any) -> float:
    if isinstance(value, Distribution):
        return float(value.draw(np.array([0.5]))[0])
    return float(value)


def _catastrophe(scenario: Scenario, share: float, runs: int, seed: int) -> float:
    """Probability of a catastrophe where every lab spends this share on safety, whatever happens."""
    tables = scenario.to_dict()
    tables["lab"] |= {"rule": "fixed", "initial_share": share}
    tables["nations"] = {name: {**nation, "policy": RACE} for name, nation in tables["nations"].items()}
    tables["labs"] = {
        name: {key: value for key, value in lab.items() if key not in ("rule", "initial_share")}
        for name, lab in tables["labs"].items()
    }
    fixed = Scenario.from_dict(tables, where=scenario.name)
    return estimate(fixed, runs, seed)["catastrophe_probability"].mean


def _slowing_or_racing(scenario: Scenario, runs: int, seed: int) -> Game:
    if len(scenario.nations) != 2:
        raise InputError(f"nations: must be two for a 2 x 2 game, got {len(scenario.nations)}")
    return policy_game(scenario, [SLOW, RACE], max(2, runs), seed)


def as_game(scenario: Scenario | str, key: str, runs: int = 200, seed: int = 0) -> PublishedGame:
    """A published game whose parameters are read off a race scenario, where they have a meaning there.

    The game's ``mapping`` says how.

    Parameters
    ----------
    scenario : Scenario or str
        The scenario, or the name or file of one.
    key : str
        The game's citation key.
    runs, seed : int
        Of the simulations, as in `read`.

    Returns
    -------
    PublishedGame
        The game of that key.

    Raises
    ------
    InputError
        For a game that there is not or that has no mapping, and where the scenario lies outside what the game can
        express.

    Examples
    --------
    >>> round(as_game("us-china-2026-point", "tan2026", runs=20).model_dump()["S"], 4)
    0.2857
    """
    game = published(key)
    if not game.mapping:
        mapped = [name for name, other in catalogue().items() if other.mapping]
        raise InputError(f"{key}: has no counterpart in a scenario; {unknown('mapping', key, mapped)}")
    return game.of_reading(read(scenario, runs, seed))


@dataclass(frozen=True)
class Answer:
    """What one model says of a scenario; None where it cannot say.

    Attributes
    ----------
    model : str
        A citation key, or ``simulated policy game``.
    racing, slowing : bool or None
        Whether it is an equilibrium that all race, and that all keep the standard.
    risk : float or None
        Probability of a catastrophe: in the simulated game, that of all racing.
    says : str
        The answer in the model's own terms, or why there is none.
    mapping : str
        How the model was read off the scenario.
    """

    model: str
    racing: bool | None
    slowing: bool | None
    risk: float | None
    says: str
    mapping: str

    def to_dict(self) -> dict[str, Any]:
        """Give the answer as plain values, fit for JSON.

        Returns
        -------
        dict
            The attributes by their names.
        """
        return asdict(self)


def compare(scenario: Scenario | str, runs: int = 200, seed: int = 0) -> list[Answer]:
    """Ask every model that can answer: is racing an equilibrium, is slowing down, how risky is racing.

    Parameters
    ----------
    scenario : Scenario or str
        The scenario, or the name or file of one.
    runs, seed : int
        Of the simulations, as in `read`.

    Returns
    -------
    list of Answer
        The simulated game's, then those of the published games with a ``mapping``, by citation key. Where a game
        cannot express the scenario, its answer says so.

    Raises
    ------
    InputError
        For a scenario that there is not, or a number of runs or a seed that is none.

    Examples
    --------
    >>> [answer.model for answer in compare("duopoly", runs=20)][:2]
    ['simulated policy game', 'armstrong2016']
    """
    scenario = Scenario.load(scenario)
    if len(scenario.nations) == 2:  # what takes most comes last, and must not fail then
        check_profiles(scenario, checked_count("runs", runs), 4)
    reading = read(scenario, runs, seed)
    answers = [_simulated(reading)]
    for key, game in catalogue().items():
        if game.mapping:
            try:
                verdict = game.of_reading(reading).answer(reading)
            except InputError as refused:
                verdict = _silent(refused)
            answers.append(Answer(key, *verdict, game.mapping))
    return answers


def disagreement(answers: list[Answer]) -> str:
    """Where the models part, in one line per question.

    Parameters
    ----------
    answers : list of Answer
        Of any models.

    Returns
    -------
    str
        Two lines: on whether all racing, and on whether all keeping the standard, is an equilibrium.
    """
    lines = []
    for question, field in (("all race", "racing"), ("all keep the standard", "slowing")):
        sides = {
            side: [answer.model for answer in answers if getattr(answer, field) is value]
            for side, value in (("an equilibrium", True), ("none", False))
        }
        if all(sides.values()):
            text = "; ".join(f"{side} in {', '.join(models)}" for side, models in sides.items())
            lines.append(f"They disagree whether it is an equilibrium that {question}: {text}.")
        else:
            side = next((side for side, models in sides.items() if models), "left open")
            lines.append(f"No model contradicts another on whether {question}: {side}.")
    return "\n".join(lines)


def _silent(refused: InputError) -> Verdict:
    return Verdict(None, None, None, f"cannot answer: {refused}")


def _simulated(reading: Reading) -> Answer:
    mapping = f"the nations' policies {SLOW} and {RACE}, simulated on the same runs"
    try:
        game = reading.slowing_or_racing()
    except InputError as refused:
        return Answer(SIMULATED, *_silent(refused), mapping)
    samples = game.samples
    assert samples is not None
    gains, errors = [], []
    for player in (0, 1):
        table = samples[:, player] if player == 0 else samples[:, 1].transpose(0, 2, 1)
        for other in (0, 1):
            gain = table[:, 1, other] - table[:, 0, other]  # of racing, paired over runs
            gains.append(float(gain.mean()))
            errors.append(float(gain.std(ddof=1) / math.sqrt(len(gain))))
    racing = _decided([gains[1], gains[3]], [errors[1], errors[3]])
    slowing = _decided([-gains[0], -gains[2]], [errors[0], errors[2]])
    names = game.players
    text = "; ".join(
        f"{names[player]} gains {gains[2 * player + other]:+.3g} (s.e. {errors[2 * player + other]:.2g}) {game.unit} "
        f"by racing when the other {('slows down', 'races')[other]}"
        for player in (0, 1)
        for other in (0, 1)
    )
    return Answer(SIMULATED, racing, slowing, float(game.outcomes["catastrophe_probability"][1, 1]), text, mapping)


def _decided(gains: list[float], errors: list[float]) -> bool | None:
    """Whether no player loses by staying; None where two standard errors leave it open."""
    if any(gain < -2 * error for gain, error in zip(gains, errors, strict=True)):
        return False
    return True if all(gain >= 2 * error for gain, error in zip(gains, errors, strict=True)) else None
