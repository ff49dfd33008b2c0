"""What the published games share: their class, the catalogue, the reproduction of papers' numbers, roots."""
