"""Published games with their parameters read off a race scenario, and one question put to all of them."""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from race_sim.errors import InputError, unknown
from race_sim.games._base.catalogue import catalogue, published
from race_sim.games._base.published import PublishedGame
from race_sim.games.askell2019 import Askell2019
from race_sim.nations.policy_games import policy_game
from race_sim.runs.estimation import estimate
from race_sim.scenario.distributions import Distribution
from race_sim.scenario.scenario import Scenario
from race_sim.solvers.game import Game

RACE, SLOW = "race", "unilateral_slowdown"
MIDDLE = (0.5,)  # a distribution stands for its median


@dataclass(frozen=True)
class Reading:
    """What the published games need to know of a scenario; every number of it follows from the scenario's laws.

    speed: of a lab without safety work over one that keeps the standard, (1 - standard)^-effort_elasticity (law 3.2).
    unsafe_probability: of a catastrophe within the horizon if all labs spend nothing on safety and all nations race,
    simulated; even_probability: the same if all labs spend half. years: until a lab that keeps the standard reaches the
    finish line, at most the horizon, without diffusion, breakthroughs and harder ideas. head_start: between the best
    labs of the nations at the start, OOM. price_of_safety: OOM that keeping the standard costs within those years.
    """

    speed: float
    unsafe_probability: float
    even_probability: float
    years: float
    rounds: float
    head_start: float
    price_of_safety: float
    prize: float
    enmity: float
    catastrophe_cost: float
    revenue_per_round: float
    nations: int
    effort_elasticity: float


def read(scenario: Scenario | str, runs: int = 200, seed: int = 0) -> Reading:
    """Read a scenario. runs, seed: of the two simulations. Raises InputError for an unknown scenario.

    >>> reading = read("duopoly", runs=20)
    >>> round(reading.speed, 3), reading.nations, reading.head_start
    (1.133, 2, 0.0)
    """
    scenario = Scenario.load(scenario)
    standard, elasticity, growth, threshold = (
        _middle(value)
        for value in (
            scenario.cooperation.standard,
            scenario.capability.effort_elasticity,
            scenario.capability.growth_rate,
            scenario.prize.threshold,
        )
    )
    slowed = (1 - standard) ** elasticity
    horizon, interval = _middle(scenario.time.horizon), _middle(scenario.time.decision_interval)
    years = horizon if growth == 0 else min(horizon, max(interval, threshold / (growth * slowed)))
    prize, enmity = _middle(scenario.prize.prize), _middle(scenario.prize.enmity)
    best = [
        max(_middle(lab.capability) for lab in scenario.labs.values() if lab.nation == name)
        - growth * _middle(nation.lag) / 12
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
        prize=prize,
        enmity=enmity,
        catastrophe_cost=_middle(scenario.nation.catastrophe_cost),
        revenue_per_round=_middle(scenario.market.size) * interval,
        nations=len(scenario.nations),
        effort_elasticity=elasticity,
    )


def _middle(value: Any) -> float:
    if isinstance(value, Distribution):
        import numpy as np

        return float(value.draw(np.array(MIDDLE))[0])
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
    return estimate(fixed, runs, seed, progress=False)["catastrophe_probability"].mean


def _armstrong2016(reading: Reading) -> dict[str, Any]:
    if reading.price_of_safety <= 0 or reading.head_start <= 0:
        raise InputError(
            "armstrong2016: mu: needs a head start and a standard that costs speed, got "
            f"{reading.head_start:g} OOM and {reading.price_of_safety:g} OOM"
        )
    return {"n": reading.nations, "e": reading.enmity, "mu": reading.head_start / reading.price_of_safety}


def _han2020(reading: Reading) -> dict[str, Any]:
    return {"s": reading.speed, "p_r": reading.unsafe_probability, "W": max(1.0, reading.rounds), "c": 0.0, "p_fo": 0.0,
            "b": reading.revenue_per_round, "B": reading.prize * reading.enmity, "gamma": 1.0}  # fmt: skip


def _tan2026(reading: Reading) -> dict[str, Any]:
    whole = 2 - reading.enmity
    return {"I": 0.0, "S": (1 - reading.enmity) / whole, "pi": 1 - reading.unsafe_probability,
            "D": reading.catastrophe_cost, "V": reading.prize * whole}  # fmt: skip


def _kwa2026(reading: Reading) -> dict[str, Any]:
    bad = reading.even_probability
    if not 0 < bad < 1:
        raise InputError(f"kwa2026: k: needs a probability of catastrophe within (0, 1) at equal effort, got {bad:g}")
    # The paper's p is per lab and all must be aligned: (1 - bad) = p^n.
    aligned = (1 - bad) ** (1 / reading.nations)
    return {"n": reading.nations, "k": aligned / (1 - aligned), "w": reading.effort_elasticity}


MAPPINGS: dict[str, tuple[Callable[[Reading], dict[str, Any]], str]] = {
    "armstrong2016": (
        _armstrong2016,
        "n nations, e = enmity, mu = head start over what the standard costs, in OOM: full safety is the standard",
    ),
    "han2020": (
        _han2020,
        "SAFE keeps the standard, UNSAFE spends nothing on safety; s from law 3.2, p_r simulated, a round is a "
        "decision, b its revenue, B what the winner has more than others, c = 0 (safety costs speed only), p_fo = 0, "
        "gamma = 1 (a catastrophe spares nobody)",
    ),
    "tan2026": (
        _tan2026,
        "two nations; V and S so that the winner gets the prize and the other (1 - enmity) of it, D = cost of "
        "a catastrophe, pi = 1 - simulated probability without safety work, I = 0 (deploying costs nothing)",
    ),
    "kwa2026": (
        _kwa2026,
        "n nations; k from the simulated probability of no catastrophe at equal effort, w = elasticity of speed to "
        "effort: parts of the future in proportion to speed",
    ),
    "askell2019": (
        lambda reading: {},
        "payoffs R, S, T, P of the first nation in the simulated game of slowing down against racing",
    ),
}


def as_game(scenario: Scenario | str, key: str, runs: int = 200, seed: int = 0) -> PublishedGame:
    """A published game whose parameters are read off a race scenario, where they have a meaning there.

    ``MAPPINGS[key][1]`` says how. A distribution in the scenario stands for its median. Raises InputError for a game
    without a mapping, and where the scenario lies outside what the game can express.

    >>> round(as_game("us-china-2026-point", "tan2026", runs=20).model_dump()["S"], 4)
    0.2857
    """
    published(key)
    if key not in MAPPINGS:
        raise InputError(f"{key}: has no counterpart in a scenario; {unknown('mapping', key, MAPPINGS)}")
    if key == "askell2019":
        game = _slowing_or_racing(Scenario.load(scenario), runs, seed)
        return Askell2019.of(game, game.players[0], SLOW)
    return published(key)(**MAPPINGS[key][0](read(scenario, runs, seed)))


@dataclass(frozen=True)
class Answer:
    """What one model says: whether all racing, and all keeping the standard, is an equilibrium, and the risk of racing.

    None where the model cannot say; ``says`` holds the reason or the answer in the model's own terms.
    """

    model: str
    racing: bool | None
    slowing: bool | None
    risk: float | None
    says: str
    mapping: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def compare(scenario: Scenario | str, runs: int = 200, seed: int = 0) -> list[Answer]:
    """Is racing an equilibrium, is slowing down, how risky is racing: every model that can answer, the simulated first.

    >>> [answer.model for answer in compare("duopoly", runs=20)][:2]
    ['simulated policy game', 'armstrong2016']
    """
    scenario = Scenario.load(scenario)
    answers = [_simulated(scenario, runs, seed)]
    reading = read(scenario, runs, seed)
    for key in (key for key in catalogue() if key in MAPPINGS):
        make, mapping = MAPPINGS[key]
        try:
            game = as_game(scenario, key, runs, seed) if key == "askell2019" else published(key)(**make(reading))
            answers.append(Answer(key, *ASKED[key](game, reading), mapping))
        except InputError as refused:
            answers.append(Answer(key, None, None, None, f"cannot answer: {refused}", mapping))
    return answers


def disagreement(answers: list[Answer]) -> str:
    """Where the models part, in one line per question."""
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


def _slowing_or_racing(scenario: Scenario, runs: int, seed: int) -> Game:
    if len(scenario.nations) != 2:
        raise InputError(f"nations: must be two for a 2 x 2 game, got {len(scenario.nations)}")
    return policy_game(scenario, [SLOW, RACE], max(2, runs), seed, progress=False)


def _simulated(scenario: Scenario, runs: int, seed: int) -> Answer:
    mapping = f"the nations' policies {SLOW} and {RACE}, simulated on the same runs"
    name = "simulated policy game"
    try:
        game = _slowing_or_racing(scenario, runs, seed)
    except InputError as refused:
        return Answer(name, None, None, None, f"cannot answer: {refused}", mapping)
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
    return Answer(name, racing, slowing, float(game.outcomes["catastrophe_probability"][1, 1]), text, mapping)


def _decided(gains: list[float], errors: list[float]) -> bool | None:
    """Whether no player loses by staying; None where two standard errors leave it open."""
    if any(gain < -2 * error for gain, error in zip(gains, errors, strict=True)):
        return False
    return True if all(gain >= 2 * error for gain, error in zip(gains, errors, strict=True)) else None


Asked = tuple[bool | None, bool | None, float | None, str]


def _ask_askell(game: PublishedGame, reading: Reading) -> Asked:
    result = game.results()
    return (
        result["gain_if_defects"] <= 0,
        result["gain_if_cooperates"] >= 0,
        None,
        f"{result['game_class']}; beliefs that favour slowing down: {result['beliefs']['kind']}",
    )


def _ask_armstrong(game: PublishedGame, reading: Reading) -> Asked:
    risk = game.results()["risk"]["public"]
    text = f"capabilities known to all: the leader gives up {risk:.3g} of full safety on average"
    # The paper's risk is that of an unsafe winner; what such a winner risks is simulated.
    return risk > 0, risk == 0, risk * reading.unsafe_probability, text


def _ask_han(game: PublishedGame, reading: Reading) -> Asked:
    result = game.results()
    pay, unsafe = result["payoff"], result["stationary"][1]
    return (
        pay[1][1] >= pay[0][1],
        pay[0][0] >= pay[1][0],
        unsafe * reading.unsafe_probability,
        f"always unsafe {100 * unsafe:.3g} % of the time; p_r {reading.unsafe_probability:.3g} against zones "
        f"{result['zones']['social']:.3g} and {result['zones']['risk_dominance']:.3g}",
    )


def _ask_tan(game: PublishedGame, reading: Reading) -> Asked:
    if reading.nations != 2:
        raise InputError(f"tan2026: is a game of two, got {reading.nations} nations")
    result = game.results()
    text = result["equilibria"]
    words = f"{text}: the prize {2 * reading.prize - reading.prize * reading.enmity:.3g} against thresholds "
    words += ", ".join(f"{key} {result[key]:.3g}" for key in ("preempt", "individual", "social"))
    return "both deploy" in text, "both wait" in text, reading.unsafe_probability, words


def _ask_kwa(game: PublishedGame, reading: Reading) -> Asked:
    result = game.results()
    standard = 1 - reading.speed ** (-1 / reading.effort_elasticity)
    text = f"labs put {result['s']:.3g} of their effort into safety, the standard is {standard:.3g}"
    return result["s"] < standard, result["s"] >= standard, 1 - result["aligned_all"], text


ASKED: dict[str, Callable[[PublishedGame, Reading], Asked]] = {
    "armstrong2016": _ask_armstrong,
    "askell2019": _ask_askell,
    "han2020": _ask_han,
    "kwa2026": _ask_kwa,
    "tan2026": _ask_tan,
}
