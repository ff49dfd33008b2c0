"""Do the laws of the race, begun at the end of 2020, foresee what had been measured five years later?"""

from experiments.figures.hindcast import KINDS as KINDS

ANSWER = (
    "on average no better than the best naive forecasts, and the second version of the laws no better than the first: "
    "plans that look ahead make labs too careful, and law answers to disasters only"
)
