"""Do the laws of the race, begun at the end of 2020, foresee what had been measured five years later?"""

from experiments.figures.hindcast import KINDS as KINDS

ANSWER = None
