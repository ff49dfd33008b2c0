"""Any finite game and what solves it: equilibria and evolution."""
