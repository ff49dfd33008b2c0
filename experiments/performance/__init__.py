"""How fast is the kernel, against C and against plain Mesa?"""

from experiments.figures.performance import KINDS as KINDS

ANSWER = "about as fast as C, and more than a hundred times as fast as plain Mesa"
AFTER = ("what_the_baseline_depends_on",)
