"""Do the published models of the AI race give here what their papers report?"""

from experiments.figures.published_models import KINDS as KINDS

ANSWER = "nearly all do, and each number that differs has its reason"
