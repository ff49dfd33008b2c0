"""Cimpeanu, Santos, Pereira, Lenaerts and Han (2022): the idealised AI race on networks."""

import math
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from race_sim.games._base.published import Check, parameter
from race_sim.games._base.rounds import RaceInRounds
from race_sim.games.han2020 import race_payoff
from race_sim.solvers.evolution import Adjacency, Simulated, adjacency, imitate, imitate_on, square_lattice
from race_sim.solvers.evolution.reports import plain
from race_sim.solvers.game import Citation, Game, Real

STRATEGIES = ("AS", "AU")
Topology = Literal["well_mixed", "lattice", "scale_free"]
SEEDS = 20
DILEMMA = 0.7  # a p_r inside the dilemma zone, 1/3 to 7/9 at s = 1.5
CLEARLY = 3.0  # standard errors


class NetworkRace(RaceInRounds):
    """AS and AU labs race each of their neighbours, and copy a random neighbour that does better.

    Payoffs per round of AS and AU are those of ``han2020``, added up over all neighbours: a lab with many of them has
    much to gain. One lab at a time compares itself with a random neighbour and copies it with the Fermi probability;
    half of the labs are safe at the start. On a periodic square lattice everybody has 4 neighbours; scale-free graphs
    grow by preferential attachment (Barabasi and Albert 1999) to a mean degree of ``degree``; in a well-mixed
    population everybody gets ``degree`` times the average payoff, so that selection is as strong as on the lattice. A
    generation is as many updates as there are labs. Settings are our reading: the paper's own are not in its text here.

    Examples
    --------
    >>> round(NetworkRace(p_r=0.7, nodes=100, generations=100).results()["unsafe"], 6)
    1.0
    """

    citation = Citation(
        "cimpeanu2022",
        ("Theodor Cimpeanu", "Francisco C. Santos", "Luís Moniz Pereira", "Tom Lenaerts", "The Anh Han"),
        "Artificial intelligence development races in heterogeneous settings",
        2022,
        "Scientific Reports 12:1723",
        doi="10.1038/s41598-022-05729-3",
        arxiv="2012.15234",
    )
    beta: float = parameter(1.0, "selection strength", 0)
    nodes: int = parameter(1024, "number of labs", 9, 1_000_000)
    graph: Topology = parameter("well_mixed", "who meets whom: well_mixed, lattice or scale_free")
    degree: int = parameter(4, "mean number of neighbours: even; 4 on the lattice", 2, 1000)
    generations: int = parameter(300, "length of the simulation, updates per lab", 4, 1_000_000)
    seed: int = parameter(0, "seed of the graph and of all draws", 0, 2**32 - 1)

    @model_validator(mode="after")
    def _graph_exists(self) -> "NetworkRace":
        if self.degree % 2 or self.degree >= self.nodes:
            raise ValueError(f"degree must be even and below the number of nodes, got {self.degree}")
        if self.graph == "lattice" and (math.isqrt(self.nodes) ** 2 != self.nodes or self.degree != 4):
            raise ValueError(
                f"a lattice needs a square number of nodes and degree 4, got {self.nodes} and {self.degree}"
            )
        return self

    @property
    def payoff(self) -> Real:
        """Payoffs per round of AS and AU from one neighbour.

        Returns
        -------
        array (2, 2)
            Row against column.
        """
        return race_payoff(self.b, self.c, self.s, self.p_fo, self.B, self.W, self.p_r)[:2, :2]

    def adjacency(self) -> Adjacency:
        """Build the lattice, or the scale-free graph of this seed.

        Returns
        -------
        Adjacency
            Of ``nodes`` labs.
        """
        if self.graph == "lattice":
            return square_lattice(math.isqrt(self.nodes), math.isqrt(self.nodes))
        import networkx

        return adjacency(networkx.barabasi_albert_graph(self.nodes, self.degree // 2, seed=self.seed))

    def simulate(self) -> Simulated:
        """Simulate the composition of the population generation by generation.

        Returns
        -------
        Simulated
            Of AS and AU.
        """
        start = [self.nodes - self.nodes // 2, self.nodes // 2]
        if self.graph == "well_mixed":
            steps = self.generations * self.nodes
            payoff = self.degree * self.payoff
            return imitate(payoff, start, self.beta, 0.0, steps, self.seed, blocks=self.generations)
        return imitate_on(self.adjacency(), self.payoff, start, self.beta, self.generations, self.seed)

    @np.errstate(over="ignore", invalid="ignore")  # what is not finite is named by the checks
    def results(self) -> dict[str, Any]:
        """Compute payoffs, and how many labs are unsafe.

        Returns
        -------
        dict
            ``payoff``; ``unsafe``, the share of unsafe labs on average over the last quarter of the simulation;
            ``final_unsafe``, that at its end.
        """
        simulated = self.simulate()
        last = simulated.frequency[0, -max(1, self.generations // 4) :, 1]
        return {
            "payoff": plain("payoff", self.payoff),
            "unsafe": float(last.mean()),
            "final_unsafe": float(simulated.final[0, 1] / self.nodes),
        }

    def game(self) -> Game:
        """The race with one neighbour as a symmetric game.

        Returns
        -------
        Game
            Of AS and AU.
        """
        return Game.symmetric(
            self.payoff, STRATEGIES, name="AI race on networks", unit="per round", citation=self.citation
        )

    @classmethod
    def checks(cls) -> list[Check]:
        """The ordering of graphs in the dilemma zone, over 20 seeds.

        Returns
        -------
        list of Check
            Each with a way to compute ours.
        """
        place = f"figures, ordering at p_r = {DILEMMA}, {SEEDS} seeds"
        return [
            Check(
                "unsafe play on scale-free graphs is clearly below that on the lattice",
                place,
                "yes",
                lambda: "yes" if _standard_errors_below() > CLEARLY else "no",
            ),
            Check(
                "unsafe play on the lattice less that in a well-mixed population",
                place,
                0.0,
                lambda: float(unsafe_shares("lattice").mean() - unsafe_shares("well_mixed").mean()),
                0.1,
            ),
        ]


def unsafe_shares(graph: Topology, p_r: float = DILEMMA, seeds: int = SEEDS) -> Real:
    """Simulate a kind of graph with several seeds.

    Parameters
    ----------
    graph : {"well_mixed", "lattice", "scale_free"}
        Who meets whom.
    p_r : float
        Probability of disaster.
    seeds : int
        Their number, from 0.

    Returns
    -------
    array (seeds,)
        Unsafe shares.
    """
    return np.array([NetworkRace(graph=graph, p_r=p_r, seed=seed).results()["unsafe"] for seed in range(seeds)])


def _standard_errors_below() -> float:
    lattice, scale_free = unsafe_shares("lattice"), unsafe_shares("scale_free")
    error = float(np.sqrt((lattice.var(ddof=1) + scale_free.var(ddof=1)) / SEEDS))
    return float(lattice.mean() - scale_free.mean()) / error
