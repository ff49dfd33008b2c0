"""``python -m race_sim.cli``."""

import sys

from race_sim.cli import main

sys.exit(main())
