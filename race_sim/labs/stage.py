"""The labs' stage game: what each lab's share is worth to it at one moment of a race, and who would choose what."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from race_sim.errors import (
    InputError,
    checked_arguments,
    checked_count,
    checked_flag,
    checked_kind,
    checked_number,
    checked_numbers,
    checked_seed,
    checked_text,
    one_line,
    unknown,
)
from race_sim.kernels import stage_game as kernel
from race_sim.kernels.laws import LARGEST_SHARE
from race_sim.kernels.run import run_block
from race_sim.kernels.stage_equilibrium import EQUILIBRIUM_TOLERANCE, LARGEST_ROUNDS
from race_sim.runs.records import Records, build
from race_sim.scenario.scenario import BASELINE, Scenario

Real = NDArray[np.float64]
SAME = 1e-5  # shares that differ by less belong to one equilibrium
CYCLE_ROUNDS = 600  # undamped rounds within which a cycle must close
REPEATED = 1e-7  # shares that differ by less have come round again


@dataclass(frozen=True)
class Equilibrium:
    """Shares from which no lab gains by moving alone.

    shares, objectives: (labs,). exploitability: the largest relative gain left to any player. starts: how many starts
    led here.
    """

    shares: Real
    objectives: Real
    exploitability: float
    starts: int


@dataclass(frozen=True)
class Cycle:
    """Shares (length, labs) that undamped best responses run through again and again, and how many starts led here."""

    shares: Real
    starts: int

    @property
    def length(self) -> int:
        """Number of rounds after which the cycle closes."""
        return len(self.shares)


@dataclass(frozen=True)
class Equilibria:
    """What best responses from many starts led to: the equilibrium that most starts reach first.

    unsettled: starts that reached neither an equilibrium nor a cycle.
    """

    equilibria: tuple[Equilibrium, ...]
    cycles: tuple[Cycle, ...]
    unsettled: int

    @property
    def unique(self) -> bool:
        """Whether all starts led to one equilibrium."""
        return len(self.equilibria) == 1 and not self.cycles and self.unsettled == 0

    @property
    def first(self) -> Equilibrium:
        """The equilibrium that most starts reached.

        Raises
        ------
        InputError
            If no start reached one.
        """
        if not self.equilibria:
            lengths = sorted(cycle.length for cycle in self.cycles)
            raise InputError(f"equilibrium: none was found (cycles of lengths {lengths}, unsettled {self.unsettled})")
        return self.equilibria[0]


@dataclass(frozen=True)
class Plan:
    """Shares that a planner chooses for the labs that it controls, all other labs' shares as given.

    total: what it maximises, the sum of its labs' objectives less the catastrophe cost that it counts.
    """

    shares: Real
    objectives: Real
    total: float


@dataclass(frozen=True)
class ResponseCurves:
    """Mean safety share of one group as a function of a common share of the other, and the reverse.

    points: (points,) common shares of the opposite group. group, rest: (points,) mean responses of either; NaN where
    the responding labs among themselves do not settle.
    """

    points: Real
    group: Real
    rest: Real


class StageGame:
    """The game of the labs at a frozen state: each picks a safety share, all at once, and gets J.

    J_i(s) is the objective of race_sim/MODEL.md, section 4, with everybody projected at s. As the decision rule has it,
    a lab that considers another share holds its rivals' projections: it does not count what its own safety work spills
    into them. ``seen`` are the shares at which rivals are projected; ``s`` itself where it is not given. Planners count
    everything. Shares are arrays (labs,) in the order of ``labs``; money in yearly market values x years.
    ``stage_game`` makes one.

    Parameters
    ----------
    records : Records
        One run, at the start of a period.
    scenario : Scenario
        Its scenario.

    Examples
    --------
    >>> game = stage_game("duopoly-v1")
    >>> game.labs, game.last.tolist(), game.horizon
    (('east_lab', 'west_lab'), [0.1, 0.1], 4.0)
    """

    @checked_arguments(records=checked_kind(Records), scenario=checked_kind(Scenario))
    def __init__(self, records: Records, scenario: Scenario) -> None:
        self.scenario = scenario
        self.labs = scenario.lab_names
        self._state = (
            records.labs[0].copy(),
            records.nations[0].copy(),
            records.worlds[0].copy(),
            records.parameters[0].copy(),
        )
        kernel.freeze(*self._state)
        self.home: NDArray[np.int64] = self._state[0]["nation"].copy()
        self.floors: Real = np.minimum(self._state[0]["floor"], LARGEST_SHARE)
        self.last: Real = self._state[0]["share"].copy()
        self.horizon = float(self._state[3]["lab_planning_horizon"])

    def objective(self, lab: int | str, shares: ArrayLike, seen: ArrayLike | None = None) -> float:
        """Compute J of one lab.

        Parameters
        ----------
        lab : int or str
            Its place or its name.
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.
        seen : array (labs,), optional
            Shares at which its rivals are projected; ``shares`` by default.

        Returns
        -------
        float
            In yearly market values x years.

        Examples
        --------
        >>> game = stage_game("duopoly-v1")
        >>> game.objective(0, [0.1, 0.1]) == game.objective("west_lab", [0.1, 0.1])
        True
        """
        i, at = self._index(lab), self._shares(shares)
        kernel.look(at if seen is None else self._shares(seen, "seen"), *self._state)
        return float(kernel.own_objective(i, at[i], *self._state))

    def objectives(self, shares: ArrayLike) -> Real:
        """Compute J of every lab.

        Parameters
        ----------
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.

        Returns
        -------
        array (labs,)
            In yearly market values x years.

        Examples
        --------
        >>> stage_game("duopoly").objectives([0.1, 0.2]).shape
        (2,)
        """
        at = self._shares(shares)
        kernel.look(at, *self._state)
        return np.array([kernel.own_objective(i, at[i], *self._state) for i in range(len(at))])

    def best_response(self, lab: int | str, shares: ArrayLike) -> float:
        """Find the share that maximises a lab's J, rivals projected at ``shares``.

        It is what the rule ``best_response`` plays.

        Parameters
        ----------
        lab : int or str
            Its place or its name.
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.

        Returns
        -------
        float
            Between its floor and 0.95.

        Examples
        --------
        >>> 0.0 <= stage_game("duopoly").best_response("east_lab", [0.1, 0.1]) <= 0.95
        True
        """
        i = self._index(lab)
        kernel.look(self._shares(shares), *self._state)
        return float(kernel.own_best(i, *self._state)[0])

    def gains(self, shares: ArrayLike) -> Real:
        """Compute the largest relative gain of each lab from moving alone.

        Parameters
        ----------
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.

        Returns
        -------
        array (labs,)
            As a part of J; 0 at a lab's best response.

        Examples
        --------
        >>> bool((stage_game("duopoly").gains([0.1, 0.1]) >= 0.0).all())
        True
        """
        at = self._shares(shares)
        target, gain = np.empty(len(at)), np.empty(len(at))
        kernel.replies(at, *self._state, target, gain)
        return gain

    def exploitability(self, shares: ArrayLike) -> float:
        """Compute the largest of the ``gains``: 0 at an equilibrium.

        Parameters
        ----------
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.

        Returns
        -------
        float
            As a part of J.

        Examples
        --------
        >>> game = stage_game("duopoly-v1")
        >>> game.exploitability(game.equilibrium(starts=2).first.shares) < 1e-6
        True
        """
        return float(self.gains(shares).max())

    def equilibrium(
        self,
        starts: int = 20,
        damping: float | None = None,
        seed: int = 0,
        players: NDArray[np.bool_] | None = None,
        start: ArrayLike | None = None,
    ) -> Equilibria:
        """Find fixed points of simultaneous best responses, from the last shares and from random ones.

        A start that does not settle is followed on without damping: if it comes round again it is reported as a cycle,
        else as unsettled. Nothing is averaged.

        Parameters
        ----------
        starts : int
            Number of starts, the last shares being the first of them.
        damping : float, optional
            Part of the way to its best response that each lab goes in a round, in (0, 1]; by default 1 at first and
            ever less, as the rule ``stage_nash`` does.
        seed : int
            Seed of the random starts.
        players : array (labs,) of bool, optional
            Who moves; all by default. The others keep their shares in ``start``.
        start : array (labs,), optional
            The first start; the last shares by default.

        Returns
        -------
        Equilibria
            Equilibria, cycles, and how many starts reached neither.

        Raises
        ------
        InputError
            If an argument is not valid.

        Examples
        --------
        >>> stage_game("duopoly-v1").equilibrium(starts=5).unique
        True
        """
        checked_count("starts", starts)
        if damping is not None and not 0.0 < checked_number("damping", damping) <= 1.0:
            raise InputError(f"damping: must lie in (0, 1], got {one_line(damping)}")
        moves = np.ones(len(self.labs), dtype=bool) if players is None else np.asarray(players)
        if moves.shape != (len(self.labs),) or moves.dtype != bool:
            raise InputError(
                f"players: must be True or False for each of {len(self.labs)} labs, got {one_line(players)}"
            )
        first = self.last if start is None else self._shares(start, "start")
        schedule = 2.0 / (2.0 + np.arange(LARGEST_ROUNDS) / 8.0) if damping is None else np.full(CYCLE_ROUNDS, damping)
        random = np.random.default_rng(checked_seed(seed))
        ends: list[Real] = []
        orbits: list[Real] = []
        unsettled = 0
        for number in range(starts):
            fresh = self.floors + random.random(len(self.labs)) * (LARGEST_SHARE - self.floors)
            begin = first if number == 0 else np.where(moves, fresh, first)
            end, orbit = self._follow(begin, moves, schedule)
            if orbit is None:
                unsettled += 1
            elif len(orbit) == 1:
                ends.append(end)
            else:
                orbits.append(orbit)
        return Equilibria(self._equilibria(ends, moves), _distinct_cycles(orbits), unsettled)

    def planner(
        self,
        whose: str,
        shares: ArrayLike | None = None,
        catastrophe_cost: bool = False,
        starts: int = 8,
        seed: int = 0,
    ) -> Plan:
        """Find the shares that a planner picks for its labs.

        It maximises the sum of its labs' objectives; other labs keep ``shares``. Best of some climbs along single
        shares, exchanges of two labs, all shares together and random directions; a local search, so a lower bound of
        the optimum. Optima are often many: where all gaps close, it does not matter who does the work. A lab's planner
        differs from its best response only in counting its spillovers.

        Parameters
        ----------
        whose : str
            ``"world"``, the name of a nation, or the name of a lab.
        shares : array (labs,), optional
            Safety shares of the others; by default those of the first equilibrium.
        catastrophe_cost : bool
            Whether it also counts what a catastrophe within the planning horizon costs its nations.
        starts : int
            Number of climbs.
        seed : int
            Seed of the random starts and directions.

        Returns
        -------
        Plan
            Shares, objectives, and what is maximised.

        Examples
        --------
        >>> game = stage_game("duopoly-v1")
        >>> shares = game.equilibrium(starts=3).first.shares
        >>> bool(game.planner("world", shares).total >= game.objectives(shares).sum())
        True
        """
        controlled, cost = self._controlled(whose, catastrophe_cost)
        checked_count("starts", starts)
        given = self.equilibrium(seed=seed).first.shares if shares is None else self._shares(shares)
        random = np.random.default_rng(checked_seed(seed))
        weights = controlled.astype(float)
        plans = []
        for number in range(starts):
            fresh = self.floors + random.random(len(given)) * (LARGEST_SHARE - self.floors)
            end = np.where(controlled & (number > 0), fresh, given)
            reached = kernel.climb(end, _directions(controlled, random), weights, cost, self.floors, *self._state)
            plans.append((float(reached), end))
        best, at = max(plans, key=lambda plan: plan[0])
        return Plan(at, self.objectives(at), best)

    def total(self, whose: str, shares: ArrayLike, catastrophe_cost: bool = False) -> float:
        """Compute what a planner maximises.

        Parameters
        ----------
        whose : str
            ``"world"``, the name of a nation, or the name of a lab.
        shares : array (labs,)
            Safety shares in [0, 0.95], in the order of ``labs``.
        catastrophe_cost : bool
            Whether it also counts what a catastrophe costs its nations.

        Returns
        -------
        float
            In yearly market values x years.

        Examples
        --------
        >>> game = stage_game("duopoly-v1")
        >>> game.total("world", [0.1, 0.1]) > 0.0
        True
        """
        controlled, cost = self._controlled(whose, catastrophe_cost)
        return float(kernel.total(self._shares(shares), controlled.astype(float), cost, *self._state))

    def response_curves(self, group: str, points: int = 20) -> ResponseCurves:
        """Compute responses of a group and of all other labs to a common share of the opposite side.

        The responding labs play the equilibrium among themselves. Where the curves cross, both sides are at rest, as
        far as a common share can tell.

        Parameters
        ----------
        group : str
            Name of a nation or of a lab.
        points : int
            Number of common shares between 0 and 0.95.

        Returns
        -------
        ResponseCurves
            Mean responses of either side.

        Raises
        ------
        InputError
            If the group is unknown or leaves out no lab.

        Examples
        --------
        >>> stage_game("duopoly").response_curves("east", points=3).group.shape
        (3,)
        """
        members, _ = self._controlled(group, False)
        if members.all():
            raise InputError(f"group: must leave out at least one lab, got {group!r}")
        at = np.linspace(0.0, LARGEST_SHARE, checked_count("points", points, at_least=2))
        sides = []
        for moves in (members, ~members):
            means = []
            for share in at:
                start = np.where(moves, self.last, np.maximum(share, self.floors))
                result = self.equilibrium(1, players=moves, start=start).equilibria
                means.append(result[0].shares[moves].mean() if result else np.nan)
            sides.append(np.array(means))
        return ResponseCurves(at, *sides)

    def _follow(self, begin: Real, moves: NDArray[np.bool_], schedule: Real) -> tuple[Real, Real | None]:
        """Where a start ends, and the orbit there: one point, a cycle, or None."""
        path = np.empty((len(schedule) + 1, len(begin)))
        rounds = kernel.adjust(begin, moves, schedule, EQUILIBRIUM_TOLERANCE, *self._state, path)
        if rounds >= 0:
            return path[rounds], path[rounds : rounds + 1]
        path = np.vstack([path[-1:], np.empty((CYCLE_ROUNDS, len(begin)))])
        rounds = kernel.adjust(path[0], moves, np.ones(CYCLE_ROUNDS), EQUILIBRIUM_TOLERANCE, *self._state, path)
        if rounds >= 0:
            return path[rounds], path[rounds : rounds + 1]
        distance = np.abs(path[:-1] - path[-1]).max(axis=1)
        again = np.flatnonzero(distance < REPEATED)
        return path[-1], path[again[-1] + 1 :] if len(again) else None

    def _equilibria(self, ends: list[Real], moves: NDArray[np.bool_]) -> tuple[Equilibrium, ...]:
        groups: list[list[Real]] = []
        for end in ends:
            group = next((g for g in groups if np.abs(g[0] - end).max() < SAME), None)
            if group is None:
                groups.append([end])
            else:
                group.append(end)
        groups.sort(key=len, reverse=True)
        return tuple(
            Equilibrium(g[0].copy(), self.objectives(g[0]), float(self.gains(g[0])[moves].max(initial=0.0)), len(g))
            for g in groups
        )

    def _controlled(self, whose: str, catastrophe_cost: bool) -> tuple[NDArray[np.bool_], float]:
        """Which labs a planner controls, and what a catastrophe costs it beyond its labs' stakes."""
        costs = self._state[1]["catastrophe_cost"] * checked_flag("catastrophe_cost", catastrophe_cost)
        nations = self.scenario.nation_names
        if checked_text("planner", whose) == "world":
            return np.ones(len(self.labs), dtype=bool), float(costs.sum())
        if whose in nations:
            return self.home == nations.index(whose), float(costs[nations.index(whose)])
        if whose in self.labs:
            if catastrophe_cost:
                raise InputError(f"catastrophe_cost: must be False for a lab, whose stake is its own, got {whose!r}")
            return np.array([name == whose for name in self.labs]), 0.0
        raise InputError(f"planner: {unknown('world, nation or lab', whose, ('world', *nations, *self.labs))}")

    def _index(self, lab: int | str) -> int:
        if isinstance(lab, str):
            if lab not in self.labs:
                raise InputError(f"lab: {unknown('lab', lab, self.labs)}")
            return self.labs.index(lab)
        if isinstance(lab, bool) or not isinstance(lab, int | np.integer) or not 0 <= lab < len(self.labs):
            raise InputError(f"lab: must be a name or a whole number in [0, {len(self.labs) - 1}], got {one_line(lab)}")
        return int(lab)

    def _shares(self, shares: ArrayLike, name: str = "shares") -> Real:
        at = checked_numbers(name, shares).copy()
        if at.shape != (len(self.labs),):
            raise InputError(f"{name}: must be one number per lab ({len(self.labs)}), got shape {at.shape}")
        if not ((at >= 0.0) & (at <= LARGEST_SHARE)).all():
            raise InputError(f"{name}: must lie in [0, {LARGEST_SHARE}], got {one_line(at.tolist())}")
        return at


def stage_game(scenario: Scenario | str | Path = BASELINE, run: int = 0, time: float = 0.0, seed: int = 0) -> StageGame:
    """Freeze a race at one moment: the labs' stage game at the start of a period.

    Until then the run is that of ``simulate(scenario, seed=seed)``.

    Parameters
    ----------
    scenario : Scenario or str
        A scenario, the name of a shipped one, or the path of a TOML file.
    run : int
        Number of the run.
    time : float
        Years from the start; the period that contains it counts.
    seed : int
        Seed of all draws.

    Returns
    -------
    StageGame
        The game.

    Raises
    ------
    InputError
        If an argument is not valid.

    Examples
    --------
    >>> game = stage_game("us-china-2026-point", time=2.0)
    >>> found = game.equilibrium(starts=4)
    >>> found.unique, found.first.exploitability < 1e-6
    (True, True)
    """
    scenario = Scenario.load(scenario)
    number = checked_count("run", run, at_least=0)
    end = scenario.periods * scenario.period_length
    if isinstance(time, bool) or not isinstance(time, int | float | np.floating) or not 0.0 <= time < end:
        raise InputError(f"time: must lie in [0, {end:g}), the length of the race in years, got {one_line(time)}")
    records = build(scenario, checked_seed(seed), np.array([number]))
    records.worlds["periods"] = int(time / scenario.period_length + 1e-9)
    run_block(*records)
    records.worlds["periods"] = scenario.periods
    return StageGame(records, scenario)


def _directions(controlled: NDArray[np.bool_], random: np.random.Generator) -> Real:
    """Single shares, exchanges between two labs, all shares together, and as many random directions again."""
    labs = np.flatnonzero(controlled)
    unit = np.eye(len(controlled))
    rows = [unit[i] for i in labs]
    rows += [unit[i] - unit[j] for n, i in enumerate(labs) for j in labs[:n]]
    rows.append(controlled.astype(float))
    rows += list(random.normal(size=(len(rows) if len(labs) > 1 else 0, len(controlled))) * controlled)
    return np.array(rows)


def _distinct_cycles(orbits: list[Real]) -> tuple[Cycle, ...]:
    groups: list[list[Real]] = []
    for orbit in orbits:
        for group in groups:
            one = group[0]
            if len(one) == len(orbit) and any(
                np.abs(np.roll(orbit, shift, axis=0) - one).max() < SAME for shift in range(len(one))
            ):
                group.append(orbit)
                break
        else:
            groups.append([orbit])
    groups.sort(key=len, reverse=True)
    return tuple(Cycle(group[0].copy(), len(group)) for group in groups)
