"""``python -m race_sim.cli``."""

import sys

from race_sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
