"""The race as Mesa agents: nation, lab, model."""
