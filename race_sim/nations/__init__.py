"""The nations' game over policies: simulated, solved, its thresholds, and published models beside it."""
