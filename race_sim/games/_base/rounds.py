"""What the papers on a race in rounds share: its parameters. The race itself is that of ``han2020``."""

from race_sim.games._base.published import PublishedGame, parameter


class RaceInRounds(PublishedGame):
    """A race of W steps, round by round, between labs that are safe or not."""

    c: float = parameter(1.0, "cost of safety per round", 0)
    b: float = parameter(4.0, "benefit per round", above=0)
    B: float = parameter(1e4, "prize of the race", 0)
    W: float = parameter(100.0, "steps to the end of the race", 1)
    s: float = parameter(1.5, "speed of an unsafe lab, a safe one's is 1", above=0)
    p_r: float = parameter(0.5, "probability that unsafe development ends in disaster", 0, 1)
    p_fo: float = parameter(0.5, "probability per round that unsafe play is found out", 0, 1)
