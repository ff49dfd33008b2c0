"""What is simulated: scenarios, their parameters and distributions, policies' names, and the files that ship."""
