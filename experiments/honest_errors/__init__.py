"""Do the intervals that are printed cover the truth in 95 of 100 samples?"""

from experiments.figures.honest_errors import KINDS as KINDS

ANSWER = "nearly always as often as stated; where events are few they are wide, and say so"
AFTER = ()
