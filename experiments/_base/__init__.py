"""What experiments share: how results are published, and paired statistics."""
