"""The catalogue of published games of the AI race: one file per paper, named by its citation key, found by folder."""
