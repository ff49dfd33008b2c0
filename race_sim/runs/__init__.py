"""A scenario simulated many times: records, batches, outcomes, estimates and their errors."""
