"""Racing to the precipice: what teams that know more of each other do to safety."""

import math
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from race_sim.errors import InputError, one_line
from race_sim.games._base.published import Check, PublishedGame, finite, parameter
from race_sim.games._base.reading import Reading, Verdict
from race_sim.games._base.roots import every_root, lowest
from race_sim.solvers.game import Citation

INFORMATION = ("none", "private", "public")
Information = Literal["none", "private", "public"]


class Armstrong2016(PublishedGame):
    """The more teams race and the more each knows of the others, the less the winner spends on safety.

    n teams; capability c_i uniform on [0, mu]; each chooses safety s_i in [0, 1]; the largest c_i - s_i wins and is
    safe with probability s_i. A safe win of one's own pays 1, of another team 1 - e (e: enmity), a disaster 0. mu says
    how much skill counts next to risk-taking. Symmetric equilibria, each the only one of its kind:

    - ``none``, nobody knows any capability: s = min(1, mu / (n e)); risk 1 - s.
    - ``private``, each knows its own: s(c) = min(1, c / a) with a = n e - e + 1; risk 1 - n mu / ((n + 1) a) where
      mu <= a, otherwise (a / mu)^n / (n + 1).
    - ``public``, all know all: with D the gap between the two most capable teams, every s of the leader in
      [min(1, D), min(1, D / e)] is an equilibrium, the second team shadowing it at s - D. ``safety.public`` and
      ``risk.public`` belong to the upper end, where the second team is just content to let the leader win;
      ``public_lower_risk`` to the lower end.

    At e = 0 a team does not mind who wins: full safety of all is an equilibrium under any information, and is the one
    reported. ``safety.private`` and ``safety.public`` are expected safeties of the winner. No normal form: actions are
    continuous.
    """

    citation: ClassVar[Citation] = Citation(
        "armstrong2016",
        ("Stuart Armstrong", "Nick Bostrom", "Carl Shulman"),
        "Racing to the precipice: a model of artificial intelligence development",
        2016,
        "AI & Society 31:201-206",
        doi="10.1007/s00146-015-0590-y",
    )
    mapping: ClassVar[str] = (
        "n nations, e = enmity, mu = head start over what the standard costs, in OOM: full safety is the standard"
    )
    n: int = parameter(2, "number of teams", 2, 1000)
    e: float = parameter(1.0, "enmity: how much less a rival's safe win is worth than one's own", 0, 1)
    mu: float = parameter(1.0, "largest capability; the smallest is 0", above=0)

    @property
    def a(self) -> float:
        """Capability from which a team that knows its own is fully safe.

        Returns
        -------
        float
            It is n e - e + 1.
        """
        return self.n * self.e - self.e + 1

    @finite
    def results(self) -> dict[str, Any]:
        """Safety of the winner and risk of disaster under the three kinds of information.

        Returns
        -------
        dict
            ``safety`` and ``risk``, each by ``none``, ``private`` and ``public``; ``public_lower_risk``, of the lower
            end of the public equilibria; ``third_team_raises_risk``, whether one more team does, with private
            information.
        """
        public = _mean_capped_gap(self.n, self.e / self.mu)
        chances = {"none": self._without_information(), "private": self._private(self.n), "public": public}
        return {
            "safety": {information: chances[information][0] for information in INFORMATION},
            "risk": {information: chances[information][1] for information in INFORMATION},
            "public_lower_risk": _mean_capped_gap(self.n, 1 / self.mu)[1],
            "third_team_raises_risk": self._log_private_risk(self.n + 1) > self._log_private_risk(self.n),
        }

    def _without_information(self) -> tuple[float, float]:
        """Safety and risk, each to full relative precision; so are those under the other two kinds of information."""
        full = self.n * self.e
        return (1.0, 0.0) if self.mu >= full else (self.mu / full, (full - self.mu) / full)

    def _private(self, n: int) -> tuple[float, float]:
        log_risk = self._log_private_risk(n)
        return -math.expm1(log_risk), math.exp(log_risk)

    def _log_private_risk(self, n: int) -> float:
        """The log tells apart two risks too small for a float."""
        if self.e == 0:
            return -math.inf
        a = n * self.e - self.e + 1
        if self.mu <= a:
            return math.log1p(-n * self.mu / ((n + 1) * a))
        return n * math.log(a / self.mu) - math.log(n + 1)

    def safety(self, capabilities: NDArray[np.float64], information: Information) -> NDArray[np.float64]:
        """Equilibrium safeties of teams with given capabilities.

        Parameters
        ----------
        capabilities : array (..., n)
            In [0, mu].
        information : {"none", "private", "public"}
            What teams know.

        Returns
        -------
        array (..., n)
            In [0, 1]; with public information those of the upper end.
        """
        if self.e == 0:
            return np.ones_like(capabilities)
        if information == "none":
            return np.full_like(capabilities, self._without_information()[0])
        if information == "private":
            return np.asarray(np.minimum(1.0, capabilities / self.a))
        second, best = np.moveaxis(np.sort(capabilities, axis=-1)[..., -2:], -1, 0)
        chosen = np.minimum(1.0, (best - second) / self.e)[..., None]
        shadowing = chosen - (best - second)[..., None]  # a hair less safety than this would win
        return np.asarray(np.where(capabilities == best[..., None], chosen, np.clip(shadowing, 0.0, 1.0)))

    def simulate(self, information: Information, races: int, generator: np.random.Generator) -> tuple[float, float]:
        """Simulate one-shot races.

        Parameters
        ----------
        information : {"none", "private", "public"}
            What teams know.
        races : int
            Their number, at least 2.
        generator : numpy.random.Generator
            Of all draws.

        Returns
        -------
        tuple of float
            The part of races that end in disaster, and its standard error.

        Raises
        ------
        InputError
            For another kind of information or number of races.

        Examples
        --------
        >>> risk, error = Armstrong2016(n=5, mu=3).simulate("private", 4000, np.random.default_rng(1))
        >>> abs(risk - 0.5) < 4 * error
        True
        """
        if information not in INFORMATION:
            raise InputError(f"information: must be one of {', '.join(INFORMATION)}, got {one_line(information)}")
        if races < 2:
            raise InputError(f"races: must be at least 2, got {one_line(races)}")
        capabilities = self.mu * generator.random((races, self.n))
        safeties = self.safety(capabilities, information)
        # Public: an exact tie of positions goes to the leader, whose last hair of safety the limit leaves out.
        key = capabilities if information == "public" else capabilities - safeties
        winner = np.argmax(key, axis=1)
        disasters = generator.random(races) >= safeties[np.arange(races), winner]
        risk = float(disasters.mean())
        return risk, math.sqrt(max(risk * (1 - risk), 1 / races) / races)

    def payoff_without_information(self, own: float, others: float) -> float:
        """Compute the expected payoff of a safety where all others choose another and nobody knows a capability.

        Parameters
        ----------
        own, others : float
            Safeties in [0, 1].

        Returns
        -------
        float
            In units of a safe win.
        """
        winning = _winning_probability(self.n, (others - own) / self.mu)
        return winning * own + (1 - winning) * (1 - self.e) * others

    def payoff_knowing_oneself(self, capability: float, pretended: float, slope: float) -> float:
        """Compute the expected payoff of a team in the position of one of another capability, others playing c/slope.

        Every position c - s that others take belongs to one capability, so this covers all deviations that can win; own
        safety is capped at 1.

        Parameters
        ----------
        capability, pretended : float
            Its own, and that whose position it takes, in [0, mu].
        slope : float
            Capability from which the others are fully safe.

        Returns
        -------
        float
            In units of a safe win.
        """
        n, mu = self.n, self.mu
        position = pretended - min(1.0, pretended / slope)
        winning = (pretended / mu) ** (n - 1)
        grid = pretended + (mu - pretended) * _NODES
        density = (n - 1) * (grid / mu) ** (n - 2) / mu
        rivals = float(np.sum(_WEIGHTS * np.minimum(1.0, grid / slope) * density)) * (mu - pretended)
        return winning * min(1.0, capability - position) + (1 - self.e) * rivals

    def numerical_equilibria(self) -> dict[str, list[float]]:
        """Find every symmetric equilibrium from the payoffs alone.

        Roots of best reply minus action; a best reply is the maximum of the payoff, located by golden sections. The
        slope a is looked for where no team is fully safe, so it is found where mu < a.

        Returns
        -------
        dict of str to list of float
            ``none``: s without information; ``private``: a with private information.
        """

        def excess(s: float) -> float:
            return lowest(lambda own: -self.payoff_without_information(own, s), 0.0, 1.0) - s

        capability = 0.6 * self.mu

        def steepness(a: float) -> float:
            def loss(pretended: float) -> float:
                return -self.payoff_knowing_oneself(capability, pretended, a)

            return lowest(loss, 0.0, self.mu) - capability

        none = [1.0] if excess(1.0) > -1e-6 else every_root(excess, 0.0, 0.999, 20)
        return {"none": none, "private": every_root(steepness, 1.001, 2.0 + self.n, 20)}

    @classmethod
    def of_reading(cls, reading: Reading) -> Self:
        """Full safety is the standard, so that mu is the head start in units of what the standard costs.

        Parameters
        ----------
        reading : Reading
            Of a race scenario.

        Returns
        -------
        Armstrong2016
            The race of its nations.

        Raises
        ------
        InputError
            Without a head start, and where the standard costs no speed.
        """
        if reading.price_of_safety <= 0 or reading.head_start <= 0:
            raise InputError(
                "armstrong2016: mu: needs a head start and a standard that costs speed, got "
                f"{reading.head_start:g} OOM and {reading.price_of_safety:g} OOM"
            )
        return cls(n=reading.nations, e=reading.enmity, mu=reading.head_start / reading.price_of_safety)

    def answer(self, reading: Reading) -> Verdict:
        """With capabilities known to all, racing is what the leader gives up of full safety.

        Parameters
        ----------
        reading : Reading
            From which the game was made.

        Returns
        -------
        Verdict
            The paper's risk is that of an unsafe winner; what such a winner risks is simulated.
        """
        risk = self.results()["risk"]["public"]
        says = f"capabilities known to all: the leader gives up {risk:.3g} of full safety on average"
        return Verdict(risk > 0, risk == 0, risk * reading.unsafe_probability, says)

    @classmethod
    def checks(cls) -> list[Check]:
        """The risk at two points, the third team, and what the abstract says in words.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """

        def row(information: Information, n: int, e: float, mu: float, published: float) -> Check:
            game = cls(n=n, e=e, mu=mu)
            result = f"risk, {information} information, n = {n}, e = {e:g}, mu = {mu:g}"
            place = "symmetric equilibria, derived again"
            return Check(result, place, published, lambda: game.results()["risk"][information], 5e-5, "reading")

        rows = [
            row("none", 2, 1, 1, 0.5),
            row("private", 2, 1, 1, 0.6667),
            row("public", 2, 1, 1, 0.6667),
            row("none", 5, 1, 3, 0.4),
            row("private", 5, 1, 3, 0.5),
            row("public", 5, 1, 3, 0.5439),
            row("private", 2, 0.5, 4, 0.0469),
            row("private", 3, 0.5, 4, 0.0313),
        ]
        return [
            *rows,
            Check("enmity above which a third team raises the risk, mu = 1", "private information", 1 / 7,
                  cls._third_team_threshold, 1e-9, "reading"),
            Check("a third team at e = 0.5, mu = 4", "private information", "lowers the risk",
                  lambda: "raises the risk" if cls(e=0.5, mu=4).results()["third_team_raises_risk"]
                  else "lowers the risk", source="reading"),
            Check("risk the more is known, n = 5, e = 1, mu = 3", "abstract", "rises", cls._order_of_risks),
            Check("risk the more enmity there is, n = 2, mu = 1, private", "abstract", "rises",
                  lambda: "rises" if cls(e=0.2).results()["risk"]["private"] < cls().results()["risk"]["private"]
                  else "does not rise"),
        ]  # fmt: skip

    @classmethod
    def _third_team_threshold(cls) -> float:
        (root,) = every_root(lambda e: cls(e=e)._log_private_risk(2) - cls(e=e)._log_private_risk(3), 1e-6, 1.0)
        return root

    @classmethod
    def _order_of_risks(cls) -> str:
        risk = cls(n=5, e=1, mu=3).results()["risk"]
        return "rises" if risk["none"] < risk["private"] < risk["public"] else "does not rise"


_NODES, _WEIGHTS = (array / 2 for array in np.polynomial.legendre.leggauss(40))
_NODES = _NODES + 0.5


def _mean_capped_gap(n: int, ratio: float) -> tuple[float, float]:
    """E[min(1, D / e)] and 1 less it, with ratio = e / mu, where P(D > x) = (1 - x / mu)^n."""
    if n * ratio <= 1:  # the closed form would lose the risk to rounding: it is the mean over x of P(D < e x)
        risk = float(-(_WEIGHTS @ np.expm1(n * np.log1p(-ratio * _NODES))))
        return 1 - risk, risk
    inside = 1.0 if ratio >= 1 else -math.expm1((n + 1) * math.log1p(-ratio))
    safety = inside / ((n + 1) * ratio)
    return safety, 1 - safety


def _winning_probability(n: int, head_start: float) -> float:
    """P(U + head_start > the largest of n - 1 others), all uniform on [0, 1]."""
    if head_start >= 0:
        start = min(1.0, head_start)
        return start + (1 - start**n) / n
    return (1 + max(-1.0, head_start)) ** n / n
