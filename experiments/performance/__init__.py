"""How fast is the kernel? Measured against C and against plain Mesa, which also check its numbers."""

from experiments.figures.performance import KINDS as KINDS
