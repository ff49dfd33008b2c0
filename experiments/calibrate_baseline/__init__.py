"""Which hazards make the baseline agree with what has been elicited and measured about the status quo?"""

from experiments.figures.calibrate_baseline import KINDS as KINDS

ANSWER = (
    "two hazards meet all targets together: safety shares and China's lag lie in their bands without being solved for"
)
