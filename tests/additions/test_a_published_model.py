"""A published model takes one file in ``games/`` and its blind twin; from outside, ``race_sim.add_game``."""

import json

import pytest

import race_sim
from race_sim import InputError
from race_sim.games._base import catalogue as module
from race_sim.games._base.catalogue import catalogue, published

GAME = '''
"""Two rivals rush or take care: an example of a published game."""

from typing import Any, ClassVar, Self

from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.reading import Reading, Verdict
from race_sim.solvers.game import Citation, Game


class Duel2027(PublishedGame):
    """Whoever rushes alone wins the prize, and a disaster spares nobody.

    Alike, each wins V/2; who takes care against a rival in a rush wins nothing. If anybody rushes, a disaster of
    probability p costs both D.
    """

    citation: ClassVar[Citation] = Citation(
        "duel2027", ("A. Author",), "A duel", 2027, "Working paper", note="An example, of which there is no paper."
    )
    mapping: ClassVar[str] = "V = prize, D = cost of a catastrophe, p simulated where nobody spends on safety"
    V: float = parameter(10.0, "prize", 0)
    D: float = parameter(4.0, "cost of a disaster to each", 0)
    p: float = parameter(0.5, "probability of a disaster if anybody rushes", 0, 1)

    @finite
    def results(self) -> dict[str, Any]:
        """Compute payoffs of rushing and taking care, row against column, and whether both rush in equilibrium.

        Returns
        -------
        dict
            ``payoff``, ``rushing``.
        """
        ruin = self.p * self.D
        payoff = [[self.V / 2 - ruin, self.V - ruin], [-ruin, self.V / 2]]
        return {"payoff": payoff, "rushing": payoff[0][0] >= payoff[1][0]}

    def game(self) -> Game:
        """Give the normal form.

        Returns
        -------
        Game
            Rush or take care.
        """
        return Game.symmetric(self.results()["payoff"], ("rush", "care"), name="duel2027", citation=self.citation)

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """Rushing is racing without safety work.

        Parameters
        ----------
        reading : Reading
            Of a race scenario.

        Returns
        -------
        Duel2027
            The duel of two nations.
        """
        return cls(V=reading.prize, D=reading.catastrophe_cost, p=reading.unsafe_probability)

    def answer(self, reading: Reading) -> Verdict:
        """Both slowing down is an equilibrium where the risk outweighs the other half of the prize.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            With the payoff of racing.
        """
        (racing, ahead), (_, slowing) = self.results()["payoff"]
        return Verdict(True, slowing >= ahead, self.p, f"a duel in which racing pays {racing:.3g}")

    @classmethod
    def checks(cls) -> list[Check]:
        """The payoff of two in a rush.

        Returns
        -------
        list of Check
            One.
        """
        return [Check("both rush, V = 10, D = 4, p = 1/2", "table 1", 3.0, lambda: cls().results()["payoff"][0][0])]
'''

TWIN = '''
"""A duel, written from its definition: what each gets is summed over disaster and none."""


def sample(random):
    return {"V": random.uniform(0, 20), "D": random.uniform(0, 20), "p": random.uniform(0, 1)}


def results(V=10.0, D=4.0, p=0.5):
    def expected(prize, rushed):
        return p * (prize - D) + (1 - p) * prize if rushed else prize

    payoff = [[expected(V / 2, True), expected(V, True)], [expected(0, True), expected(V / 2, False)]]
    return {"payoff": payoff, "rushing": payoff[0][0] >= payoff[1][0]}


def published():
    yield "both rush", 3.0, results()["payoff"][0][0], 0.0
'''

COMMANDS = """
from race_sim.cli import main

for arguments in (["games"], ["solve", "duel2027", "--set", "V=20", "--json"], ["reproduce", "duel2027"],
                  ["compare", "us-china-2026-point", "--runs", "10"]):
    assert main(arguments) == 0
"""

CONTRACT = (
    "tests/test_catalogue.py",
    "tests/test_comparison.py::test_every_model_is_asked",
    "tests/test_solved_game.py",
    "tests/published/test_agreement.py",
    "tests/published/test_blind_numbers.py",
)


@pytest.fixture
def duel(scratch):
    """A scratch copy with one more game and its twin."""
    scratch.write("race_sim/games/duel2027.py", GAME.lstrip())
    scratch.write("tests/published/duel2027.py", TWIN.lstrip())
    return scratch


def test_it_takes_one_file_and_its_blind_twin(duel):
    shown = duel.python(COMMANDS)
    assert "duel2027  Whoever rushes alone wins the prize, and a disaster spares nobody." in shown
    assert f"{'V = 10':28s} prize, from 0" in shown
    assert '"results": {"payoff": [[8.0, 18.0], [-2.0, 10.0]], "rushing": true}' in shown
    assert "duel2027                 reproduced   paper" in shown
    assert "a duel in which racing pays" in shown
    assert "duel2027: V = prize, D = cost of a catastrophe, p simulated" in shown
    duel.tests("-k", "duel2027 or every", *CONTRACT)
    assert duel.touched == {"race_sim/games/duel2027.py", "tests/published/duel2027.py"}


@pytest.mark.long
def test_the_experiment_and_every_contract_take_it_up(duel, tmp_path):
    assert "0 problems" in duel.run("-m", "tests.docstrings", "race_sim/games/duel2027.py").stdout
    done = duel.run("-m", "experiments.published_models", "--quick", "--into", str(tmp_path))
    assert done.returncode == 0, done.stderr
    provenance = json.loads((tmp_path / "published_models" / "provenance.json").read_text())
    assert "A duel" in provenance["games"]["duel2027"]
    assert 'duel2027,"both rush, V = 10' in (tmp_path / "published_models" / "reproduction.csv").read_text()
    duel.tests(*CONTRACT, "tests/test_games_evolutionary.py", "tests/test_experiments.py::test_quick[published_models]")


@pytest.fixture
def outside(monkeypatch):
    """A game from outside, as its author writes it; forgotten afterwards."""
    monkeypatch.setattr(module, "_ADDED", {})
    from race_sim.games import Check, Citation, PublishedGame, Verdict, finite, parameter

    class Coin(PublishedGame):
        """A coin falls on either side."""

        citation = Citation("coin1999", ("A. Coin",), "On coins", 1999, "Coins 1:1", doi="10.1000/1")
        mapping = "bias = enmity"
        bias: float = parameter(0.5, "probability of heads", 0, 1)

        @finite
        def results(self):
            return {"heads": self.bias}

        @classmethod
        def of_reading(cls, reading):
            return cls(bias=reading.enmity)

        def answer(self, reading):
            return Verdict(self.bias > 0.5, self.bias < 0.5, None, f"heads {self.bias:g}")

        @classmethod
        def checks(cls):
            return [Check("heads", "table 1", 0.5, lambda: cls().results()["heads"])]

    assert race_sim.add_game(Coin) is Coin
    return Coin


def test_a_game_from_outside_is_in_the_catalogue(outside, capsys):
    assert catalogue()["coin1999"] is published("coin1999") is outside
    assert list(catalogue()) == sorted(catalogue())
    assert race_sim.solve("coin1999", bias=0.25) == {"heads": 0.25}
    assert list(race_sim.reproduce("coin1999")["status"]) == ["reproduced"]
    answer = next(one for one in race_sim.compare("us-china-2026-point", runs=5) if one.model == "coin1999")
    assert (answer.racing, answer.says, answer.mapping) == (True, "heads 0.6", "bias = enmity")
    from race_sim.cli import main

    assert main(["games"]) == 0
    assert "coin1999  A coin falls on either side." in capsys.readouterr().out
    assert main(["solve", "coin1999", "--set", "bias=0.75", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"] == {"heads": 0.75}
    assert main(["solve", "coin1998"]) == 2
    assert "did you mean 'coin1999'" in capsys.readouterr().err


def test_adding_a_key_again_replaces_an_added_game_and_no_other(outside):
    class Other(outside):
        """Another coin."""

    race_sim.add_game(Other)
    assert published("coin1999") is Other
    with pytest.raises(InputError, match="game: tan2026 is in the package, choose another key"):
        race_sim.add_game(published("tan2026"))


def test_what_is_no_published_game_is_refused_in_one_line(outside):
    from race_sim.games import Citation, PublishedGame

    class Uncited(PublishedGame):
        """A game of nobody."""

    class Unnamed(PublishedGame):
        """A game whose key is none."""

        citation = Citation("a game", ("A. Author",), "On games", 1999, "Games 1:1")

    for wrong in (3, "tan2026", dict, outside()):
        with pytest.raises(InputError, match="game: must be a subclass of"):
            race_sim.add_game(wrong)
    for wrong in (Uncited, Unnamed):
        with pytest.raises(InputError, match=f"game: {wrong.__name__} must have a citation whose key is a name, got"):
            race_sim.add_game(wrong)
    assert set(catalogue()) >= {"coin1999", "tan2026"}
